//! What people write while the desk is closed or cut off.

use guichet::domain::platform::Platform;
use serde_json::json;

use crate::harness::{Learner, StaffOn, World, office};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_while_the_desk_is_closed_is_answered_when_it_opens() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let ibou = Learner::new(&world, "Ibou Fall", Platform::Discord, "fr");
    let lina = Learner::new(&world, "Lina Ndiaye", Platform::Telegram, "fr");
    for (learner, name, email) in [
        (&ibou, "Ibou Fall", "ibou@exemple.org"),
        (&lina, "Lina Ndiaye", "lina@exemple.org"),
    ] {
        learner.private.says("Bonjour, plus de Wi-Fi").await;
        learner.signs_up(name, email, "fr").await;
        let draft = learner.private.sees("Réseau").await;
        learner.private.presses(&draft, "Envoyer").await;
        learner.private.sees("En attente").await;
    }
    let card = staff.moussa.channel.sees("N° 1").await;
    staff.moussa.channel.presses(&card, "Prendre").await;
    staff.moussa.thread(&world, 1).sees("prend la demande").await;
    world.close().await;
    ibou.private.says("Mon écran est noir").await;
    lina.private.says("Mon clavier est cassé").await;
    let thread = staff.moussa.thread(&world, 1);
    let noted = thread.says("Je regarde la borne").await;
    world.start().await;
    ibou.private.sees("Mon écran est noir").await;
    lina.private.sees("Mon clavier est cassé").await;
    thread.sees_reaction(noted, "✍", "📝").await;
    let details = staff.fatou.channel.uses("show", &[("number", "1")]).await;
    assert!(format!("{details:?}").contains("Je regarde la borne"), "{details:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_while_discord_is_cut_off_is_answered_afterwards() {
    let world = World::open().await;
    let ibou = Learner::new(&world, "Ibou Fall", Platform::Discord, "fr");
    ibou.private.says("Plus de Wi-Fi").await;
    ibou.signs_up("Ibou Fall", "ibou@exemple.org", "fr").await;
    ibou.private.sees("Réseau").await;
    world.discord.forget_sessions();
    ibou.private.says("Et mon écran est noir").await;
    ibou.private.sees("Et mon écran est noir").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_days_ago_is_forgotten_and_does_not_happen_again() {
    let mut world = World::open().await;
    let ibou = Learner::known(&world, "Ibou Fall", Platform::Discord).await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    ibou.opens("Plus de Wi-Fi", 1).await;
    lina.opens("Écran noir", 2).await;
    world.quiet().await;
    world.clock.advance(chrono::TimeDelta::hours(5));
    for learner in [&ibou, &lina] {
        learner.private.says("/language fr").await;
        learner.private.sees("en français").await;
    }
    world.quiet().await;
    world.close().await;
    world.clock.advance(chrono::TimeDelta::days(4));
    world.start().await;
    // What was missed is looked for from some time before the newest, so that stays.
    world.tables.until("inbox", 2).await;
    ibou.private.says("/tickets").await;
    ibou.private.sees("Vos demandes").await;
    lina.private.says("/tickets").await;
    lina.private.sees("Vos demandes").await;
    world.quiet().await;
    assert_eq!((world.count("tickets").await, world.count("inbox").await), (2, 4));
    assert_eq!((ibou.private.times("N° 1 · "), lina.private.times("N° 2 · ")), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_begins_anew_after_days_repeats_nothing_that_is_forgotten() {
    let world = World::open().await;
    let ibou = Learner::known(&world, "Ibou Fall", Platform::Discord).await;
    ibou.opens("Plus de Wi-Fi", 1).await;
    world.quiet().await;
    world.clock.advance(chrono::TimeDelta::hours(5));
    ibou.private.says("Et le son aussi").await;
    ibou.private.sees("Et le son aussi").await;
    world.quiet().await;
    world.clock.advance(chrono::TimeDelta::days(4));
    let before = world.clock.now() - chrono::TimeDelta::days(3);
    world.store.prune_inbox(Platform::Discord, before, 1_000).await.unwrap();
    world.tables.until("inbox", 1).await;
    world.discord.forget_sessions();
    ibou.private.says("Mon écran est noir").await;
    ibou.private.sees("Mon écran est noir").await;
    world.quiet().await;
    assert_eq!((world.count("tickets").await, world.count("inbox").await), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_over_which_the_program_ended_again_and_again_is_set_aside() {
    let mut world = World::open().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    world.quiet().await;
    world.close().await;
    lina.private.says("Et le son aussi").await;
    // As ten lives of the program that ended over an earlier message would have left it.
    let lane = world.tables.texts("SELECT user_id FROM identities").await.remove(0);
    let id: i64 = lane.parse().unwrap();
    let update = json!({"update_id": 1, "message": {
        "message_id": 9_000, "date": 0, "text": "Le wifi tombe", "chat": {"id": id, "type": "private"},
        "from": {"id": id, "is_bot": false, "first_name": "Lina", "language_code": "fr"},
    }});
    let sql = format!(
        "INSERT INTO inbox (platform, update_id, lane, shard, raw, received_at, attempts)
         VALUES ('telegram', '1', '{lane}', CRC32('{lane}') % 64, '{update}', '2026-01-01', 10)"
    );
    world.tables.change(&sql).await;
    world.start().await;
    lina.private.sees("Référence : G-").await;
    lina.private.sees("Et le son aussi").await;
    world.quiet().await;
    let causes = world
        .tables
        .texts("SELECT cause FROM inbox WHERE cause IS NOT NULL")
        .await;
    assert_eq!(causes, ["the program ended over it again and again"]);
}
