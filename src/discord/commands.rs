//! The slash commands, registered from the one grammar in chat.

use std::collections::HashMap;

use serde_json::json;
use serenity::all::{
    ApplicationId, ChannelType, CommandOptionType, CommandType, CreateCommand, CreateCommandOption,
    InstallationContext, InteractionContext,
};
use serenity::http::{LightMethod, Route};

use crate::chat::grammar::{Command, OptionKind, OptionSpec};
use crate::domain::account::Role;
use crate::domain::age::Age;
use crate::domain::language::Language;
use crate::domain::rating::Stars;
use crate::domain::relation::Relation;
use crate::domain::ticket::Status;
use crate::outbox::courier::DeliveryError;
use crate::outbox::pacing::Pass;

use super::Discord;
use super::errors::Failure;
use super::text::cut;

/// How many characters of words it takes.
const MOST_WORDS: u16 = 4_000;
/// The largest whole number that Discord takes.
const MAX_NUMBER: u64 = (1 << 53) - 1;

impl Discord {
    /// Makes the application's commands what the grammar says, in every server and in private.
    ///
    /// # Errors
    /// When Discord can't be reached or refuses.
    pub async fn register_commands(&self) -> Result<(), DeliveryError> {
        let registered = async {
            let application = self.application().await?;
            let route = Route::Commands {
                application_id: ApplicationId::new(application.number()),
            };
            let commands = json!(all());
            self.api().call(LightMethod::Put, route, &commands, Pass::reply()).await
        };
        registered.await.map(drop).map_err(Failure::into_delivery)
    }
}

fn all() -> Vec<CreateCommand> {
    let shown = Command::ALL.into_iter().filter(|&command| command != Command::Start);
    shown.map(describe).chain([menu()]).collect()
}

/// What the menu of a message offers; in private every message is a part of a draft already.
fn menu() -> CreateCommand {
    CreateCommand::new(Language::En.say("menu-open", &[]))
        .kind(CommandType::Message)
        .name_localized("fr", Language::Fr.say("menu-open", &[]))
        .integration_types(vec![InstallationContext::Guild])
        .contexts(vec![InteractionContext::Guild])
}

fn describe(command: Command) -> CreateCommand {
    let description = format!("command-{}-description", command.code());
    let options = command.options().iter();
    CreateCommand::new(command.code())
        .name_localized("fr", command.french())
        .description(sentence(Language::En, &description))
        .description_localized("fr", sentence(Language::Fr, &description))
        .integration_types(vec![InstallationContext::Guild])
        .contexts(vec![InteractionContext::Guild, InteractionContext::BotDm])
        .set_options(options.map(|option| describe_option(*option)).collect())
}

fn describe_option(spec: OptionSpec) -> CreateCommandOption {
    let code = spec.kind.code();
    let description = format!("option-{code}-description");
    let kind = match spec.kind {
        OptionKind::Number | OptionKind::Stars => CommandOptionType::Integer,
        OptionKind::Channel => CommandOptionType::Channel,
        _ => CommandOptionType::String,
    };
    let mut option = CreateCommandOption::new(kind, code, sentence(Language::En, &description))
        .name_localized("fr", sentence(Language::Fr, &format!("option-{code}-name")))
        .description_localized("fr", sentence(Language::Fr, &description))
        .required(spec.required);
    if spec.kind == OptionKind::Number {
        option = option.min_int_value(1).max_int_value(MAX_NUMBER);
    }
    if spec.kind == OptionKind::Stars {
        option = option.min_int_value(1).max_int_value(Stars::ALL.len() as u64);
    }
    if spec.kind == OptionKind::Channel {
        option = option.channel_types(vec![ChannelType::Text, ChannelType::News, ChannelType::Forum]);
    }
    if spec.kind == OptionKind::Text {
        // What is refused afterwards stands nowhere.
        option = option.max_length(MOST_WORDS);
    }
    if matches!(
        spec.kind,
        OptionKind::Number
            | OptionKind::Person
            | OptionKind::For
            | OptionKind::Colleague
            | OptionKind::Canned
            | OptionKind::Category
    ) {
        option = option.set_autocomplete(true);
    }
    for (value, french, english) in choices(spec.kind) {
        let localized = HashMap::from([("fr".to_owned(), french)]);
        option = option.add_string_choice_localized(english, value, localized);
    }
    option
}

/// What an option lets one choose from, each with its name in French and in English; nothing when it takes any text.
fn choices(kind: OptionKind) -> Vec<(String, String, String)> {
    let known = |prefix: &str, codes: &[&str]| {
        codes
            .iter()
            .map(|code| {
                let id = format!("{prefix}-{code}");
                (
                    (*code).to_owned(),
                    sentence(Language::Fr, &id),
                    sentence(Language::En, &id),
                )
            })
            .collect()
    };
    match kind {
        OptionKind::Urgency => known("urgency", &["low", "medium", "high"]),
        OptionKind::Opened => known("age", &Age::ALL.map(Age::code)),
        OptionKind::Status => {
            let listed = Status::ALL.into_iter().filter(|status| *status != Status::Deleted);
            let codes: Vec<String> = listed.map(|status| status.code().replace('_', "-")).collect();
            known("status", &codes.iter().map(String::as_str).collect::<Vec<_>>())
        }
        OptionKind::Language => known("language", &Language::ALL.map(Language::code)),
        OptionKind::Relation => known("relation", &Relation::ALL.map(Relation::code)),
        OptionKind::Role => known("role", &Role::ALL.map(Role::code)),
        OptionKind::Number
        | OptionKind::Category
        | OptionKind::Stars
        | OptionKind::Canned
        | OptionKind::Target
        | OptionKind::Channel
        | OptionKind::Text
        | OptionKind::Words
        | OptionKind::Code
        | OptionKind::Person
        | OptionKind::For
        | OptionKind::Colleague
        | OptionKind::Email => Vec::new(),
    }
}

fn sentence(language: Language, id: &str) -> String {
    cut(&language.say(id, &[]), 100)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// The slash commands, as they are registered.
    fn registered() -> Value {
        let mut commands = json!(all());
        commands
            .as_array_mut()
            .unwrap()
            .retain(|command| command["type"].is_null());
        commands
    }

    #[test]
    fn the_menu_of_a_message_opens_a_ticket_in_servers_alone() {
        let commands = json!(all());
        let mut commands = commands.as_array().unwrap().iter();
        let menu = commands.find(|command| command["type"] == 3).unwrap();
        assert_eq!(menu["name"], "Open a ticket");
        assert_eq!(menu["name_localizations"]["fr"], "Ouvrir un ticket");
        assert_eq!(menu["contexts"], json!([0]));
        assert!(menu["description"].is_null());
    }

    #[test]
    fn every_command_but_the_first_word_is_offered_in_servers_and_in_private() {
        let commands = registered();
        let commands = commands.as_array().unwrap();
        assert_eq!(commands.len(), Command::ALL.len() - 1);
        for command in commands {
            assert_ne!(command["name"], "start");
            assert_eq!(command["contexts"], json!([0, 1]), "{command}");
        }
    }

    #[test]
    fn names_and_choices_are_in_both_languages() {
        let commands = registered();
        let ticket = commands
            .as_array()
            .unwrap()
            .iter()
            .find(|command| command["name"] == "ticket")
            .unwrap();
        assert_eq!(ticket["description_localizations"]["fr"], "Ouvrir une demande");
        let urgency = &ticket["options"][0];
        assert_eq!(
            (&urgency["name"], &urgency["name_localizations"]["fr"]),
            (&json!("urgency"), &json!("urgence"))
        );
        assert_eq!(urgency["choices"].as_array().unwrap().len(), 3);
        let high = &urgency["choices"][2];
        assert_eq!(
            (&high["value"], &high["name_localizations"]["fr"]),
            (&json!("high"), &json!("Haute"))
        );
        // Categories change while commands stay as they were registered.
        let category = &ticket["options"][1];
        assert_eq!(
            (&category["name"], &category["autocomplete"]),
            (&json!("category"), &json!(true))
        );
    }

    #[test]
    fn everything_is_within_what_discord_takes() {
        let commands = registered();
        let mut characters = 0;
        for command in commands.as_array().unwrap() {
            let options = command["options"].as_array().unwrap();
            for described in options.iter().chain([command]) {
                let description = described["description"].as_str().unwrap();
                assert!((1..=100).contains(&description.chars().count()), "{described}");
                assert!(!description.contains("-description"), "{described}");
                characters += description.chars().count() + described["name"].as_str().unwrap().len();
            }
        }
        assert!(characters < 8000, "{characters}");
    }
}
