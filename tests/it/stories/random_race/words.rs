//! What was written, where it is told, and that nobody else reads it.

use std::collections::{BTreeMap, BTreeSet};

use guichet::domain::platform::Platform;
use serde_json::Value;

use super::marks::{by_the_bot, marks, player_of};
use super::model::{Model, rows};
use super::playing::Played;
use super::{DELETED_FROM, Places, Player};
use crate::harness::World;

/// Words on a ticket that stand in the database.
struct Fate {
    ticket: u32,
    is_note: bool,
}

/// A comment.
struct Comment {
    ticket: u32,
    is_note: bool,
    body: String,
    author: String,
    /// The platform of the place in which it was written, if it was in one.
    written_on: String,
    /// The names of its files.
    files: String,
    /// What it said before.
    former: String,
    /// The account of whom the ticket was handed to with it.
    handed_to: String,
}

async fn comments(world: &World) -> Vec<Comment> {
    let rows = rows::<8>(
        world,
        "c.ticket_id, c.kind = 'note', c.body, c.author_id,
         COALESCE((SELECT MAX(s.platform) FROM comment_sources s WHERE s.comment_id = c.id AND s.chat NOT IN
            (SELECT private_chat FROM identities WHERE private_chat IS NOT NULL)), ''),
         COALESCE((SELECT GROUP_CONCAT(f.name) FROM attachments f WHERE f.comment_id = c.id), ''),
         COALESCE((SELECT GROUP_CONCAT(h.detail_before) FROM history h
            WHERE h.comment_id = c.id AND h.event = 'reworded'), ''),
         COALESCE((SELECT h.technician_after FROM history h
            WHERE h.comment_id = c.id AND h.event IN ('assigned', 'handed_over')), '')",
        "comments c ORDER BY c.id",
    )
    .await;
    let comments = rows.into_iter().map(|row| {
        let [ticket, is_note, body, author, written_on, files, former, handed_to] = row;
        Comment {
            ticket: ticket.parse().unwrap(),
            is_note: is_note == "1",
            body,
            author,
            written_on,
            files,
            former,
            handed_to,
        }
    });
    comments.collect()
}

/// Where each word stands in the database that is still there.
async fn fates(world: &World) -> BTreeMap<String, Fate> {
    let of = "(SELECT ticket_id, kind = 'note' AS is_note, body FROM comments
               UNION ALL SELECT id, FALSE, CONCAT_WS(' ', title, description) FROM tickets
               UNION ALL SELECT ticket_id, FALSE, words FROM ratings WHERE words IS NOT NULL
               UNION ALL SELECT h.ticket_id, COALESCE(c.kind = 'note', FALSE), CONCAT_WS(' ', h.detail_before, h.detail_after)
                   FROM history h LEFT JOIN comments c ON c.id = h.comment_id
               UNION ALL SELECT f.ticket_id, COALESCE(c.kind = 'note', FALSE), f.name
                   FROM attachments f LEFT JOIN comments c ON c.id = f.comment_id) AS words";
    let mut fates = BTreeMap::new();
    for [ticket, is_note, text] in rows(world, "ticket_id, is_note, body", of).await {
        let (ticket, is_note) = (ticket.parse().unwrap(), is_note == "1");
        for mark in marks(&text) {
            let fate = fates.insert(mark.clone(), Fate { ticket, is_note });
            let is_same = |fate: &Fate| fate.ticket == ticket && fate.is_note == is_note;
            assert!(fate.as_ref().is_none_or(is_same), "{mark} stands in two places");
        }
    }
    fates
}

/// Every comment is one line of a history, and one of what was done with it.
pub async fn histories_hold_the_words(world: &World) {
    let strange = "SELECT COUNT(*) FROM comments c WHERE
        (SELECT COUNT(*) FROM history h WHERE h.comment_id = c.id AND h.event NOT IN ('reworded', 'retracted')) <> 1
        OR (c.retracted_at IS NOT NULL) <> EXISTS
            (SELECT 1 FROM history h WHERE h.comment_id = c.id AND h.event = 'retracted')
        OR c.retracted_at IS NULL AND c.body <> COALESCE(
            (SELECT h.detail_after FROM history h WHERE h.comment_id = c.id AND h.event = 'reworded'
             ORDER BY h.seq DESC LIMIT 1), c.body)
        OR c.kind <> (SELECT CASE h.event WHEN 'commented' THEN 'comment' WHEN 'asked' THEN 'question'
                WHEN 'resolved' THEN 'report' WHEN 'reopened' THEN 'reason' ELSE 'note' END
             FROM history h WHERE h.comment_id = c.id AND h.event NOT IN ('reworded', 'retracted'))";
    assert_eq!(
        world.tables.number(strange).await,
        0,
        "comments that no history explains"
    );
}

/// Whoever is not of the team read nothing of others' tickets, and no note.
pub async fn nobody_saw_what_they_may_not(world: &World, players: &[Player], (model, played): (&Model, &[Played])) {
    let (fates, told) = (fates(world).await, told_in_private(world).await);
    let meant: BTreeMap<&String, u32> = played
        .iter()
        .flat_map(|by| by.meant.iter().map(|(mark, of)| (mark, *of)))
        .collect();
    for (number, player) in players.iter().enumerate().filter(|(_, player)| !player.role.is_staff()) {
        let history = player.private.history();
        // Also what was changed or taken away since.
        let ever = told.iter().filter(|(account, _)| model.name(account) == player.name);
        let mut seen = marks(&history);
        seen.extend(ever.flat_map(|(_, marks)| marks.iter().cloned()));
        for seen in seen.into_iter().filter(|seen| player_of(seen) != number) {
            // What was taken back stands nowhere in the database.
            let ticket = fates.get(&seen).map_or_else(|| meant[&seen], |fate| fate.ticket);
            let is_note = fates.get(&seen).is_some_and(|fate| fate.is_note);
            let whose = model.name(&model.tickets[&ticket].requester);
            assert!(
                whose == player.name && !is_note,
                "{} saw {seen} of the ticket {ticket} of {whose}\n{history}",
                player.name
            );
        }
    }
}

/// How often the bot says it.
fn times(history: &str, mark: &str) -> usize {
    by_the_bot(history).filter(|line| marks(line).contains(mark)).count()
}

/// In each thread, whatever was written elsewhere, once; to whoever asked, what they did not write and may read,
/// and to a colleague, what a ticket was handed over with; and what
/// was taken back or said otherwise since, in neither.
pub async fn all_was_told(
    world: &World,
    (players, places): (&[Player], &Places),
    (model, played): (&Model, &[Played]),
) {
    let all = comments(world).await;
    assert!(all.len() > 100, "{}", all.len());
    let threads = threads(world, places, model);
    let told = told_in_private(world).await;
    for comment in all
        .iter()
        .filter(|comment| !(DELETED_FROM..=super::LAST).contains(&comment.ticket))
    {
        let requester = &model.tickets[&comment.ticket].requester;
        let said = marks(&comment.body).into_iter().chain(marks(&comment.files));
        let said: BTreeSet<String> = said.collect();
        for (platform, thread) in &threads[&comment.ticket] {
            for mark in &said {
                let told = times(thread, mark);
                let stands_there = comment.written_on == platform.code() && told == 0;
                assert!(
                    told == 1 || stands_there,
                    "{mark} on {platform:?}: {told} times\n{thread}"
                );
            }
            for mark in marks(&comment.former).difference(&said) {
                assert_eq!(times(thread, mark), 0, "{mark} on {platform:?}\n{thread}");
            }
        }
        let reader = if comment.handed_to.is_empty() {
            requester
        } else {
            &comment.handed_to
        };
        if comment.author == *reader || comment.is_note && reader == requester {
            continue;
        }
        let private = chair_of(players, model.name(reader)).private.history();
        let was_told = |mark: &String| told.get(reader).is_some_and(|told| told.contains(mark));
        for mark in &said {
            // A report is read, and gives way to the card when its button is pressed.
            let is_there = times(&private, mark) >= 1 || was_told(mark);
            assert!(is_there, "{mark} of {}\n{private}", comment.ticket);
        }
    }
    canned_replies_were_told(&all, &threads);
    what_was_taken_back_is_gone(world, (players, model), (played, &threads)).await;
}

/// All words that the bot ever sent to somebody's private chat, by account.
async fn told_in_private(world: &World) -> BTreeMap<String, BTreeSet<String>> {
    let of = "identities WHERE private_chat IS NOT NULL";
    let chats = rows::<3>(world, "platform, private_chat, account_id", of).await;
    let chats: BTreeMap<_, _> = chats
        .into_iter()
        .map(|[on, chat, account]| ((on, chat), account))
        .collect();
    let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut sent = |on: Platform, chat: &str, body: &Value| {
        if let Some(account) = chats.get(&(on.code().to_owned(), chat.to_owned())) {
            texts(body, told.entry(account.clone()).or_default());
        }
    };
    for request in world.telegram.requests().iter().filter(|request| request.status == 200) {
        let chat = request.parameters["chat_id"].to_string();
        sent(Platform::Telegram, chat.trim_matches('"'), &request.parameters);
    }
    for request in world.discord.requests().iter().filter(|request| request.status == 200) {
        let chat = request.path.trim_start_matches("/channels/").split('/').next();
        sent(
            Platform::Discord,
            chat.unwrap_or_default(),
            request.body.as_ref().unwrap_or(&Value::Null),
        );
    }
    told
}

/// The marks in all texts of a body.
fn texts(body: &Value, found: &mut BTreeSet<String>) {
    match body {
        Value::String(text) => found.extend(marks(text)),
        Value::Array(all) => all.iter().for_each(|one| texts(one, found)),
        Value::Object(all) => all.values().for_each(|one| texts(one, found)),
        _ => {}
    }
}

fn chair_of<'a>(players: &'a [Player], name: &str) -> &'a Player {
    let found = players.iter().find(|player| player.name == name);
    found.expect("a player of that name")
}

type Threads = BTreeMap<u32, [(Platform, String); 2]>;

fn threads(world: &World, places: &Places, model: &Model) -> Threads {
    let histories = |ticket: &u32| {
        let both = places.watched(world, *ticket);
        (*ticket, both.map(|chair| (chair.platform(), chair.history())))
    };
    model.tickets.keys().map(histories).collect()
}

/// They say the same to everybody, so they are counted.
fn canned_replies_were_told(all: &[Comment], threads: &Threads) {
    for (ticket, threads) in threads
        .iter()
        .filter(|(ticket, _)| !(DELETED_FROM..=super::LAST).contains(*ticket))
    {
        let words = format!("Réponse type {ticket}");
        let sent = all.iter().filter(|comment| comment.body == words).count();
        for (platform, thread) in threads {
            let told: usize = by_the_bot(thread).map(|line| line.matches(&words).count()).sum();
            assert_eq!(told, sent, "{words} on {platform:?}\n{thread}");
        }
    }
}

/// Nothing of it stands in a thread as the bot's words, whatever it said before.
async fn what_was_taken_back_is_gone(
    world: &World,
    (players, model): (&[Player], &Model),
    (played, threads): (&[Played], &Threads),
) {
    let of = "comments c JOIN comment_sources s ON s.comment_id = c.id WHERE c.retracted_at IS NOT NULL";
    let columns = "c.ticket_id, c.author_id, s.message_id,
                   s.chat IN (SELECT private_chat FROM identities WHERE private_chat IS NOT NULL)";
    let retracted = rows::<4>(world, columns, of).await;
    assert!(!retracted.is_empty(), "nobody took anything back");
    for [ticket, author, message, is_private] in retracted {
        let author = players.iter().position(|player| player.name == model.name(&author));
        let mut said = played[author.expect("a player")].said.iter();
        let is_it = |said: &&super::playing::Said| {
            said.message.to_string() == message && said.is_private == (is_private == "1")
        };
        let said = said.find(is_it).expect("what was taken back was said");
        let ticket: u32 = ticket.parse().unwrap();
        for (platform, thread) in threads.get(&ticket).into_iter().flatten() {
            for mark in &said.marks {
                assert_eq!(times(thread, mark), 0, "{mark} on {platform:?}\n{thread}");
            }
        }
    }
}
