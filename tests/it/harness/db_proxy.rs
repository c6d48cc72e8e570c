//! The network between a desk and its database, which a test can freeze, slow down, cut and refuse.
//!
//! It knows enough of the protocol to see a COMMIT pass. Connections through it have to be without TLS.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sqlx::mysql::MySqlConnectOptions;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The database server behind the proxy.
#[derive(Clone, Debug)]
pub enum Server {
    Tcp(SocketAddr),
    Socket(PathBuf),
}

impl Server {
    /// The server that these options connect to.
    pub fn of(options: &MySqlConnectOptions) -> Self {
        match options.get_socket() {
            Some(path) => Self::Socket(path.clone()),
            None => Self::Tcp(
                format!("{}:{}", options.get_host(), options.get_port())
                    .parse()
                    .expect("an address"),
            ),
        }
    }
}

/// A moment of a COMMIT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// It has left the client and not reached the server.
    Asked,
    /// The server has answered, and the client does not know.
    Answered,
}

/// What becomes of what is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Passes,
    /// It is lost, and its connection is cut.
    Lost,
}

type Hook = Arc<dyn Fn(Moment) -> Fate + Send + Sync>;

/// A proxy that listens on a port of its own.
pub struct DbProxy {
    address: SocketAddr,
    line: Arc<Line>,
    listening: JoinHandle<()>,
}

struct Line {
    server: Server,
    /// How many statements have passed.
    statements: AtomicUsize,
    weather: watch::Sender<Weather>,
    hook: Mutex<Option<Hook>>,
}

#[derive(Clone, Copy, Default)]
struct Weather {
    frozen: bool,
    refused: bool,
    delay: Duration,
    /// How often everything was cut.
    cuts: u64,
}

impl DbProxy {
    /// Listens on a free port of 127.0.0.1.
    pub async fn start(server: Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let line = Arc::new(Line {
            server,
            statements: AtomicUsize::default(),
            weather: watch::Sender::default(),
            hook: Mutex::default(),
        });
        let listening = tokio::spawn(listen(Arc::clone(&line), listener, address));
        Self {
            address,
            line,
            listening,
        }
    }

    /// How many statements have passed so far.
    pub fn statements(&self) -> usize {
        self.line.statements.load(Ordering::SeqCst)
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How to reach, through here, the database that `direct` reaches.
    pub fn options(&self, direct: &MySqlConnectOptions) -> MySqlConnectOptions {
        let url = self.url(direct.get_database().expect("a database"));
        url.parse().expect("an address")
    }

    /// The same as a `database.url`, for root without a password.
    pub fn url(&self, database: &str) -> String {
        let address = self.address();
        format!("mysql://root@{address}/{database}?ssl-mode=disabled&collation=utf8mb4_unicode_ci")
    }

    /// Nothing passes, in either direction, and nobody is told; connections stay.
    pub fn freeze(&self) {
        self.line.weather.send_modify(|weather| weather.frozen = true);
    }

    /// What was held back goes on.
    pub fn thaw(&self) {
        self.line.weather.send_modify(|weather| weather.frozen = false);
    }

    /// Every packet takes this long more.
    pub fn delay(&self, delay: Duration) {
        self.line.weather.send_modify(|weather| weather.delay = delay);
    }

    /// Closes all connections.
    pub fn cut_all(&self) {
        self.line.weather.send_modify(|weather| weather.cuts += 1);
    }

    /// Whether nobody listens on the port. Connections that there are stay.
    pub fn refuse(&self, refused: bool) {
        self.line.weather.send_modify(|weather| weather.refused = refused);
    }

    /// Calls `hook` at both moments of every COMMIT, before it (or its answer) is passed on. What the hook does to
    /// this proxy holds for that COMMIT already; a process that it kills has neither sent more nor heard more.
    pub fn on_commit(&self, hook: impl Fn(Moment) -> Fate + Send + Sync + 'static) {
        *self.line.hook.lock().expect("the hook") = Some(Arc::new(hook));
    }

    /// The connection of the next COMMIT is cut at that moment.
    pub fn cut_next_commit(&self, moment: Moment) {
        let waiting = AtomicBool::new(true);
        self.on_commit(move |at| {
            if at == moment && waiting.swap(false, Ordering::SeqCst) {
                Fate::Lost
            } else {
                Fate::Passes
            }
        });
    }
}

impl Drop for DbProxy {
    fn drop(&mut self) {
        self.listening.abort();
        self.cut_all();
    }
}

async fn listen(line: Arc<Line>, listener: TcpListener, address: SocketAddr) {
    let mut weather = line.weather.subscribe();
    let mut open = Some(listener);
    loop {
        let Weather { refused, cuts, .. } = *weather.borrow_and_update();
        match open.take() {
            None if refused => drop(weather.changed().await),
            None => open = Some(TcpListener::bind(address).await.expect("the same port")),
            Some(_) if refused => {}
            Some(listener) => {
                tokio::select! {
                    _ = weather.changed() => {}
                    Ok((client, _)) = listener.accept() => drop(tokio::spawn(carry(Arc::clone(&line), client, cuts))),
                }
                open = Some(listener);
            }
        }
    }
}

async fn carry(line: Arc<Line>, client: TcpStream, cuts: u64) {
    let mut weather = line.weather.subscribe();
    tokio::select! {
        _ = weather.wait_for(|weather| weather.cuts != cuts) => {}
        _ = line.join(client) => {}
    }
}

impl Line {
    async fn join(&self, client: TcpStream) -> io::Result<()> {
        client.set_nodelay(true)?;
        match &self.server {
            Server::Tcp(address) => {
                let server = TcpStream::connect(address).await?;
                server.set_nodelay(true)?;
                self.pump(client, server).await
            }
            Server::Socket(path) => self.pump(client, UnixStream::connect(path).await?).await,
        }
    }

    async fn pump(&self, client: TcpStream, server: impl AsyncRead + AsyncWrite) -> io::Result<()> {
        let (from_client, to_client) = tokio::io::split(client);
        let (from_server, to_server) = tokio::io::split(server);
        let committing = AtomicBool::new(false);
        tokio::select! {
            ended = self.ask(from_client, to_server, &committing) => ended,
            ended = self.answer(from_server, to_client, &committing) => ended,
        }
    }

    async fn ask(
        &self,
        mut client: impl AsyncRead + Unpin,
        mut server: impl AsyncWrite + Unpin,
        committing: &AtomicBool,
    ) -> io::Result<()> {
        loop {
            let packet = read_packet(&mut client).await?;
            // COM_QUERY and COM_STMT_EXECUTE.
            if matches!(packet.get(4), Some(0x03 | 0x17)) {
                self.statements.fetch_add(1, Ordering::SeqCst);
            }
            if is_commit(&packet) {
                self.passes(Moment::Asked)?;
                committing.store(true, Ordering::SeqCst);
            }
            self.travel().await;
            server.write_all(&packet).await?;
        }
    }

    async fn answer(
        &self,
        mut server: impl AsyncRead + Unpin,
        mut client: impl AsyncWrite + Unpin,
        committing: &AtomicBool,
    ) -> io::Result<()> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let length = server.read(&mut buffer).await?;
            if length == 0 {
                return Ok(());
            }
            // The protocol takes turns: what comes next after a COMMIT is its answer.
            if committing.swap(false, Ordering::SeqCst) {
                self.passes(Moment::Answered)?;
            }
            self.travel().await;
            client.write_all(&buffer[..length]).await?;
        }
    }

    fn passes(&self, moment: Moment) -> io::Result<()> {
        let hook = self.hook.lock().expect("the hook").clone();
        match hook.map_or(Fate::Passes, |hook| hook(moment)) {
            Fate::Passes => Ok(()),
            Fate::Lost => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }

    async fn travel(&self) {
        let delay = self.weather.borrow().delay;
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        let mut weather = self.weather.subscribe();
        // Its sender is `self`, so it can't be gone.
        let _ = weather.wait_for(|weather| !weather.frozen).await;
    }
}

/// A packet with its header: three bytes of length, one of sequence.
async fn read_packet(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut packet = vec![0; 4];
    from.read_exact(&mut packet).await?;
    let length = usize::from(packet[0]) | usize::from(packet[1]) << 8 | usize::from(packet[2]) << 16;
    packet.resize(4 + length, 0);
    from.read_exact(&mut packet[4..]).await?;
    Ok(packet)
}

/// `COM_QUERY`, and nothing but the word.
fn is_commit(packet: &[u8]) -> bool {
    packet
        .get(4..)
        .and_then(|payload| payload.strip_prefix(&[3]))
        .is_some_and(|sql| sql.eq_ignore_ascii_case(b"COMMIT"))
}
