//! Refusals, as sentences: what is the matter, and what one can do.

use chrono::{DateTime, TimeDelta, Utc};

use super::build::{button, deed, mine, who};
use super::intent::Intent;
use super::press::Press;
use super::reply::{Button, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::action::Action;
use crate::domain::canned::Variable;
use crate::domain::ids::TicketId;
use crate::domain::language::Language;
use crate::domain::permission::{Held, Permit};
use crate::domain::text::TextError;
use crate::domain::ticket::MOST_HELPERS;
use crate::domain::transition::Refusal;
use crate::store::history::{self, Event};
use crate::store::{Fault, Tx, accounts, tickets};

/// A refusal in words, and the buttons that lead on.
pub struct Told {
    /// What is the matter.
    pub sentence: String,
    /// What one can do.
    pub buttons: Vec<Button>,
}

impl Turn<'_> {
    /// The permit for what they want to do, or what they read instead.
    pub(super) async fn permit<R: Held>(&mut self) -> Result<Result<Permit<R>, Reply>, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(Err(self.who_are_you()));
        };
        Ok(match actor.permit() {
            Ok(permit) => Ok(permit),
            Err(refusal) => Err(self.refuse(refusal, "").await?),
        })
    }

    /// A refusal, with what one can do.
    pub(super) async fn refuse(&mut self, refusal: Refusal, number: &str) -> Result<Reply, Fault> {
        let mut told = tell(self.tx, self.lang(), refusal, number).await?;
        if refusal == Refusal::Closed
            && let Some(follow) = self.follow_button(number).await?
        {
            told.buttons = vec![follow];
        }
        if matches!(self.inbound.intent, Intent::Press { .. }) && !self.is_private() {
            return Ok(Reply::Toast(told.sentence));
        }
        Ok(self.tell(Message::text(told.sentence).row(told.buttons)))
    }
}

/// Puts a refusal into words. `number` is what the person typed or pressed.
///
/// # Errors
/// [`Fault`].
pub async fn tell(tx: &mut Tx, language: Language, refusal: Refusal, number: &str) -> Result<Told, Fault> {
    let id = number.parse().ok().map(TicketId);
    let (sentence, event) = match refusal {
        Refusal::NotFound => ("refused-not-found", None),
        Refusal::StaffOnly => ("refused-staff-only", None),
        Refusal::AdminOnly => ("refused-admin-only", None),
        Refusal::RequesterOnly => ("refused-requester-only", None),
        Refusal::InChargeOnly => ("refused-in-charge-only", Some(Event::Done(Action::Take))),
        Refusal::TakenAlready => ("refused-taken", Some(Event::Done(Action::Take))),
        Refusal::YoursAlready => ("refused-yours", None),
        Refusal::NotTaken => ("refused-not-taken", None),
        Refusal::AlreadyResolved => ("refused-resolved", Some(Event::Done(Action::Resolve))),
        Refusal::NotResolved => ("refused-not-resolved", None),
        Refusal::InHand => ("refused-in-hand", Some(Event::Done(Action::Take))),
        Refusal::TheirsAlready => ("refused-theirs", Some(Event::Done(Action::Take))),
        Refusal::NotOfTheTeam => ("refused-not-of-the-team", None),
        Refusal::Closed => ("refused-closed", None),
        Refusal::Deleted => ("refused-deleted", None),
        Refusal::NotDeleted => ("refused-not-deleted", None),
        Refusal::RatedByRequester => ("refused-rated-by-requester", None),
        Refusal::NotClosed => ("refused-not-closed", None),
        Refusal::RatedOnceClosed => ("refused-rated-once-closed", None),
        Refusal::NeverResolved => ("refused-never-resolved", None),
        Refusal::RatingOver => ("refused-rating-over", None),
        Refusal::NotRated => ("rate-question", None),
        Refusal::Itself => ("refused-itself", None),
        Refusal::LinkedAlready => ("refused-linked-already", None),
        Refusal::NotLinked => ("refused-not-linked", None),
        Refusal::TooManyLinks => ("refused-too-many-links", None),
        Refusal::HelpsAlready => ("refused-helps-already", None),
        Refusal::NotHelping => ("refused-not-helping", None),
        Refusal::TooManyHelpers => ("refused-too-many-helpers", None),
        Refusal::ForOneself => ("refused-for-oneself", None),
    };
    let (mut name, mut ago) = (String::new(), String::new());
    if let (Some(id), Some(event)) = (id, event) {
        (name, ago) = who_and_when(tx, language, id, event).await?;
    }
    let args = [
        ("number", number.to_owned().into()),
        ("name", name.into()),
        ("ago", ago.into()),
        ("most", MOST_HELPERS.into()),
    ];
    let sentence = language.say(sentence, &args);
    let buttons = match (refusal, id) {
        (Refusal::NotFound, _) => vec![mine(language)],
        (Refusal::NeverResolved | Refusal::RatingOver, Some(id)) => {
            vec![deed(language, "button-follow", Action::Follow, id)]
        }
        (Refusal::Closed | Refusal::NeverResolved | Refusal::RatingOver | Refusal::ForOneself, _) => {
            vec![button(language, "button-new", Press::NewTicket, Look::Main)]
        }
        (Refusal::LinkedAlready | Refusal::NotLinked | Refusal::TooManyLinks, Some(id)) => {
            vec![button(language, "button-links", Press::Links(id), Look::Plain)]
        }
        (Refusal::HelpsAlready | Refusal::TooManyHelpers, Some(id)) => {
            vec![deed(language, "button-help", Action::Help, id)]
        }
        (Refusal::Itself, Some(id)) => vec![deed(language, "button-relate", Action::Relate, id)],
        (Refusal::NotTaken, Some(id)) => vec![deed(language, "button-take", Action::Take, id)],
        (
            Refusal::AlreadyResolved
            | Refusal::YoursAlready
            | Refusal::NotResolved
            | Refusal::TheirsAlready
            | Refusal::InHand
            | Refusal::Deleted
            | Refusal::NotClosed
            | Refusal::RatedOnceClosed
            | Refusal::NotDeleted
            | Refusal::NotOfTheTeam
            | Refusal::NotHelping
            | Refusal::RatedByRequester,
            Some(id),
        ) => {
            vec![deed(language, "button-details", Action::View, id)]
        }
        _ => Vec::new(),
    };
    Ok(Told { sentence, buttons })
}

async fn who_and_when(tx: &mut Tx, language: Language, id: TicketId, event: Event) -> Result<(String, String), Fault> {
    let now = tx.now();
    let ticket = tickets::find(tx, id).await?;
    let in_charge = ticket.as_ref().and_then(|ticket| ticket.state.technician());
    // Who took it last may have given it back: asking for information takes a ticket too.
    if let Some(happening) = history::find_last(tx, id, event).await?
        && (event != Event::Done(Action::Take) || in_charge == Some(happening.actor))
    {
        return Ok((who(language, &happening.actor_name), ago(language, happening.at, now)));
    }
    let Some(ticket) = ticket else {
        return Ok((String::new(), String::new()));
    };
    let name = match ticket.state.technician() {
        Some(technician) => who(language, &accounts::find_name(tx, technician).await?),
        None => String::new(),
    };
    Ok((name, ago(language, ticket.changed_at, now)))
}

/// How long ago something was, in words.
#[must_use]
pub fn ago(language: Language, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let since = (now - at).max(TimeDelta::seconds(1));
    let (sentence, count) = if since < TimeDelta::minutes(1) {
        ("ago-seconds", since.num_seconds())
    } else if since < TimeDelta::hours(1) {
        ("ago-minutes", since.num_minutes())
    } else if since < TimeDelta::days(1) {
        ("ago-hours", since.num_hours())
    } else {
        ("ago-days", since.num_days())
    };
    language.say(sentence, &[("count", count.into())])
}

/// What is wrong with a text that somebody typed in a field.
#[must_use]
pub fn text_error(language: Language, field: &str, error: TextError) -> String {
    let field = language.say(&format!("the-{field}"), &[]);
    match error {
        TextError::Empty => language.say("text-empty", &[("field", field.into())]),
        TextError::NoWords => language.say("text-no-words", &[("field", field.into())]),
        TextError::NotAnAddress => language.say("text-not-an-address", &[]),
        TextError::UnknownVariable => language.say(
            "text-unknown-variable",
            &[("variables", Variable::listed(language).into())],
        ),
        TextError::NothingToLink => language.say("text-nothing-to-link", &[]),
        TextError::WithPassword => language.say("text-with-password", &[]),
        TextError::NotChoices => language.say("text-not-choices", &[]),
        TextError::NotAChoice => language.say("text-not-a-choice", &[]),
        TextError::NotACode => language.say("text-not-a-code", &[]),
        TextError::TooLong { length, max } => language.say(
            "text-too-long",
            &[("field", field.into()), ("length", length.into()), ("max", max.into())],
        ),
    }
}
