//! Every use case beside a thousand tickets, a hundred thousand and a million.

use std::time::Duration;

use guichet::sandbox::{Answer, Missed, Seen};
use sqlx::AssertSqlSafe;
use tokio::time::Instant;

use super::Bench;
use super::people::{PATIENCE, Room, open};
use crate::chaos::figures::{Figures, Times};
use crate::chaos::person::Person;

const SCENE: &str = "growth";
/// How much longer anything may take with more tickets, however many.
const AT_MOST: f64 = 2.0;

/// The median time of each use case.
type Medians = Vec<(&'static str, Duration)>;

pub async fn play(bench: &Bench) -> Figures {
    let sizes = bench.pick([20, 40, 60], [1_000, 100_000, 1_000_000]);
    let room = Room::open(4).await;
    let mut all: Vec<Medians> = Vec::new();
    let mut made = 0;
    for size in sizes {
        generate(&room, made, size).await;
        made = size;
        all.push(measure(&room, bench.pick(2, 100)).await);
    }
    let mut figures = Figures::default();
    figures.tell(SCENE, "tickets, with five lines of history each", format!("{sizes:?}"));
    for (number, (what, first)) in all[0].iter().enumerate() {
        let times: Vec<Duration> = all.iter().map(|medians| medians[number].1).collect();
        let longest = times.iter().max().expect("a size");
        let ratio = longest.as_secs_f64() / first.as_secs_f64();
        let shown = times.iter().map(|time| format!("{time:.1?}")).collect::<Vec<_>>();
        let shown = format!("{}: {ratio:.2}", shown.join(", "));
        bench.judge(&mut figures, (SCENE, what), shown, "≤ 2", ratio <= AT_MOST);
    }
    figures
}

/// Makes tickets of everybody, as if they had been opened, taken, commented, resolved and closed over the years: of each
/// urgency and category, each technician in charge of some of each. One in fifty nobody has taken yet, as many each are
/// worked on, a tenth of them with a helper, ask for something and are resolved.
async fn generate(room: &Room, from: u32, to: u32) {
    let learners = room.site.learners.iter().map(|one| one.identity);
    let (first, last) = (
        learners.clone().min().expect("learners"),
        learners.max().expect("learners"),
    );
    let technicians = room.site.technicians.iter().map(|one| one.private.identity.to_string());
    let technicians = technicians.collect::<Vec<_>>().join(", ");
    let many = room.site.technicians.len();
    for sql in [
        "DROP TABLE IF EXISTS years".to_owned(),
        "CREATE TABLE years (number INT UNSIGNED PRIMARY KEY, id BIGINT UNSIGNED NOT NULL)".to_owned(),
        format!(
            "INSERT INTO years WITH RECURSIVE ones AS (SELECT {from} AS number UNION ALL
                SELECT number + 1 FROM ones WHERE number + 1 < {to})
             SELECT number, (SELECT COALESCE(MAX(id), 0) FROM tickets) + 1 + number - {from} FROM ones"
        ),
        format!(
            "INSERT INTO tickets (id, requester_id, identity_id, title, description, status, urgency, category_id,
                                  technician_id, version, opened_at, changed_at)
             SELECT y.id, i.account_id, i.id, CONCAT('Panne ancienne ', y.number), 'Rien ne va plus.',
                    COALESCE(ELT(1 + y.number % 50, 'waiting', 'in_progress', 'awaiting_info', 'resolved'), 'closed'),
                    ELT(1 + CRC32(CONCAT('urgency', y.number)) % 3, 'low', 'medium', 'high'), 1 + CRC32(y.number) % 4,
                    IF(y.number % 50 = 0, NULL, t.account_id), 5,
                    NOW(6) - INTERVAL ({to} - y.number) MINUTE, NOW(6) - INTERVAL ({to} - y.number) MINUTE
             FROM years y JOIN identities i ON i.id = {first} + y.number % ({last} - {first} + 1)
             JOIN identities t ON t.id = ELT(1 + y.number DIV 50 % {many}, {technicians})"
        ),
        "INSERT INTO history (ticket_id, seq, event, status_before, status_after, actor_id, identity_id, happened_at)
         SELECT t.id, e.seq, e.event, e.before_it, IF(e.seq = 5, t.status, e.after_it), t.requester_id, t.identity_id,
                t.opened_at
         FROM years y JOIN tickets t ON t.id = y.id JOIN (
            SELECT 1 AS seq, 'opened' AS event, NULL AS before_it, 'waiting' AS after_it
            UNION ALL SELECT 2, 'taken', 'waiting', 'in_progress' UNION ALL SELECT 3, 'noted', 'in_progress', 'in_progress'
            UNION ALL SELECT 4, 'resolved', 'in_progress', 'resolved' UNION ALL SELECT 5, 'confirmed', 'resolved', 'closed'
         ) AS e"
            .to_owned(),
        "INSERT INTO cards (ticket_id, place_id, message_id, thread)
         SELECT y.id, 1, CONCAT('old', y.id), CONCAT('old', y.id) FROM years y"
            .to_owned(),
        "INSERT INTO messages (platform, chat, message_id, ticket_id, relays)
         SELECT 'old', 'old', y.id, y.id, 0 FROM years y"
            .to_owned(),
        "INSERT INTO ticket_words (word, ticket_id, staff_only)
         SELECT 'panne', id, FALSE FROM years UNION ALL SELECT 'ancien', id, FALSE FROM years
         UNION ALL SELECT number, id, FALSE FROM years UNION ALL SELECT number MOD 1000, id, TRUE FROM years
         ON DUPLICATE KEY UPDATE staff_only = staff_only AND VALUES(staff_only)"
            .to_owned(),
        format!(
            "INSERT INTO ticket_helpers (ticket_id, account_id)
             SELECT y.id, i.account_id FROM years y JOIN identities i ON i.id = ELT(1 + (y.number DIV 50 + 1) % {many}, {technicians})
             WHERE y.number % 500 = 1"
        ),
        "DROP TABLE years".to_owned(),
        "ANALYZE TABLE tickets, history, cards, messages, ticket_words, ticket_helpers".to_owned(),
    ] {
        let sql = format!("SET SESSION max_recursive_iterations = 4294967295; {sql}");
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&room.site.database)
            .await
            .expect("many tickets");
    }
}

async fn measure(room: &Room, times: usize) -> Medians {
    let learner = &room.site.learners[1];
    let staff = &room.site.technicians[0].private;
    let mut waits = Waits::default();
    for _ in 0..times {
        let words = room.ledger.words();
        let since = Instant::now();
        open(learner, &words, since).await.expect("a ticket");
        waits.add("open", since);
        room.settles().await;
        let number = newest(room).await;
        let number = ("number", number.as_str());
        waits.uses(staff, "take", "take", &[number]).await;
        let answer = room.ledger.words();
        let since = Instant::now();
        staff
            .uses("reply", &[number, ("text", &answer)])
            .await
            .expect("an answer");
        learner.sees(&answer, PATIENCE).await.expect("the comment");
        waits.add("comment, until it is read", since);
        waits.uses(staff, "card", "show", &[number]).await;
        let all = waits.uses(staff, "list of all", "tickets", &[]).await;
        let of_category = waits.presses(staff, "list of a category", &all, "Catégorie").await;
        let urgent = waits
            .presses(staff, "list of its urgent ones", &of_category, "Urgence")
            .await;
        waits
            .presses(staff, "list of its urgent ones that are closed", &urgent, "Clôturées")
            .await;
        let all = shown("list", staff.uses("tickets", &[]).await);
        let closed = waits
            .presses(staff, "list of those that are closed", &all, "Clôturées")
            .await;
        waits
            .presses(staff, "next page of those that are closed", &closed, "Suivantes")
            .await;
        let all = shown("list", staff.uses("tickets", &[]).await);
        let colleagues = shown("colleagues", staff.presses(&all, "Technicien").await);
        let theirs = waits
            .presses(staff, "list of a colleague's", &colleagues, "Tech 2")
            .await;
        let of_category = waits
            .presses(staff, "list of a colleague's in a category", &theirs, "Catégorie")
            .await;
        waits
            .presses(staff, "list of those that they closed", &of_category, "Clôturées")
            .await;
        waits
            .uses(staff, "list of the oldest", "tickets", &[("opened", "over-month")])
            .await;
        let queue = waits.uses(staff, "queue", "queue", &[]).await;
        waits
            .presses(staff, "list of what one works on", &queue, "Les miennes")
            .await;
        waits.uses(staff, "one's day", "myday", &[]).await;
        waits
            .uses(
                staff,
                "search for words of all",
                "search",
                &[("words", "pannes anciennes")],
            )
            .await;
        waits
            .uses(staff, "search for a rarer word", "search", &[("words", "ancienne 17")])
            .await;
        let since = Instant::now();
        learner.says("/tickets").await;
        learner.sees("demandes en cours", PATIENCE).await.expect("the list");
        waits.add("list of one's own", since);
        let since = Instant::now();
        learner.says("/search pannes anciennes").await;
        learner.sees("qui contiennent", PATIENCE).await.expect("what was found");
        waits.add("search among one's own", since);
        let report = room.ledger.words();
        shown("resolve", staff.uses("resolve", &[number, ("text", &report)]).await);
        room.settles().await;
    }
    let medians = waits.0.into_iter();
    medians.map(|(what, waits)| (what, Times::of(waits).median)).collect()
}

/// How long each use case took, in the order of the first time.
#[derive(Default)]
struct Waits(Vec<(&'static str, Vec<Duration>)>);

impl Waits {
    fn add(&mut self, what: &'static str, since: Instant) {
        let took = since.elapsed();
        match self.0.iter_mut().find(|(known, _)| *known == what) {
            Some((_, waits)) => waits.push(took),
            None => self.0.push((what, vec![took])),
        }
    }

    /// A command on Discord, until it is answered.
    async fn uses(&mut self, person: &Person, what: &'static str, command: &str, options: &[(&str, &str)]) -> Seen {
        let since = Instant::now();
        let answer = person.uses(command, options).await;
        self.add(what, since);
        shown(what, answer)
    }

    /// A press on Discord, until it is answered.
    async fn presses(&mut self, person: &Person, what: &'static str, on: &Seen, label: &str) -> Seen {
        let since = Instant::now();
        let answer = person.presses(on, label).await;
        self.add(what, since);
        shown(what, answer)
    }
}

fn shown(what: &str, answer: Result<Answer, Missed>) -> Seen {
    match answer.expect("an answer") {
        Answer::Message(seen) => seen,
        other => panic!("{what}: {other:?}"),
    }
}

async fn newest(room: &Room) -> String {
    let sql = "SELECT CAST(MAX(id) AS SIGNED) FROM tickets";
    room.site.tables.number(sql).await.to_string()
}
