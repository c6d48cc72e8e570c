//! Change a ticket's urgency, category, title or description.

use super::Error;
use super::record::{Happened, record};
use crate::domain::account::Actor;
use crate::domain::edit::Edit;
use crate::domain::ids::TicketId;
use crate::domain::ticket::Ticket;
use crate::domain::transition::Refusal;
use crate::store::history::Event;
use crate::store::{Fault, Tx, categories, deletions, tickets};

/// Changes it, if this person may now; `None` when it was so already, which is no change.
///
/// # Errors
/// The [`Refusal`] of the transition table, or a [`Fault`].
pub async fn edit(tx: &mut Tx, by: &Actor, id: TicketId, edit: &Edit) -> Result<Option<Ticket>, Error> {
    // First, as for every deed on a ticket.
    deletions::hold_actor(tx, by).await?;
    let before = tickets::lock(tx, id).await?.ok_or(Refusal::NotFound)?;
    let transition = before.permit(edit.action(), by)?;
    if edit.applied(&before) == before {
        return Ok(None);
    }
    let details = details(tx, &before, edit).await?;
    let after = tickets::edit(tx, &before, &transition, edit).await?;
    let happened = Happened {
        event: Event::Done(transition.action()),
        before: Some(before.state),
        comment: None,
        details: Some(details),
        by,
        written_in: None,
    };
    record(tx, &after, happened).await?;
    Ok(Some(after))
}

/// Before and after, as the history keeps them: words, or the codes of what can be chosen.
async fn details(tx: &mut Tx, before: &Ticket, edit: &Edit) -> Result<(String, String), Fault> {
    Ok(match edit {
        Edit::Urgency(urgency) => (before.urgency.code().to_owned(), urgency.code().to_owned()),
        Edit::Category(category) => {
            let all = categories::list(tx).await?;
            let known = all.into_iter().find(|known| known.id == before.category);
            (known.map(|known| known.code).unwrap_or_default(), category.code.clone())
        }
        Edit::Title(title) => (before.title.clone(), title.to_string()),
        Edit::Description(description) => (before.description.clone(), description.to_string()),
    })
}
