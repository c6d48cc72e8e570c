//! The loopback listener, whose connections can be cut from inside.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use futures_util::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// The handle with which one connection is cut, without a word to the other side.
#[derive(Clone, Debug, Default)]
pub(super) struct Cut(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    cut: AtomicBool,
    reader: AtomicWaker,
    writer: AtomicWaker,
}

impl Cut {
    pub(super) fn cut(&self) {
        self.0.cut.store(true, Ordering::SeqCst);
        self.0.reader.wake();
        self.0.writer.wake();
    }

    fn check(&self, waker: &AtomicWaker, cx: &Context<'_>) -> io::Result<()> {
        waker.register(cx.waker());
        if self.0.cut.load(Ordering::SeqCst) {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }
}

/// Every connection that is still open.
#[derive(Clone, Debug, Default)]
pub(super) struct Connections(Arc<Mutex<Vec<Weak<Inner>>>>);

impl Connections {
    fn add(&self, cut: &Cut) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| one.strong_count() > 0);
        all.push(Arc::downgrade(&cut.0));
    }

    pub(super) fn cut_all(&self) {
        for one in self.0.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            if let Some(inner) = one.upgrade() {
                Cut(inner).cut();
            }
        }
    }
}

/// A listener on 127.0.0.1, on a port that the system chooses.
pub(super) struct Loopback {
    tcp: TcpListener,
    connections: Connections,
}

impl Loopback {
    pub(super) async fn bind(connections: Connections) -> io::Result<(Self, SocketAddr)> {
        let tcp = TcpListener::bind(("127.0.0.1", 0)).await?;
        let at = tcp.local_addr()?;
        Ok((Self { tcp, connections }, at))
    }
}

impl Listener for Loopback {
    type Io = Wire;
    type Addr = Cut;

    async fn accept(&mut self) -> (Wire, Cut) {
        let (tcp, _) = Listener::accept(&mut self.tcp).await;
        // An event that follows another should leave at once; where that can't be set it leaves a little later.
        let _ = tcp.set_nodelay(true);
        let cut = Cut::default();
        self.connections.add(&cut);
        (Wire { tcp, cut: cut.clone() }, cut)
    }

    fn local_addr(&self) -> io::Result<Cut> {
        Ok(Cut::default())
    }
}

impl Connected<IncomingStream<'_, Loopback>> for Cut {
    fn connect_info(stream: IncomingStream<'_, Loopback>) -> Self {
        stream.remote_addr().clone()
    }
}

/// A TCP connection that fails from the moment it is cut.
pub(super) struct Wire {
    tcp: TcpStream,
    cut: Cut,
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.cut.check(&self.cut.0.reader, cx)?;
        Pin::new(&mut self.tcp).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.cut.check(&self.cut.0.writer, cx)?;
        Pin::new(&mut self.tcp).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}
