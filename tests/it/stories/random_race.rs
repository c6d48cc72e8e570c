//! Fifty people do random things, allowed or not, to twenty tickets at once, from both platforms. Afterwards what they
//! see, the rows, the histories, the card and the threads agree with a model, and nobody saw what they may not.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

use futures_util::future::join_all;
use guichet::domain::account::{Role, Standing};
use guichet::domain::action::Action;
use guichet::domain::language::Language;
use guichet::domain::platform::Platform;
use guichet::domain::ticket::Status;
use guichet::domain::transition::{Way, rule};
use guichet::sandbox::Seen;
use guichet::store::history::Event;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use crate::harness::{Chair, Learner, Office, StaffOn, World, office};

const LEARNERS: u32 = 38;
const TECHNICIANS: u32 = 9;
/// The first number, by which no other thread is found.
const FIRST: u32 = 101;
/// The last.
const LAST: u32 = 120;
/// Those that admins may delete; who reads of them depends on the moment.
const DELETED_FROM: u32 = 118;
const STEPS: u32 = 40;

/// Somebody who takes part.
struct Player {
    chair: Chair,
    /// A message of the bot's, whose buttons are forged.
    seen: Seen,
    /// Their own ticket, if they opened one.
    own: Option<u32>,
    is_staff: bool,
}

/// Words that nobody else writes.
fn mark(player: usize, step: u32) -> String {
    format!("mot{player:02}x{step:02}x")
}

/// The marks in a text.
fn marks(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| word.starts_with("mot") && word.ends_with('x') && word.len() == 9)
        .map(str::to_owned)
        .collect()
}

/// The title of a ticket, which tells it.
fn title(ticket: u32) -> String {
    format!("titre{ticket}x cassé")
}

async fn player(world: &World, name: String, role: Role, number: u32) -> Player {
    let on = if number.is_multiple_of(2) {
        Platform::Telegram
    } else {
        Platform::Discord
    };
    let chair = Learner::with_role(world, &name, on, "fr", role).await.private;
    chair.uses("me", &[]).await;
    Player {
        seen: chair.sees("Vous êtes").await,
        chair,
        own: None,
        is_staff: role.is_staff(),
    }
}

/// One random step.
async fn step(player: &Player, number: usize, step: u32, chance: &mut StdRng) {
    let ticket = match player.own {
        // Their own, as often as not.
        Some(own) if chance.random_bool(0.5) => own,
        _ => chance.random_range(FIRST..=LAST),
    };
    let (ticket, words) = (ticket.to_string(), mark(number, step));
    let number = ("number", ticket.as_str());
    let said = [number, ("text", words.as_str())];
    let chair = &player.chair;
    match chance.random_range(0..26) {
        0..=3 => chair.uses("reply", &said).await,
        4 | 5 => chair.uses("note", &said).await,
        6 | 7 => chair.uses("ask", &said).await,
        8 | 9 => chair.uses("take", &[number]).await,
        10 => chair.uses("release", &[number]).await,
        11 | 12 => chair.uses("resolve", &said).await,
        13 => chair.uses("reopen", &said).await,
        14 => chair.forges(&player.seen, &format!("confirm:{ticket}")).await,
        15 if chance.random_bool(0.2) => chair.forges(&player.seen, &format!("surely:{ticket}")).await,
        16 => chair.uses("urgency", &[number, ("urgency", "high")]).await,
        17 => chair.forges(&player.seen, &format!("category_of:{ticket}:2")).await,
        18 => chair.uses("show", &[number]).await,
        19 => chair.uses("history", &[number]).await,
        20 => chair.uses("search", &[("words", "cassé")]).await,
        21 => chair.uses("assign", &[number, ("colleague", "Technicien 3")]).await,
        24 => chair.uses("helper", &[number, ("colleague", "Technicien 4")]).await,
        25 => chair.uses("helper", &[number, ("colleague", "Technicien 5")]).await,
        22 if ticket.parse::<u32>().is_ok_and(|ticket| ticket >= DELETED_FROM) => {
            let press = if chance.random_bool(0.5) {
                "remove_surely"
            } else {
                "restore"
            };
            chair.forges(&player.seen, &format!("{press}:{ticket}")).await
        }
        _ => chair.uses("tickets", &[]).await,
    };
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_people_do_anything_to_twenty_tickets_and_all_agree_afterwards() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let mut players = join_all((1..=LEARNERS).map(|number| {
        let name = format!("Apprenant {number}");
        player(&world, name, Role::Learner, number)
    }))
    .await;
    world.tables.change("ALTER TABLE tickets AUTO_INCREMENT = 101").await;
    for number in FIRST..=LAST {
        let player = &mut players[(number - FIRST) as usize];
        let text = title(number);
        player.chair.says(&text).await;
        let draft = player.chair.sees("Urgence").await;
        player.chair.presses(&draft, "Envoyer").await;
        player.chair.sees(&format!("N° {number} · ")).await;
        player.own = Some(number);
    }
    let technicians = (1..=TECHNICIANS).map(|number| {
        let name = format!("Technicien {number}");
        player(&world, name, Role::Technician, number)
    });
    players.extend(join_all(technicians).await);
    let admins = (1..=3).map(|number| player(&world, format!("Admin {number}"), Role::Admin, number));
    players.extend(join_all(admins).await);
    assert_eq!(players.len(), 50);
    world.quiet().await;
    let playing = players.iter().enumerate().map(async |(number, player)| {
        let mut chance = StdRng::seed_from_u64(number as u64);
        for at in 0..STEPS {
            step(player, number, at, &mut chance).await;
        }
    });
    join_all(playing).await;
    world.tables.all_went_well().await;
    let told = comments(&world).await;
    let model = model(&world).await;
    nobody_saw_what_they_may_not(&players, &told);
    everything_was_told_once(&world, (&players, &staff), &told);
    everybody_sees_the_model(&world, (&players, &staff), &model).await;
    world.close().await;
}

/// What was written: its mark, the ticket, its kind, and whether the requester wrote it.
struct Word {
    mark: String,
    ticket: u32,
    kind: String,
    is_own: bool,
}

async fn comments(world: &World) -> Vec<Word> {
    let sql = "SELECT CONCAT_WS(' ', c.body, c.ticket_id, c.kind, c.author_id = t.requester_id)
               FROM comments c JOIN tickets t ON t.id = c.ticket_id ORDER BY c.id";
    let rows = world.tables.texts(sql).await;
    let words = rows.iter().map(|row| {
        let [mark, ticket, kind, is_own] = row.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{row}")
        };
        Word {
            mark: mark.to_owned(),
            ticket: ticket.parse().unwrap(),
            kind: kind.to_owned(),
            is_own: is_own == "1",
        }
    });
    let words: Vec<Word> = words.collect();
    let all: BTreeSet<&str> = words.iter().map(|word| word.mark.as_str()).collect();
    assert_eq!(all.len(), words.len(), "something was written twice");
    assert!(words.len() > 100, "{}", words.len());
    words
}

/// Where each ticket stands, as a model has it that goes through its history line by line and knows the rules.
async fn model(world: &World) -> BTreeMap<u32, (Status, Option<String>)> {
    let mut model = BTreeMap::new();
    let mut before_deletion = BTreeMap::new();
    let mut helpers: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    let sql = "SELECT CONCAT_WS(' ', h.ticket_id, h.event, a.role, h.actor_id = t.requester_id, h.actor_id,
                                COALESCE(h.technician_after, '-'),
                                IF(h.event = 'helped', CONCAT('+', h.detail_after, '-', h.detail_before), '+-'))
               FROM history h JOIN tickets t ON t.id = h.ticket_id JOIN accounts a ON a.id = h.actor_id
               ORDER BY h.ticket_id, h.seq";
    for row in world.tables.texts(sql).await {
        let [ticket, event, role, is_requester, actor, after, helped] = row.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{row}")
        };
        let ticket: u32 = ticket.parse().unwrap();
        let mut actions = Action::ALL.into_iter();
        let Some(action) = actions.find(|action| Event::Done(*action).code() == event) else {
            model.insert(ticket, (Status::Waiting, None));
            continue;
        };
        let (status, technician) = model.get(&ticket).cloned().expect("a ticket that was opened");
        let who = Standing {
            role: Role::from_str(role).unwrap(),
            requester: is_requester == "1",
            in_charge: technician.as_deref() == Some(actor),
            helps: helpers.get(&ticket).is_some_and(|helpers| helpers.contains(actor)),
        };
        let way = rule(status, action, who);
        let next = match way.unwrap_or_else(|refusal| panic!("{row}: {refusal:?} of what is {status:?}")) {
            Way::To(Status::Waiting) => (Status::Waiting, None),
            Way::To(Status::Deleted) => {
                before_deletion.insert(ticket, (status, technician.clone()));
                (Status::Deleted, technician)
            }
            Way::To(Status::Closed) => (Status::Closed, technician),
            Way::To(next) if event == "assigned" => (next, Some(after.to_owned())),
            Way::To(next) => (next, technician.or_else(|| Some(actor.to_owned()))),
            Way::Back => before_deletion.remove(&ticket).expect("what is restored was deleted"),
        };
        let helping = helpers.entry(ticket).or_default();
        match helped[1..].split_once('-').expect("who came, and who went") {
            ("", gone) => drop(helping.remove(gone)),
            (come, _) => drop(helping.insert(come.to_owned())),
        }
        let (status, technician) = &next;
        helping.retain(|helper| {
            !matches!(status, Status::Waiting | Status::Closed) && technician.as_ref() != Some(helper)
        });
        model.insert(ticket, next);
    }
    for (ticket, helpers) in helpers {
        let sql = format!("SELECT CAST(account_id AS CHAR) FROM ticket_helpers WHERE ticket_id = {ticket}");
        let kept: BTreeSet<String> = world.tables.texts(&sql).await.into_iter().collect();
        assert_eq!(kept, helpers, "who helps with ticket {ticket}");
    }
    for (ticket, (status, technician)) in &model {
        // A ticket that waits has nobody; words on it put nobody in charge.
        let technician = technician.as_ref().filter(|_| *status != Status::Waiting);
        let sql =
            format!("SELECT CONCAT_WS(' ', status, COALESCE(technician_id, '-')) FROM tickets WHERE id = {ticket}");
        let expected = format!("{} {}", status.code(), technician.map_or("-", String::as_str));
        assert_eq!(world.tables.texts(&sql).await, [expected], "ticket {ticket}");
    }
    model
}

fn nobody_saw_what_they_may_not(players: &[Player], told: &[Word]) {
    for (number, player) in players.iter().enumerate().filter(|(_, player)| !player.is_staff) {
        let history = player.chair.history();
        let written: BTreeSet<String> = (0..STEPS).map(|step| mark(number, step)).collect();
        for seen in marks(&history).difference(&written) {
            let word = told
                .iter()
                .find(|word| word.mark == *seen)
                .expect("a word that was taken");
            assert!(
                Some(word.ticket) == player.own && word.kind != "note",
                "{seen} of ticket {} was seen by whoever opened {:?}\n{history}",
                word.ticket,
                player.own
            );
        }
        for ticket in (FIRST..=LAST).filter(|ticket| player.own != Some(*ticket)) {
            assert!(!history.contains(&format!("titre{ticket}x")), "{ticket}\n{history}");
        }
    }
}

/// In the thread, whatever was written, and to whoever asked, what they did not write and may read.
fn everything_was_told_once(world: &World, (players, staff): (&[Player], &Office), told: &[Word]) {
    for ticket in FIRST..DELETED_FROM {
        let words: Vec<&Word> = told.iter().filter(|word| word.ticket == ticket).collect();
        if words.is_empty() {
            continue;
        }
        let thread = staff.moussa.thread(world, ticket).history();
        let private = players[(ticket - FIRST) as usize].chair.history();
        for word in words {
            let times = |history: &str| {
                let by_the_bot = history.lines().filter(|line| !line.contains('/'));
                by_the_bot.filter(|line| marks(line).contains(&word.mark)).count()
            };
            assert_eq!(times(&thread), 1, "{} in the thread of {ticket}\n{thread}", word.mark);
            if !word.is_own && word.kind != "note" {
                assert!(times(&private) >= 1, "{} of {ticket}\n{private}", word.mark);
            }
        }
    }
}

/// The card in the channel, that of everybody who opened one, and what they read of it.
async fn everybody_sees_the_model(
    world: &World,
    (players, staff): (&[Player], &Office),
    model: &BTreeMap<u32, (Status, Option<String>)>,
) {
    let channel = staff.moussa.channel.history();
    for (ticket, (status, _)) in model {
        let label = Language::Fr.say(&format!("status-{}", status.code().replace('_', "-")), &[]);
        let heading = format!("N° {ticket} · ");
        let cards: Vec<&str> = channel.lines().filter(|line| line.contains(&heading)).collect();
        assert_eq!(cards.len(), 1, "{channel}");
        assert!(cards[0].contains(&label), "{label}\n{}", cards[0]);
        let owner = &players[(*ticket - FIRST) as usize].chair;
        let own = format!("SELECT CAST(message_id AS SIGNED) FROM own_cards WHERE ticket_id = {ticket}");
        let own = owner.stands(world.tables.number(&own).await).expect("a card").text;
        let gone = *status == Status::Deleted;
        assert!(own.contains(&label) && own.contains(&heading) != gone, "{label}\n{own}");
        owner.uses("show", &[("number", &ticket.to_string())]).await;
        world.quiet().await;
        let history = owner.history();
        let last = history.lines().next_back().unwrap_or_default();
        if *status == Status::Deleted {
            assert!(last.contains("Je ne trouve pas"), "{last}");
        } else {
            assert!(last.contains(&heading) && last.contains(&label), "{label}\n{last}");
        }
    }
}
