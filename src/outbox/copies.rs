//! The copies of what somebody wrote: brought up to date once its author changed it, taken away once it is taken back.

use super::courier::{Address, DeliveryError, Errand, Sent};
use super::errands::{Errands, Failure, Task};
use super::leaving::is_gone;
use crate::chat::reply::Message;
use crate::chat::{attached, notices};
use crate::domain::ids::{CommentId, TicketId};
use crate::domain::language::Language;
use crate::domain::obstacle::Obstacle;
use crate::domain::platform::{Platform, Spot};
use crate::domain::ticket::Ticket;
use crate::store::about::About;
use crate::store::cards::Mention;
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
    /// The messages, in order, and which of them are never edited.
    messages: Vec<(String, bool)>,
    /// What they shall say; nothing when they are to go.
    message: Option<Message>,
    /// What its author did to it.
    since: Since,
    /// The lines that stand in them.
    lines: Vec<u32>,
    /// Whether an answer to them goes to the requester.
    relays: bool,
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
        let (beside, mut messages): (Vec<_>, Vec<_>) = copies.messages.iter().cloned().partition(|(_, beside)| *beside);
        // Who took it away does not miss it.
        let said = copies.message.clone().filter(|_| !messages.is_empty());
        let parts = said.map(Message::parts).unwrap_or_default();
        let mut gone: Vec<(String, bool)> = Vec::new();
        if copies.since == Since::Retracted {
            // An edit would leave the files.
            gone.extend(beside);
            gone.append(&mut messages);
        } else {
            // The files are with the last.
            gone.extend(messages.drain(..messages.len().saturating_sub(parts.len())));
        }
        let mut messages = messages.into_iter();
        for (number, part) in parts.into_iter().enumerate() {
            // The platform drops a message that has the mark of one before.
            let mark = format!("{change:x}.{number}");
            if let Some((message_id, _)) = messages.next() {
                let part = (message_id, part, mark);
                self.change_copy(task, chat, (ticket, &copies), part).await?;
                continue;
            }
            let post = Errand::Post {
                to: Address::Spot(chat.spot.clone()),
                message: Message {
                    files: Vec::new(),
                    ..part
                },
                reply_to: None,
            };
            let sent = self.deliver(chat.platform, task, &format!(".m{mark}"), post).await?;
            gone.retain(|(message_id, _)| sent.as_ref().is_none_or(|sent| sent.message_id != *message_id));
            self.write_down_copy(chat, ticket, &copies, sent, false).await?;
        }
        for (message_id, _) in gone {
            self.take_copy_away(task, chat, message_id).await?;
        }
        Ok(())
    }

    /// That a further message holds it. `is_beside`: one that is never edited.
    async fn write_down_copy(
        &self,
        chat: &Chat<'_>,
        ticket: &Ticket,
        copies: &Copies,
        sent: Option<Sent>,
        is_beside: bool,
    ) -> Result<(), Failure> {
        let Some(sent) = sent else { return Ok(()) };
        let mention = Mention {
            ticket: ticket.id,
            relays: copies.relays,
        };
        let mut done = vec![sent.entry(chat.platform, mention)];
        let standing = entries(chat.platform, &[sent], ticket.id, &copies.lines).into_iter();
        done.extend(standing.map(|entry| match entry {
            Entry::Copy(copy) => Entry::Copy(Copy {
                only_files: is_beside,
                ..copy
            }),
            other => other,
        }));
        Ok(self.store.write_down(done).await?)
    }

    /// Edits a copy. Where the platform does not let us, what it should say is said once more, below.
    async fn change_copy(
        &self,
        task: Task<'_>,
        chat: &Chat<'_>,
        (ticket, copies): (&Ticket, &Copies),
        (message_id, message, mark): (String, Message, String),
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
            Err(Failure::Delivery(DeliveryError::RetryAfter(_))) if task.row.attempts + 1 >= TRIES => {}
            Err(Failure::Delivery(DeliveryError::Refused(_))) => {}
            // Who took it away does not miss it.
            Err(Failure::Delivery(DeliveryError::PlaceGone(gone))) if gone.obstacle == Obstacle::Deleted => {
                return Ok(());
            }
            Err(Failure::Delivery(DeliveryError::MessageGone(_))) => return self.forget_copy(chat, message_id).await,
            outcome => return outcome.map(drop),
        }
        let errand = Errand::Post {
            to: Address::Spot(chat.spot.clone()),
            message: again,
            reply_to: Some(message_id),
        };
        let sent = self.deliver(chat.platform, task, &format!(".a{mark}"), errand).await?;
        self.write_down_copy(chat, ticket, copies, sent, true).await
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
    let editable = messages.iter().find(|(_, only_files)| !only_files);
    let Some((first, _)) = editable.or(messages.first()) else {
        return Ok(None);
    };
    let at = MessageAt {
        platform: chat.platform,
        chat: &chat.spot.chat,
        message_id: first,
    };
    let lines = copies::list_lines(view, at).await?;
    let (mut message, mut since, mut relays): (Option<Message>, _, _) = (None, Since::Untouched, false);
    for seq in lines.iter().copied() {
        let Some(happening) = history::find(view, ticket.id, seq).await? else {
            continue;
        };
        if seq == line {
            since = happening.since;
        }
        if notices::is_taken_back(&happening) {
            continue;
        }
        relays |= matches!(chat.reader, Reader::Staff(_)) && notices::relays(ticket, &happening);
        let said = chat.reader.read(view, ticket, &happening).await?;
        let said = attached::fitting(chat.reader.language(), chat.platform, said);
        match &mut message {
            Some(message) => message.append(said),
            None => message = Some(said),
        }
    }
    Ok(Some(Copies {
        messages,
        message,
        since,
        lines,
        relays,
    }))
}
