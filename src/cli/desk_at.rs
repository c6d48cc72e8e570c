//! Where the desk keeps its things: the database, the key and the files, as the settings say.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use secrecy::ExposeSecret;
use sqlx::mysql::MySqlConnectOptions;

use super::Failure;
use crate::clock::Clock;
use crate::config::Config;
use crate::replica::Identity;
use crate::service::codes::CodeKey;
use crate::store::Store;
use crate::store::server::{PrivateServer, ServerError};

/// How many connections to the database a desk has.
const CONNECTIONS: u32 = 16;

/// How long a short command beside us may take.
const SHORT_COMMAND: Duration = Duration::from_secs(5);
/// How long to wait before looking again whether it is done.
const PAUSE: Duration = Duration::from_millis(200);
/// How long to wait before a database that is away is asked again; each time it is waited for as well.
const AWAY: Duration = Duration::from_millis(500);

/// An open store, with the private server under it if there is one.
pub(super) struct DeskAt {
    pub(super) store: Store,
    server: Option<PrivateServer>,
}

impl DeskAt {
    /// Opens the store for the desk itself: the private server is ours alone. A short command that uses it just
    /// now is waited for.
    pub(super) async fn open(config: &Config) -> Result<Self, Failure> {
        let mut waited = Duration::ZERO;
        loop {
            match Self::open_now(config).await {
                Err(Failure::Server(ServerError::InUse { .. })) if waited < SHORT_COMMAND => {
                    waited += PAUSE;
                    tokio::time::sleep(PAUSE).await;
                }
                // Whoever starts everything at once should not have to mind the order.
                Err(Failure::Store(fault)) if fault.is_outage() => {
                    tracing::warn!(cause = %fault, "the database can't be reached yet: it is waited for");
                    tokio::time::sleep(AWAY).await;
                }
                opened => return opened,
            }
        }
    }

    async fn open_now(config: &Config) -> Result<Self, Failure> {
        let servers = external(config)?;
        if !servers.is_empty() {
            let store = Store::open_first_of(servers, CONNECTIONS, Clock::system()).await?;
            return Ok(Self { store, server: None });
        }
        make_directory(&config.data)?;
        let server = PrivateServer::start(&config.data).await?;
        let store = Store::open(server.options(), CONNECTIONS, Clock::system()).await?;
        // Whoever had leases on this database is gone: nobody else can use it.
        store.expel_replicas().await?;
        Ok(Self {
            store,
            server: Some(server),
        })
    }

    /// Opens the store for a short command, beside a desk that may be open.
    pub(super) async fn visit(config: &Config) -> Result<Self, Failure> {
        let mut waited = Duration::ZERO;
        loop {
            let in_use = match Self::open_now(config).await {
                Err(Failure::Server(in_use @ ServerError::InUse { .. })) => in_use,
                opened => return opened,
            };
            if let Some(options) = PrivateServer::join(&config.data) {
                match Store::open(options, 1, Clock::system()).await {
                    Ok(store) => return Ok(Self { store, server: None }),
                    // It is being started or stopped just now.
                    Err(_) if waited < SHORT_COMMAND => {}
                    Err(fault) => return Err(fault.into()),
                }
            } else if waited >= SHORT_COMMAND {
                return Err(in_use.into());
            }
            waited += PAUSE;
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Closes the store and stops the private server.
    pub(super) async fn close(self) {
        self.store.close().await;
        if let Some(server) = self.server {
            server.stop().await;
        }
    }
}

fn external(config: &Config) -> Result<Vec<MySqlConnectOptions>, Failure> {
    let servers = config.database.url.iter();
    let options = servers.map(|url| MySqlConnectOptions::from_str(url.expose_secret()));
    // The error would quote the address, and with it the password.
    options
        .collect::<Result<_, _>>()
        .map_err(|_| Failure::Told("database.url is not an address of a database.".to_owned()))
}

/// Makes a directory that only this user can enter: people's files and keys are in it.
pub(super) fn make_directory(path: &Path) -> Result<(), Failure> {
    let failed = |error| Failure::File(path.to_owned(), error);
    fs::create_dir_all(path).map_err(failed)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(failed)
}

/// What this process is called among those that share the database.
pub(super) fn identity(config: &Config) -> Result<Identity, Failure> {
    make_directory(&config.data)?;
    let path = config.data.join("replicas");
    Identity::kept_in(&path).map_err(|error| Failure::File(path, error))
}

/// The key of one-time codes, made at the first use and kept where only this user can read it.
pub(super) fn key(config: &Config) -> Result<CodeKey, Failure> {
    make_directory(&config.data)?;
    let path = config.data.join("code-key");
    let failed = |error| Failure::File(path.clone(), error);
    let mut options = fs::OpenOptions::new();
    match options.write(true).create_new(true).mode(0o600).open(&path) {
        Ok(mut file) => {
            let bytes: [u8; 32] = rand::random();
            file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(failed)?;
            Ok(CodeKey::new(bytes))
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let bytes = fs::read(&path).map_err(failed)?;
            let bytes: [u8; 32] = bytes
                .try_into()
                .map_err(|_| Failure::Told(format!("{} is damaged: delete it and make new codes.", path.display())))?;
            Ok(CodeKey::new(bytes))
        }
        Err(error) => Err(failed(error)),
    }
}
