//! Files: kept by id, named as Telegram names them, and given back under a path.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{
    params::{Params, Part},
    refusal::Refusal,
    world::{Media, Stored, World},
};

const MEGABYTE: usize = 1024 * 1024;

/// What a file is shown as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Photo,
    Document,
    Voice,
}

impl Kind {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Document => "document",
            Self::Voice => "voice",
        }
    }
}

impl World {
    /// Keeps a file and describes it as its kind does.
    pub(super) fn keep(&mut self, kind: Kind, name: &str, media_type: &str, bytes: &Bytes) -> Media {
        let serial = self.serial();
        let (prefix, folder, extension) = match kind {
            Kind::Photo => ("AgACAgQAAxkBAAM", "photos", "jpg"),
            Kind::Document => (
                "BQACAgQAAxkBAAM",
                "documents",
                name.rsplit_once('.').map_or("", |(_, e)| e),
            ),
            Kind::Voice => ("AwACAgQAAxkBAAM", "voice", "oga"),
        };
        let size = bytes.len();
        let dot = if extension.is_empty() { "" } else { "." };
        let path = format!("{folder}/file_{serial}{dot}{extension}");
        let id = |variant: &str| format!("{prefix}{serial:08}{variant}");
        let unique = |variant: &str| format!("AQAD{serial:08}{variant}");
        let value = match kind {
            Kind::Photo => {
                let (width, height) = dimensions(bytes);
                let thumb = |n: u32| (n / 4).max(1);
                json!([
                    { "file_id": id("s"), "file_unique_id": unique("s"), "width": thumb(width),
                      "height": thumb(height), "file_size": (size / 8).max(1) },
                    { "file_id": id("x"), "file_unique_id": unique("x"), "width": width, "height": height,
                      "file_size": size },
                ])
            }
            Kind::Document => json!({ "file_id": id("x"), "file_unique_id": unique("x"), "file_name": name,
                "mime_type": media_type, "file_size": size }),
            Kind::Voice => json!({ "file_id": id("x"), "file_unique_id": unique("x"), "duration": 3,
                "mime_type": "audio/ogg", "file_size": size }),
        };
        let media = Media {
            key: kind.key(),
            value,
            name: name.to_owned(),
        };
        // The small size of a photo leads to the same bytes.
        for variant in ["s", "x"] {
            let stored = Stored {
                unique: unique(variant),
                path: path.clone(),
                media: media.clone(),
                bytes: bytes.clone(),
            };
            self.files.insert(id(variant), stored);
        }
        media
    }

    /// The file that the bot names in `what`: an upload, or one that Telegram has already.
    pub(super) fn media(&mut self, kind: Kind, what: &str, params: &Params) -> Result<Media, Refusal> {
        if let Some(part) = what.strip_prefix("attach://") {
            let part = params
                .files
                .get(part)
                .ok_or_else(|| Refusal::bad(format!("wrong file identifier/HTTP URL specified: {what}")))?;
            return self.uploaded(kind, part);
        }
        let stored = self
            .files
            .get(what)
            .ok_or_else(|| Refusal::bad("wrong file identifier/HTTP URL specified"))?;
        if stored.media.key == kind.key() {
            return Ok(stored.media.clone());
        }
        let title = |key: &str| {
            let mut letters = key.chars();
            letters
                .next()
                .map(|c| c.to_uppercase().chain(letters).collect::<String>())
                .unwrap_or_default()
        };
        let (have, want) = (title(stored.media.key), title(kind.key()));
        Err(Refusal::bad(format!("can't use file of type {have} as {want}")))
    }

    fn uploaded(&mut self, kind: Kind, part: &Part) -> Result<Media, Refusal> {
        let size = part.bytes.len();
        if size == 0 {
            return Err(Refusal::bad("file must be non-empty"));
        }
        if size > 50 * MEGABYTE {
            return Err(Refusal::too_large());
        }
        if kind == Kind::Photo && size > 10 * MEGABYTE {
            let limit = 10 * MEGABYTE;
            return Err(Refusal::bad(format!(
                "file of size {size} bytes is too big for a photo; the maximum size is {limit} bytes"
            )));
        }
        if kind == Kind::Photo && !is_picture(&part.bytes) {
            return Err(Refusal::bad("IMAGE_PROCESS_FAILED"));
        }
        Ok(self.keep(kind, &part.name, &part.media_type, &part.bytes))
    }

    /// `getFile`.
    pub(super) fn get_file(&self, params: &Params) -> Result<Value, Refusal> {
        let id = params.text("file_id")?.unwrap_or_default();
        let Some(stored) = self.files.get(id) else {
            return Err(Refusal::bad(if id.is_empty() {
                "file_id not specified"
            } else {
                "invalid file_id"
            }));
        };
        if stored.bytes.len() > 20 * MEGABYTE {
            return Err(Refusal::bad("file is too big"));
        }
        Ok(
            json!({ "file_id": id, "file_unique_id": stored.unique, "file_size": stored.bytes.len(),
            "file_path": stored.path }),
        )
    }

    /// The bytes under a path that `getFile` gave.
    pub(super) fn download(&self, path: &str) -> Option<Bytes> {
        let stored = self.files.values().find(|f| f.path == path)?;
        (stored.bytes.len() <= 20 * MEGABYTE).then(|| stored.bytes.clone())
    }
}

fn is_picture(bytes: &[u8]) -> bool {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    starts(b"\x89PNG\r\n\x1a\n") || starts(b"\xff\xd8\xff") || starts(b"GIF8") || starts(b"RIFF") || starts(b"BM")
}

/// Width and height: a PNG's own, else those of a telephone's picture.
fn dimensions(bytes: &[u8]) -> (u32, u32) {
    let number = |at: usize| {
        let field: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(field))
    };
    match (number(16), number(20)) {
        (Some(width), Some(height)) if bytes.starts_with(b"\x89PNG") => (width, height),
        _ => (1280, 960),
    }
}
