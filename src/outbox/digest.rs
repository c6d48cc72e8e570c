//! What somebody wants to hear together: all that is gathered for their chat, in one message.

use std::collections::HashMap;

use super::errands::{Errands, Failure, Task};
use super::private::{Lines, is_of, may_hear};
use crate::chat::{digest, notices};
use crate::domain::action::Action;
use crate::domain::ids::{AccountId, IdentityId, TicketId};
use crate::domain::pace::Pace;
use crate::service::reach;
use crate::store::history::Event;
use crate::store::news::{self, News};
use crate::store::outbox::{self, Notice, OutboxRow};
use crate::store::people::{self, Identity};
use crate::store::{Fault, View, accounts, told};

/// How much is told in one message, most of it as a number; more goes into another.
const MOST: u32 = 500;

/// A line of a ticket's history that waits to be told.
struct Gathered {
    row: OutboxRow,
    line: (TicketId, u32),
    /// The other chats hear of it by themselves.
    everywhere: bool,
    instead_of: Option<IdentityId>,
}

/// What becomes of what is gathered for a chat.
#[derive(Default)]
struct Sorted {
    /// What is told there.
    told: Vec<News>,
    /// What stands behind it, or is told to nobody any more.
    done: Vec<OutboxRow>,
    /// What its requester hears in another chat, since this one is not theirs any more.
    moved: Vec<(OutboxRow, Notice)>,
}

impl Errands {
    /// Tells all that is gathered for a chat.
    pub(super) async fn tell_digest(&self, task: Task<'_>, identity: IdentityId) -> Result<(), Failure> {
        let mut view = self.store.look().await?;
        let behind = outbox::list_behind(&mut view, task.row, MOST).await?;
        let gathered: Vec<Gathered> = behind.into_iter().map_while(read).collect();
        let Some(reader) = people::find_identity_by_id(&mut view, identity).await? else {
            drop(view);
            let rows: Vec<_> = gathered.into_iter().map(|gathered| gathered.row).collect();
            return self.acknowledge(&rows).await;
        };
        let instead_of = gathered.iter().find_map(|gathered| gathered.instead_of);
        let Sorted { told, done, moved } = sort(&mut view, &reader, gathered).await?;
        let mut message = digest::digest(&mut view, reader.language, &told).await?;
        if let Some(before) = instead_of {
            let before = people::find_identity_by_id(&mut view, before).await?;
            message = notices::instead(reader.language, before.as_ref(), message);
        }
        if !moved.is_empty() {
            // Others may need its connection.
            drop(view);
            let readdressed = self.store.insist(&moved, |tx, moved| {
                Box::pin(async move {
                    for (row, notice) in moved {
                        reach::readdress(tx, row, notice.clone()).await?;
                    }
                    Ok(())
                })
            });
            readdressed.await?;
            view = self.store.look().await?;
        }
        if told.is_empty() {
            drop(view);
            return self.acknowledge(&done).await;
        }
        let delivered = told
            .iter()
            .filter(|news| news.happening.comment.is_some() && reader.is_account(news.requester))
            .map(|news| (news.ticket, news.seq))
            .collect();
        let lines = Lines {
            copied: None,
            delivered,
        };
        self.write_lines_to(view, (task, &done), &reader, (&message, lines))
            .await
    }
}

/// One of what is gathered; another version of the program may have put something else there.
fn read(row: OutboxRow) -> Option<Gathered> {
    let (line, everywhere, instead_of) = match row.notice() {
        Ok(Notice::Person {
            ticket,
            seq,
            everywhere,
            gathered: true,
            ..
        }) => ((ticket, seq), everywhere, None),
        Ok(Notice::PersonInstead {
            ticket,
            seq,
            instead_of,
            gathered: true,
            ..
        }) => ((ticket, seq), false, Some(instead_of)),
        _ => return None,
    };
    Some(Gathered {
        row,
        line,
        everywhere,
        instead_of,
    })
}

/// Finds out what of it is to be told to this reader by now, as for each by itself ([`Errands::tell_person`]).
async fn sort(view: &mut View, reader: &Identity, gathered: Vec<Gathered>) -> Result<Sorted, Fault> {
    let lines: Vec<_> = gathered.iter().map(|gathered| gathered.line).collect();
    let news = news::list_news(view, &lines).await?;
    let mut news: HashMap<_, _> = news.into_iter().map(|news| ((news.ticket, news.seq), news)).collect();
    let is_unwanted = match &reader.account {
        Some(account) => told::find_pace(view, account.id).await? == Pace::Never,
        None => false,
    };
    let mut chats: HashMap<AccountId, Option<IdentityId>> = HashMap::new();
    let mut sorted = Sorted::default();
    for Gathered {
        row, line, everywhere, ..
    } in gathered
    {
        let found = news.remove(&line).filter(is_shown);
        let Some(found) = found else {
            sorted.done.push(row);
            continue;
        };
        let is_new = found.happening.event == Event::Opened;
        if may_hear(reader, found.requester, is_new) || is_of(&found.happening, reader) {
            sorted.done.push(row);
            if !is_unwanted {
                sorted.told.push(found);
            }
            continue;
        }
        let latest = match chats.get(&found.requester) {
            Some(latest) => *latest,
            None => accounts::find_chat(view, found.requester).await?,
        };
        chats.insert(found.requester, latest);
        let is_own = is_new && found.happening.actor == found.requester;
        let others_hear = everywhere || is_own || found.happening.is_for_technicians();
        match latest.filter(|latest| *latest != reader.id && !others_hear) {
            Some(latest) => {
                let notice = row.notice()?.gathered_at(latest, None);
                sorted.moved.push((row, notice));
            }
            None => sorted.done.push(row),
        }
    }
    sorted.told.sort_by_key(|news| (news.ticket, news.seq));
    Ok(sorted)
}

/// Of what is deleted, nothing but that is told.
fn is_shown(news: &News) -> bool {
    !news.is_deleted || news.happening.event == Event::Done(Action::Delete)
}
