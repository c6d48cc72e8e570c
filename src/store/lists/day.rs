//! What waits for somebody, and why. A reason more is a variant of [`Waits`], with the key along which its tickets are found.

use sqlx::{FromRow, QueryBuilder};

use super::{BY_URGENCY, HELPED, LINE, SORTED, TicketLine, TicketLineRow};
use crate::domain::ids::AccountId;
use crate::domain::permission::{EveryTicket, Permit};
use crate::domain::ticket::Urgency;
use crate::store::{Fault, View};

/// Why a ticket is part of somebody's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// They asked for it, and are asked something.
    ForYourAnswer,
    /// They asked for it, and are to say whether it is solved.
    ForYourWord,
    /// They are in charge of it.
    ForYourWork,
    /// They are in charge of it, and whoever asked is asked something.
    ForTheirAnswer,
    /// They help with it.
    ForYourHelp,
    /// Nobody is in charge of it.
    ForSomebody,
}

impl Waits {
    /// All reasons, in the order in which a day shows them.
    pub const ALL: [Self; 6] = [
        Self::ForYourAnswer,
        Self::ForYourWord,
        Self::ForYourWork,
        Self::ForTheirAnswer,
        Self::ForYourHelp,
        Self::ForSomebody,
    ];

    /// The code of its sentence, and by which its lines come back from the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ForYourAnswer => "your-answer",
            Self::ForYourWord => "your-word",
            Self::ForYourWork => "your-work",
            Self::ForTheirAnswer => "their-answer",
            Self::ForYourHelp => "your-help",
            Self::ForSomebody => "somebody",
        }
    }

    /// Where such tickets of one account are found, up to its number.
    fn source(self) -> &'static str {
        match self {
            Self::ForYourAnswer => {
                " FROM tickets t FORCE INDEX (tickets_requester)
                 WHERE t.is_open = TRUE AND t.status = 'awaiting_info' AND t.requester_id = "
            }
            Self::ForYourWord => {
                " FROM tickets t FORCE INDEX (tickets_requester)
                 WHERE t.is_open = TRUE AND t.status = 'resolved' AND t.requester_id = "
            }
            Self::ForYourWork => {
                " FROM tickets t FORCE INDEX (tickets_technician) WHERE t.status = 'in_progress' AND t.technician_id = "
            }
            Self::ForTheirAnswer => {
                " FROM tickets t FORCE INDEX (tickets_technician) WHERE t.status = 'awaiting_info' AND t.technician_id = "
            }
            Self::ForYourHelp => HELPED,
            // Whoever it is.
            Self::ForSomebody => " FROM tickets t FORCE INDEX (tickets_status) WHERE t.status = 'waiting' AND 0 < ",
        }
    }
}

/// Lists what waits for somebody, by why: of each at most `limit`, the most urgent first. What staff see is part of it
/// with a permit.
///
/// # Errors
/// [`Fault`].
pub async fn list_day(
    view: &mut View,
    permit: Option<Permit<EveryTicket>>,
    account: AccountId,
    limit: u32,
) -> Result<Vec<(Waits, TicketLine)>, Fault> {
    #[derive(FromRow)]
    struct DayRow {
        waits: String,
        #[sqlx(flatten)]
        line: TicketLineRow,
    }
    let own = [Waits::ForYourAnswer, Waits::ForYourWord];
    let reasons = if permit.is_some() { &Waits::ALL[..] } else { &own };
    let mut query = QueryBuilder::new("SELECT p.waits, ");
    query.push(LINE).push(" FROM (");
    let mut union = "";
    for waits in reasons {
        if *waits == Waits::ForYourHelp {
            query.push(union).push("(SELECT ").push_bind(waits.code());
            union = " UNION ALL ";
            query.push(" AS waits, p.* FROM (SELECT ").push(SORTED);
            query.push(waits.source()).push_bind(account.0);
            query.push(" AND t.status IN ('in_progress', 'awaiting_info')) AS p ORDER BY ");
            query.push(BY_URGENCY).push(" LIMIT ").push_bind(limit).push(")");
            continue;
        }
        for urgency in Urgency::ALL {
            query.push(union).push("(SELECT ").push_bind(waits.code());
            query.push(" AS waits, ").push(SORTED);
            query.push(waits.source()).push_bind(account.0);
            query.push(" AND t.urgency = ").push_bind(urgency.code());
            query
                .push(" ORDER BY t.opened_at, t.id LIMIT ")
                .push_bind(limit)
                .push(")");
            union = " UNION ALL ";
        }
    }
    query.push(") AS p LEFT JOIN accounts a ON a.id = p.technician_id ORDER BY ");
    query.push(BY_URGENCY);
    let rows: Vec<DayRow> = query.build_query_as().fetch_all(view.db()).await?;
    let mut day = Vec::new();
    for row in rows {
        let waits = Waits::ALL.into_iter().find(|waits| waits.code() == row.waits);
        let waits = waits.ok_or_else(|| Fault::Unreadable(row.waits.clone()))?;
        day.push((waits, row.line.try_into()?));
    }
    Ok(day)
}
