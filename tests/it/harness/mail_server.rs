//! A mail server of our own: real SMTP over loopback, with what goes wrong with mail servers on demand.

use std::sync::{Arc, Mutex};

use guichet::domain::mailbox::{Encryption, Mailbox};
use guichet::mail::{Mailer, Settings};
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// An authority that nobody believes but whoever is told to; and the certificate that it gave a server at localhost, with
/// its key. They open nothing.
const AUTHORITY: &[u8] = include_bytes!("mail_server/ca.pem");
const CERTIFICATE: &[u8] = include_bytes!("mail_server/cert.pem");
const CERTIFICATE_KEY: &[u8] = include_bytes!("mail_server/key.pem");

/// What the server does with letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// It takes them.
    Takes,
    /// It knows no such recipient, for ever.
    Refuses,
    /// It takes none from somebody new at once.
    Greylists,
    /// It refuses who we are.
    Distrusts,
    /// It takes them, and is gone before it says so.
    Vanishes,
    /// It takes connections, and says nothing.
    Hangs,
}

/// A letter as it arrived.
#[derive(Clone, Debug)]
pub struct Post {
    pub to: String,
    pub data: String,
}

impl Post {
    /// The value of a header, unfolded.
    pub fn header(&self, name: &str) -> String {
        let headers = self.data.split("\r\n\r\n").next().unwrap_or_default();
        let unfolded = headers.replace("\r\n ", " ");
        let line = unfolded
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("no {name} in {headers}")).to_owned()
    }

    /// What it says, without markup.
    pub fn text(&self) -> String {
        self.part("text/plain")
    }

    /// The same, with markup.
    pub fn html(&self) -> String {
        self.part("text/html")
    }

    fn part(&self, kind: &str) -> String {
        let part = self.data.find(kind).expect("a part");
        let (head, body) = self.data[part..].split_once("\r\n\r\n").expect("a body");
        let body = body.split("\r\n--").next().unwrap_or_default();
        assert!(!head.contains("base64"), "{head}");
        if head.contains("quoted-printable") {
            unquoted(body)
        } else {
            body.to_owned()
        }
    }

    /// The code it carries: six digits, or eight characters.
    pub fn code(&self) -> String {
        let text = self.text();
        let is_code = |line: &&str| match line.len() {
            7 => line.bytes().all(|byte| byte.is_ascii_digit() || byte == b' '),
            9 => line.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
            _ => false,
        };
        let code = text.lines().map(str::trim).find(is_code);
        code.unwrap_or_else(|| panic!("no code in {text}")).to_owned()
    }

    /// The link it carries.
    pub fn link(&self) -> String {
        let text = self.text();
        let link = text.lines().map(str::trim).find(|line| line.starts_with("http"));
        link.unwrap_or_else(|| panic!("no link in {text}")).to_owned()
    }
}

fn unquoted(body: &str) -> String {
    let body = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = body.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'=' {
            let hex = std::str::from_utf8(&after[..2]).expect("two digits");
            bytes.push(u8::from_str_radix(hex, 16).expect("a byte"));
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

struct State {
    mood: Mood,
    post: Vec<Post>,
    /// How many connections there were.
    connections: usize,
}

/// A mail server.
pub struct MailServer {
    /// Where it listens, on loopback.
    pub port: u16,
    encryption: Encryption,
    state: Arc<Mutex<State>>,
    running: Option<(CancellationToken, TaskTracker)>,
}

impl MailServer {
    /// One that takes letters.
    pub async fn start() -> Self {
        Self::start_with(Encryption::None).await
    }

    /// The same, over connections that are encrypted so.
    pub async fn start_with(encryption: Encryption) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("its number").port();
        let state = State {
            mood: Mood::Takes,
            post: Vec::new(),
            connections: 0,
        };
        let mut server = Self {
            port,
            encryption,
            state: Arc::new(Mutex::new(state)),
            running: None,
        };
        server.listen(listener);
        server
    }

    fn listen(&mut self, listener: TcpListener) {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let encryption = self.encryption;
        let (state, accepted, stopped) = (Arc::clone(&self.state), tasks.clone(), stop.clone());
        let accept = async move {
            while let Ok((stream, _)) = listener.accept().await {
                state.lock().expect("no panic").connections += 1;
                let talk = serve(stream, encryption, Arc::clone(&state));
                let stopped = stopped.clone();
                accepted.spawn(async move { stopped.run_until_cancelled(talk).await.is_some() });
            }
        };
        let stopped = stop.clone();
        tasks.spawn(async move { stopped.run_until_cancelled(accept).await.is_some() });
        self.running = Some((stop, tasks));
    }

    /// Ends it, with all connections.
    pub async fn goes_down(&mut self) {
        let (stop, tasks) = self.running.take().expect("a server that runs");
        stop.cancel();
        tasks.close();
        tasks.wait().await;
    }

    /// Starts it again, on the same port.
    pub fn comes_back(&mut self) {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_reuseaddr(true).expect("an option");
        let address = format!("127.0.0.1:{}", self.port).parse().expect("an address");
        socket.bind(address).expect("the same port");
        let listener = socket.listen(64).expect("a listener");
        self.listen(listener);
    }

    /// What it does from now on.
    pub fn is(&self, mood: Mood) {
        self.state.lock().expect("no panic").mood = mood;
    }

    /// All letters that arrived.
    pub fn post(&self) -> Vec<Post> {
        self.state.lock().expect("no panic").post.clone()
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.state.lock().expect("no panic").connections
    }

    /// Waits for the letter with that number, counted from one.
    pub async fn letter(&self, number: usize) -> Post {
        for _ in 0..1_500 {
            if let Some(post) = self.post().get(number - 1) {
                return post.clone();
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("letter {number} was awaited: there are {}", self.post().len());
    }

    /// Waits until somebody connected so often.
    pub async fn until_connections(&self, number: usize) {
        for _ in 0..1_500 {
            if self.connections() >= number {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("{number} connections were awaited: there were {}", self.connections());
    }

    /// A mailer that uses it.
    pub fn mailer(&self) -> Mailer {
        self.mailer_with(Encryption::None)
    }

    /// The same, over a connection that is encrypted so.
    pub fn mailer_with(&self, encryption: Encryption) -> Mailer {
        Mailer::new(self.settings(encryption)).expect("a mailer")
    }

    /// The same, that believes the authority which its certificate is from.
    pub fn believing_mailer(&self) -> Mailer {
        Mailer::believing(self.settings(self.encryption), AUTHORITY).expect("a mailer")
    }

    fn settings(&self, encryption: Encryption) -> Settings {
        let from: Mailbox = "Guichet <guichet@exemple.org>".parse().expect("a mailbox");
        Settings {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            encryption,
            user: Some(("guichet".to_owned(), "hush-hush".to_owned().into())),
            from,
        }
    }
}

/// One connection.
async fn serve(stream: TcpStream, encryption: Encryption, state: Arc<Mutex<State>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    if state.lock().expect("no panic").mood == Mood::Hangs {
        // Until the other side has enough of it.
        while line(&mut stream).await?.is_some() {}
        return Ok(());
    }
    match encryption {
        Encryption::None => {
            says(&mut stream, GREETING).await?;
            talk(stream, &state).await
        }
        Encryption::StartTls => {
            says(&mut stream, GREETING).await?;
            until_starttls(&mut stream).await?;
            talk(BufReader::new(encrypted(stream.into_inner()).await?), &state).await
        }
        Encryption::Tls => {
            let mut stream = BufReader::new(encrypted(stream.into_inner()).await?);
            says(&mut stream, GREETING).await?;
            talk(stream, &state).await
        }
    }
}

const GREETING: &str = "220 mail.exemple.org ESMTP";

async fn encrypted(stream: TcpStream) -> std::io::Result<impl AsyncRead + AsyncWrite + Unpin> {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(CERTIFICATE_KEY).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a configuration");
    TlsAcceptor::from(Arc::new(config)).accept(stream).await
}

/// What is said in clear (RFC 3207): nothing but that it should not be.
async fn until_starttls(stream: &mut (impl AsyncBufRead + AsyncWrite + Unpin)) -> std::io::Result<()> {
    while let Some(line) = line(stream).await? {
        match line.as_str() {
            "STARTTLS" => return says(stream, "220 2.0.0 go on").await,
            line if line.starts_with("EHLO") => says(stream, "250-mail.exemple.org\r\n250 STARTTLS").await?,
            _ => says(stream, "530 5.7.0 encrypt first").await?,
        }
    }
    Err(std::io::ErrorKind::UnexpectedEof.into())
}

/// What is said, as far as RFC 5321 has to go for this.
async fn talk(mut stream: impl AsyncBufRead + AsyncWrite + Unpin, state: &Mutex<State>) -> std::io::Result<()> {
    let mood = || state.lock().expect("no panic").mood;
    let mut to = String::new();
    while let Some(line) = line(&mut stream).await? {
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-mail.exemple.org\r\n250-SMTPUTF8\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
            "AUTH" if mood() == Mood::Distrusts => "535 5.7.8 who are you?",
            "AUTH" => "235 2.7.0 welcome",
            "RCPT" => {
                to = line["RCPT TO:<".len()..]
                    .split('>')
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                match mood() {
                    Mood::Refuses => {
                        says(&mut stream, &format!("550 5.1.1 <{to}>: no such user here")).await?;
                        continue;
                    }
                    Mood::Greylists => "451 4.7.1 come back later",
                    _ => "250 2.1.5 fine",
                }
            }
            "DATA" => {
                says(&mut stream, "354 go on").await?;
                let data = data(&mut stream).await?;
                let post = Post { to: to.clone(), data };
                state.lock().expect("no panic").post.push(post);
                if mood() == Mood::Vanishes {
                    return Ok(());
                }
                "250 2.0.0 taken"
            }
            "QUIT" => return says(&mut stream, "221 2.0.0 bye").await,
            _ => "250 2.0.0 fine",
        };
        says(&mut stream, answer).await?;
    }
    Ok(())
}

async fn says(stream: &mut (impl AsyncWrite + Unpin), answer: &str) -> std::io::Result<()> {
    stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    stream.flush().await
}

async fn line(stream: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<String>> {
    let mut line = Vec::new();
    if stream.read_until(b'\n', &mut line).await? == 0 {
        return Ok(None);
    }
    Ok(Some(
        String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned(),
    ))
}

async fn data(stream: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<String> {
    let mut data = String::new();
    while let Some(line) = line(stream).await? {
        if line == "." {
            break;
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
        data.push_str("\r\n");
    }
    Ok(data)
}
