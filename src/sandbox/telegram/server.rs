//! The HTTP in front of the world: from a request to a method and back, with what goes wrong on the way.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::{
    Json, Router,
    extract::{ConnectInfo, DefaultBodyLimit, Request, State, connect_info::Connected},
    http::StatusCode,
    response::{IntoResponse, Response},
    serve::{IncomingStream, Listener},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    time::Instant,
};

use super::{Inner, Recorded, TOKEN, faults::Fault, methods::canonical, params::Params, refusal::Refusal, updates};

/// Serves until the task is dropped.
pub(super) async fn serve(listener: TcpListener, inner: Arc<Inner>) {
    let app = Router::new()
        .fallback(answer)
        .layer(DefaultBodyLimit::disable())
        .with_state(inner)
        .into_make_service_with_connect_info::<Scissors>();
    // axum's own loop only ends with an error that it can't have.
    let _ = axum::serve(Cuttable(listener), app).await;
}

async fn answer(
    State(inner): State<Arc<Inner>>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    request: Request,
) -> Response {
    let stopped = inner.stopped.clone();
    let answered = stopped.run_until_cancelled(route(&inner, request)).await.flatten();
    answered.unwrap_or_else(|| {
        scissors.cut();
        StatusCode::OK.into_response()
    })
}

/// `None` where the connection is to be cut.
async fn route(inner: &Inner, request: Request) -> Option<Response> {
    let path = request.uri().path().to_owned();
    if let Some(file) = path.strip_prefix("/file/bot") {
        return download(inner, file).await;
    }
    let (token, method) = path
        .strip_prefix("/bot")
        .and_then(|p| p.split_once('/'))
        .unwrap_or_default();
    if token != TOKEN {
        return Some(refused(&Refusal::unauthorized()));
    }
    let name = canonical(method).unwrap_or(method);
    let params = match Params::read(request).await {
        Ok(params) => params,
        Err(refusal) => {
            inner.record(name, Value::Null, refusal.code);
            return Some(refused(&refusal));
        }
    };
    let (outcome, cut) = through_faults(inner, name, &params).await?;
    let (status, body) = match outcome {
        Ok(body) => body,
        Err(refusal) => (refusal.code, refusal.body()),
    };
    inner.record(name, Value::Object(params.values), if cut { 0 } else { status });
    if cut {
        return None;
    }
    Some((coded(status), Json(body)).into_response())
}

type Outcome = Result<(u16, Value), Refusal>;

/// Carries the method out, unless something befalls it first. The flag says that nobody will hear of it; `None`
/// that it never got anywhere.
async fn through_faults(inner: &Inner, name: &str, params: &Params) -> Option<(Outcome, bool)> {
    let (mut cut, mut confirm, mut held) = (false, true, None);
    let nothing = || inner.record(name, Value::Object(params.values.clone()), 0);
    for fault in inner.faults.strike(name) {
        match fault {
            Fault::Delay(time) => tokio::time::sleep(time).await,
            Fault::Status(code) => return Some((Err(Refusal::status(code)), false)),
            Fault::Answer { status, body } => return Some((Ok((status, body)), false)),
            Fault::Cut { after_effect: false } => {
                nothing();
                return None;
            }
            Fault::Hang => {
                nothing();
                std::future::pending::<()>().await;
            }
            Fault::Cut { after_effect: true } => cut = true,
            Fault::Hold {
                gate,
                after_effect: false,
            } => gate.pass().await,
            Fault::Hold {
                gate,
                after_effect: true,
            } => held = Some(gate),
            Fault::DropConfirmation => confirm = false,
        }
    }
    let result = if name == "getUpdates" {
        updates::get_updates(inner, params, confirm).await
    } else {
        let limited = inner.faults.limited();
        inner.change(|world| {
            if limited {
                world.limits.count(name, params, Instant::now())?;
            }
            world.carry_out(name, params)
        })
    };
    if let Some(gate) = held {
        gate.pass().await;
    }
    Some((result.map(|result| (200, json!({ "ok": true, "result": result }))), cut))
}

fn refused(refusal: &Refusal) -> Response {
    (coded(refusal.code), Json(refusal.body())).into_response()
}

/// The library writes the slash of a file's path as `%2F`; Telegram takes both.
async fn download(inner: &Inner, rest: &str) -> Option<Response> {
    let (token, path) = rest.split_once('/').unwrap_or_default();
    if token != TOKEN {
        return Some(refused(&Refusal::unauthorized()));
    }
    for fault in inner.faults.strike("download") {
        match fault {
            Fault::Delay(time) => tokio::time::sleep(time).await,
            Fault::Status(code) => return Some(refused(&Refusal::status(code))),
            Fault::Answer { status, body } => return Some((coded(status), Json(body)).into_response()),
            Fault::Cut { .. } => return None,
            Fault::Hang => std::future::pending().await,
            Fault::Hold { gate, .. } => gate.pass().await,
            Fault::DropConfirmation => {}
        }
    }
    let path = path.replace("%2F", "/").replace("%2f", "/");
    Some(match inner.look(|world| world.download(&path)) {
        Some(bytes) => bytes.into_response(),
        None => refused(&Refusal::not_found("")),
    })
}

fn coded(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl Inner {
    fn record(&self, method: &str, parameters: Value, status: u16) {
        let method = method.to_owned();
        let recorded = Recorded {
            method,
            parameters,
            status,
        };
        self.change(|world| world.recorded.push(recorded));
    }
}

/// Cuts the connection that it belongs to: nothing more is written to it.
#[derive(Clone, Debug, Default)]
struct Scissors(Arc<AtomicBool>);

impl Scissors {
    fn cut(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn whole(&self) -> io::Result<()> {
        if self.0.load(Ordering::Acquire) {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }
}

impl Connected<IncomingStream<'_, Cuttable>> for Scissors {
    fn connect_info(stream: IncomingStream<'_, Cuttable>) -> Self {
        stream.io().scissors.clone()
    }
}

/// A listener whose connections can be cut.
struct Cuttable(TcpListener);

impl Listener for Cuttable {
    type Io = Wire;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (Wire, Self::Addr) {
        let (stream, addr) = Listener::accept(&mut self.0).await;
        // Small answers should leave at once; where that can't be set they leave a little later.
        let _ = stream.set_nodelay(true);
        let scissors = Scissors::default();
        (Wire { stream, scissors }, addr)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

struct Wire {
    stream: TcpStream,
    scissors: Scissors,
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.scissors.whole()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
