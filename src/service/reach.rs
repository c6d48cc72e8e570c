//! People and places that can't be written to: they are marked, whoever has to know is told, and once there is a way
//! again, what was missed is told after all.
//!
//! Each function is one step in the transaction of whatever found it: a delivery that failed or went well, or an update.

use crate::domain::ids::{IdentityId, LetterId, PlaceId, TicketId};
use crate::domain::obstacle::Obstacle;
use crate::domain::platform::Platform;
use crate::store::letters::Purpose;
use crate::store::outbox::{self, Notice, OutboxRow};
use crate::store::places::StaffPlace;
use crate::store::{
    Fault, Store, Tx, accounts, copies, dead_letters, history, letters, own_cards, people, places, reach, tickets,
};

/// A notice that did not get to its reader.
#[derive(Clone, Copy, Debug)]
pub struct Undelivered<'a> {
    /// Its row in the outbox.
    pub row: &'a OutboxRow,
    /// Why.
    pub obstacle: Obstacle,
    /// The platform's words.
    pub cause: &'a str,
    /// It was not tried, since there was a mark. Where the mark has gone meanwhile, it is left to be tried.
    pub known: bool,
}

/// How many gathered lines go another way in one transaction, which has ten seconds.
const AT_ONCE: u32 = 500;

/// A line of a ticket's history that a person did not get.
#[derive(Clone, Copy, Debug)]
pub struct Missed {
    /// The chat in which they can't be reached.
    pub identity: IdentityId,
    /// The ticket.
    pub ticket: TicketId,
    /// The line.
    pub seq: u32,
    /// Their other chats were told as well.
    pub everywhere: bool,
}

/// A person could not be told: the word goes to another of their chats, or is kept for this one where the others have it
/// already. Where there is none, it is kept, and staff are told, once for each ticket and chat.
///
/// # Errors
/// [`Fault`].
pub async fn person_missed(tx: &mut Tx, undelivered: Undelivered<'_>, missed: Missed) -> Result<(), Fault> {
    let Missed {
        identity,
        ticket,
        seq,
        everywhere,
    } = missed;
    if everywhere {
        hold_owner(tx, identity).await?;
    }
    if reach::lock_person(tx, identity).await?.is_none() && undelivered.known {
        return Ok(());
    }
    let newly = reach::mark_person(tx, identity, undelivered.obstacle).await?;
    let Some(other) = people::find_other_chat(tx, identity).await? else {
        return bury_and_tell(tx, undelivered, identity, ticket).await;
    };
    if everywhere {
        return keep(tx, undelivered).await;
    }
    let instead = if newly {
        Notice::PersonInstead {
            identity: other,
            ticket,
            seq,
            instead_of: identity,
            gathered: false,
        }
    } else {
        Notice::Person {
            identity: other,
            ticket,
            seq,
            everywhere,
            gathered: false,
        }
    };
    readdress(tx, undelivered.row, instead).await
}

/// What was gathered for a person could not be told: all of it, or the oldest of very much, goes the way that
/// [`person_missed`] describes, and is told in another chat in one message as well.
///
/// # Errors
/// [`Fault`].
pub async fn digest_missed(tx: &mut Tx, undelivered: Undelivered<'_>, identity: IdentityId) -> Result<(), Fault> {
    hold_owner(tx, identity).await?;
    if reach::lock_person(tx, identity).await?.is_none() && undelivered.known {
        return Ok(());
    }
    let newly = reach::mark_person(tx, identity, undelivered.obstacle).await?;
    let other = people::find_other_chat(tx, identity).await?;
    let mut moved = Vec::new();
    for row in outbox::list_behind(tx, undelivered.row, AT_ONCE).await? {
        let of_row = Undelivered {
            row: &row,
            ..undelivered
        };
        let notice = row.notice().ok();
        let Some((ticket, notice)) = notice.and_then(|notice| Some((notice.ticket()?, notice))) else {
            keep(tx, of_row).await?;
            continue;
        };
        match other {
            None => bury_and_tell(tx, of_row, identity, ticket).await?,
            // The others have it already.
            Some(_) if matches!(notice, Notice::Person { everywhere: true, .. }) => keep(tx, of_row).await?,
            Some(other) => {
                if outbox::acknowledge(tx, &row).await? {
                    moved.push(notice.gathered_at(other, newly.then_some(identity)));
                }
            }
        }
    }
    outbox::insert(tx, &moved).await
}

/// Two chats of somebody that can't be reached at the same instant go one after the other, so that one of them finds no
/// other.
async fn hold_owner(tx: &mut Tx, identity: IdentityId) -> Result<(), Fault> {
    let owner = people::find_identity_by_id(tx, identity)
        .await?
        .and_then(|chat| chat.account);
    match owner {
        Some(owner) => accounts::hold(tx, owner.id).await,
        None => Ok(()),
    }
}

/// Keeps a word that a person has no other chat for; staff are told, once for each ticket and chat.
async fn bury_and_tell(
    tx: &mut Tx,
    undelivered: Undelivered<'_>,
    identity: IdentityId,
    ticket: TicketId,
) -> Result<(), Fault> {
    let told = dead_letters::is_missed(tx, identity, ticket).await?;
    if bury(tx, undelivered).await? && !told {
        tell_staff(tx, identity, ticket).await?;
    }
    Ok(())
}

/// An admin could not be told that a place is lost: the word goes to another of their chats, or is kept.
///
/// # Errors
/// [`Fault`].
pub async fn admin_missed(
    tx: &mut Tx,
    undelivered: Undelivered<'_>,
    identity: IdentityId,
    place: PlaceId,
) -> Result<(), Fault> {
    if reach::lock_person(tx, identity).await?.is_none() && undelivered.known {
        return Ok(());
    }
    reach::mark_person(tx, identity, undelivered.obstacle).await?;
    match people::find_other_chat(tx, identity).await? {
        Some(identity) => readdress(tx, undelivered.row, Notice::PlaceLost { identity, place }).await,
        None => keep(tx, undelivered).await,
    }
}

/// A chat could not be told of its owner's account (its chats, role or password): the word is kept.
///
/// # Errors
/// [`Fault`].
pub async fn chat_missed(tx: &mut Tx, undelivered: Undelivered<'_>, identity: IdentityId) -> Result<(), Fault> {
    if reach::lock_person(tx, identity).await?.is_none() && undelivered.known {
        return Ok(());
    }
    reach::mark_person(tx, identity, undelivered.obstacle).await?;
    keep(tx, undelivered).await
}

/// A letter is not taken: it is kept, and whoever asked for it in a chat is told there.
///
/// # Errors
/// [`Fault`].
pub async fn letter_missed(tx: &mut Tx, undelivered: Undelivered<'_>, id: LetterId) -> Result<(), Fault> {
    let letter = letters::find(tx, id).await?;
    let Some(letter) = letter.filter(|_| undelivered.obstacle == Obstacle::Refused) else {
        return keep(tx, undelivered).await;
    };
    let is_buried = bury(tx, undelivered).await?;
    if let (true, Purpose::Confirmation(identity)) = (is_buried, letter.purpose) {
        outbox::insert(tx, &[Notice::LetterRefused { identity, letter: id }]).await?;
    }
    Ok(())
}

/// A place could not be told: the word is kept, every admin is told in private, once, and whoever asked, once for each
/// ticket, that the team can't read yet what they wrote.
///
/// # Errors
/// [`Fault`].
pub async fn place_missed(tx: &mut Tx, undelivered: Undelivered<'_>, place: PlaceId) -> Result<(), Fault> {
    if reach::lock_place(tx, place).await?.is_none() && undelivered.known {
        return Ok(());
    }
    place_lost(tx, place, undelivered.obstacle).await?;
    let Ok(Notice::Thread { ticket, seq, .. }) = undelivered.row.notice() else {
        return keep(tx, undelivered).await;
    };
    let unread = unread_words(tx, place, (ticket, seq)).await?;
    if bury(tx, undelivered).await? {
        outbox::insert(tx, unread.as_slice()).await?;
    }
    Ok(())
}

/// What tells whoever asked that the words of this line can't be read in the place; nothing where it has no words of
/// theirs, or where they know that of the ticket.
async fn unread_words(tx: &mut Tx, place: PlaceId, (ticket, seq): (TicketId, u32)) -> Result<Option<Notice>, Fault> {
    let line = history::find(tx, ticket, seq).await?;
    let Some((author, comment)) = line.and_then(|line| Some((line.actor, line.comment?))) else {
        return Ok(None);
    };
    let requester = tickets::find(tx, ticket).await?.map(|ticket| ticket.requester);
    if requester != Some(author) || dead_letters::holds_words_of(tx, place, ticket, author).await? {
        return Ok(None);
    }
    let identity = match copies::find_original(tx, comment).await? {
        Some((identity, _)) => Some(identity),
        None => accounts::find_chat(tx, author).await?,
    };
    Ok(identity.map(|identity| Notice::Unread { identity, ticket, seq }))
}

/// Keeps a notice that can't be delivered, for no fault of its reader's.
///
/// # Errors
/// [`Fault`].
pub async fn keep(tx: &mut Tx, undelivered: Undelivered<'_>) -> Result<(), Fault> {
    bury(tx, undelivered).await.map(drop)
}

async fn bury(tx: &mut Tx, undelivered: Undelivered<'_>) -> Result<bool, Fault> {
    dead_letters::bury(tx, undelivered.row, undelivered.obstacle, undelivered.cause).await
}

/// Has somebody else told instead.
///
/// # Errors
/// [`Fault`].
pub async fn readdress(tx: &mut Tx, row: &OutboxRow, by: Notice) -> Result<(), Fault> {
    if outbox::acknowledge(tx, row).await? {
        outbox::insert(tx, &[by]).await?;
    }
    Ok(())
}

/// Tells every staff place that the requester did not get a word. An admin who misses a ping is none.
async fn tell_staff(tx: &mut Tx, identity: IdentityId, ticket: TicketId) -> Result<(), Fault> {
    let reader = people::find_identity_by_id(tx, identity).await?;
    let account = reader.and_then(|reader| reader.account).map(|account| account.id);
    let requester = tickets::find(tx, ticket).await?.map(|ticket| ticket.requester);
    if account.is_none() || account != requester {
        return Ok(());
    }
    let told = places::list(tx).await?.into_iter().map(|place| Notice::Unreached {
        place: place.id,
        ticket,
        identity,
    });
    outbox::insert(tx, &told.collect::<Vec<_>>()).await
}

/// A person can't be reached any more, as the platform says without being asked.
///
/// # Errors
/// [`Fault`].
pub async fn person_gone(tx: &mut Tx, identity: IdentityId, obstacle: Obstacle) -> Result<(), Fault> {
    reach::mark_person(tx, identity, obstacle).await.map(drop)
}

/// A person can be reached again: what they missed goes out before anything newer. Of very much, a part goes out, and
/// the mark stays, in doubt, so that the next word which gets through comes here again, for more.
///
/// # Errors
/// [`Fault`].
pub async fn person_back(tx: &mut Tx, identity: IdentityId) -> Result<(), Fault> {
    if reach::lock_person(tx, identity).await?.is_none() {
        return Ok(());
    }
    if dead_letters::revive_for_person(tx, identity).await? {
        reach::clear_person(tx, identity).await?;
    } else {
        reach::doubt_person(tx, identity).await?;
    }
    show_stale_cards(tx, identity).await
}

/// Has the cards in somebody's chat brought up to date that could not be for a while.
pub(super) async fn show_stale_cards(tx: &mut Tx, chat: IdentityId) -> Result<(), Fault> {
    let stale = own_cards::list_stale(tx, chat).await?;
    outbox::insert(tx, &stale).await
}

/// Has some cards brought up to date that could not be, in chats that can be reached.
///
/// # Errors
/// [`Fault`].
pub async fn show_overdue_cards(store: &Store) -> Result<(), Fault> {
    let mut tx = store.begin().await?;
    let overdue = own_cards::list_overdue(&mut tx, AT_ONCE).await?;
    outbox::insert(&mut tx, &overdue).await?;
    tx.commit().await
}

/// A place can't be written to any more. Every admin is told in private, once.
///
/// # Errors
/// [`Fault`].
pub async fn place_lost(tx: &mut Tx, place: PlaceId, obstacle: Obstacle) -> Result<(), Fault> {
    if !reach::mark_place(tx, place, obstacle).await? {
        return Ok(());
    }
    let admins = people::list_admin_identities(tx, None).await?;
    let told = admins.into_iter().map(|told| Notice::PlaceLost {
        identity: told.identity,
        place,
    });
    outbox::insert(tx, &told.collect::<Vec<_>>()).await
}

/// A place can be written to again: what it missed goes out, of very much a part at a time as with [`person_back`], and
/// at last the cards of open tickets are brought up to date.
///
/// # Errors
/// [`Fault`].
pub async fn place_back(tx: &mut Tx, place: PlaceId) -> Result<(), Fault> {
    if reach::lock_place(tx, place).await?.is_some() && revive_place(tx, place).await? {
        show_open_tickets(tx, place).await?;
    }
    Ok(())
}

/// Whether that was all.
pub(super) async fn revive_place(tx: &mut Tx, place: PlaceId) -> Result<bool, Fault> {
    let all = dead_letters::revive_for_place(tx, place).await?;
    if all {
        reach::clear_place(tx, place).await?;
    } else {
        reach::doubt_place(tx, place).await?;
    }
    Ok(all)
}

/// The chat of a place has another id now; whoever finds it first writes it down.
///
/// # Errors
/// [`Fault`].
pub async fn place_moved(tx: &mut Tx, platform: Platform, from: &str, to: &str) -> Result<(), Fault> {
    if let Some(place) = places::find_at(tx, platform, from).await? {
        places::move_to(tx, &place, to).await?;
        if places::find(tx, place.id).await?.is_some() {
            show_open_tickets(tx, place.id).await?;
        }
    }
    Ok(())
}

/// Something was heard from a place: where it was silent, that shows that it is there again.
///
/// # Errors
/// [`Fault`].
pub async fn place_heard(tx: &mut Tx, place: &StaffPlace) -> Result<(), Fault> {
    match place.lost {
        Some(mark) if mark.obstacle.is_silence() => place_back(tx, place.id).await,
        _ => Ok(()),
    }
}

pub(super) async fn show_open_tickets(tx: &mut Tx, place: PlaceId) -> Result<(), Fault> {
    let open = tickets::list_open(tx).await?;
    let cards = open.into_iter().map(|ticket| Notice::Card { place, ticket });
    outbox::insert(tx, &cards.collect::<Vec<_>>()).await
}
