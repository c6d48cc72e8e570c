//! The files in what people write: those that come, those that could not be kept, and those that a platform does not take.

use super::intent::Written;
use super::reply::{Block, Message, Reply};
use super::turn::Turn;
use crate::domain::file::{Received, StoredFile};
use crate::domain::language::Language;
use crate::domain::platform::Platform;
use crate::domain::text::clean;
use crate::store::{Fault, directory};

/// What somebody wrote, as it can be kept.
pub(super) struct Contents {
    /// The words.
    pub(super) text: String,
    /// The files.
    pub(super) files: Vec<StoredFile>,
    /// What is to be told of files: those that could not be kept, and those that will not be seen everywhere.
    pub(super) told: Vec<String>,
}

impl Turn<'_> {
    /// What a message says, its files, and what is to be told of these.
    pub(super) async fn contents(&mut self, written: &Written) -> Result<Contents, Fault> {
        let (mut files, mut told) = (Vec::new(), Vec::new());
        let too_small = self.too_small_for(&written.received).await?;
        for received in &written.received {
            match received {
                // Telegram takes no such file from a bot, nor those that go in one album with it.
                Received::Kept(file) if file.size == 0 => {
                    told.push(self.lang().say("file-empty", &[("name", file.name.clone().into())]));
                }
                Received::Kept(file) => {
                    let unseen_on = too_small.iter().filter(|platform| file.size > platform.largest_file());
                    told.extend(unseen_on.map(|platform| heavy(self.lang(), "file-unseen", file, *platform)));
                    files.push(file.clone());
                }
                Received::TooLarge { name } => {
                    told.push(self.lang().say("file-too-large", &[("name", name.clone().into())]));
                }
                Received::Unavailable { name } => {
                    told.push(self.lang().say("file-unavailable", &[("name", name.clone().into())]));
                }
            }
        }
        Ok(Contents {
            text: clean(&written.text),
            files,
            told,
        })
    }

    /// The platforms somebody is on that do not take all of these files.
    async fn too_small_for(&mut self, received: &[Received]) -> Result<Vec<Platform>, Fault> {
        let largest = received.iter().filter_map(|received| match received {
            Received::Kept(file) => Some(file.size),
            Received::TooLarge { .. } | Received::Unavailable { .. } => None,
        });
        let largest = largest.max().unwrap_or_default();
        let mut too_small = Vec::new();
        for platform in Platform::ALL {
            if largest > platform.largest_file() && directory::is_anybody_on(self.tx, platform).await? {
                too_small.push(platform);
            }
        }
        Ok(too_small)
    }
}

/// Adds what is to be told of files.
pub(super) fn with_told(reply: Reply, told: Vec<String>) -> Reply {
    if told.is_empty() {
        return reply;
    }
    let told = told.into_iter().map(Block::Text);
    match reply {
        // What was for one person stays so.
        Reply::Aside(mut message) => {
            message.blocks.extend(told);
            Reply::Aside(message)
        }
        Reply::Message(mut message) | Reply::Update(mut message) => {
            message.blocks.extend(told);
            Reply::Message(message)
        }
        _ => Reply::Message(Message {
            blocks: told.collect(),
            ..Message::default()
        }),
    }
}

/// The message with a sentence in place of each file that its reader's platform takes from no bot.
#[must_use]
pub fn fitting(language: Language, platform: Platform, mut message: Message) -> Message {
    let files = std::mem::take(&mut message.files).into_iter();
    let (fitting, too_heavy): (Vec<_>, Vec<_>) = files.partition(|file| file.size <= platform.largest_file());
    message.files = fitting;
    let sentences = too_heavy
        .iter()
        .map(|file| heavy(language, "file-heavy", file, platform));
    message.blocks.extend(sentences.map(Block::Text));
    message
}

fn heavy(language: Language, sentence: &str, file: &StoredFile, platform: Platform) -> String {
    let name = if file.name.is_empty() {
        &file.media_type
    } else {
        &file.name
    };
    let args = [
        ("name", name.clone().into()),
        ("size", file.size.div_ceil(MEGABYTE).into()),
        ("platform", platform.name().into()),
        ("most", (platform.largest_file() / MEGABYTE).into()),
    ];
    language.say(sentence, &args)
}

const MEGABYTE: u64 = 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_of_files_stays_with_the_person_who_was_answered() {
        let told = || vec!["perdu".to_owned()];
        let Reply::Aside(aside) = with_told(Reply::Aside(Message::text("oui".to_owned())), told()) else {
            panic!("told to everybody")
        };
        assert_eq!(
            aside.blocks,
            [Block::Text("oui".to_owned()), Block::Text("perdu".to_owned())]
        );
        let answer = with_told(Reply::Quiet, told());
        assert!(matches!(answer, Reply::Message(answer) if answer.blocks == [Block::Text("perdu".to_owned())]));
    }

    #[test]
    fn a_file_that_discord_does_not_take_is_told_there_alone() {
        let file = StoredFile {
            sha256: String::new(),
            name: "film.mov".to_owned(),
            media_type: "video/quicktime".to_owned(),
            size: 11 * MEGABYTE + 1,
        };
        let message = || Message {
            files: vec![file.clone()],
            ..Message::default()
        };
        let there = fitting(Language::En, Platform::Telegram, message());
        assert_eq!((there.files.len(), there.blocks.len()), (1, 0));
        let there = fitting(Language::En, Platform::Discord, message());
        assert!(there.files.is_empty());
        assert!(
            matches!(&there.blocks[..], [Block::Text(told)] if told.contains("film.mov (12 MB)") && told.contains("10 MB")),
            "{there:?}"
        );
    }
}
