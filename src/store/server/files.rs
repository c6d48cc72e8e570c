//! Where the private server's files are, and who may use them.
//!
//! ```text
//! data/guichet.lock          held while a Guichet uses data/, with its process id
//! data/database/files/       the server's data directory
//! data/database/tmp/         its temporary files, made anew at each start
//! data/database/server.log   its log since the last start; the one before is server.log.old
//! data/database/server.pid   its process id
//! data/database/server.sock  its socket, unless that path is too long for one
//! ```

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::ServerError;

/// A Unix socket's path has room for 107 bytes on Linux and 103 on macOS.
const LONGEST_SOCKET: usize = 103;
const SOCKET: &str = "server.sock";
const UNFINISHED: &str = "unfinished-";

/// The directory `data/database`, which only this user can enter: inside, root has no password.
#[derive(Debug, Clone)]
pub(super) struct Files {
    home: PathBuf,
}

impl Files {
    pub(super) fn open(data: &Path) -> Result<Self, ServerError> {
        let home = data.join("database");
        private_directory(&home)?;
        let home = home.canonicalize().map_err(ServerError::file("find", &home))?;
        Ok(Self { home })
    }

    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    pub(super) fn datadir(&self) -> PathBuf {
        self.home.join("files")
    }

    pub(super) fn tmp(&self) -> PathBuf {
        self.home.join("tmp")
    }

    pub(super) fn pid_file(&self) -> PathBuf {
        self.home.join("server.pid")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.home.join("server.log")
    }

    /// Where the last server had its socket: beside the files, or where the link tells.
    pub(super) fn last_socket(&self) -> PathBuf {
        fs::read_link(self.socket_link())
            .unwrap_or_else(|_| self.home.clone())
            .join(SOCKET)
    }

    fn socket_link(&self) -> PathBuf {
        self.home.join("socket-directory")
    }

    pub(super) fn exist(&self) -> bool {
        self.datadir().exists()
    }

    /// The name, inside [`Files::home`], of the directory that first files are made in. They get their final
    /// name only when complete, so an interrupted first start leaves nothing that looks like a database.
    pub(super) fn unfinished() -> String {
        format!("{UNFINISHED}{:016x}", rand::random::<u64>())
    }

    pub(super) fn finish(&self, unfinished: &str) -> Result<(), ServerError> {
        let made = self.home.join(unfinished);
        fs::rename(&made, self.datadir()).map_err(ServerError::file("rename", &made))?;
        let home = File::open(&self.home).map_err(ServerError::file("open", &self.home))?;
        home.sync_all().map_err(ServerError::file("save", &self.home))
    }

    /// Clears away what an earlier run left, keeping its log under another name.
    pub(super) fn sweep(&self) -> Result<(), ServerError> {
        let entries = fs::read_dir(&self.home).map_err(ServerError::file("read", &self.home))?;
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                // If its maker is still being killed, some of it stays for the next start to clear.
                let _ = remove_tree(&entry.path());
            }
        }
        if self.log().exists() {
            fs::rename(self.log(), self.home.join("server.log.old"))
                .map_err(ServerError::file("rename", &self.log()))?;
        }
        remove_tree(&self.tmp())?;
        private_directory(&self.tmp())
    }

    /// Whether we are root: a fresh directory belongs to whoever made it, and std has no `geteuid`.
    pub(super) fn made_by_root(&self) -> bool {
        fs::metadata(self.tmp()).is_ok_and(|tmp| tmp.uid() == 0)
    }
}

/// The right to use a data directory. The kernel takes it back however the process ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    pub(super) fn take(data: &Path) -> Result<Self, ServerError> {
        let path = data.join("guichet.lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(ServerError::file("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(in_use(&mut file, data)),
            Err(TryLockError::Error(source)) => return Err(ServerError::file("lock", &path)(source)),
        }
        sign(&mut file).map_err(ServerError::file("write", &path))?;
        Ok(Self { _file: file })
    }
}

fn in_use(file: &mut File, data: &Path) -> ServerError {
    let mut holder = String::new();
    // The number is a courtesy: when it can't be read, the sentence does without it.
    let _ = file.read_to_string(&mut holder);
    ServerError::InUse {
        process: holder.trim().parse().ok(),
        data: data.to_owned(),
    }
}

fn sign(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    writeln!(file, "{}", std::process::id())
}

/// The socket's path: beside the files, or in a fresh private directory when that path would be too long.
#[derive(Debug)]
pub(super) struct Socket {
    path: PathBuf,
    elsewhere: Option<PathBuf>,
}

impl Socket {
    pub(super) fn choose(files: &Files) -> Result<Self, ServerError> {
        let link = files.socket_link();
        if let Ok(left) = fs::read_link(&link) {
            remove_socket_directory(&left);
            fs::remove_file(&link).map_err(ServerError::file("remove", &link))?;
        }
        let path = files.home.join(SOCKET);
        if path.as_os_str().len() <= LONGEST_SOCKET {
            return Ok(Self { path, elsewhere: None });
        }
        let directory = std::env::temp_dir().join(format!("guichet-{:016x}", rand::random::<u64>()));
        DirBuilder::new()
            .mode(0o700)
            .create(&directory)
            .map_err(ServerError::file("make", &directory))?;
        let socket = Self {
            path: directory.join(SOCKET),
            elsewhere: Some(directory.clone()),
        };
        std::os::unix::fs::symlink(&directory, &link).map_err(ServerError::file("make", &link))?;
        Ok(socket)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if let Some(directory) = &self.elsewhere {
            remove_socket_directory(directory);
        }
    }
}

/// Removes only what a server puts there: anything else found inside is not ours and keeps the directory.
fn remove_socket_directory(directory: &Path) {
    for name in [SOCKET, "server.sock.lock"] {
        let _ = fs::remove_file(directory.join(name));
    }
    let _ = fs::remove_dir(directory);
}

fn private_directory(path: &Path) -> Result<(), ServerError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(ServerError::file("make", path))?;
    fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(ServerError::file("protect", path))
}

fn remove_tree(path: &Path) -> Result<(), ServerError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(ServerError::file("remove", path)(error)),
        _ => Ok(()),
    }
}
