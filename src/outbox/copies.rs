//! The copies of what somebody wrote: brought up to date once its author changed it, taken away once it is taken back.

use super::courier::{Address, DeliveryError, Errand, Sent};
use super::errands::{Errands, Failure, Task};
use super::leaving::is_gone;
use crate::chat::notices;
use crate::chat::reply::Message;
use crate::domain::ids::{CommentId, TicketId};
use crate::domain::language::Language;
use crate::domain::obstacle::Obstacle;
use crate::domain::platform::{Platform, Spot};
use crate::domain::ticket::Ticket;
use crate::store::about::About;
use crate::store::copies::{self, Copy, MessageAt};
use crate::store::history::{self, Happening, Since};
use crate::store::journal::Entry;
use crate::store::people::Identity;
use crate::store::{Fault, View, retractions};

/// How often an edit is tried that the platform's limits put off. Old messages may be edited seldom, and others wait.
const TRIES: u16 = 3;

/// Who reads the copies in a chat.
pub(super) enum Reader<'a> {
    Staff(Language),
    Person(&'a Identity, &'a About),
}

impl Reader<'_> {
    fn language(&self) -> Language {
        match self {
            Self::Staff(language) => *language,
            Self::Person(reader, _) => reader.language,
        }
    }

    async fn read(&self, view: &mut View, ticket: &Ticket, line: &Happening) -> Result<Message, Fault> {
        match self {
            Self::Staff(language) => notices::thread(view, *language, ticket, line).await,
            Self::Person(reader, about) => notices::person(view, reader, (ticket, about), line).await,
        }
    }
}

/// A chat in which copies may stand.
pub(super) struct Chat<'a> {
    pub platform: Platform,
    pub spot: Spot,
    pub reader: Reader<'a>,
}

/// The copies of a comment in a chat.
struct Copies {
    /// The messages, in order, and which of them hold only its files.
    messages: Vec<(String, bool)>,
    /// What they shall say; nothing when they are to go.
    message: Option<Message>,
    /// What its author did to it.
    since: Since,
    /// The line it came with.
    line: u32,
}

/// That these messages hold lines of a ticket's history, in as many pieces as there are messages.
pub(super) fn entries(platform: Platform, sent: &[Sent], ticket: TicketId, lines: &[u32]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for sent in sent {
        let files = sent.files.iter().map(|message_id| (message_id, true));
        for (message_id, only_files) in std::iter::once((&sent.message_id, false)).chain(files) {
            entries.extend(lines.iter().map(|seq| {
                Entry::Copy(Copy {
                    platform,
                    chat: sent.spot.chat.clone(),
                    message_id: message_id.clone(),
                    ticket,
                    seq: *seq,
                    only_files,
                })
            }));
        }
    }
    entries
}

impl Errands {
    /// Has the copies in a chat say what the comment says by now. `change` is the line of the history that asks for it.
    pub(super) async fn follow_change(
        &self,
        task: Task<'_>,
        chat: &Chat<'_>,
        (ticket, comment): (&Ticket, CommentId),
        change: u32,
    ) -> Result<(), Failure> {
        let mut view = self.store.look().await?;
        let found = find(&mut view, chat, (ticket, comment), change).await?;
        drop(view);
        let Some(copies) = found else { return Ok(()) };
        let parts = copies.message.map(Message::parts).unwrap_or_default();
        let (files, messages): (Vec<_>, Vec<_>) = copies.messages.into_iter().partition(|(_, only_files)| *only_files);
        let mut gone: Vec<String> = Vec::new();
        if copies.since == Since::Retracted {
            gone.extend(files.into_iter().map(|(message_id, _)| message_id));
        }
        let mut parts = parts.into_iter();
        for (message_id, _) in messages {
            match parts.next() {
                Some(part) => self.change_copy(task, chat, ticket, (message_id, part)).await?,
                None => gone.push(message_id),
            }
        }
        for message_id in gone {
            self.take_copy_away(task, chat, message_id).await?;
        }
        for (number, part) in parts.enumerate() {
            let errand = Errand::Post {
                to: Address::Spot(chat.spot.clone()),
                message: part,
                reply_to: None,
            };
            let sent = self
                .deliver(chat.platform, task, &format!(".more{number}"), errand)
                .await?;
            let posted: Vec<Sent> = sent.into_iter().collect();
            self.store
                .write_down(entries(chat.platform, &posted, ticket.id, &[copies.line]))
                .await?;
        }
        Ok(())
    }

    /// Edits a copy. Where the platform does not let us, what it should say is said once more, below.
    async fn change_copy(
        &self,
        task: Task<'_>,
        chat: &Chat<'_>,
        ticket: &Ticket,
        (message_id, message): (String, Message),
    ) -> Result<(), Failure> {
        let again = Message {
            buttons: Vec::new(),
            files: Vec::new(),
            ..notices::changed(chat.reader.language(), ticket, message.clone())
        };
        let errand = Errand::Edit {
            spot: chat.spot.clone(),
            message_id: message_id.clone(),
            message,
        };
        match self.deliver(chat.platform, task, "", errand).await {
            Err(Failure::Delivery(DeliveryError::RetryAfter(_))) if task.row.attempts >= TRIES => {}
            Err(Failure::Delivery(DeliveryError::Refused(_))) => {}
            // Who took it away does not miss it.
            Err(Failure::Delivery(DeliveryError::PlaceGone(gone))) if gone.obstacle == Obstacle::Deleted => return Ok(()),
            Err(Failure::Delivery(DeliveryError::MessageGone(_))) => return self.forget_copy(chat, message_id).await,
            outcome => return outcome.map(drop),
        }
        let errand = Errand::Post {
            to: Address::Spot(chat.spot.clone()),
            message: again,
            reply_to: Some(message_id),
        };
        self.deliver(chat.platform, task, ".again", errand).await.map(drop)
    }

    /// Deletes a copy; where the platform does not let us any more, leaves but a word of it.
    async fn take_copy_away(&self, task: Task<'_>, chat: &Chat<'_>, message_id: String) -> Result<(), Failure> {
        let spot = chat.spot.clone();
        let errand = Errand::Delete {
            spot: spot.clone(),
            message_id: message_id.clone(),
        };
        if !is_gone(self.deliver(chat.platform, task, "", errand).await)? {
            let errand = Errand::Edit {
                spot,
                message_id: message_id.clone(),
                message: notices::taken_back(chat.reader.language()),
            };
            match self.deliver(chat.platform, task, "", errand).await {
                Err(Failure::Delivery(DeliveryError::MessageGone(_))) => {}
                outcome => drop(outcome?),
            }
        }
        self.forget_copy(chat, message_id).await
    }

    async fn forget_copy(&self, chat: &Chat<'_>, message_id: String) -> Result<(), Failure> {
        let gone = Entry::CopyGone(chat.platform, chat.spot.chat.clone(), message_id);
        Ok(self.store.write_down(vec![gone]).await?)
    }
}

/// The copies of a comment in a chat, and what they shall say; nothing where there are none, or where a newer change of it
/// will be followed.
async fn find(
    view: &mut View,
    chat: &Chat<'_>,
    (ticket, comment): (&Ticket, CommentId),
    change: u32,
) -> Result<Option<Copies>, Fault> {
    let Some((line, newest)) = retractions::find_lines(view, comment).await? else {
        return Ok(None);
    };
    if newest > change {
        return Ok(None);
    }
    let messages = copies::list(view, (ticket.id, line), chat.platform, &chat.spot.chat).await?;
    let Some((first, _)) = messages.iter().find(|(_, only_files)| !only_files) else {
        return Ok(None);
    };
    let at = MessageAt {
        platform: chat.platform,
        chat: &chat.spot.chat,
        message_id: first,
    };
    let (mut message, mut since): (Option<Message>, _) = (None, Since::Untouched);
    for seq in copies::list_lines(view, at).await? {
        let Some(happening) = history::find(view, ticket.id, seq).await? else {
            continue;
        };
        if seq == line {
            since = happening.since;
        }
        if notices::is_taken_back(&happening) {
            continue;
        }
        let said = chat.reader.read(view, ticket, &happening).await?;
        match &mut message {
            Some(message) => message.append(said),
            None => message = Some(said),
        }
    }
    Ok(Some(Copies {
        messages,
        message,
        since,
        line,
    }))
}
