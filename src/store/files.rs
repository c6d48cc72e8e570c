//! The files people attach, in a directory, each under the hash of its content: the platforms' own links
//! expire. Nothing here knows whose they are; the `attachments` table does.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};

use crate::domain::file::StoredFile;

/// The largest file kept: the 20 MB that Telegram hands to bots
/// (<https://core.telegram.org/bots/api#getfile>).
pub const MAX_BYTES: u64 = 20 * 1024 * 1024;

/// How long after a file was kept it is written down at the latest whose it is.
const SETTLED: Duration = Duration::from_mins(5);

/// The longest media type there can be (<https://www.rfc-editor.org/rfc/rfc6838#section-4.2>).
const MEDIA_TYPE_CHARS: usize = 127;

/// The directory of files.
#[derive(Clone, Debug)]
pub struct FileStore {
    directory: PathBuf,
}

/// A file that could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// More than [`MAX_BYTES`] came.
    #[error("larger than {MAX_BYTES} bytes")]
    TooLarge,
    /// The source broke off, or the disk refused.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl FileStore {
    /// Uses `directory`, made if need be.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn open(directory: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(directory)?;
        Ok(Self {
            directory: directory.to_owned(),
        })
    }

    /// Where the content of a file is.
    #[must_use]
    pub fn path(&self, file: &StoredFile) -> PathBuf {
        self.directory.join(&file.sha256)
    }

    /// The hash under which a file with this content is kept.
    #[must_use]
    pub fn hash(content: &[u8]) -> String {
        format!("{:x}", Sha256::digest(content))
    }

    /// Keeps what `source` gives, up to [`MAX_BYTES`], and only once it is whole and on the disk.
    ///
    /// # Errors
    /// [`KeepError`] when it is too large, breaks off, or the disk refuses it.
    pub async fn keep(
        &self,
        mut source: impl AsyncRead + Unpin,
        name: &str,
        media_type: &str,
    ) -> Result<StoredFile, KeepError> {
        let part = self.directory.join(format!("part-{:032x}", rand::random::<u128>()));
        let kept = self.write(&part, &mut source).await;
        let (sha256, size) = match kept {
            Ok(kept) => kept,
            Err(error) => {
                // What is left of it has a random name that nothing refers to.
                let _ = tokio::fs::remove_file(&part).await;
                return Err(error);
            }
        };
        tokio::fs::rename(&part, self.directory.join(&sha256)).await?;
        tokio::fs::File::open(&self.directory).await?.sync_all().await?;
        let plausible = media_type.chars().count() <= MEDIA_TYPE_CHARS;
        Ok(StoredFile {
            sha256,
            name: name.to_owned(),
            media_type: if plausible {
                media_type
            } else {
                "application/octet-stream"
            }
            .to_owned(),
            size,
        })
    }

    /// Removes a file that nothing refers to; one that is used again stays. Whether that is settled: what came a moment
    /// ago may be somebody else's, who is about to attach it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn discard(&self, sha256: &str, is_used: bool) -> io::Result<bool> {
        let path = self.directory.join(sha256);
        let kept_at = match tokio::fs::metadata(&path).await {
            Ok(kept) => kept.modified()?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(error),
        };
        if is_used {
            return Ok(true);
        }
        if kept_at.elapsed().is_ok_and(|since| since < SETTLED) {
            return Ok(false);
        }
        match tokio::fs::remove_file(&path).await {
            // By somebody else meanwhile.
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(true),
        }
    }

    async fn write(&self, part: &Path, source: &mut (impl AsyncRead + Unpin)) -> Result<(String, u64), KeepError> {
        let mut file = tokio::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(part)
            .await?;
        let mut hash = Sha256::new();
        let mut size = 0_u64;
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = source.read(&mut buffer).await?;
            if read == 0 {
                break;
            }
            size += read as u64;
            if size > MAX_BYTES {
                return Err(KeepError::TooLarge);
            }
            hash.update(&buffer[..read]);
            file.write_all(&buffer[..read]).await?;
        }
        file.sync_all().await?;
        Ok((format!("{:x}", hash.finalize()), size))
    }
}
