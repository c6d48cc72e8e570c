//! Files from our store, sent to Telegram.

use futures_util::future::try_join_all;
use reqwest::Body;
use reqwest::multipart::Part;
use teloxide::payloads::{SendDocument, SendMediaGroup, SendPhoto};
use teloxide::types::{FileId, InputFile, InputMedia, InputMediaDocument, InputMediaPhoto};
use tokio_util::io::ReaderStream;

use super::Telegram;
use super::client::Attachment;
use super::failure::Failure;
use super::keyboard::keyboard;
use super::pace::Charge;
use super::render::{CAPTION_LIMIT, Rendered};
use super::send::{Posted, Target};
use super::text::clean_line;
use crate::chat::reply::Message;
use crate::domain::file::StoredFile;
use crate::outbox::courier::{DeliveryError, Sent};

/// The largest photo Telegram takes; larger pictures go as documents.
const PHOTO_BYTES: u64 = 10 * 1024 * 1024;
/// How many files an album holds.
const ALBUM: usize = 10;

/// Files that could not be sent now, but may be later.
pub(super) struct Interrupted {
    /// Why.
    pub(super) error: DeliveryError,
    /// How many albums are there already, and in which messages.
    pub(super) done: usize,
    pub(super) sent: Vec<String>,
}

/// How a file is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Photo,
    Document,
}

impl Kind {
    fn of(file: &StoredFile) -> Self {
        let picture = matches!(file.media_type.as_str(), "image/jpeg" | "image/png" | "image/webp");
        // A GIF sent as a photo stands still; as a document it moves.
        if picture && file.size <= PHOTO_BYTES {
            Self::Photo
        } else {
            Self::Document
        }
    }
}

/// Photos first, then the rest: Telegram does not mix them in an album.
fn albums(files: &[StoredFile]) -> Vec<(Kind, Vec<&StoredFile>)> {
    let of_kind = |kind| {
        let files: Vec<&StoredFile> = files.iter().filter(|file| Kind::of(file) == kind).collect();
        files
            .chunks(ALBUM)
            .map(|album| (kind, album.to_vec()))
            .collect::<Vec<_>>()
    };
    [of_kind(Kind::Photo), of_kind(Kind::Document)].concat()
}

/// Whether it is the picture itself that Telegram will not show as a photo.
fn is_about_the_picture(failure: &Failure) -> bool {
    let reasons = [
        "photo_",
        "image_process_failed",
        "too big for a photo",
        "photo has",
        "wrong type of the web page",
    ];
    reasons.iter().any(|words| failure.says(words))
}

impl Telegram {
    /// Sends a picture with the message as its caption; `None` when that can't be, so that the words go alone.
    pub(super) async fn post_with_caption(
        &self,
        target: &Target<'_>,
        message: &Message,
        file: &StoredFile,
    ) -> Result<Option<Sent>, DeliveryError> {
        let caption = self.render(message, CAPTION_LIMIT, target.pass);
        if caption.shortened {
            return Ok(None);
        }
        let kinds = match Kind::of(file) {
            Kind::Photo => &[Kind::Photo, Kind::Document][..],
            Kind::Document => &[Kind::Document],
        };
        for kind in kinds {
            match self.send_one(target, *kind, file, Some((&caption, message))).await {
                Ok(posted) => return Ok(Some(target.sent(&posted))),
                Err(failure) => match DeliveryError::from(failure) {
                    DeliveryError::Refused(why) => tracing::warn!(error = why, "a picture was refused"),
                    error => return Err(error),
                },
            }
        }
        Ok(None)
    }

    /// Sends the files below the message, album by album, from the one numbered `from` on, and gives the ids of their messages. A file that Telegram
    /// will never take is logged and left out.
    pub(super) async fn post_files(
        &self,
        target: &Target<'_>,
        sent: &Sent,
        files: &[StoredFile],
        from: usize,
    ) -> Result<Vec<String>, Interrupted> {
        let mut ids = Vec::new();
        for (done, (kind, album)) in albums(files).into_iter().enumerate().skip(from) {
            let outcome = match target.below(sent) {
                Ok(below) => self.send_album(&below, kind, &album).await,
                Err(error) => Err(error),
            };
            match outcome {
                Err(error @ (DeliveryError::RetryAfter(_) | DeliveryError::Transient(_) | DeliveryError::NotOurs)) => {
                    return Err(Interrupted { error, done, sent: ids });
                }
                Err(error) => tracing::error!(%error, files = album.len(), "files were refused"),
                Ok(posted) => ids.extend(posted.iter().map(|posted| target.sent(posted).message_id)),
            }
        }
        Ok(ids)
    }

    async fn send_album(
        &self,
        target: &Target<'_>,
        kind: Kind,
        files: &[&StoredFile],
    ) -> Result<Vec<Posted>, DeliveryError> {
        let mut outcome = self.send_group(target, kind, files).await;
        if kind == Kind::Photo && outcome.as_ref().is_err_and(is_about_the_picture) {
            outcome = self.send_group(target, Kind::Document, files).await;
        }
        outcome.map_err(DeliveryError::from)
    }

    async fn send_group(&self, target: &Target<'_>, kind: Kind, files: &[&StoredFile]) -> Result<Vec<Posted>, Failure> {
        if let [file] = files {
            return self.send_one(target, kind, file, None).await.map(|posted| vec![posted]);
        }
        let media = (0..files.len()).map(|index| match kind {
            Kind::Photo => InputMedia::Photo(InputMediaPhoto::new(attached(index))),
            Kind::Document => InputMedia::Document(InputMediaDocument::new(attached(index))),
        });
        let mut payload = SendMediaGroup::new(target.chat, media.collect::<Vec<_>>());
        payload.message_thread_id = target.topic;
        payload.disable_notification = Some(target.silent);
        payload.reply_parameters.clone_from(&target.reply);
        let parts = files
            .iter()
            .enumerate()
            .map(|(index, file)| self.attachment(index, file));
        let (parts, charge) = (try_join_all(parts).await?, Charge::message(target.chat, files.len()));
        self.client().upload(&payload, parts, charge, target.pass).await
    }

    async fn send_one(
        &self,
        target: &Target<'_>,
        kind: Kind,
        file: &StoredFile,
        words: Option<(&Rendered, &Message)>,
    ) -> Result<Posted, Failure> {
        let part = vec![self.attachment(0, file).await?];
        let charge = Charge::message(target.chat, 1);
        let caption = words
            .filter(|(_, message)| !message.blocks.is_empty())
            .map(|(rendered, _)| rendered);
        let markup = words
            .and_then(|(_, message)| keyboard(&message.buttons))
            .map(Into::into);
        macro_rules! send {
            ($payload:expr) => {{
                let mut payload = $payload;
                payload.message_thread_id = target.topic;
                payload.disable_notification = Some(target.silent);
                payload.reply_parameters.clone_from(&target.reply);
                payload.caption = caption.map(|caption| caption.text.clone());
                payload.parse_mode = caption.and_then(|caption| caption.parse_mode);
                payload.reply_markup = markup;
                self.client().upload(&payload, part, charge, target.pass).await
            }};
        }
        match kind {
            Kind::Photo => send!(SendPhoto::new(target.chat, attached(0))),
            Kind::Document => send!(SendDocument::new(target.chat, attached(0))),
        }
    }

    async fn attachment(&self, index: usize, file: &StoredFile) -> Result<Attachment, Failure> {
        let unreadable = |error: std::io::Error| Failure::File(error.kind().to_string());
        let content = tokio::fs::File::open(self.0.files.path(file))
            .await
            .map_err(unreadable)?;
        let length = content.metadata().await.map_err(unreadable)?.len();
        let media_type = Some(file.media_type.as_str()).filter(|told| is_media_type(told));
        let part = Part::stream_with_length(Body::wrap_stream(ReaderStream::new(content)), length)
            .file_name(clean_line(&file.name).replace(['"', '/', '\\'], "_"))
            .mime_str(media_type.unwrap_or("application/octet-stream"))?;
        Ok(Attachment {
            field: field(index),
            part,
        })
    }
}

fn field(index: usize) -> String {
    format!("file{index}")
}

/// Refers to the form's file with that number. The library's own uploads can only be carried out by its own
/// client, so to it this is the id of a file that Telegram has already.
fn attached(index: usize) -> InputFile {
    InputFile::file_id(FileId(format!("attach://{}", field(index))))
}

fn is_media_type(text: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-' | '_'))
    };
    text.split_once('/')
        .is_some_and(|(kind, subtype)| word(kind) && word(subtype))
}

#[cfg(test)]
mod tests {
    use super::{Kind, albums, is_media_type};
    use crate::domain::file::StoredFile;

    fn file(media_type: &str, size: u64) -> StoredFile {
        StoredFile {
            sha256: "0".repeat(64),
            name: "x".to_owned(),
            media_type: media_type.to_owned(),
            size,
        }
    }

    #[test]
    fn albums_hold_ten_files_of_a_kind() {
        let mut files = vec![file("image/jpeg", 1); 11];
        files.insert(0, file("application/pdf", 1));
        files.push(file("image/png", 11 * 1024 * 1024));
        files.push(file("image/gif", 1));
        let sizes: Vec<(Kind, usize)> = albums(&files)
            .into_iter()
            .map(|(kind, album)| (kind, album.len()))
            .collect();
        assert_eq!(sizes, [(Kind::Photo, 10), (Kind::Photo, 1), (Kind::Document, 3)]);
    }

    #[test]
    fn a_media_type_can_be_no_header() {
        assert!(is_media_type("image/svg+xml"));
        assert!(!is_media_type("image/png\r\nX: y") && !is_media_type("image"));
    }
}
