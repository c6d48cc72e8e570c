//! What became of all that people did: the tables and what everybody could read, compared with the ledger.

use std::collections::{BTreeMap, HashMap, HashSet};

use guichet::domain::platform::Platform;
use sqlx::Row as _;

use super::ledger::{Deed, Ledger, words_in};
use super::site::Site;

/// What an audit found; all but the counts should be empty.
#[derive(Debug, Default)]
pub struct Audit {
    pub tickets: usize,
    pub effects: usize,
    pub notices: usize,
    /// Accepted, and without effect.
    pub lost: Vec<String>,
    /// Handled, and answered that it can't be: what two people did at the same time.
    pub refused: Vec<String>,
    /// With an effect more than once, or an effect of nothing.
    pub doubled: Vec<String>,
    /// Never told to somebody who had to hear of it, without a dead letter.
    pub untold: Vec<String>,
    /// Told before something that happened earlier.
    pub inversions: Vec<String>,
    /// Told, or shown, once more than needed.
    pub repeats: Vec<(Platform, String)>,
    /// The causes of what could not be told.
    pub dead: Vec<String>,
    /// What else is not as it has to be.
    pub broken: Vec<String>,
}

/// A line of a ticket's history.
struct Line {
    ticket: u32,
    seq: u32,
    event: String,
    body: Option<String>,
    requester: u64,
    by_requester: bool,
}

impl Audit {
    /// Looks at everything, once nothing is on its way any more.
    pub async fn of(site: &Site, ledger: &Ledger) -> Self {
        let mut audit = Self::default();
        audit.effects(site, ledger).await;
        audit.states(site, ledger).await;
        let lines = history(site).await;
        let titles = titles(site).await;
        for learner in &site.learners {
            let told: Vec<&Line> = lines.iter().filter(|line| line.requester == learner.identity).collect();
            audit.read(
                &learner.name,
                learner.platform(),
                &told,
                &learner.read(),
                &Reader::Requester,
            );
        }
        for (ticket, title) in &titles {
            let told: Vec<&Line> = lines.iter().filter(|line| line.ticket == *ticket).collect();
            let place = format!("the thread of {ticket}");
            audit.read(&place, Platform::Discord, &told, &site.thread(title), &Reader::Staff);
        }
        audit.cards(&titles, &site.board());
        audit.dead = site
            .tables
            .texts("SELECT CONCAT(dest, ': ', cause) FROM dead_letters")
            .await;
        audit
    }

    async fn effects(&mut self, site: &Site, ledger: &Ledger) {
        let opened = site.tables.texts("SELECT title FROM tickets").await;
        let said = site.tables.texts("SELECT body FROM comments").await;
        self.tickets = opened.len();
        let opened = counts(&opened);
        let said = counts(&said);
        let mut expected = HashSet::new();
        for entry in ledger.entries() {
            let there = if entry.deed == Deed::Opened { &opened } else { &said };
            let times = there.get(&entry.words).copied().unwrap_or_default();
            self.effects += times;
            if times == 0 && entry.accepted {
                let what = format!("{:?} {}", entry.deed, entry.words);
                // The effect and the answer of an update are one transaction: what was handled and not set aside, and
                // has no effect, was refused.
                let handled = format!(
                    "SELECT COUNT(*) FROM inbox WHERE handled_at IS NOT NULL AND cause IS NULL AND raw LIKE '%{}%'",
                    entry.words
                );
                if site.tables.number(&handled).await > 0 {
                    self.refused.push(what);
                } else {
                    self.lost.push(what);
                }
            } else if times > 1 {
                self.doubled
                    .push(format!("{:?} {} {times} times", entry.deed, entry.words));
            }
            expected.insert(entry.words);
        }
        let unknown = opened
            .keys()
            .chain(said.keys())
            .filter(|words| !expected.contains(*words));
        self.doubled
            .extend(unknown.map(|words| format!("{words}, which nobody wrote")));
    }

    async fn states(&mut self, site: &Site, ledger: &Ledger) {
        let closed = site
            .tables
            .texts("SELECT CAST(id AS CHAR) FROM tickets WHERE status = 'closed'")
            .await;
        let closed: HashSet<String> = closed.into_iter().collect();
        let open = ledger
            .ended()
            .into_iter()
            .filter(|ticket| !closed.contains(&ticket.to_string()));
        self.lost.extend(open.map(|ticket| format!("the end of {ticket}")));
        let aside = site
            .tables
            .texts("SELECT cause FROM inbox WHERE cause IS NOT NULL")
            .await;
        self.broken
            .extend(aside.into_iter().map(|cause| format!("set aside: {cause}")));
        for (rows, what) in [
            ("outbox", "notices still wait"),
            ("inbox WHERE answered_at IS NULL", "updates are not answered"),
        ] {
            let count = site.tables.number(&format!("SELECT COUNT(*) FROM {rows}")).await;
            self.broken.extend((count > 0).then(|| format!("{count} {what}")));
        }
        let broken = site.tables.broken_histories().await;
        self.broken
            .extend((broken > 0).then(|| format!("{broken} tickets differ from their history")));
    }

    /// Compares what had to be told to one reader with what they could read.
    fn read(&mut self, who: &str, platform: Platform, lines: &[&Line], texts: &[String], reader: &Reader) {
        let mut told: BTreeMap<(u32, u32), usize> = BTreeMap::new();
        let mut newest: HashMap<u32, u32> = HashMap::new();
        // A notice whose button was pressed may have become the ticket's card, which shows the words too.
        let (cards, notices): (Vec<_>, Vec<_>) = texts.iter().partition(|text| text.contains("N° "));
        for (ticket, seq) in notices.iter().flat_map(|text| reader.told_by(text, lines)) {
            let times = told.entry((ticket, seq)).or_default();
            *times += 1;
            if *times > 1 {
                self.repeats.push((platform, format!("{who}: {seq} of {ticket}")));
                continue;
            }
            let before = newest.entry(ticket).or_default();
            if *before > seq {
                self.inversions.push(format!("{who}: {seq} of {ticket} after {before}"));
            }
            *before = seq.max(*before);
        }
        for shown in cards.iter().flat_map(|text| reader.told_by(text, lines)) {
            told.entry(shown).or_default();
        }
        self.notices += told.len();
        for line in lines.iter().filter(|line| reader.hears(line)) {
            if !told.contains_key(&(line.ticket, line.seq)) {
                let (event, seq, ticket) = (&line.event, line.seq, line.ticket);
                self.untold.push(format!("{who}: {event}, {seq} of {ticket}"));
            }
        }
    }

    /// Every ticket has its card in the place, or is named in a list of new ones.
    fn cards(&mut self, titles: &[(u32, String)], texts: &[String]) {
        let mut unnamed = Vec::new();
        for (ticket, title) in titles {
            let heading = format!("N° {ticket} · ");
            let cards = texts.iter().filter(|text| text.contains(&heading)).count();
            self.notices += cards;
            if !texts.iter().any(|text| text.contains(title)) {
                unnamed.push(format!("the card of {ticket}"));
            }
            let again = (1..cards).map(|_| (Platform::Discord, format!("the card of {ticket}")));
            self.repeats.extend(again);
        }
        // A list names the first twenty, and counts the rest.
        let counted: usize = texts.iter().filter_map(|text| more_in(text)).sum();
        if unnamed.len() > counted {
            self.untold.extend(unnamed);
        }
    }
}

/// How many tickets a list of new ones only counts.
fn more_in(list: &str) -> Option<usize> {
    let rest = list.split_once("… et ")?.1;
    rest.split_once(" de plus")?.0.parse().ok()
}

/// Who reads: what they have to hear of, and by which words they do.
enum Reader {
    Requester,
    Staff,
}

impl Reader {
    fn hears(&self, line: &Line) -> bool {
        match (self, line.event.as_str()) {
            (_, "opened") | (Self::Requester, "noted" | "confirmed" | "withdrawn") => false,
            (Self::Requester, _) => !line.by_requester,
            (Self::Staff, _) => true,
        }
    }

    /// The lines of the history that a message tells.
    fn told_by(&self, text: &str, lines: &[&Line]) -> Vec<(u32, u32)> {
        let sentences: &[(&str, &str)] = match self {
            Self::Requester => &[("taken", "s'occupe de votre demande")],
            Self::Staff => &[("taken", "prend la demande"), ("confirmed", "confirme que c'est réglé")],
        };
        let without_words = sentences.iter().filter_map(|(event, sentence)| {
            let of_this = |line: &&&Line| matches!(self, Self::Staff) || text.contains(&format!("n° {} ", line.ticket));
            let line = lines.iter().find(|line| line.event == *event && of_this(line))?;
            Some((text.find(sentence)?, line))
        });
        let with_words = words_in(text).filter_map(|words| {
            let says = |line: &&&Line| line.body.as_deref().is_some_and(|body| body.contains(words));
            Some((text.find(words)?, lines.iter().find(says)?))
        });
        let told = without_words.chain(with_words).filter(|(_, line)| self.hears(line));
        let mut told: Vec<_> = told.map(|(at, line)| (at, (line.ticket, line.seq))).collect();
        // In the order of reading: late lines are told in one message.
        told.sort_unstable();
        told.into_iter().map(|(_, line)| line).collect()
    }
}

fn counts(texts: &[String]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for words in texts.iter().flat_map(|text| words_in(text)) {
        *counts.entry(words.to_owned()).or_default() += 1;
    }
    counts
}

async fn titles(site: &Site) -> Vec<(u32, String)> {
    let rows = sqlx::query("SELECT CAST(id AS UNSIGNED), title FROM tickets ORDER BY id").fetch_all(&site.database);
    let rows = rows.await.expect("the tickets");
    rows.iter().map(|row| (number(row, 0), row.get(1))).collect()
}

async fn history(site: &Site) -> Vec<Line> {
    let rows = sqlx::query(
        "SELECT h.ticket_id, CAST(h.seq AS UNSIGNED), h.event, c.body, t.identity_id,
                CAST(h.actor_id = t.requester_id AS UNSIGNED)
         FROM history h JOIN tickets t ON t.id = h.ticket_id LEFT JOIN comments c ON c.id = h.comment_id
         ORDER BY h.ticket_id, h.seq",
    )
    .fetch_all(&site.database)
    .await
    .expect("the history");
    let line = |row| Line {
        ticket: number(row, 0),
        seq: number(row, 1),
        event: row.get(2),
        body: row.get(3),
        requester: row.get(4),
        by_requester: row.get::<u64, _>(5) == 1,
    };
    rows.iter().map(line).collect()
}

fn number(row: &sqlx::mysql::MySqlRow, at: usize) -> u32 {
    u32::try_from(row.get::<u64, _>(at)).expect("a small number")
}
