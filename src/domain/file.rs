//! Files that people attach.

use serde::{Deserialize, Serialize};

/// A file kept by us, found again by the hash of its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// SHA-256 of the content, in lower-case hexadecimal: its name on the disk.
    pub sha256: String,
    /// The name people gave it, made safe to show.
    pub name: String,
    /// The media type the platform told, `application/octet-stream` otherwise.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
}

impl StoredFile {
    /// Whether chats can show it as a picture.
    #[must_use]
    pub fn is_picture(&self) -> bool {
        matches!(
            self.media_type.as_str(),
            "image/jpeg" | "image/png" | "image/gif" | "image/webp"
        )
    }
}

/// What became of a file that somebody sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Received {
    /// It is kept.
    Kept(StoredFile),
    /// It is larger than the platform lets a bot fetch, or than we keep.
    TooLarge {
        /// Its name.
        name: String,
    },
    /// The platform did not hand it over.
    Unavailable {
        /// Its name.
        name: String,
    },
}
