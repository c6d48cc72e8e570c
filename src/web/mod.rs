//! The pages, over plain HTTP: for machines (is the process alive, can it work, what does it count), and for people.
//!
//! `health` and `scrape` are the pages for machines, `site` those for people; this file serves them, with limits on size and time, together with the
//! routes that somebody else hands in. Nothing here knows a platform. To add a page, give it a route in
//! [`pages`].

mod health;
mod scrape;
pub mod site;

use std::net::IpAddr;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Request};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use health::Readiness;

use crate::store::Store;

/// The largest body taken; Telegram's updates are some kilobytes.
const LARGEST_BODY: usize = 1024 * 1024;
/// How long a client may take for its headers, or keep a connection without a request.
const HEADERS: Duration = Duration::from_secs(30);
/// How long a request may take, its body included.
const REQUEST: Duration = Duration::from_secs(15);
/// How many connections there may be; more wait to be accepted.
const CONNECTIONS: usize = 256;
/// How long to rest when no connection can be accepted: when files run out, they do for a while.
const REST: Duration = Duration::from_millis(100);
/// How often the recorder tidies up, whether or not anybody looks at what it counts.
const UPKEEP: Duration = Duration::from_secs(5);

/// The other end of the connection by which a request comes.
#[derive(Clone, Copy, Debug)]
struct Peer(IpAddr);

/// `/healthz`, `/readyz` and `/metrics`.
pub fn pages(store: &Store, readiness: &Readiness) -> Router {
    let healthy = get(|| std::future::ready("ok\n"));
    Router::new()
        .route("/healthz", healthy)
        .merge(health::page(store.clone(), readiness.clone()))
        .merge(scrape::page(store.clone()))
}

/// Serves until `stop`, then ends what is under way. Dropped, it cuts every connection.
pub async fn serve(listener: TcpListener, routes: Router, stop: CancellationToken) {
    let routes = routes
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn(in_time));
    let (graceful, mut connections) = (GracefulShutdown::new(), JoinSet::new());
    let mut upkeep = tokio::time::interval(UPKEEP);
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = upkeep.tick() => crate::metrics::recorder().run_upkeep(),
            Some(_) = connections.join_next() => {}
            accepted = listener.accept(), if connections.len() < CONNECTIONS => match accepted {
                Ok((stream, peer)) => {
                    let routes = routes.clone().layer(Extension(Peer(peer.ip())));
                    drop(connections.spawn(graceful.watch(connection(stream, routes))));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection can't be accepted");
                    tokio::time::sleep(REST).await;
                }
            },
        }
    }
    drop(listener);
    // A request is done within its time; what is cut then is a client that does not read its answer.
    if tokio::time::timeout(REQUEST, graceful.shutdown()).await.is_err() {
        tracing::warn!("a connection is cut at the end");
    }
}

fn connection(stream: TcpStream, routes: Router) -> http1::Connection<TokioIo<TcpStream>, TowerToHyperService<Router>> {
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes))
}

async fn in_time(request: Request, next: Next) -> Response {
    let answered = tokio::time::timeout(REQUEST, next.run(request)).await;
    answered.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}
