//! Two desks on one database: each does its part, and what one leaves the other takes up.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use guichet::domain::platform::Platform;
use guichet::sandbox::Answer;
use guichet::sandbox::discord::Fault;
use sqlx::Executor as _;

use crate::harness::{Chair, Learner, Office, StaffOn, World, office};

const NAMES: [&str; 4] = ["Lina Ndiaye", "Ibou Fall", "Omar Sy", "Aminata Kane"];

/// Four learners, two on each platform, whom the desk knows.
async fn learners(world: &World) -> Vec<Learner> {
    let mut learners = Vec::new();
    for (at, name) in NAMES.into_iter().enumerate() {
        let on = [Platform::Telegram, Platform::Discord][at % 2];
        learners.push(Learner::known(world, name, on).await);
    }
    learners
}

/// Everybody opens a ticket, one after the other, and somebody takes it from the channel.
async fn everybody_is_served(world: &World, staff: &Office, learners: &[Learner], from: u32) {
    for (learner, number) in learners.iter().zip(from..) {
        learner
            .opens(&format!("Le poste {number} ne démarre plus"), number)
            .await;
        let card = staff.moussa.channel.sees(&format!("N° {number} · ")).await;
        staff.moussa.channel.presses(&card, "Prendre").await;
        learner.private.sees(&format!("demande n° {number}")).await;
    }
    world.quiet().await;
    world.tables.all_went_well().await;
    for (learner, number) in learners.iter().zip(from..) {
        assert_eq!(learner.private.times(&format!("demande n° {number}")), 1);
        assert_eq!(world.tables.events(number).await, "opened taken");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_desks_share_the_work_and_nothing_happens_twice() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let learners = learners(&world).await;
    let beside = world.open_beside().await;
    everybody_is_served(&world, &staff, &learners, 1).await;
    beside.close().await;
    everybody_is_served(&world, &staff, &learners, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_is_replaced_at_once() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramTopics, "fr").await;
    let learners = learners(&world).await;
    let beside = world.open_beside().await;
    // The first of the two fetches from Telegram.
    world.close().await;
    let left = Instant::now();
    learners[0].private.says("/tickets").await;
    learners[0].private.sees("pas de demande").await;
    // Far less than what a lease would have lasted.
    assert!(left.elapsed() < Duration::from_secs(12), "{:?}", left.elapsed());
    everybody_is_served(&world, &staff, &learners, 1).await;
    beside.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_dies_is_replaced_when_its_leases_end() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let learners = learners(&world).await;
    let beside = world.open_beside().await;
    world.kill();
    let private = &learners[0].private;
    private.says("Le wifi tombe").await;
    // The duty of polling ends by itself within some seconds; of the shards' leases that much is passed over.
    world.telegram.confirmed().await.expect("the other one fetches");
    world
        .tables
        .change("UPDATE shard_leases SET until = '2000-01-01' WHERE until < NOW(3) + INTERVAL 14 SECOND")
        .await;
    let draft = private.sees("Urgence").await;
    private.presses(&draft, "Envoyer").await;
    staff.moussa.channel.sees("N° 1 · ").await;
    everybody_is_served(&world, &staff, &learners, 2).await;
    beside.close().await;
}

/// How often each interaction was answered or deferred, refused ones too.
fn answers(world: &World) -> BTreeMap<String, usize> {
    let mut answers = BTreeMap::new();
    for request in world.discord.requests() {
        let of = request
            .path
            .strip_prefix("/interactions/")
            .and_then(|of| of.split_once('/'));
        if let Some((id, _)) = of {
            *answers.entry(id.to_owned()).or_default() += 1;
        }
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_desk_answers_the_other_does_not_defer_and_what_one_defers_the_other_answers() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.opens("Le wifi tombe", 1).await;
    let beside = world.open_beside().await;
    world.discord.set_answer_within(Duration::from_secs(8));
    let before = answers(&world).len();
    // For one person's eyes, at whichever of the two handles it.
    let show = async |chair: &Chair| match chair.uses("show", &[("number", "1")]).await {
        Answer::Message(details) => details,
        other => panic!("{other:?}"),
    };
    let (details, ..) = tokio::join!(
        show(&staff.moussa.channel),
        show(&staff.fatou.channel),
        show(&staff.awa.channel)
    );
    tokio::time::sleep(Duration::from_secs(4)).await;
    let answered = answers(&world);
    assert_eq!(answered.len(), before + 3);
    assert!(answered.values().all(|&times| times == 1), "{answered:?}");

    // The desk that will answer is held up, and its deferral is lost.
    let mut held = world.database.acquire().await.expect("a connection");
    held.execute("LOCK TABLES accounts WRITE").await.expect("a lock");
    world.discord.faults().next("POST /interactions", Fault::Status(500), 1);
    let moussa = staff.moussa.channel.clone();
    let pressed = tokio::spawn(async move { moussa.presses(&details, "Demander une précision").await });
    world
        .until("both desks have deferred", || {
            answers(&world).values().any(|&times| times == 2)
        })
        .await;
    held.execute("UNLOCK TABLES").await.expect("no lock");
    pressed.await.expect("a deferral");
    staff.moussa.channel.sees("J'ai mis trop de temps").await;
    beside.close().await;
}
