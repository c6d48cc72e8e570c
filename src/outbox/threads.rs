//! The threads of tickets in staff places: opened, written in, made again, closed.

use chrono::TimeDelta;

use super::copies::{self, Chat, Reader};
use super::courier::{Address, DeliveryError, Errand, Gone};
use super::errands::{Desk, Errands, Failure, part_of};
use crate::chat::reply::Message;
use crate::chat::{attached, notices, undelivered};
use crate::domain::action::Action;
use crate::domain::ids::{CommentId, IdentityId, OutboxId};
use crate::domain::obstacle::Obstacle;
use crate::domain::platform::Spot;
use crate::domain::ticket::Status;
use crate::service::reach;
use crate::store::cards::Mention;
use crate::store::history::{self, Event};
use crate::store::journal::Entry;
use crate::store::outbox::{Notice, OutboxRow};
use crate::store::people;
use crate::store::places::{self, Layout};

/// A line that is so old is told together with those behind it.
const LATE: TimeDelta = TimeDelta::seconds(20);
/// How many lines, at most.
const TOGETHER: u32 = 10;

/// A message in a ticket's thread.
struct Words {
    message: Message,
    /// Whether an answer to it goes to the requester.
    relays: bool,
    /// Whose words they are.
    rows: Vec<OutboxId>,
    /// The lines of the history in it, if one came with a comment.
    lines: Vec<u32>,
    has_comment: bool,
}

impl Errands {
    pub(super) async fn open_thread(&self, desk: &mut Desk<'_>) -> Result<(), Failure> {
        if desk.is_without_threads() {
            return Ok(());
        }
        let Some(card) = &mut desk.card else { return Ok(()) };
        let name = notices::thread_name(desk.place.language, &desk.ticket);
        let spot = desk.place.spot.clone();
        let errand = Errand::OpenThread {
            spot,
            message_id: card.message_id.clone(),
            name,
        };
        match self.deliver(desk.place.platform, desk.task, "", errand).await {
            Ok(sent) => card.thread = sent.map(|sent| sent.spot),
            Err(Failure::Delivery(DeliveryError::PlaceGone(Gone { obstacle, .. })))
                if matches!(obstacle, Obstacle::NoTopics | Obstacle::NotAllowed) =>
            {
                return self.go_on_without_threads(desk, obstacle).await;
            }
            Err(failure) => return Err(failure.of_place()),
        }
        desk.opened = true;
        desk.done.push(Entry::Card {
            ticket: desk.ticket.id,
            place: desk.place.id,
            card: card.clone(),
        });
        Ok(())
    }

    /// The exchange stands below the card then, as in every group without topics.
    async fn go_on_without_threads(&self, desk: &mut Desk<'_>, obstacle: Obstacle) -> Result<(), Failure> {
        desk.place.layout = Layout::Plain;
        if let Some(card) = &mut desk.card {
            card.thread = None;
        }
        let mut tx = self.store.begin().await?;
        if obstacle == Obstacle::NoTopics {
            places::drop_topics(&mut tx, desk.place.id).await?;
        } else {
            reach::place_lost(&mut tx, desk.place.id, Obstacle::NoThreads).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Opens the thread again; with its card, where that is gone too.
    async fn reopen_thread(&self, desk: &mut Desk<'_>) -> Result<(), Failure> {
        if desk.place.layout == Layout::Forum {
            // They are one.
            desk.card = None;
            return self.post_card(desk).await;
        }
        if let Some(card) = &mut desk.card {
            card.thread = None;
        }
        match self.open_thread(desk).await {
            Err(Failure::Delivery(DeliveryError::MessageGone(_))) => self.post_card(desk).await,
            outcome => outcome,
        }
    }

    /// The line of the ticket's history that is to be told; when it is late, with those that wait behind it.
    pub(super) async fn lines_together(&self, desk: &Desk<'_>) -> Result<Vec<OutboxRow>, Failure> {
        let row = desk.task.row;
        if desk.now - row.created_at < LATE {
            return Ok(vec![row.clone()]);
        }
        let behind = self.store.list_behind(row, TOGETHER).await?.into_iter();
        // The card, which is edited in between, does not mind.
        let of_ticket = |row: &OutboxRow| matches!(row.notice(), Ok(Notice::Thread { .. } | Notice::Card { .. }));
        let is_line = |row: &OutboxRow| matches!(row.notice(), Ok(Notice::Thread { .. }));
        Ok(behind.take_while(of_ticket).filter(is_line).collect())
    }

    /// Writes lines of the ticket's history in its thread, in as few messages as can be.
    pub(super) async fn write_in_thread(&self, desk: &mut Desk<'_>, lines: &[OutboxRow]) -> Result<(), Failure> {
        let mut shut = None;
        let mut messages: Vec<Words> = Vec::new();
        let mut changes = Vec::new();
        let mut view = self.store.look().await?;
        for line in lines {
            let Notice::Thread { seq, .. } = line.notice()? else {
                continue;
            };
            let Some(happening) = history::find(&mut view, desk.ticket.id, seq).await? else {
                continue;
            };
            if let (Event::Done(Action::Reword | Action::Retract), Some(comment)) = (happening.event, happening.comment)
            {
                changes.push((seq, comment));
                continue;
            }
            if notices::is_taken_back(&happening) {
                continue;
            }
            let message = notices::thread(&mut view, desk.place.language, &desk.ticket, &happening).await?;
            let message = attached::fitting(desk.place.language, desk.place.platform, message);
            // An answer to a message that relays goes to the requester: what does not is never part of one.
            let relays = notices::relays(&desk.ticket, &happening);
            match messages.last_mut() {
                Some(last) if last.relays == relays && last.message.takes(&message) => {
                    last.message.append(message);
                    last.rows.push(line.id);
                    last.lines.push(seq);
                    last.has_comment |= happening.comment.is_some();
                }
                _ => messages.push(Words {
                    message,
                    relays,
                    rows: vec![line.id],
                    lines: vec![seq],
                    has_comment: happening.comment.is_some(),
                }),
            }
            shut = match happening.event {
                Event::Done(Action::Confirm | Action::Close | Action::Withdraw | Action::Delete) => Some(true),
                Event::Done(Action::Restore) => Some(desk.ticket.state.status() == Status::Closed),
                _ => shut,
            };
        }
        drop(view);
        if shut == Some(false) {
            self.turn_thread(desk, |spot| Errand::ReopenThread { spot }).await?;
        }
        for words in &messages {
            self.say_in_thread(desk, words).await?;
        }
        for (seq, comment) in changes {
            self.follow_in_thread(desk, comment, seq).await?;
        }
        if shut == Some(true) {
            self.turn_thread(desk, |spot| Errand::CloseThread { spot }).await?;
        }
        Ok(())
    }

    /// Has what stands in the ticket's thread say what a comment says by now.
    async fn follow_in_thread(&self, desk: &Desk<'_>, comment: CommentId, seq: u32) -> Result<(), Failure> {
        let thread = desk.card.as_ref().and_then(|card| card.thread.clone());
        let chat = Chat {
            platform: desk.place.platform,
            spot: thread.unwrap_or_else(|| desk.place.spot.clone()),
            reader: Reader::Staff(desk.place.language),
        };
        self.follow_change(desk.task, &chat, (&desk.ticket, comment), seq).await
    }

    /// Tells in the ticket's thread that its requester did not get a word; unless they can be reached again.
    pub(super) async fn tell_unreached(&self, desk: &mut Desk<'_>, identity: IdentityId) -> Result<(), Failure> {
        let mut view = self.store.look().await?;
        let reader = people::find_identity_by_id(&mut view, identity).await?;
        drop(view);
        let Some((reader, mark)) = reader.and_then(|reader| reader.unreachable.map(|mark| (reader, mark))) else {
            return Ok(());
        };
        if desk.ticket.state.is_deleted() {
            return Ok(());
        }
        let message = undelivered::unreached(desk.place.language, &desk.ticket, &reader, mark.obstacle);
        let words = Words {
            message,
            relays: false,
            rows: vec![desk.task.row.id],
            lines: Vec::new(),
            has_comment: false,
        };
        self.say_in_thread(desk, &words).await
    }

    /// Says something in the ticket's thread; a thread that is gone is made again.
    async fn say_in_thread(&self, desk: &mut Desk<'_>, words: &Words) -> Result<(), Failure> {
        if desk.card.is_none() {
            self.post_card(desk).await?;
        }
        match self.post_in_thread(desk, words).await {
            Err(Failure::Delivery(DeliveryError::PlaceGone(_))) if desk.ticket.state.is_deleted() => Ok(()),
            Err(Failure::Delivery(DeliveryError::PlaceGone(_))) if desk.place.has_threads() => {
                self.reopen_thread(desk).await?;
                self.post_in_thread(desk, words).await
            }
            outcome => outcome,
        }
    }

    async fn post_in_thread(&self, desk: &mut Desk<'_>, words: &Words) -> Result<(), Failure> {
        if desk.place.has_threads() && desk.card.as_ref().is_some_and(|card| card.thread.is_none()) {
            self.reopen_thread(desk).await?;
        }
        self.store.write_down(std::mem::take(&mut desk.done)).await?;
        let card = desk.card.as_ref();
        let thread = card.and_then(|card| card.thread.clone());
        let reply_to = card.filter(|_| thread.is_none()).map(|card| card.message_id.clone());
        let spot = thread.unwrap_or_else(|| desk.place.spot.clone());
        let to = Address::Spot(spot.clone());
        let mention = Mention {
            ticket: desk.ticket.id,
            relays: words.relays,
        };
        // Other lines are another message: the platform drops one that has the mark of one before.
        let part = part_of(words.rows.iter().copied());
        let posted = self
            .post_parts(desk.place.platform, (desk.task, &part), &to, &words.message, reply_to)
            .await;
        let posted = posted.map_err(|failure| failure.at(&spot, &desk.place))?;
        let messages = posted.iter().map(|sent| sent.entry(desk.place.platform, mention));
        let mut done: Vec<Entry> = messages.collect();
        if words.has_comment {
            done.extend(copies::entries(
                desk.place.platform,
                &posted,
                desk.ticket.id,
                &words.lines,
            ));
        }
        if words.relays {
            done.extend(words.lines.iter().map(|seq| Entry::Delivered(desk.ticket.id, *seq)));
        }
        Ok(self.store.write_down(done).await?)
    }

    /// Closes the thread, or opens it again.
    async fn turn_thread(&self, desk: &Desk<'_>, errand: fn(Spot) -> Errand) -> Result<(), Failure> {
        let thread: Option<Spot> = desk.card.as_ref().and_then(|card| card.thread.clone());
        let Some(spot) = thread else { return Ok(()) };
        match self.deliver(desk.place.platform, desk.task, "", errand(spot)).await {
            // What is gone is closed; it is made again when something is said there.
            Err(Failure::Delivery(DeliveryError::PlaceGone(_))) => Ok(()),
            outcome => outcome.map(drop),
        }
    }
}
