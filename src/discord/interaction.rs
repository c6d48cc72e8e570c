//! Answers to interactions: in time, deferred, or too late.
//!
//! In time, the answer is the callback. Deferred, it edits or follows what the deferral showed. Too late, it
//! is a message, and never in a place where others would read what was meant for one.

use std::borrow::Cow;

use serde_json::{Value, json};
use serenity::all::{ApplicationId, InteractionId};
use serenity::http::{LightMethod, Request, Route};

use crate::chat::intent::Inbound;
use crate::chat::reply::{Form, Message, Reply};
use crate::outbox::courier::Sent;
use crate::outbox::pacing::Pass;

use super::Discord;
use super::answer::sent;
use super::api::request;
use super::errors::Failure;
use super::payload::{self, Outgoing, words};
use super::pending::Stage;
use super::raw::{Id, Interaction};
use super::render;

/// Discord's codes.
const UNKNOWN_MESSAGE: u64 = 10008;
const ALREADY_ACKNOWLEDGED: u64 = 40060;

/// What an answer does to an interaction.
enum Act<'a> {
    /// A new message; hidden: for this person only.
    Show {
        message: Cow<'a, Message>,
        hidden: bool,
    },
    /// In place of the message with the button.
    Replace(&'a Message),
    Open(&'a Form),
    Nothing,
}

impl<'a> Act<'a> {
    fn of(reply: &'a Reply, interaction: &Interaction, private: bool) -> Self {
        let show = |message, hidden| Self::Show { message, hidden };
        match reply {
            Reply::Message(message) => show(Cow::Borrowed(message), false),
            Reply::Update(message) if interaction.message.is_some() => Self::Replace(message),
            // In a private chat everything is for this person only, and what is ephemeral would not last.
            Reply::Aside(message) | Reply::Update(message) => show(Cow::Borrowed(message), !private),
            Reply::Toast(text) => show(Cow::Owned(words(text)), true),
            Reply::Form(form) => Self::Open(form),
            Reply::Quiet | Reply::Receipt(_) => Self::Nothing,
        }
    }
}

impl Discord {
    /// Answers an interaction.
    pub(super) async fn answer_interaction(
        &self,
        inbound: &Inbound,
        interaction: &Interaction,
        reply: &Reply,
        pass: Pass<'_>,
    ) -> Result<Option<Sent>, Failure> {
        let act = Act::of(reply, interaction, inbound.place.is_private());
        let entry = self.pending().entry(&interaction.id.0);
        let mut stage = entry.lock().await;
        let answered = match *stage {
            Stage::Waiting => self.answer_in_time(interaction, &act, pass).await,
            Stage::Deferred => self.answer_deferred(inbound, interaction, &act, pass).await,
            Stage::Answered => self.answer_acknowledged(inbound, interaction, &act, pass).await,
        };
        let answered = match answered {
            Err(failure) if failure.is(ALREADY_ACKNOWLEDGED) => {
                self.answer_acknowledged(inbound, interaction, &act, pass).await
            }
            other => other,
        };
        let answered = match answered {
            Err(failure) if failure.is_too_late() || failure.is(UNKNOWN_MESSAGE) => {
                self.answer_late(inbound, interaction, act, pass).await
            }
            other => other,
        };
        if answered.is_ok() {
            *stage = Stage::Answered;
            self.pending().forget(&interaction.id.0);
        }
        answered
    }

    async fn answer_in_time(
        &self,
        interaction: &Interaction,
        act: &Act<'_>,
        pass: Pass<'_>,
    ) -> Result<Option<Sent>, Failure> {
        let (response, files) = match act {
            Act::Show { message, hidden } => {
                let out = self.outgoing(message, *hidden, pass).await;
                (json!({"type": 4, "data": out.body}), out.files)
            }
            Act::Replace(message) => (json!({"type": 7, "data": payload::edit(message, pass)}), Vec::new()),
            Act::Open(form) => (json!(render::modal(form)), Vec::new()),
            Act::Nothing if interaction.message.is_some() => (json!({"type": 6}), Vec::new()),
            // A command must be answered, or Discord says that the application did not respond.
            Act::Nothing => {
                let out = self.outgoing(&words("✅"), true, pass).await;
                (json!({"type": 4, "data": out.body}), out.files)
            }
        };
        let Interaction { id, token, .. } = interaction;
        let answer = self.callback(id, token, &response, &files, pass).await?;
        Ok(match act {
            Act::Show { hidden: false, .. } => sent(&answer["resource"]["message"]),
            Act::Replace(_) => pressed(interaction),
            _ => None,
        })
    }

    async fn outgoing(&self, message: &Message, hidden: bool, pass: Pass<'_>) -> Outgoing {
        let out = Outgoing::of(message, self.files(), pass).await;
        if hidden { out.ephemeral() } else { out }
    }

    /// The first answer to an interaction, or its deferral.
    pub(super) async fn callback(
        &self,
        id: &Id,
        token: &str,
        response: &Value,
        files: &[super::api::Upload],
        pass: Pass<'_>,
    ) -> Result<Value, Failure> {
        let route = Route::InteractionResponse {
            interaction_id: InteractionId::new(id.number()),
            token,
        };
        let params = vec![("with_response", "true".to_owned())];
        let request = request(LightMethod::Post, route, response).params(Some(params));
        self.api().upload(request, files, pass).await
    }

    /// After our deferral.
    async fn answer_deferred(
        &self,
        inbound: &Inbound,
        interaction: &Interaction,
        act: &Act<'_>,
        pass: Pass<'_>,
    ) -> Result<Option<Sent>, Failure> {
        let on_a_message = interaction.message.is_some();
        let private = inbound.place.is_private();
        match act {
            Act::Show { message, hidden } if on_a_message => self.follow_up(interaction, message, *hidden, pass).await,
            // The deferral was ephemeral in a shared place, and public answers can't come out of it.
            Act::Show { message, hidden: false } if !private => {
                self.remove_original(interaction, pass).await?;
                self.follow_up(interaction, message, false, pass).await
            }
            Act::Show { message, hidden } => {
                let out = self.outgoing(message, *hidden, pass).await;
                let request = request(LightMethod::Patch, original(interaction), &out.body);
                let shown = self.api().upload(request, &out.files, pass).await?;
                Ok(sent(&shown).filter(|_| private))
            }
            Act::Replace(message) => {
                let edit = payload::edit(message, pass);
                match self.original(LightMethod::Patch, interaction, Some(&edit), pass).await {
                    Ok(_) => Ok(pressed(interaction)),
                    // Somebody has removed the message meanwhile.
                    Err(failure) if failure.is(UNKNOWN_MESSAGE) => {
                        self.follow_up(interaction, message, !private, pass).await
                    }
                    Err(failure) => Err(failure),
                }
            }
            Act::Open(_) if on_a_message => self.follow_up(interaction, &too_slow(inbound), true, pass).await,
            Act::Open(_) => {
                let edit = payload::edit(&too_slow(inbound), pass);
                self.original(LightMethod::Patch, interaction, Some(&edit), pass)
                    .await?;
                Ok(None)
            }
            Act::Nothing if on_a_message => Ok(None),
            Act::Nothing => {
                self.remove_original(interaction, pass).await?;
                Ok(None)
            }
        }
    }

    /// After an acknowledgement that this process does not remember: before a crash, or by another replica. It
    /// was the answer itself, or a deferral that still waits for it.
    async fn answer_acknowledged(
        &self,
        inbound: &Inbound,
        interaction: &Interaction,
        act: &Act<'_>,
        pass: Pass<'_>,
    ) -> Result<Option<Sent>, Failure> {
        const LOADING: u64 = 1 << 7;
        if matches!(act, Act::Nothing) && interaction.message.is_some() {
            return Ok(None);
        }
        let standing = match self.original(LightMethod::Get, interaction, None, pass).await {
            Ok(standing) => standing,
            Err(failure) if failure.is(UNKNOWN_MESSAGE) => {
                return match act {
                    // A form that is open is no message.
                    Act::Open(_) | Act::Nothing => Ok(None),
                    // Removed, by somebody or by us for the sake of a public answer, which may not have come.
                    Act::Show { .. } | Act::Replace(_) => self.answer_deferred(inbound, interaction, act, pass).await,
                };
            }
            Err(failure) => return Err(failure),
        };
        let is_loading = standing["flags"].as_u64().unwrap_or_default() & LOADING != 0;
        if is_loading || is_pressed(interaction, &standing) {
            return self.answer_deferred(inbound, interaction, act, pass).await;
        }
        Ok(match act {
            Act::Show { hidden: false, .. } => sent(&standing),
            Act::Replace(_) => pressed(interaction),
            _ => None,
        })
    }

    /// After the token has lost its value, or the message to answer at is gone.
    async fn answer_late(
        &self,
        inbound: &Inbound,
        interaction: &Interaction,
        act: Act<'_>,
        pass: Pass<'_>,
    ) -> Result<Option<Sent>, Failure> {
        let message = match act {
            Act::Nothing => return Ok(None),
            Act::Open(_) => Cow::Owned(too_slow(inbound)),
            Act::Show { message, .. } => message,
            Act::Replace(message) => {
                if let Some(pressed) = pressed(interaction) {
                    let edit = payload::edit(message, pass);
                    let edited = self.patch_message(&pressed.spot.chat, &pressed.message_id, &edit, pass);
                    match edited.await {
                        Ok(_) => return Ok(Some(pressed)),
                        Err(Failure::Refused { .. }) => {}
                        Err(other) => return Err(other),
                    }
                }
                Cow::Borrowed(message)
            }
        };
        self.answer_in_private(inbound, &interaction.id, &message, pass)
            .await
            .map(Some)
    }

    async fn follow_up(
        &self,
        interaction: &Interaction,
        message: &Message,
        hidden: bool,
        pass: Pass<'_>,
    ) -> Result<Option<Sent>, Failure> {
        let out = self.outgoing(message, hidden, pass).await;
        let route = Route::WebhookFollowupMessages {
            application_id: ApplicationId::new(interaction.application_id.number()),
            token: &interaction.token,
        };
        let request = request(LightMethod::Post, route, &out.body);
        let shown = self.api().upload(request, &out.files, pass).await?;
        Ok(sent(&shown).filter(|_| !hidden))
    }

    /// Takes away what the deferral showed; perhaps that was done already, and what should follow failed.
    async fn remove_original(&self, interaction: &Interaction, pass: Pass<'_>) -> Result<(), Failure> {
        match self.original(LightMethod::Delete, interaction, None, pass).await {
            Err(failure) if !failure.is(UNKNOWN_MESSAGE) => Err(failure),
            _ => Ok(()),
        }
    }

    async fn original(
        &self,
        method: LightMethod,
        interaction: &Interaction,
        body: Option<&Value>,
        pass: Pass<'_>,
    ) -> Result<Value, Failure> {
        let route = original(interaction);
        match body {
            Some(body) => self.api().call(method, route, body, pass).await,
            None => self.api().execute(Request::new(route, method), pass).await,
        }
    }
}

fn original(interaction: &Interaction) -> Route<'_> {
    Route::WebhookOriginalInteractionResponse {
        application_id: ApplicationId::new(interaction.application_id.number()),
        token: &interaction.token,
    }
}

/// Whether the first answer is the message with the button, which may be one that only one person sees: then nothing
/// was answered, or that message was replaced, which may be done again.
fn is_pressed(interaction: &Interaction, standing: &Value) -> bool {
    let pressed = interaction.message.as_ref();
    pressed.is_some_and(|pressed| sent(standing).is_some_and(|standing| standing.message_id == pressed.id.0))
}

/// The message with the button, unless only one person sees it: such a one can't be answered or edited later but with
/// the interaction's token.
fn pressed(interaction: &Interaction) -> Option<Sent> {
    let message = interaction.message.as_ref().filter(|message| !message.is_ephemeral())?;
    Some(Sent {
        spot: crate::domain::platform::Spot::chat(message.channel_id.0.clone()),
        message_id: message.id.0.clone(),
        files: Vec::new(),
    })
}

/// A form can't be opened any more.
fn too_slow(inbound: &Inbound) -> Message {
    let language = inbound.who.language.unwrap_or_default();
    words(&language.say("discord-too-slow-for-form", &[]))
}
