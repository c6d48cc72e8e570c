//! What was done on the platforms, written down. Whatever several have to write down at the same moment goes into one
//! transaction: each by itself would cost the database a COMMIT, and both sides many more statements.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as Turn, oneshot};

use super::cards::Posted;
use super::outbox::RowKey;
use super::{Fault, Store, Tx, cards, dialogs, inbox, outbox, people};
use crate::domain::ids::{IdentityId, InboxId, PlaceId, TicketId};
use crate::domain::platform::Spot;

/// Something that was done. Written a second time, it changes nothing.
#[derive(Clone, Debug)]
pub enum Entry {
    /// An update is answered: nothing is left to do for it.
    Answered(InboxId),
    /// A message speaks of a ticket.
    Message(Posted),
    /// A message shows a dialog.
    Dialog(dialogs::Shown),
    /// A card was posted (again).
    Card {
        /// Whose it is.
        ticket: TicketId,
        /// Where it stands.
        place: PlaceId,
        /// The platform's id of its message.
        message_id: String,
    },
    /// A card has a thread, or none any more.
    Thread {
        /// Whose card it is.
        ticket: TicketId,
        /// Where it stands.
        place: PlaceId,
        /// The thread.
        thread: Option<Spot>,
    },
    /// The private chat with a person is known.
    PrivateChat(IdentityId, String),
    /// A notice is told, or need not be any more.
    Told(RowKey),
}

/// What is still to be written, by all who share the database's connections.
#[derive(Debug, Default)]
pub(super) struct Journal {
    waiting: Mutex<Vec<Page>>,
    /// Whoever has it writes for all who wait.
    turn: Turn<()>,
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
        let entries: Arc<[Entry]> = entries.into();
        let (written, mut is_written) = oneshot::channel();
        let page = Page {
            entries: Arc::clone(&entries),
            written,
        };
        self.journal.pages().push(page);
        let is_written = tokio::select! {
            biased;
            by_another = &mut is_written => by_another.is_ok(),
            _turn = self.journal.turn.lock() => {
                self.write_for_all().await;
                is_written.try_recv().is_ok()
            }
        };
        if is_written {
            return Ok(());
        }
        // One that can't be written must not be in the way of the others.
        let alone = self.insist(&entries, |tx, entries| Box::pin(write(tx, entries.iter())));
        alone.await
    }

    /// Writes what all have to write who wait. Where that fails, each does so alone.
    async fn write_for_all(&self) {
        let pages = std::mem::take(&mut *self.journal.pages());
        let whole = self.with_all_connections();
        let together = whole.attempt(&pages, &|tx, pages: &Vec<Page>| {
            Box::pin(write(tx, pages.iter().flat_map(|page| page.entries.iter())))
        });
        if !pages.is_empty() && together.await.is_ok() {
            for page in pages {
                // Nobody waits for it any more where its task was given up.
                let _ = page.written.send(());
            }
        }
    }
}

impl Journal {
    fn pages(&self) -> MutexGuard<'_, Vec<Page>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn write(tx: &mut Tx, entries: impl Iterator<Item = &Entry> + Send) -> Result<(), Fault> {
    let (mut answered, mut posted, mut told) = (Vec::new(), Vec::new(), Vec::new());
    let (mut cards, mut threads) = (Vec::new(), Vec::new());
    for entry in entries {
        match entry {
            Entry::Answered(id) => answered.push(*id),
            Entry::Message(message) => posted.push(message),
            Entry::Dialog(shown) => dialogs::set_message(tx, shown).await?,
            Entry::Card {
                ticket,
                place,
                message_id,
            } => cards.push((*ticket, *place, message_id.as_str())),
            Entry::Thread { ticket, place, thread } => threads.push((*ticket, *place, thread.as_ref())),
            Entry::PrivateChat(person, chat) => people::set_private_chat(tx, *person, chat).await?,
            Entry::Told(key) => told.push(key),
        }
    }
    inbox::mark_answered(tx, &answered).await?;
    cards::record_messages(tx, &posted).await?;
    cards::set_messages(tx, &cards).await?;
    for (ticket, place, thread) in threads {
        cards::set_thread(tx, ticket, place, thread).await?;
    }
    outbox::acknowledge_all(tx, &told).await
}
