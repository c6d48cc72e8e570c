//! Tickets found by their words.
//!
//! Whatever inserts a text of a ticket adds its words, so that a look at some words takes no longer with many
//! tickets. What a text said before a change stays findable, as it stays in the history.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::QueryBuilder;

use super::lists::{TicketLine, TicketLineRow};
use super::{Fault, Store, Tx, View, in_round_numbers};
use crate::domain::ids::{AccountId, CategoryId, CommentId, TicketId};
use crate::domain::permission::{EveryTicket, Permit};
use crate::domain::words::words_of;

/// Among how many of the newest tickets that have the rarest of the words the others are looked for.
pub const AMONG: u32 = 1_000;
/// Among how many of somebody's own tickets is looked, of the closed and of the others, those that changed last.
const AMONG_OWN: u32 = 300;
/// By how many words is looked for.
const WORDS: usize = 8;
/// By how many words one ticket is found, however much is written on it: what is purged goes in one statement.
const MOST: u32 = 2_000;
/// The tickets of how many numbers are read at once, of those that were there before the search was: a short transaction.
const READ_AT_ONCE: u64 = 10;

/// Who reads a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Readers {
    /// Whoever asked, and staff.
    Both,
    /// Staff alone.
    Staff,
}

/// Adds the words of a new ticket.
///
/// # Errors
/// [`Fault`].
pub(super) async fn add(tx: &mut Tx, ticket: TicketId, text: &str) -> Result<(), Fault> {
    insert(tx, ticket, &words_of(text), Readers::Both).await
}

/// Adds the words of one more text of a ticket, unless it has very many already.
///
/// # Errors
/// [`Fault`].
pub(super) async fn add_more(tx: &mut Tx, ticket: TicketId, text: &str, readers: Readers) -> Result<(), Fault> {
    let words = words_of(text);
    let known = sqlx::query_scalar!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM ticket_words WHERE ticket_id = ? LIMIT ?) AS w",
        ticket.0,
        MOST
    );
    if words.is_empty() || known.fetch_one(tx.db()).await? >= i64::from(MOST) {
        return Ok(());
    }
    insert(tx, ticket, &words, readers).await
}

async fn insert(tx: &mut Tx, ticket: TicketId, words: &BTreeSet<String>, readers: Readers) -> Result<(), Fault> {
    let words: Vec<&String> = words.iter().take(MOST as usize).collect();
    if words.is_empty() {
        return Ok(());
    }
    let mut query = QueryBuilder::new("INSERT INTO ticket_words (word, ticket_id, staff_only) ");
    query.push_values(in_round_numbers(&words), |mut row, word| {
        row.push_bind(*word).push_bind(ticket.0);
        row.push_bind(readers == Readers::Staff);
    });
    // A word of a note that its requester may read elsewhere is no secret.
    query.push(" ON DUPLICATE KEY UPDATE staff_only = staff_only AND VALUES(staff_only)");
    query.build().execute(tx.db()).await?;
    Ok(())
}

/// Forgets the words of a comment that was taken back, now and before, but for those that stand elsewhere on the ticket.
///
/// # Errors
/// [`Fault`].
pub(super) async fn forget(tx: &mut Tx, ticket: TicketId, comment: CommentId) -> Result<(), Fault> {
    let texts = sqlx::query!(
        r#"SELECT CONCAT(title, ' ', description) AS "text!", FALSE AS "is_note!: bool", FALSE AS "is_gone!: bool"
           FROM tickets WHERE id = ?
           UNION ALL
           SELECT body, kind = 'note', id = ? FROM comments WHERE ticket_id = ? AND (retracted_at IS NULL OR id = ?)
           UNION ALL
           SELECT CONCAT(COALESCE(h.detail_before, ''), ' ', COALESCE(h.detail_after, '')), COALESCE(c.kind = 'note', FALSE),
                  COALESCE(c.retracted_at IS NOT NULL, FALSE)
           FROM history h LEFT JOIN comments c ON c.id = h.comment_id
           WHERE h.ticket_id = ? AND h.detail_after IS NOT NULL
           UNION ALL
           SELECT answer, FALSE, FALSE FROM ticket_answers WHERE ticket_id = ?"#,
        ticket.0,
        comment.0,
        ticket.0,
        comment.0,
        ticket.0,
        ticket.0,
    );
    let (mut gone, mut both, mut staff) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for row in texts.fetch_all(tx.db()).await? {
        let words = words_of(&row.text);
        match (row.is_gone, row.is_note) {
            (true, _) => gone.extend(words),
            (false, true) => staff.extend(words),
            (false, false) => both.extend(words),
        }
    }
    let gone: Vec<&String> = gone.difference(&both).collect();
    if gone.is_empty() {
        return Ok(());
    }
    let (left, none): (Vec<&String>, Vec<&String>) = gone.into_iter().partition(|word| staff.contains(*word));
    for (words, change) in [
        (none, "DELETE FROM ticket_words"),
        (left, "UPDATE ticket_words SET staff_only = TRUE"),
    ] {
        if words.is_empty() {
            continue;
        }
        let mut query = QueryBuilder::new(change);
        query
            .push(" WHERE ticket_id = ")
            .push_bind(ticket.0)
            .push(" AND word IN (");
        let mut each = query.separated(", ");
        for word in in_round_numbers(&words) {
            each.push_bind(*word);
        }
        query.push(")").build().execute(tx.db()).await?;
    }
    Ok(())
}

/// What a look for some words found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The newest that have all of the words, as many as were asked for.
    pub lines: Vec<TicketLine>,
    /// Of very many tickets with the rarest word, older ones were left out.
    pub is_cut: bool,
}

/// Looks for the newest tickets of everybody that have all of these words, as [`words_of`] gives them.
///
/// # Errors
/// [`Fault`].
pub async fn find_all(
    view: &mut View,
    _permit: Permit<EveryTicket>,
    words: &BTreeSet<String>,
    limit: u32,
) -> Result<Found, Fault> {
    let mut counts = QueryBuilder::new("");
    let mut each = counts.separated(" UNION ALL ");
    for word in words.iter().take(WORDS) {
        each.push("SELECT COUNT(*) AS count FROM (SELECT 1 FROM ticket_words WHERE word = ")
            .push_bind_unseparated(word)
            .push_unseparated(" LIMIT ")
            .push_bind_unseparated(AMONG)
            .push_unseparated(") AS w");
    }
    let counts: Vec<i64> = counts.build_query_scalar().fetch_all(view.db()).await?;
    let mut words: Vec<(i64, &String)> = counts.into_iter().zip(words).collect();
    words.sort();
    let Some(((count, rarest), others)) = words.split_first() else {
        return Ok(Found {
            lines: Vec::new(),
            is_cut: false,
        });
    };
    let mut query = QueryBuilder::new(LINES);
    query
        .push("(SELECT ticket_id AS id FROM ticket_words WHERE word = ")
        .push_bind(rarest)
        .push(" ORDER BY ticket_id DESC LIMIT ")
        .push_bind(AMONG)
        .push(") AS c");
    let others = others.iter().map(|(_, word)| word.as_str());
    Ok(Found {
        lines: list(view, query, others, Readers::Staff, limit).await?,
        is_cut: *count >= i64::from(AMONG),
    })
}

/// The same among the tickets that somebody asked for, the 300 of each kind that changed last, without what only staff read.
///
/// # Errors
/// [`Fault`].
pub async fn find_of(
    view: &mut View,
    requester: AccountId,
    words: &BTreeSet<String>,
    limit: u32,
) -> Result<Found, Fault> {
    let mut query = QueryBuilder::new(LINES);
    let mut union = "(";
    for is_open in [true, false] {
        query
            .push(union)
            .push("(SELECT id FROM tickets FORCE INDEX (tickets_requester) WHERE requester_id = ")
            .push_bind(requester.0)
            .push(" AND is_open = ")
            .push_bind(is_open)
            .push(" ORDER BY changed_at DESC, id DESC LIMIT ")
            .push_bind(AMONG_OWN)
            .push(")");
        union = " UNION ALL ";
    }
    query.push(") AS c");
    let words = words.iter().take(WORDS).map(String::as_str);
    Ok(Found {
        lines: list(view, query, words, Readers::Both, limit).await?,
        is_cut: false,
    })
}

/// How many people asked for the newest tickets with a word that are in a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryCount {
    /// The word.
    pub word: String,
    /// The category.
    pub category: CategoryId,
    /// How many people.
    pub people: i64,
}

/// Counts, by category, who asked for the newest tickets with these words, `among` of each word. Words that stand in notes
/// alone don't count.
///
/// # Errors
/// [`Fault`].
pub async fn count_categories(view: &mut View, words: &[&String], among: u32) -> Result<Vec<CategoryCount>, Fault> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = QueryBuilder::new("SELECT w.word, t.category_id, COUNT(DISTINCT t.requester_id) FROM (");
    let mut each = query.separated(" UNION ALL ");
    for word in in_round_numbers(words) {
        each.push("(SELECT word, ticket_id, staff_only FROM ticket_words WHERE word = ")
            .push_bind_unseparated(*word)
            .push_unseparated(" ORDER BY ticket_id DESC LIMIT ")
            .push_bind_unseparated(among)
            .push_unseparated(")");
    }
    query.push(
        ") AS w JOIN tickets t ON t.id = w.ticket_id AND t.status <> 'deleted'
         WHERE NOT w.staff_only GROUP BY w.word, t.category_id",
    );
    let rows: Vec<(String, u64, i64)> = query.build_query_as().fetch_all(view.db()).await?;
    let counts = rows.into_iter().map(|(word, category, people)| CategoryCount {
        word,
        category: CategoryId(category),
        people,
    });
    Ok(counts.collect())
}

/// Left to itself the database might begin with the tickets.
const LINES: &str = "SELECT STRAIGHT_JOIN t.id, t.title, t.status, t.urgency, t.changed_at, a.name AS technician FROM ";

/// The lines of those candidates that have these words too.
async fn list<'a>(
    view: &mut View,
    mut query: QueryBuilder<sqlx::MySql>,
    words: impl Iterator<Item = &'a str>,
    readers: Readers,
    limit: u32,
) -> Result<Vec<TicketLine>, Fault> {
    for (number, word) in words.enumerate() {
        let with = format!("w{number}");
        query.push(format!(
            " JOIN ticket_words {with} ON {with}.ticket_id = c.id AND {with}.word = "
        ));
        query.push_bind(word.to_owned());
        if readers == Readers::Both {
            query.push(format!(" AND {with}.staff_only = FALSE"));
        }
    }
    query.push(
        " JOIN tickets t ON t.id = c.id AND t.status <> 'deleted' LEFT JOIN accounts a ON a.id = t.technician_id
         ORDER BY c.id DESC LIMIT ",
    );
    query.push_bind(limit);
    let rows: Vec<TicketLineRow> = query.build_query_as().fetch_all(view.db()).await?;
    rows.into_iter().map(TicketLine::try_from).collect()
}

impl Store {
    /// Reads the words of some tickets that were there before the search was, the newest first. Whether there are more.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn read_older_tickets(&self) -> Result<bool, Fault> {
        self.transact(&(), |tx, ()| Box::pin(read_some(tx))).await
    }
}

async fn read_some(tx: &mut Tx) -> Result<bool, Fault> {
    let last = sqlx::query_scalar!("SELECT last_id FROM unread_tickets FOR UPDATE");
    let Some(last) = last.fetch_optional(tx.db()).await? else {
        return Ok(false);
    };
    let before = last.saturating_sub(READ_AT_ONCE);
    let texts = sqlx::query!(
        r#"SELECT id AS "ticket!", CONCAT(title, ' ', description) AS "text!", FALSE AS "is_note!: bool"
           FROM tickets WHERE id > ? AND id <= ?
           UNION ALL
           SELECT ticket_id, body, kind = 'note' FROM comments
           WHERE ticket_id > ? AND ticket_id <= ? AND retracted_at IS NULL"#,
        before,
        last,
        before,
        last,
    );
    let mut words: BTreeMap<(u64, Readers), BTreeSet<String>> = BTreeMap::new();
    for row in texts.fetch_all(tx.db()).await? {
        let readers = if row.is_note { Readers::Staff } else { Readers::Both };
        words
            .entry((row.ticket, readers))
            .or_default()
            .extend(words_of(&row.text));
    }
    for ((ticket, readers), words) in words {
        insert(tx, TicketId(ticket), &words, readers).await?;
    }
    if before == 0 {
        sqlx::query!("DELETE FROM unread_tickets").execute(tx.db()).await?;
    } else {
        sqlx::query!("UPDATE unread_tickets SET last_id = ?", before)
            .execute(tx.db())
            .await?;
    }
    Ok(before > 0)
}
