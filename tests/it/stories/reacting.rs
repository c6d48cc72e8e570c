//! Whoever reads what somebody wrote says by a reaction that they have, or that it is done; its author sees a sign of it.

use chrono::TimeDelta;
use guichet::domain::account::Role;
use guichet::domain::ids::TicketId;
use guichet::domain::platform::Platform;
use guichet::domain::text::Body;
use guichet::sandbox::Seen;
use guichet::service::work::{Deed, Original, work};
use guichet::store::Store;
use guichet::store::copies::MessageAt;
use guichet::store::journal::Entry;

use crate::harness::{Chair, Learner, Office, StaffOn, World, office};

/// Lina wrote something on her ticket, which Moussa has in the thread: her message, and the copy.
async fn written(world: &World, staff: &Office, lina: &Chair, card: &Seen) -> (i64, Seen) {
    let said = lina.replies(card, "C'est la salle 12").await;
    let copy = staff.moussa.thread(world, 1).sees("C'est la salle 12").await;
    lina.sees_reaction(said, "👀", "👀").await;
    world.quiet().await;
    (said, copy)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_and_what_is_done_is_seen_by_whoever_wrote_it() {
    for (on, staff_on, done) in [
        (Platform::Telegram, StaffOn::Discord, "✅"),
        (Platform::Discord, StaffOn::TelegramTopics, "👍"),
        (Platform::Discord, StaffOn::Discord, "👌"),
        (Platform::Telegram, StaffOn::TelegramGroup, "💯"),
    ] {
        let mut world = World::open().await;
        let staff = office(&world, staff_on, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", on).await;
        world.script.forget();
        let card = lina.opens("Mon chargeur ne marche plus", 1).await;
        staff.moussa.private.uses("take", &[("number", "1")]).await;
        let here = &lina.private;
        let (said, copy) = written(&world, &staff, here, &card).await;
        let thread = staff.moussa.thread(&world, 1);
        thread.reacts(&copy, "👀");
        here.sees_reaction(said, "👌", "👌").await;
        thread.reacts(&copy, done);
        here.sees_reaction(said, "👍", "✅").await;
        // The other way; in a private chat on Telegram the bot is told of none.
        let answered = thread.replies(&copy, "J'arrive avec un chargeur").await;
        let answer = here.sees("J'arrive avec un chargeur").await;
        if on == Platform::Discord {
            world.quiet().await;
            here.reacts(&answer, "👍");
            thread.sees_reaction(answered, "👍", "✅").await;
        }
        world.tables.all_went_well().await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_means_nothing_or_comes_from_others_leaves_no_sign() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramTopics, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let card = lina.opens("Mon chargeur ne marche plus", 1).await;
    let here = &lina.private;
    let (said, copy) = written(&world, &staff, here, &card).await;
    let omar = world.telegram.user("Omar Ly", "fr");
    staff.place.group().admits(&omar);
    let topic = omar.in_topic(staff.place.group(), "1 · ");
    topic.reacts(copy.message_id, "👍");
    staff.moussa.thread(&world, 1).reacts(&copy, "🎉");
    // To what is no copy.
    staff
        .moussa
        .channel
        .reacts(&staff.moussa.channel.sees("N° 1 · ").await, "👍");
    world.quiet().await;
    assert_eq!(here.reactions(said), ["👀"]);
    let known = "SELECT COUNT(*) FROM identities WHERE display_name LIKE 'Omar%'";
    assert_eq!(world.tables.number(known).await, 0);
    // A group may forbid reactions, and what was written may be gone.
    here.telegram().deletes(said);
    staff.moussa.thread(&world, 1).reacts(&copy, "👍");
    world.tables.all_went_well().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_delivered_has_no_sign_of_it_until_it_is() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let staff = office(&world, StaffOn::Discord, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", on).await;
        let card = lina.opens("Mon chargeur ne marche plus", 1).await;
        let here = &lina.private;
        staff.moussa.channel.sees("N° 1 · ").await;
        world.quiet().await;
        staff.place.throws_bot_out();
        let said = here.replies(&card, "C'est la salle 12").await;
        here.sees_reaction(said, "🕊", "📨").await;
        staff.awa.private.sees("Je ne peux plus écrire dans").await;
        world.quiet().await;
        let sent = match on {
            Platform::Telegram => "🕊",
            Platform::Discord => "📨",
        };
        assert_eq!(here.reactions(said), [sent]);
        staff.place.takes_bot_back();
        staff.awa.channel.uses("setup", &[]).await;
        staff.moussa.thread(&world, 1).sees("C'est la salle 12").await;
        here.sees_reaction(said, "👀", "👀").await;
        world.tables.all_went_well().await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_once_an_hour_is_delivered_then() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let card = lina.opens("Mon chargeur ne marche plus", 1).await;
    lina.private.replies(&card, "C'est la salle 12").await;
    let thread = staff.moussa.thread(&world, 1);
    let relayed = thread.sees("C'est la salle 12").await;
    lina.private.uses("notify", &[]).await;
    let how = lina.private.sees("").await;
    lina.private.presses(&how, "Une fois par heure").await;
    lina.private.sees("une fois par heure au plus").await;
    world.quiet().await;
    let answered = thread.replies(&relayed, "J'arrive").await;
    thread.sees_reaction(answered, "🕊", "📨").await;
    world.clock.advance(TimeDelta::minutes(61));
    lina.private.sees("J'arrive").await;
    thread.sees_reaction(answered, "👀", "👀").await;
    world.tables.all_went_well().await;
    world.close().await;
}

/// How many words are on their way at once.
const WORDS: i64 = 20;

#[tokio::test(flavor = "multi_thread")]
async fn what_two_replicas_deliver_at_once_has_one_sign() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramGroup, "fr").await;
    let learner = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    learner.opens("Mon chargeur ne marche plus", 1).await;
    staff.moussa.channel.sees("N° 1 · ").await;
    world.quiet().await;
    world.kill();
    let lina = world.actor("Lina Ndiaye", Role::Learner).await;
    let mut tx = world.store.begin().await.unwrap();
    for number in 0..WORDS {
        let words = Deed::Comment(Some(Body::parse("C'est la salle 12").unwrap()), Vec::new());
        let message = MessageAt {
            platform: Platform::Telegram,
            chat: "1",
            message_id: &number.to_string(),
        };
        let original = Original {
            message,
            thread: None,
            edited_at: None,
        };
        work(&mut tx, &lina, TicketId(1), &words, Some(original)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let lines = "SELECT CAST(seq AS CHAR) FROM history WHERE comment_id IS NOT NULL";
    let lines = world.tables.texts(lines).await.into_iter();
    let delivered: Vec<Entry> = lines
        .map(|seq| Entry::Delivered(TicketId(1), seq.parse().unwrap()))
        .collect();
    let options = world.database.connect_options();
    let other = Store::open((*options).clone(), 6, world.clock.clone()).await.unwrap();
    for _ in 0..20 {
        world.tables.change("DELETE FROM outbox").await;
        world
            .tables
            .change("UPDATE comment_sources SET delivered = FALSE")
            .await;
        let some = delivered.iter().rev().skip(3).cloned().collect();
        let (here, there) = tokio::join!(world.store.write_down(delivered.clone()), other.write_down(some));
        here.unwrap();
        there.unwrap();
        let signs = "SELECT COUNT(*) FROM outbox WHERE notice LIKE '%\"sign\":\"delivered\"%'";
        assert_eq!(world.tables.number(signs).await, WORDS);
    }
    other.close().await;
    world.close().await;
}
