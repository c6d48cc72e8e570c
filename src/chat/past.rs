//! `/history`: what was done to a ticket, line by line, for staff.

use super::build::{button, deed, fact, ticket_args, who};
use super::cards;
use super::changes;
use super::grammar::Call;
use super::press::Press;
use super::reply::{Block, Fact, Look, Message, Reply};
use super::turn::Turn;
use crate::domain::account::Named;
use crate::domain::action::Action;
use crate::domain::ids::TicketId;
use crate::domain::language::Language;
use crate::domain::text::headline;
use crate::store::history::{self, Event, PastLine};
use crate::store::{Fault, View};

/// How many lines a page shows.
const PAGE: u32 = 8;
/// How much of a name, and of what was changed, a line shows.
const WORDS: usize = 40;

impl Turn<'_> {
    /// `/history 12`.
    pub(super) async fn history_command(&mut self, call: &Call) -> Result<Reply, Fault> {
        if self.actor().is_none() {
            return Ok(self.who_are_you());
        }
        match self.which(call).await? {
            Ok(id) => self.history(id, 0).await,
            Err(reply) => Ok(reply),
        }
    }

    /// The lines behind so many of them, the newest first.
    pub(super) async fn history(&mut self, id: TicketId, from: u32) -> Result<Reply, Fault> {
        let permit = match self.permit().await? {
            Ok(permit) => permit,
            Err(refused) => return Ok(refused),
        };
        let Some(actor) = self.actor() else {
            return Ok(self.who_are_you());
        };
        let ticket = match self.seen(&actor, id, Action::View).await? {
            Ok(ticket) => ticket,
            Err(refused) => return Ok(refused),
        };
        let mut lines = history::list(self.tx, permit, id, (from, PAGE + 1)).await?;
        let is_more = lines.len() > PAGE as usize;
        lines.truncate(PAGE as usize);
        let language = self.lang();
        let mut blocks = vec![Block::Title(language.say("past-heading", &ticket_args(&ticket)))];
        for line in &lines {
            blocks.push(Block::Facts(in_facts(self.tx, language, line, WORDS).await?));
        }
        let message = Message {
            blocks,
            about: Some(id),
            ..Message::default()
        };
        let to = |label, from| button(language, label, Press::History(id, from), Look::Plain);
        let newer = (from > 0).then(|| to("button-newer", from.saturating_sub(PAGE)));
        let older = is_more.then(|| to("button-older", from.saturating_add(PAGE)));
        let details = deed(language, "button-details", Action::View, id);
        let row = newer.into_iter().chain(older).chain([details]);
        Ok(self.instead_or_tell(message.row(row)))
    }
}

/// A line of history, with so much of a name, and of what was changed.
///
/// # Errors
/// [`Fault`].
pub(super) async fn in_facts(
    view: &mut View,
    language: Language,
    line: &PastLine,
    most: usize,
) -> Result<Vec<Fact>, Fault> {
    let name = |named: &Named| headline(&who(language, named), most);
    let what = format!("event-{}", line.event.code().replace('_', "-"));
    let what = language.say(&what, &[("name", name(&line.actor).into())]);
    let mut facts = vec![fact(format!("{}. {what}", line.seq))];
    let (before, after) = line.statuses;
    if let Some(before) = before.filter(|before| *before != after) {
        facts.push(changed(
            language,
            cards::status(language, before),
            cards::status(language, after),
        ));
    }
    let (had, has) = &line.technicians;
    if had != has {
        let nobody = || language.say("event-nobody", &[]);
        let one = |named: &Option<Named>| named.as_ref().map_or_else(nobody, name);
        facts.push(changed(language, one(had), one(has)));
    }
    if let Some((before, after)) = &line.details {
        let (former, latter) = &line.named;
        let after = headline(&detail(view, language, line.event, (after, latter)).await?, most);
        if before.is_empty() {
            facts.push(fact(after));
        } else {
            let before = detail(view, language, line.event, (before, former)).await?;
            facts.push(changed(language, headline(&before, most), after));
        }
    }
    facts.extend(line.platform.map(|platform| fact(platform.name())));
    facts.push(Fact::Moment(line.at));
    Ok(facts)
}

async fn detail(
    view: &mut View,
    language: Language,
    event: Event,
    (kept, named): (&str, &Option<Named>),
) -> Result<String, Fault> {
    match named {
        Some(person) => Ok(changes::of_person(language, event, person)),
        None => changes::read(view, language, event, kept).await,
    }
}

fn changed(language: Language, before: String, after: String) -> Fact {
    fact(language.say("event-change", &[("before", before.into()), ("after", after.into())]))
}
