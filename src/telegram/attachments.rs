//! The files that come with a message: what they are called, and how they are fetched.

use std::io;

use futures_util::TryStreamExt;
use serde::Deserialize;
use teloxide::payloads::GetFile;
use teloxide::types::FileId;
use tokio_util::io::StreamReader;

use super::Telegram;
use super::failure::Failure;
use super::text::clean_line;
use super::update::{Media, Message, Text};
use crate::chat::intent::IncomingFile;
use crate::domain::text::is_visible;
use crate::intake::front::{Download, FetchError};
use crate::store::files::MAX_BYTES;

/// The longest name kept, in characters.
const NAME_CHARS: usize = 100;

/// The files of a message: one, or none. An album comes as several messages.
pub(super) fn of(message: &Message) -> Vec<IncomingFile> {
    let known = |media: &Option<Media>, name, kind| media.as_ref().map(|media| file(media, name, kind));
    // An animation also comes as a document. Without a word it is a gesture, like a sticker.
    let file = if message.animation.is_some() {
        message
            .caption
            .as_ref()
            .and_then(|_| known(&message.animation, "animation.mp4", "video/mp4"))
    } else {
        best_size(&message.photo)
            .map(|photo| file(photo, "photo.jpg", "image/jpeg"))
            .or_else(|| known(&message.document, "document", "application/octet-stream"))
            .or_else(|| known(&message.video, "video.mp4", "video/mp4"))
            .or_else(|| known(&message.video_note, "video.mp4", "video/mp4"))
            .or_else(|| known(&message.audio, "audio.mp3", "audio/mpeg"))
            .or_else(|| known(&message.voice, "voice.ogg", "audio/ogg"))
    };
    file.into_iter().collect()
}

fn file(media: &Media, name: &str, media_type: &str) -> IncomingFile {
    let given = media
        .file_name
        .as_ref()
        .map(|given| safe_name(&given.0))
        .filter(|given| is_visible(given));
    let told = media
        .mime_type
        .as_ref()
        .map(|Text(told)| clean_line(told))
        .filter(|told| !told.is_empty());
    IncomingFile {
        name: given.unwrap_or_else(|| name.to_owned()),
        media_type: told.unwrap_or_else(|| media_type.to_owned()),
        size: media.file_size,
        locator: media.file_id.0.clone(),
    }
}

/// The largest that may be fetched; when none may, the smallest.
fn best_size(sizes: &[Media]) -> Option<&Media> {
    let area = |media: &&Media| media.width.saturating_mul(media.height);
    let fetchable = sizes
        .iter()
        .filter(|media| media.file_size.is_none_or(|size| size <= MAX_BYTES));
    fetchable.max_by_key(area).or_else(|| sizes.iter().min_by_key(area))
}

/// A name without paths, on one line and not too long; its ending stays.
fn safe_name(name: &str) -> String {
    let name: String = clean_line(name)
        .chars()
        .map(|c| if matches!(c, '/' | '\\') { '_' } else { c })
        .collect();
    let name = name.trim_start_matches('.');
    let length = name.chars().count();
    if length <= NAME_CHARS {
        return name.to_owned();
    }
    let ending = match name.rsplit_once('.') {
        Some((_, ending)) if ending.chars().count() <= 10 => format!(".{ending}"),
        _ => String::new(),
    };
    let kept: String = name.chars().take(NAME_CHARS - ending.chars().count()).collect();
    kept + &ending
}

/// Where a file can be fetched from.
#[derive(Deserialize)]
struct Located {
    file_path: Option<String>,
    file_size: Option<u64>,
}

impl Telegram {
    pub(super) async fn open(&self, file: &IncomingFile) -> Result<Download, FetchError> {
        let too_large = |size: Option<u64>| size.is_some_and(|size| size > MAX_BYTES);
        if too_large(file.size) {
            return Err(FetchError::TooLarge);
        }
        let located: Located = self.client().call(&GetFile::new(FileId(file.locator.clone()))).await?;
        if too_large(located.file_size) {
            return Err(FetchError::TooLarge);
        }
        let path = located
            .file_path
            .ok_or_else(|| FetchError::Failed("it has no path".to_owned()))?;
        let response = self.client().download(&path).await?;
        if too_large(response.content_length()) {
            return Err(FetchError::TooLarge);
        }
        let stream = response
            .bytes_stream()
            .map_err(|error| io::Error::other(Failure::from(error)));
        Ok(Box::new(StreamReader::new(Box::pin(stream))))
    }
}

impl From<Failure> for FetchError {
    fn from(failure: Failure) -> Self {
        if failure.says("file is too big") {
            return Self::TooLarge;
        }
        Self::Failed(failure.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::safe_name;

    #[test]
    fn a_name_is_no_path_and_no_header() {
        assert_eq!(safe_name("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(safe_name("a\r\nContent-Type: x\0.png"), "a Content-Type: x.png");
        assert_eq!(safe_name("devis\u{202E}gpj.exe"), "devisgpj.exe");
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = safe_name(&("é".repeat(300) + ".pdf"));
        assert_eq!(name.chars().count(), 100);
        assert!(name.ends_with("é.pdf"));
    }
}
