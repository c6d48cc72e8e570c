//! How it went: the five stars under a closed ticket, the word that goes with them, and what staff read of it.

use chrono::{DateTime, Utc};

use super::build::{button, deed, excerpt, fact, ticket_args, who};
use super::dialog::Asking;
use super::form::{FieldKind, FormKind};
use super::grammar::Call;
use super::press::Press;
use super::refusals::text_error;
use super::reply::{Block, Button, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::action::Action;
use crate::domain::ids::TicketId;
use crate::domain::language::Language;
use crate::domain::rating::{Rating, Said, Stars};
use crate::domain::text::{Remark, TextError, beginning, clean};
use crate::domain::ticket::Ticket;
use crate::domain::transition::Refusal;
use crate::service;
use crate::service::rating::{self, RATED_FOR, is_open};
use crate::store::Fault;
use crate::store::about::About;
use crate::store::history::Happening;

/// How much of the word a card shows, in characters.
pub(super) const EXCERPT: usize = 200;

/// The end of the time in which a ticket may be rated, where that is not over.
pub(super) fn until(about: &About, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let closing = about.closing.as_ref().filter(|closing| is_open(closing, now));
    closing.map(|closing| closing.at + RATED_FOR)
}

/// Where a closed ticket stands with its rating.
pub(super) enum Standing {
    /// It may be rated, and is not yet.
    Asked,
    /// It is rated, which may be changed.
    Rated(Rating),
    /// It can't be rated, or not any more.
    Over(Option<Rating>),
}

impl Standing {
    /// As it is by now.
    pub(super) fn of(about: &About, now: DateTime<Utc>) -> Self {
        let Some(closing) = &about.closing else {
            return Self::Over(None);
        };
        let may_be_rated = is_open(closing, now);
        match &about.rating {
            Some(given) if may_be_rated => Self::Rated(given.clone()),
            None if may_be_rated => Self::Asked,
            rating => Self::Over(rating.clone()),
        }
    }

    /// What the one who asked reads of it.
    pub(super) fn blocks(&self, language: Language) -> Vec<Block> {
        match self {
            Self::Asked => vec![question(language)],
            Self::Rated(given) | Self::Over(Some(given)) => shown(language, given, usize::MAX),
            Self::Over(None) => Vec::new(),
        }
    }

    /// What they may do about it.
    pub(super) fn buttons(&self, language: Language, ticket: TicketId) -> Vec<Button> {
        match self {
            Self::Asked => stars(language, ticket),
            Self::Rated(given) => {
                let word = if given.words.is_some() {
                    "button-remark-again"
                } else {
                    "button-remark"
                };
                vec![
                    button(language, word, Press::Remark(ticket), Look::Plain),
                    deed(language, "button-rate-again", Action::Rate, ticket),
                ]
            }
            Self::Over(_) => Vec::new(),
        }
    }
}

/// Asks for the stars.
pub(super) fn question(language: Language) -> Block {
    Block::Text(language.say("rate-question", &[]))
}

/// A button for each number of stars.
pub(super) fn stars(language: Language, ticket: TicketId) -> Vec<Button> {
    let of = |stars: Stars| Button {
        label: language.say("button-stars", &[("stars", stars.to_string().into())]),
        action: Press::Stars(ticket, stars).to_string(),
        look: Look::Plain,
    };
    Stars::ALL.map(of).to_vec()
}

/// A rating, with so much of its word.
pub(super) fn shown(language: Language, given: &Rating, most: usize) -> Vec<Block> {
    let args = [
        ("drawn", given.stars.drawn().into()),
        ("stars", given.stars.to_string().into()),
    ];
    let stars = Block::Facts(vec![fact(language.say("rating", &args))]);
    let words = given.words.as_ref().map(|words| {
        let seen = beginning(words, most);
        let cut = if seen.len() < words.len() { "…" } else { "" };
        Block::Quote(format!("{seen}{cut}"))
    });
    std::iter::once(stars).chain(words).collect()
}

/// What the technician reads who was in charge.
pub(super) fn told(language: Language, (ticket, about): (&Ticket, &About), happening: &Happening) -> Message {
    let [number, title] = ticket_args(ticket);
    let args = [number, title, ("name", who(language, &happening.actor_name).into())];
    let mut message = Message::text(language.say("told-rated", &args)).about(ticket.id);
    let given = about.rating.iter();
    message
        .blocks
        .extend(given.flat_map(|given| shown(language, given, usize::MAX)));
    message.row([deed(language, "button-details", Action::View, ticket.id)])
}

impl Turn<'_> {
    /// The five stars, after a word that waits for them.
    pub(super) async fn ask_for_stars(&mut self, id: TicketId, word: Option<&Remark>) -> Result<Reply, Fault> {
        let ticket = match self.rated(id).await? {
            Ok((ticket, _)) => ticket,
            Err(refused) => return Ok(refused),
        };
        let language = self.lang();
        let mut message = Message::text(language.say("rate-which", &ticket_args(&ticket))).about(id);
        if let Some(word) = word {
            message.blocks.push(Block::Text(self.say("kept-correct")));
            message.blocks.push(Block::Verbatim(word.to_string()));
            let mut asking = Asking::new(FormKind::Remark(id), self.tx.now());
            let answer = (FieldKind::Remark.code().to_owned(), word.to_string());
            asking.answers.push(answer);
            self.dialog.asking = Some(asking);
        }
        Ok(self.tell(message.row(stars(language, id))))
    }

    /// The stars of a button, with the word that waited for them.
    pub(super) async fn rate_by_button(&mut self, id: TicketId, stars: Stars) -> Result<Reply, Fault> {
        let waiting = FormKind::Remark(id);
        let kept = self.dialog.asking.as_ref().filter(|asking| asking.form == waiting);
        let words = kept
            .and_then(|asking| asking.answer(FieldKind::Remark))
            .and_then(|word| Remark::parse(word).ok());
        if words.is_some() {
            self.dialog.asking = None;
        }
        let stars = Some(stars);
        self.rate(id, Said { stars, words }).await
    }

    /// `/rate 12 5 merci`.
    pub(super) async fn rate_command(&mut self, call: &Call) -> Result<Reply, Fault> {
        if self.actor().is_none() {
            return Ok(self.who_are_you());
        }
        let id = match self.which(call).await? {
            Ok(id) => id,
            Err(reply) => return Ok(reply),
        };
        let typed = clean(&call.text);
        let (first, behind) = match &call.stars {
            Some(stars) => (stars.as_str(), typed.as_str()),
            None => typed.split_once(char::is_whitespace).unwrap_or((&typed, "")),
        };
        let stars = Stars::read(first);
        // A number that is none of stars is no word either.
        if stars.is_none() && !first.is_empty() && !first.contains(char::is_alphabetic) {
            return self.ask_for_stars(id, None).await;
        }
        let words = if stars.is_some() { behind } else { &typed };
        let words = match Remark::parse(words) {
            Ok(words) => Some(words),
            Err(TextError::Empty) => None,
            Err(error) => {
                let error = Block::Text(text_error(self.lang(), FieldKind::Remark.code(), error));
                let kept = Block::Text(self.say("kept-correct"));
                return Ok(self.tell(Message {
                    blocks: vec![error, kept, Block::Verbatim(excerpt(words))],
                    ..Message::default()
                }));
            }
        };
        match (stars, words) {
            (None, None) => self.ask_for_stars(id, None).await,
            (stars, words) => self.rate(id, Said { stars, words }).await,
        }
    }

    /// « Ajouter un mot »: asks for it, with what stands there now.
    pub(super) async fn ask_for_remark(&mut self, id: TicketId) -> Result<Reply, Fault> {
        let given = match self.rated(id).await? {
            Ok((_, Some(given))) => given,
            Ok((_, None)) => return self.ask_for_stars(id, None).await,
            Err(refused) => return Ok(refused),
        };
        let now = given.words.unwrap_or_default();
        Ok(self.start_form_over(FormKind::Remark(id), &now))
    }

    /// The word that was asked for.
    pub(super) async fn remark(&mut self, id: TicketId, words: &str) -> Result<Reply, Fault> {
        match Remark::parse(words) {
            Ok(words) => {
                let said = Said {
                    stars: None,
                    words: Some(words),
                };
                self.rate(id, said).await
            }
            Err(_) => Ok(self.nothing_asked()),
        }
    }

    /// Does it, and says so.
    async fn rate(&mut self, id: TicketId, said: Said) -> Result<Reply, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let (sentence, after) = match rating::rate(self.tx, &actor, id, &said).await {
            Ok(Some(after)) => ("done-rated", after),
            Ok(None) => match self.seen(&actor, id, Action::View).await? {
                Ok(ticket) => ("rate-same", ticket),
                Err(refused) => return Ok(refused),
            },
            // The word comes before its stars.
            Err(service::Error::Refused(Refusal::NotRated)) => {
                return self.ask_for_stars(id, said.words.as_ref()).await;
            }
            Err(service::Error::Refused(refusal)) => {
                let refused = self.refuse(refusal, &id.to_string()).await?;
                return Ok(self.with_words(refused, said.words.as_ref().map_or("", Remark::as_str)));
            }
            Err(service::Error::Fault(fault)) => return Err(fault),
        };
        let [number, title] = ticket_args(&after);
        let args = [number, title, ("days", RATED_FOR.num_days().into())];
        let sentence = self.lang().say(sentence, &args);
        self.changed(&actor, &after, sentence).await
    }

    /// The ticket and its rating, if this person may rate it now.
    async fn rated(&mut self, id: TicketId) -> Result<Result<(Ticket, Option<Rating>), Reply>, Fault> {
        let Some(actor) = self.actor() else {
            return Ok(Err(self.who_are_you()));
        };
        match rating::look(self.tx, &actor, id).await {
            Ok(found) => Ok(Ok(found)),
            Err(service::Error::Refused(refusal)) => Ok(Err(self.refuse(refusal, &id.to_string()).await?)),
            Err(service::Error::Fault(fault)) => Err(fault),
        }
    }
}
