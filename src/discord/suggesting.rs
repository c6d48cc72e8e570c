//! Suggestions, while somebody types in an option of a command. Discord waits three seconds for them, and shows none after
//! that; nothing is stored.

use std::future::Future;

use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use serenity::all::{CommandInteraction, CommandOptionType};
use tokio::sync::mpsc;

use crate::chat::grammar::Command;
use crate::chat::suggesting::{Suggestion, Typing};
use crate::domain::language::Language;
use crate::domain::platform::{Platform, Spot};
use crate::outbox::pacing::Pass;

use super::Discord;
use super::raw::Id;
use super::text::{clean_line, cut};

/// How many are looked up side by side.
const ABREAST: usize = 4;
/// How many characters a choice may have, and its value (Discord).
const LONGEST: usize = 100;

impl Discord {
    /// Answers those who type, until nobody is listened to any more.
    pub(super) async fn suggest_all<S, G>(&self, typed: mpsc::Receiver<CommandInteraction>, suggest: S)
    where
        S: Fn(Typing) -> G,
        G: Future<Output = Vec<Suggestion>>,
    {
        let typed = stream::unfold(typed, async |mut typed| {
            let next = typed.recv().await?;
            Some((next, typed))
        });
        let answer = async |interaction: CommandInteraction| {
            let Some(typing) = read(&interaction) else { return };
            let is_number = interaction
                .data
                .autocomplete()
                .is_some_and(|option| option.kind == CommandOptionType::Integer);
            let choices = suggest(typing).await;
            let choices: Vec<Value> = choices.iter().filter_map(|choice| shown(choice, is_number)).collect();
            let response = json!({"type": 8, "data": {"choices": choices}});
            let id = Id(interaction.id.to_string());
            let answered = self.callback(&id, &interaction.token, &response, &[], Pass::reply());
            if let Err(failure) = answered.await {
                tracing::debug!(cause = %failure.into_delivery(), "nothing was suggested in time");
            }
        };
        typed.for_each_concurrent(ABREAST, answer).await;
    }
}

fn read(interaction: &CommandInteraction) -> Option<Typing> {
    let option = interaction.data.autocomplete()?;
    let command = Command::find(&interaction.data.name)?;
    let kinds = command.options().iter().map(|option| option.kind);
    Some(Typing {
        platform: Platform::Discord,
        user_id: interaction.user.id.to_string(),
        spot: Spot::chat(interaction.channel_id.to_string()),
        command,
        kind: kinds.into_iter().find(|kind| kind.code() == option.name)?,
        typed: clean_line(option.value),
        language: Some(Language::from_tag(&interaction.locale)),
    })
}

fn shown(choice: &Suggestion, is_number: bool) -> Option<Value> {
    let value = if is_number {
        json!(choice.value.parse::<u64>().ok()?)
    } else {
        // A part of a name is enough for a command.
        json!(cut(&choice.value, LONGEST))
    };
    let name = cut(&clean_line(&choice.label), LONGEST);
    (!name.is_empty()).then(|| json!({"name": name, "value": value}))
}
