//! Message bodies: the same fields for a message, an edit and an interaction's answer. Mentions are switched
//! off in each of them, since Discord's default is to ping.

use serde_json::{Value, json};

use crate::chat::reply::Message;
use crate::domain::file::StoredFile;
use crate::domain::platform::Platform;
use crate::outbox::pacing::Pass;
use crate::store::files::FileStore;

use super::api::Upload;
use super::render;
use super::text::{clean_line, safe_file_name};

/// Links in relayed words must not unfurl.
const SUPPRESS_EMBEDS: u64 = 1 << 2;
const EPHEMERAL: u64 = 1 << 6;
/// <https://discord.com/developers/docs/resources/message#create-message>
const MAX_FILES: usize = 10;

/// A message ready to be sent.
pub(super) struct Outgoing {
    pub(super) body: Value,
    pub(super) files: Vec<Upload>,
}

impl Outgoing {
    /// Draws a message and gathers its files; what can't be sent along is named in a last line.
    pub(super) async fn of(message: &Message, store: &FileStore, pass: Pass<'_>) -> Self {
        let mut files = Vec::new();
        let mut left_out = Vec::new();
        for file in &message.files {
            if files.len() < MAX_FILES && file.size <= Platform::Discord.largest_file() && is_kept(file, store).await {
                files.push(upload(file, store));
            } else {
                left_out.push(named(file));
            }
        }
        let mut body = body(message, &left_out.join("\n"), files.is_empty(), pass);
        if !files.is_empty() {
            body["attachments"] = files
                .iter()
                .enumerate()
                .map(|(i, file)| json!({"id": i, "filename": file.name}))
                .collect();
        }
        Self { body, files }
    }

    /// Only the person it answers may see it.
    pub(super) fn ephemeral(mut self) -> Self {
        self.body["flags"] = json!(SUPPRESS_EMBEDS | EPHEMERAL);
        self
    }
}

/// The body of an edit: without a word on files, so that those of the message stay.
pub(super) fn edit(message: &Message, pass: Pass<'_>) -> Value {
    body(message, "", message.files.is_empty(), pass)
}

/// A message of only these words.
pub(super) fn words(text: &str) -> Message {
    Message {
        blocks: vec![crate::chat::reply::Block::Text(text.to_owned())],
        ..Message::default()
    }
}

fn body(message: &Message, last: &str, needs_words: bool, pass: Pass<'_>) -> Value {
    let content = render::content(message, last, pass.plain);
    let content = if needs_words && content.is_empty() {
        "…".to_owned()
    } else {
        content
    };
    json!({
        "content": content,
        "components": render::rows(&message.buttons),
        "allowed_mentions": {"parse": []},
        "flags": SUPPRESS_EMBEDS,
    })
}

async fn is_kept(file: &StoredFile, store: &FileStore) -> bool {
    let kept = tokio::fs::metadata(store.path(file)).await;
    kept.is_ok_and(|kept| kept.len() == file.size)
}

fn upload(file: &StoredFile, store: &FileStore) -> Upload {
    let name = safe_file_name(&file.name);
    Upload {
        name: if name.is_empty() {
            unnamed(&file.media_type)
        } else {
            name
        },
        media_type: file.media_type.clone(),
        size: file.size,
        path: store.path(file),
    }
}

/// Discord shows a picture only when the name tells that it is one.
fn unnamed(media_type: &str) -> String {
    let extension = match media_type {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        _ => "bin",
    };
    format!("file.{extension}")
}

/// A file that stays behind, without a word in any language.
fn named(file: &StoredFile) -> String {
    let name = clean_line(&file.name);
    let size = file.size.div_ceil(1024 * 1024);
    format!(
        "📎 {} · {size} MB ⚠",
        if name.is_empty() { &file.media_type } else { &name }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn files_go_along_and_those_that_are_too_large_are_named() {
        let directory = tempfile::tempdir().unwrap();
        let store = FileStore::open(directory.path()).unwrap();
        let kept = store.keep(&b"picture"[..], "", "image/png").await.unwrap();
        let large = StoredFile {
            size: 12 * 1024 * 1024,
            name: "film_1.mov".to_owned(),
            ..kept.clone()
        };
        let message = Message {
            files: vec![kept, large],
            ..Message::default()
        };
        let out = Outgoing::of(&message, &store, Pass::reply()).await.ephemeral();
        assert_eq!(out.body["attachments"], json!([{"id": 0, "filename": "file.png"}]));
        assert_eq!(out.body["content"], r"📎 film\_1.mov · 12 MB ⚠");
        assert_eq!(out.body["allowed_mentions"], json!({"parse": []}));
        assert_eq!(out.body["flags"], 68);
    }

    #[test]
    fn an_edit_leaves_files_alone_and_takes_old_buttons_away() {
        let edit = edit(&words("fini"), Pass::reply());
        assert!(edit.get("attachments").is_none());
        assert_eq!(edit["components"], json!([]));
    }
}
