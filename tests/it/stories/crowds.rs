//! More at once than a place can take: new tickets are told together, and a card is edited once for all that waits.

use guichet::domain::account::{Actor, Role};
use guichet::domain::ids::{AccountId, CategoryId, IdentityId, TicketId};
use guichet::domain::platform::Platform;
use guichet::domain::text::{Description, Title};
use guichet::domain::ticket::Urgency;
use guichet::outbox::pacing::Pacing;
use guichet::sandbox::discord::Fault as DiscordFault;
use guichet::sandbox::telegram::Fault as TelegramFault;
use guichet::service::open::open;
use guichet::store::tickets::NewTicket;

use crate::harness::{Learner, StaffOn, World, office, words};

/// As if so many tickets had come in a moment, while nobody sends.
pub(super) async fn come_in(world: &World, count: u32) {
    let number = |sql: &'static str| async { u64::try_from(world.tables.number(sql).await).unwrap() };
    let by = Actor {
        account: AccountId(number("SELECT CAST(MAX(account_id) AS SIGNED) FROM identities").await),
        identity: IdentityId(number("SELECT CAST(MAX(id) AS SIGNED) FROM identities").await),
        role: Role::Learner,
    };
    for number in 1..=count {
        let text = format!("Le poste {number} ne démarre plus");
        let new = NewTicket {
            title: Title::parse(&text).unwrap(),
            description: Description::parse(&text).unwrap(),
            urgency: Urgency::Medium,
            category: CategoryId(1),
            answers: Vec::new(),
            files: Vec::new(),
        };
        let mut tx = world.store.begin().await.unwrap();
        let ticket = open(&mut tx, &by, &new, false).await.unwrap();
        assert_eq!(ticket.id, TicketId(u64::from(number)));
        tx.commit().await.unwrap();
    }
}

async fn crowd(on: StaffOn, count: u32) {
    let mut world = World::open().await;
    let staff = office(&world, on, "fr").await;
    let _lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    world.quiet().await;
    world.kill();
    come_in(&world, count).await;
    world.pacing = Pacing::platforms();
    world.start().await;
    let channel = &staff.moussa.channel;
    let list = channel.sees("nouvelles demandes à la fois").await;
    world.quiet().await;
    world.tables.all_went_well().await;
    // What was on its way by itself, however much that was, and the rest in one message.
    let cards = world.count("cards").await;
    assert!(cards + 1 < i64::from(count), "{cards} cards and a list");
    assert_eq!(
        channel.times("nouvelles demandes à la fois"),
        1,
        "{}",
        channel.history()
    );
    assert!(
        channel
            .history()
            .contains(&format!("{} nouvelles", i64::from(count) - cards))
    );
    // An admin is told of twenty at a time, of each once, and can see them from there.
    let admin = &staff.awa.private;
    assert_eq!(admin.times("nouvelles demandes à la fois"), count.div_ceil(20) as usize);
    for number in 1..=count {
        assert_eq!(admin.times(&format!("Le poste {number} ne démarre plus")), 1);
    }
    let told = admin.sees("20 nouvelles demandes à la fois").await;
    admin.presses(&told, "n° 1").await;
    admin.sees("N° 1 · Le poste 1 ne démarre plus").await;
    // Each can be seen and taken from the list, and gets its card then.
    let unposted = "SELECT CAST(MIN(t.id) AS SIGNED) FROM tickets t
        WHERE NOT EXISTS (SELECT 1 FROM cards c WHERE c.ticket_id = t.id)";
    let number = world.tables.number(unposted).await;
    let shown = words(&channel.presses(&list, &format!("n° {number}")).await);
    let heading = format!("N° {number} · Le poste {number} ne démarre plus");
    if on == StaffOn::Discord {
        assert!(shown.contains(&heading), "{shown}");
    } else {
        staff.moussa.private.sees(&heading).await;
    }
    staff
        .moussa
        .private
        .uses("take", &[("number", &number.to_string())])
        .await;
    let card = channel.sees("En cours").await;
    assert!(card.text.contains(&format!("N° {number} · ")), "{}", card.text);
    world.quiet().await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_in_a_telegram_group_is_told_together() {
    crowd(StaffOn::TelegramGroup, 60).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_beside_topics_is_told_together() {
    crowd(StaffOn::TelegramTopics, 40).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_in_a_discord_channel_is_told_together() {
    crowd(StaffOn::Discord, 60).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_an_admin_no_more_reads_nothing_of_a_crowd() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramGroup, "fr").await;
    let _lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    world.quiet().await;
    world.kill();
    come_in(&world, 8).await;
    world
        .tables
        .change("UPDATE accounts SET role = 'technician' WHERE role = 'admin'")
        .await;
    world.start().await;
    world.quiet().await;
    world.tables.all_went_well().await;
    let read = staff.awa.private.history();
    assert!(!read.contains("Le poste") && !read.contains("nouvelle"), "{read}");
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_of_a_card_that_wait_become_one() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramGroup, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.opens("Le wifi tombe", 1).await;
    staff.moussa.channel.sees("N° 1 · ").await;
    world.quiet().await;
    world.kill();
    let again = "INSERT INTO outbox (shard, platform, dest, notice, due_at)
        SELECT CRC32(p.chat) % 64, 'telegram', CONCAT('place:', p.id, ':1'),
               CONCAT('{\"card\":{\"place\":', p.id, ',\"ticket\":1}}'), NOW(6) FROM places p";
    for _ in 0..20 {
        world.tables.change(again).await;
    }
    world.tables.change("UPDATE outbox SET due_at = '2020-01-01'").await;
    let edits = |world: &World| {
        let requests = world.telegram.requests();
        requests.iter().filter(|one| one.method == "editMessageText").count()
    };
    let before = edits(&world);
    world.start().await;
    world.quiet().await;
    assert_eq!(edits(&world) - before, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_come_late_come_together() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramGroup, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Discord).await;
    lina.opens("Le wifi tombe", 1).await;
    staff.moussa.channel.sees("N° 1 · ").await;
    world.quiet().await;
    world.telegram.faults().all("SendMessage", TelegramFault::Status(502));
    for word in ["Toujours rien", "Le voisin non plus", "Ah, ça revient"] {
        lina.private.uses("reply", &[("number", "1"), ("text", word)]).await;
    }
    world.tables.until("outbox WHERE notice LIKE '{\"thread%'", 3).await;
    world.kill();
    world
        .tables
        .change("UPDATE outbox SET created_at = created_at - INTERVAL 1 MINUTE, due_at = created_at")
        .await;
    world.telegram.faults().clear();
    world.start().await;
    let note = staff.moussa.channel.sees("Ah, ça revient").await;
    assert!(
        note.text.contains("Toujours rien") && note.text.contains("Le voisin"),
        "{}",
        note.text
    );
    world.quiet().await;
    world.tables.all_went_well().await;
    assert_eq!(staff.moussa.channel.times("Toujours rien"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn late_words_of_several_kinds_all_arrive_and_none_twice() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.opens("Le wifi tombe", 1).await;
    staff.moussa.channel.sees("N° 1 · ").await;
    world.quiet().await;
    world.discord.faults().all("POST /channels", DiscordFault::Status(502));
    let mut told = Vec::new();
    for round in 1..=3 {
        for (who, private) in [("Lina", &lina.private), ("Moussa", &staff.moussa.private)] {
            let words = format!("{who} dit le mot {round}");
            private.uses("reply", &[("number", "1"), ("text", &words)]).await;
            told.push(words);
            let lines = i64::try_from(told.len()).unwrap();
            world.tables.until("outbox WHERE notice LIKE '{\"thread%'", lines).await;
        }
    }
    world.kill();
    world
        .tables
        .change("UPDATE outbox SET created_at = created_at - INTERVAL 1 MINUTE, due_at = created_at")
        .await;
    world.discord.faults().clear();
    // The first message is there, and nobody hears of it.
    let cut = DiscordFault::Cut { after_effect: true };
    world.discord.faults().next("POST /channels", cut, 1);
    world.start().await;
    let thread = staff.moussa.thread(&world, 1);
    thread.sees("Moussa dit le mot 3").await;
    world.quiet().await;
    world.tables.all_went_well().await;
    for words in told {
        assert_eq!(thread.times(&words), 1, "{words}\n{}", thread.history());
    }
}
