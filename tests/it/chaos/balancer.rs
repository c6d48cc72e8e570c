//! What stands between Telegram and the replicas' webhooks: it passes every update on several times at once, to
//! replicas of its choice.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};

use crate::harness::free_port;

/// How often an update is passed on, at most.
const MOST: usize = 5;
/// How long a replica may take to say that it has stored an update: one that is frozen or dead does not.
const PATIENCE: Duration = Duration::from_secs(5);

/// A balancer in front of some replicas.
pub struct Balancer {
    pub address: SocketAddr,
    /// Where the replicas listen.
    pub replicas: Vec<SocketAddr>,
    passed_on: Arc<AtomicUsize>,
    serving: tokio::task::JoinHandle<()>,
}

#[derive(Clone)]
struct Route {
    replicas: Vec<SocketAddr>,
    client: reqwest::Client,
    random: Arc<Mutex<StdRng>>,
    passed_on: Arc<AtomicUsize>,
}

impl Balancer {
    /// In front of so many replicas, which shall listen where it says.
    pub async fn start(replicas: usize, seed: u64) -> Self {
        let replicas: Vec<SocketAddr> = (0..replicas)
            .map(|_| (Ipv4Addr::LOCALHOST, free_port()).into())
            .collect();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let passed_on = Arc::<AtomicUsize>::default();
        let route = Route {
            replicas: replicas.clone(),
            client: reqwest::Client::builder()
                .no_proxy()
                .timeout(PATIENCE)
                .build()
                .expect("a client"),
            random: Arc::new(Mutex::new(StdRng::seed_from_u64(seed))),
            passed_on: Arc::clone(&passed_on),
        };
        let app = Router::new().fallback(pass_on).with_state(route);
        let serving = tokio::spawn(async move { axum::serve(listener, app).await.expect("a server") });
        Self {
            address,
            replicas,
            passed_on,
            serving,
        }
    }

    /// How often updates were passed on.
    pub fn passed_on(&self) -> usize {
        self.passed_on.load(Ordering::SeqCst)
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Telegram hears that an update arrived when one replica says so.
async fn pass_on(State(route): State<Route>, headers: HeaderMap, update: Bytes) -> StatusCode {
    let chosen: Vec<SocketAddr> = {
        let mut random = route.random.lock().expect("chance");
        let times = random.random_range(1..=MOST);
        (0..times)
            .filter_map(|_| route.replicas.choose(&mut *random).copied())
            .collect()
    };
    route.passed_on.fetch_add(chosen.len(), Ordering::SeqCst);
    let post = |to: SocketAddr| {
        let request = route.client.post(format!("http://{to}/telegram/webhook"));
        request.headers(without_host(&headers)).body(update.clone()).send()
    };
    let answers = join_all(chosen.into_iter().map(post)).await;
    let taken = answers
        .into_iter()
        .any(|answer| answer.is_ok_and(|answer| answer.status().is_success()));
    if taken { StatusCode::OK } else { StatusCode::BAD_GATEWAY }
}

fn without_host(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    headers.remove("host");
    headers
}
