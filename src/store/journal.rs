//! What was done on the platforms, written down. Whatever several have to write down at the same moment goes into one
//! transaction: each by itself would cost the database a COMMIT, and both sides many more statements.
//!
//! Here is what has happened, whatever becomes of the rest: not what puts a notice off, buries it or marks a reader. Of
//! a card that shows less than is true by now, it follows that it is to be edited once more; of words that are delivered,
//! that who wrote them sees a sign of it. To add such a thing, add an
//! [`Entry`] and its statement in `write`, for several rows where it is frequent.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until, timeout};

use super::cards::{Card, Posted};
use super::copies::{Copy, MessageAt};
use super::outbox::RowKey;
use super::own_cards::OwnCard;
use super::{Fault, Store, Tx, cards, copies, dialogs, inbox, outbox, own_cards, people};
use crate::domain::ids::{IdentityId, InboxId, PlaceId, TicketId};
use crate::domain::platform::Platform;
use crate::metrics;

/// How long somebody who writes for all is waited for. One may be held up by a row that another process has locked, and
/// the others by nobody.
const TURN: Duration = Duration::from_millis(100);
/// The longest pause between two writes. It is as long as the write before it took, and at most this: what is done
/// meanwhile is written down together.
const LONGEST_PAUSE: Duration = Duration::from_millis(10);
/// How much is written together at most, but for what one has to write: it has to be done within a loan.
const TOGETHER: usize = 512;

/// Something that was done. Written a second time, it changes nothing, as long as nothing newer is known of the same
/// conversation or notice; and there nothing goes on until it is written.
#[derive(Clone, Debug)]
pub enum Entry {
    /// An update is answered: nothing is left to do for it.
    Answered(InboxId),
    /// In an answered update was something secret: none of its words are kept.
    Forgotten(InboxId),
    /// A message speaks of a ticket.
    Message(Posted),
    /// A line of a ticket's history stands in a message.
    Copy(Copy),
    /// A line of a ticket's history is told to the other side: who wrote the words in it sees that.
    Delivered(TicketId, u32),
    /// A message of ours is gone: its platform, chat and id.
    CopyGone(Platform, String, String),
    /// A message is somebody's card of their ticket, and shows this version of it.
    OwnCard(OwnCard, u32),
    /// A change could not be shown in a card.
    OwnCardStale(OwnCard),
    /// A card is not there any more.
    OwnCardGone(OwnCard),
    /// A message shows a dialog.
    Dialog(dialogs::Shown),
    /// A card was posted (again), or its thread opened: so it stands now.
    Card {
        /// Whose it is.
        ticket: TicketId,
        /// Where it stands.
        place: PlaceId,
        /// Its message and its thread.
        card: Card,
    },
    /// Nothing stands in a place any more of a ticket that was purged.
    CardGone(TicketId, PlaceId),
    /// The private chat with a person is known.
    PrivateChat(IdentityId, String),
    /// A notice is told, or need not be any more.
    Told(RowKey),
}

/// What is still to be written, by all who share the database's connections.
#[derive(Debug)]
pub(super) struct Journal {
    waiting: Mutex<VecDeque<Page>>,
    /// Whoever has it writes for all who wait, from that moment on.
    writing: tokio::sync::Mutex<Instant>,
}

/// What one of them has to write.
#[derive(Debug)]
struct Page {
    entries: Arc<[Entry]>,
    written: oneshot::Sender<()>,
}

impl Store {
    /// Writes down what was done, together with what others have to write down at this moment. While the database is
    /// away, it is tried for up to a minute.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn write_down(&self, entries: Vec<Entry>) -> Result<(), Fault> {
        if entries.is_empty() {
            return Ok(());
        }
        let entries: Arc<[Entry]> = entries.into();
        let (written, mut is_written) = oneshot::channel();
        let page = Page {
            entries: Arc::clone(&entries),
            written,
        };
        self.journal.pages().push_back(page);
        let is_written = loop {
            tokio::select! {
                biased;
                by_another = &mut is_written => break by_another.is_ok(),
                turn = timeout(TURN, self.journal.writing.lock()) => match turn {
                    Ok(mut rested) => {
                        sleep_until(*rested).await;
                        let begun = Instant::now();
                        self.write_for_all().await;
                        *rested = Instant::now() + begun.elapsed().min(LONGEST_PAUSE);
                    }
                    Err(_) => self.write_for_all().await,
                },
            }
        };
        if is_written {
            return Ok(());
        }
        // One that can't be written must not be in the way of the others.
        let alone = self.insist(&entries, |tx, entries| Box::pin(write(tx, entries.iter())));
        alone.await
    }

    /// Writes what those have to write who wait longest. Where that fails, each does so alone.
    async fn write_for_all(&self) {
        let pages = self.journal.take();
        if pages.0.is_empty() {
            return;
        }
        let whole = self.with_all_connections();
        let mut together = whole.attempt(&pages, &write_all).await;
        if together
            .as_ref()
            .is_err_and(|fault| fault.is_passing() && !fault.is_outage())
        {
            metrics::transaction_retried();
            together = whole.attempt(&pages, &write_all).await;
        }
        match together {
            // Nobody waits for it any more where its task was given up.
            Ok(()) => pages.0.into_iter().for_each(|page| _ = page.written.send(())),
            Err(fault) => tracing::debug!(pages = pages.0.len(), cause = %fault, "each writes down alone what it did"),
        }
    }
}

fn write_all<'t>(tx: &'t mut Tx, pages: &'t Pages) -> BoxFuture<'t, Result<(), Fault>> {
    Box::pin(write(tx, pages.0.iter().flat_map(|page| page.entries.iter())))
}

/// Those that are written together.
struct Pages(Vec<Page>);

impl Default for Journal {
    fn default() -> Self {
        Self {
            waiting: Mutex::default(),
            writing: tokio::sync::Mutex::new(Instant::now()),
        }
    }
}

impl Journal {
    /// The pages that have waited longest.
    fn take(&self) -> Pages {
        let mut waiting = self.pages();
        let mut entries = 0;
        let fits = waiting.iter().take_while(|page| {
            entries += page.entries.len();
            entries <= TOGETHER
        });
        let count = fits.count().max(1).min(waiting.len());
        Pages(waiting.drain(..count).collect())
    }

    fn pages(&self) -> MutexGuard<'_, VecDeque<Page>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn write(tx: &mut Tx, entries: impl Iterator<Item = &Entry> + Send) -> Result<(), Fault> {
    let (mut answered, mut posted, mut shown) = (Vec::new(), Vec::new(), Vec::new());
    let (mut standing, mut told, mut secret, mut copied) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut own, mut stale, mut gone, mut delivered) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        match entry {
            Entry::Answered(id) => answered.push(*id),
            Entry::Forgotten(id) => secret.push(*id),
            Entry::Message(message) => posted.push(message),
            Entry::OwnCard(card, version) => own.push((card, *version)),
            Entry::OwnCardStale(card) => stale.push(card),
            Entry::OwnCardGone(card) => gone.push(card),
            Entry::Dialog(dialog) => shown.push(dialog),
            Entry::Copy(copy) => copied.push(copy),
            Entry::Delivered(ticket, seq) => delivered.push((*ticket, *seq)),
            Entry::CopyGone(platform, chat, message_id) => {
                let (platform, chat) = (*platform, chat.as_str());
                copies::forget(
                    tx,
                    MessageAt {
                        platform,
                        chat,
                        message_id,
                    },
                )
                .await?;
            }
            Entry::Card { ticket, place, card } => standing.push((*ticket, *place, card)),
            Entry::PrivateChat(person, chat) => people::set_private_chat(tx, *person, chat).await?,
            Entry::CardGone(ticket, place) => cards::remove(tx, *ticket, *place).await?,
            Entry::Told(key) => told.push(key),
        }
    }
    // First, as it holds tickets.
    own_cards::record(tx, &own).await?;
    for card in stale {
        own_cards::mark_stale(tx, card).await?;
    }
    for card in gone {
        own_cards::forget(tx, card).await?;
    }
    inbox::mark_answered(tx, &answered).await?;
    inbox::forget(tx, &secret).await?;
    dialogs::set_messages(tx, &shown).await?;
    cards::record_messages(tx, &posted).await?;
    cards::set(tx, &standing).await?;
    copies::record(tx, &copied).await?;
    outbox::acknowledge_all(tx, &told).await?;
    // Last, as whoever deletes a chat takes its notices first.
    copies::note_delivered(tx, &delivered).await
}
