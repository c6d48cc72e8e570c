//! Reactions: who reads the copy of what somebody wrote says by one that they have read it, or that it is done.

use super::intent::Inbound;
use crate::domain::account::Actor;
use crate::domain::action::Action;
use crate::domain::receipt::Receipt;
use crate::store::copies::{self, MessageAt};
use crate::store::outbox::{self, Notice};
use crate::store::{Fault, Tx, people, retractions, tickets};

/// Has whoever wrote what stands in a message see it. From others than its readers, and from its author, it is nothing.
pub(super) async fn note(tx: &mut Tx, inbound: &Inbound, message_id: &str, receipt: Receipt) -> Result<(), Fault> {
    let spot = &inbound.place.spot;
    let person = people::find_identity(tx, inbound.platform, &inbound.who.user_id, spot).await?;
    let Some((account, identity)) = person.and_then(|(person, _)| person.account.map(|account| (account, person.id)))
    else {
        return Ok(());
    };
    let by = Actor {
        account: account.id,
        identity,
        role: account.role,
    };
    let at = MessageAt {
        platform: inbound.platform,
        chat: &spot.chat,
        message_id,
    };
    let mut notices = Vec::new();
    for (ticket, comment) in copies::list_comments(tx, at).await? {
        let ticket = tickets::find(tx, ticket).await?;
        let may_read = ticket.is_some_and(|ticket| ticket.permit(Action::View, &by).is_ok());
        let found = retractions::find(tx, comment).await?;
        if !may_read || found.is_none_or(|found| found.author == by.account) {
            continue;
        }
        if let Some((identity, _)) = copies::find_original(tx, comment).await? {
            notices.push(Notice::Marked {
                identity,
                comment,
                receipt,
            });
        }
    }
    outbox::insert(tx, &notices).await
}
