//! Fifty people do random things, allowed or not, to twenty tickets at once, from both platforms; the team has a place on
//! each. Afterwards what they see, the rows, the histories, the cards, the lists and the threads agree with a model, and
//! nobody saw what they may not. `RACE_SEED` plays another race.

mod marks;
mod model;
mod playing;
mod views;
mod words;

use std::collections::BTreeMap;
use std::env;
use std::time::Duration;

use futures_util::future::join_all;
use guichet::domain::account::Role;
use guichet::domain::platform::Platform;
use guichet::sandbox::Seen;
use guichet::sandbox::discord::{Channel, DiscordUser};
use guichet::sandbox::telegram::{Group, TelegramUser};

use self::marks::{WORDS, mark, speaks_of};
use self::model::{Model, tickets_now};
use self::playing::{Played, plays};
use crate::harness::{Chair, Learner, Person, World};

const LEARNERS: u32 = 38;
const TECHNICIANS: u32 = 9;
const ADMINS: u32 = 3;
/// The first number, by which no other thread is found.
const FIRST: u32 = 101;
/// The last.
const LAST: u32 = 120;
/// Those that admins may delete; who reads of them depends on the moment.
const DELETED_FROM: u32 = 118;
/// How much each learner does, and each of the team.
const STEPS: (u32, u32) = (40, 90);
/// How many kinds of events there are in the histories at least.
const KINDS: usize = 18;

/// How often is looked whether all is told, at most: a minute and a half in all.
const LOOKS: u32 = 900;

/// Somebody who takes part.
struct Player {
    name: String,
    role: Role,
    private: Chair,
    person: Person,
    /// A message of the bot's, whose buttons are forged.
    seen: Seen,
    /// Their own ticket, if they opened one.
    own: Option<u32>,
}

impl Player {
    fn steps(&self) -> u32 {
        if self.role.is_staff() { STEPS.1 } else { STEPS.0 }
    }
}

async fn player(world: &World, name: String, role: Role, number: u32) -> Player {
    let on = if number.is_multiple_of(2) {
        Platform::Telegram
    } else {
        Platform::Discord
    };
    let Learner { private, person } = Learner::with_role(world, &name, on, "fr", role).await;
    private.uses("me", &[]).await;
    Player {
        name,
        role,
        seen: private.sees("Vous êtes").await,
        private,
        person,
        own: None,
    }
}

async fn players(world: &World) -> Vec<Player> {
    let learners = (1..=LEARNERS).map(|number| (format!("Apprenant {number}"), Role::Learner, number));
    let technicians = (1..=TECHNICIANS).map(|number| (format!("Technicien {number}"), Role::Technician, number));
    let admins = (1..=ADMINS).map(|number| (format!("Admin {number}"), Role::Admin, number));
    let all = learners.chain(technicians).chain(admins);
    join_all(all.map(|(name, role, number)| player(world, name, role, number))).await
}

/// Where the team works: a channel with threads, and a group with topics. In each somebody watches who does nothing.
struct Places {
    channel: Channel,
    group: Group,
    watchers: (DiscordUser, TelegramUser),
}

impl Places {
    /// Sets both up.
    async fn open(world: &World, players: &[Player]) -> Self {
        let watchers = (world.discord.user("Témoin", "fr"), world.telegram.user("Témoin", "fr"));
        let (mut on_discord, mut on_telegram) = (vec![&watchers.0], vec![&watchers.1]);
        for player in players.iter().filter(|player| player.role.is_staff()) {
            match &player.person {
                Person::Discord(user) => on_discord.push(user),
                Person::Telegram(user) => on_telegram.push(user),
            }
        }
        let places = Self {
            channel: world.discord.channel_for("support", &on_discord),
            group: world.telegram.group("Support", &on_telegram, true),
            watchers: watchers.clone(),
        };
        for admin in &players[players.len() - 2..] {
            let board = places.board(world, admin);
            board.uses("setup", &[]).await;
            board.sees("C'est fait").await;
        }
        places
    }

    /// Where somebody of the team sees the cards.
    fn board(&self, world: &World, player: &Player) -> Chair {
        match &player.person {
            Person::Discord(user) => world.chair(&player.name, "#support", user.in_channel(&self.channel)),
            Person::Telegram(user) => world.chair(&player.name, "Support", user.in_group(&self.group)),
        }
    }

    /// Where they read what was written on a ticket.
    fn thread(&self, world: &World, player: &Player, ticket: u32) -> Chair {
        let name = format!("{ticket} · ");
        match &player.person {
            Person::Discord(user) => world.chair(&player.name, "thread", user.in_thread(&name)),
            Person::Telegram(user) => world.chair(&player.name, "thread", user.in_topic(&self.group, &name)),
        }
    }

    /// The card of a ticket on somebody's board, as it stands now.
    async fn card(&self, world: &World, board: &Chair, ticket: u32) -> Option<Seen> {
        let sql = format!(
            "SELECT c.message_id FROM cards c JOIN places p ON p.id = c.place_id
             WHERE c.ticket_id = {ticket} AND p.platform = '{}'",
            board.platform().code()
        );
        let message = world.tables.texts(&sql).await.pop()?;
        board.stands(message.parse().expect("a number"))
    }

    fn watched_boards(&self, world: &World) -> [Chair; 2] {
        [
            world.chair("Témoin", "#support", self.watchers.0.in_channel(&self.channel)),
            world.chair("Témoin", "Support", self.watchers.1.in_group(&self.group)),
        ]
    }

    fn watched(&self, world: &World, ticket: u32) -> [Chair; 2] {
        let name = format!("{ticket} · ");
        [
            world.chair("Témoin", "thread", self.watchers.0.in_thread(&name)),
            world.chair("Témoin", "thread", self.watchers.1.in_topic(&self.group, &name)),
        ]
    }
}

/// Each of the first has a ticket of their own.
async fn open_tickets(world: &World, players: &mut [Player]) {
    world.tables.change("ALTER TABLE tickets AUTO_INCREMENT = 101").await;
    let owners = &mut players[..(LAST - FIRST + 1) as usize];
    let opening = owners.iter_mut().enumerate().map(async |(at, player)| {
        player
            .private
            .says(&format!("Écran cassé {}", mark(WORDS, at, 0)))
            .await;
        let draft = player.private.sees("Urgence").await;
        player.private.presses(&draft, "Envoyer").await;
        player.own = speaks_of(&player.private.sees("N° 1").await.text);
    });
    join_all(opening).await;
    let canned = "INSERT INTO canned_replies (id, name, body) VALUES (1, 'Type', 'Réponse type {number}')";
    world.tables.change(canned).await;
}

/// Everything is told. After so much that may take a while.
async fn comes_to_rest(world: &World) {
    let waiting = "SELECT (SELECT COUNT(*) FROM inbox WHERE answered_at IS NULL) + (SELECT COUNT(*) FROM outbox)";
    for _ in 0..LOOKS {
        if world.tables.number(waiting).await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    world.tables.all_went_well().await;
}

/// How often each event happened.
async fn events(world: &World) -> BTreeMap<String, u32> {
    let counted = model::rows::<2>(world, "event, COUNT(*)", "history GROUP BY event").await;
    counted
        .into_iter()
        .map(|[event, count]| (event, count.parse().unwrap()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_people_do_anything_to_twenty_tickets_and_all_agree_afterwards() {
    let seed = env::var("RACE_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(0);
    println!("RACE_SEED={seed}");
    let mut world = World::open().await;
    let mut players = players(&world).await;
    assert_eq!(players.len(), 50);
    let places = Places::open(&world, &players).await;
    open_tickets(&world, &mut players).await;
    world.quiet().await;
    let at_first = tickets_now(&world).await;

    let playing = players
        .iter()
        .enumerate()
        .map(|player| plays(&world, &places, player, seed));
    let played: Vec<Played> = join_all(playing).await;

    comes_to_rest(&world).await;
    let events = events(&world).await;
    println!("{events:?}");
    assert!(events.len() >= KINDS, "{events:?}");
    let model = Model::of(&world, &at_first).await;
    words::histories_hold_the_words(&world).await;
    words::nobody_saw_what_they_may_not(&world, &players, (&model, &played)).await;
    words::all_was_told(&world, (&players, &places), (&model, &played)).await;
    views::cards_show_the_model(&world, &places, &model);
    views::requesters_see_the_model(&world, &players, &model).await;
    views::requesters_find_their_tickets(&world, &players, &model).await;
    views::staff_see_the_model(&world, &players, &model).await;
    words::nobody_saw_what_they_may_not(&world, &players, (&model, &played)).await;
    world.close().await;
}
