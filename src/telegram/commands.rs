//! The menu of commands. It is a list, not a right: every command can be typed everywhere, and chat decides.

use serde::de::IgnoredAny;
use teloxide::payloads::SetMyCommands;
use teloxide::types::{BotCommand, BotCommandScope};

use super::Telegram;
use super::failure::Failure;
use crate::chat::grammar::Command;
use crate::domain::language::Language;

/// What anybody can do in private.
const PRIVATE: [Command; 18] = [
    Command::Ticket,
    Command::Tickets,
    Command::Search,
    Command::MyDay,
    Command::Show,
    Command::Reply,
    Command::Retract,
    Command::Cancel,
    Command::Reopen,
    Command::FollowUp,
    Command::Rate,
    Command::Transcript,
    Command::Language,
    Command::Notify,
    Command::Me,
    Command::Link,
    Command::Unlink,
    Command::Help,
];
/// What staff do in their group.
const GROUPS: [Command; 25] = [
    Command::Take,
    Command::Release,
    Command::Assign,
    Command::HandOver,
    Command::Helper,
    Command::Urgency,
    Command::Category,
    Command::Title,
    Command::Describe,
    Command::Ask,
    Command::Note,
    Command::Reply,
    Command::Retract,
    Command::Canned,
    Command::Resolve,
    Command::Reopen,
    Command::Close,
    Command::Relate,
    Command::Show,
    Command::History,
    Command::Transcript,
    Command::Queue,
    Command::Tickets,
    Command::Setup,
    Command::Help,
];

impl Telegram {
    /// Sets the menus of private chats and groups: in French for those whose Telegram is, in English for the rest.
    ///
    /// # Errors
    /// When Telegram can't be reached or refuses a list.
    pub async fn register_commands(&self) -> Result<(), Failure> {
        for (scope, commands) in [
            (BotCommandScope::AllPrivateChats, &PRIVATE[..]),
            (BotCommandScope::AllGroupChats, &GROUPS[..]),
        ] {
            for language in Language::ALL {
                let mut payload = SetMyCommands::new(menu(commands, language));
                payload.scope = Some(scope.clone());
                payload.language_code = match language {
                    Language::Fr => Some(language.code().to_owned()),
                    Language::En => None,
                };
                self.client().call::<_, IgnoredAny>(&payload).await?;
            }
        }
        Ok(())
    }
}

fn menu(commands: &[Command], language: Language) -> Vec<BotCommand> {
    let entry = |command: &Command| {
        let name = match language {
            Language::Fr => command.french(),
            Language::En => command.code(),
        };
        let description = language.say(&format!("command-{}-description", command.code()), &[]);
        BotCommand::new(name, description)
    };
    commands.iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::{GROUPS, PRIVATE, menu};
    use crate::domain::language::Language;

    #[test]
    fn every_entry_is_one_that_telegram_takes() {
        for language in Language::ALL {
            for entry in [menu(&PRIVATE, language), menu(&GROUPS, language)].concat() {
                let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
                assert!((1..=32).contains(&entry.command.len()) && entry.command.chars().all(plain));
                assert!((1..=256).contains(&entry.description.chars().count()));
                assert!(
                    !entry.description.starts_with("command-"),
                    "{} has no description",
                    entry.command
                );
            }
        }
    }
}
