//! Killed at the worst moment and started again; closed with something in flight.

use guichet::domain::platform::Platform;
use guichet::sandbox::{discord, telegram};
use serde_json::json;

use crate::harness::{AnySeat, Learner, StaffOn, World, office};

/// Every message from the service is lost on the way, on both platforms; what people send arrives.
fn nothing_gets_out(world: &World) {
    for method in [
        "SendMessage",
        "EditMessageText",
        "AnswerCallbackQuery",
        "EditMessageReplyMarkup",
    ] {
        world
            .telegram
            .faults()
            .all(method, telegram::Fault::Cut { after_effect: false });
    }
    for method in ["POST", "PATCH"] {
        world
            .discord
            .faults()
            .all(method, discord::Fault::Cut { after_effect: false });
    }
}

fn everything_gets_out(world: &World) {
    world.telegram.faults().clear();
    world.discord.faults().clear();
}

/// Presses a button without waiting for what comes of it.
fn presses_and_leaves(
    learner: &Learner,
    on: &guichet::sandbox::Seen,
    label: &'static str,
) -> tokio::task::JoinHandle<()> {
    let (chair, on) = (learner.private.clone(), on.clone());
    tokio::spawn(async move {
        use guichet::sandbox::Seat as _;
        // Nobody answers in time: that is what the story is about.
        match &chair.seat {
            AnySeat::Telegram(seat) => drop(seat.presses(&on, label).await),
            AnySeat::Discord(seat) => drop(seat.presses(&on, label).await),
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_the_commit_and_the_answer_on_telegram() {
    killed_before_the_answer(Platform::Telegram, StaffOn::Discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_the_commit_and_the_answer_on_discord() {
    killed_before_the_answer(Platform::Discord, StaffOn::TelegramTopics).await;
}

async fn killed_before_the_answer(learner_on: Platform, staff_on: StaffOn) {
    let mut world = World::open().await;
    let staff = office(&world, staff_on, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", learner_on).await;
    lina.private.says("Le vidéoprojecteur est bleu").await;
    let draft = lina.private.sees("Urgence").await;
    world.quiet().await;
    nothing_gets_out(&world);
    let press = presses_and_leaves(&lina, &draft, "Envoyer");
    world
        .tables
        .until("inbox WHERE handled_at IS NOT NULL AND answered_at IS NULL", 1)
        .await;
    assert_eq!(world.count("tickets").await, 1);
    world.kill();
    press.await.unwrap();
    everything_gets_out(&world);
    world.start().await;
    lina.private.sees("N° 1 · ").await;
    staff.moussa.channel.sees("N° 1 · ").await;
    staff.awa.private.sees("Nouvelle demande").await;
    world.tables.all_went_well().await;
    assert_eq!(
        (world.count("tickets").await, world.tables.events(1).await.as_str()),
        (1, "opened")
    );
    assert_eq!(lina.private.times("N° 1 · "), 1, "{}", lina.private.history());
    assert_eq!(
        staff.moussa.channel.times("N° 1 · "),
        1,
        "{}",
        staff.moussa.channel.history()
    );
    assert_eq!(staff.awa.private.times("N° 1 · "), 1, "{}", staff.awa.private.history());
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_with_notices_on_the_way() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.opens("Le wifi tombe", 1).await;
    let card = staff.moussa.channel.sees("N° 1 · ").await;
    world.quiet().await;
    world
        .telegram
        .faults()
        .all("SendMessage", telegram::Fault::Cut { after_effect: false });
    world
        .discord
        .faults()
        .all("PATCH", discord::Fault::Cut { after_effect: false });
    staff.moussa.channel.presses(&card, "Prendre").await;
    world.tables.until("outbox WHERE attempts > 0", 2).await;
    world.kill();
    everything_gets_out(&world);
    world.start().await;
    lina.private.sees("Moussa Sarr s'occupe de votre demande").await;
    staff.moussa.channel.sees("En cours").await;
    world.tables.all_went_well().await;
    assert_eq!(lina.private.times("s'occupe de votre demande"), 1);
    assert_eq!(staff.moussa.thread(&world, 1).times("prend la demande"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_stored_and_not_handled_is_handled_at_the_next_start() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramGroup, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.opens("Le wifi tombe", 1).await;
    world.quiet().await;
    world.kill();
    // As the gateway told it, and as Telegram completes commands in a group: with the bot's name.
    let awa = 700_100_001;
    let group = world.tables.texts("SELECT chat FROM places").await.remove(0);
    let update = json!({
        "update_id": 1,
        "message": {
            "message_id": 9_000, "date": 0, "text": format!("/take@{} 1", world.telegram.bot_username()),
            "from": {"id": awa, "is_bot": false, "first_name": "Awa", "language_code": "fr"},
            "chat": {"id": group.parse::<i64>().unwrap(), "type": "supergroup", "title": "Support"},
        },
    });
    world
        .tables
        .change(&format!(
            "INSERT INTO inbox (platform, update_id, lane, raw, received_at)
             VALUES ('telegram', '1', '{group}', '{update}', NOW(6))"
        ))
        .await;
    world.start().await;
    lina.private.sees("Awa Diop s'occupe de votre demande").await;
    staff.moussa.channel.sees("En cours").await;
    world.tables.all_went_well().await;
    assert_eq!(world.tables.events(1).await, "opened taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_longer_than_the_first_tries_keeps_the_answer() {
    let world = World::open().await;
    let _staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.private.says("Le wifi tombe").await;
    let draft = lina.private.sees("Urgence").await;
    world.quiet().await;
    world
        .telegram
        .faults()
        .next("EditMessageText", telegram::Fault::Status(502), 4);
    lina.private.presses(&draft, "Envoyer").await;
    world.tables.until("tickets", 1).await;
    world.tables.until("inbox WHERE answered_at IS NULL", 1).await;
    // Other words of the same person are not held up by it.
    lina.private.says("/tickets").await;
    lina.private.sees("Le wifi tombe").await;
    let answered = tokio::time::timeout(std::time::Duration::from_secs(40), async {
        while world
            .tables
            .number("SELECT COUNT(*) FROM inbox WHERE answered_at IS NULL")
            .await
            > 0
        {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    });
    answered.await.expect("the answer comes without a restart");
    lina.private.sees("N° 1 · ").await;
    assert_eq!(world.count("tickets").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_closes_answers_what_it_took_and_takes_nothing_twice() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.private.says("Le wifi tombe").await;
    let draft = lina.private.sees("Urgence").await;
    world.quiet().await;
    let slow = std::time::Duration::from_millis(400);
    world
        .telegram
        .faults()
        .next("EditMessageText", telegram::Fault::Delay(slow), 1);
    let press = presses_and_leaves(&lina, &draft, "Envoyer");
    world.tables.until("tickets", 1).await;
    world.close().await;
    press.await.unwrap();
    assert_eq!(world.count("inbox WHERE answered_at IS NULL").await, 0);
    assert_eq!(lina.private.times("N° 1 · "), 1, "{}", lina.private.history());
    world.start().await;
    staff.moussa.channel.sees("N° 1 · ").await;
    lina.private.says("/tickets").await;
    lina.private.sees("Vos demandes").await;
    world.quiet().await;
    world.tables.all_went_well().await;
    assert_eq!(
        (world.count("tickets").await, staff.moussa.channel.times("N° 1 · ")),
        (1, 1)
    );
    assert_eq!(staff.awa.private.times("N° 1 · "), 1);
}
