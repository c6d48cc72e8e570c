//! What Discord suggests to whoever types in an option of a command.

use guichet::domain::account::Role;
use guichet::domain::platform::Platform;

use crate::harness::{Learner, StaffOn, World, office};

#[tokio::test(flavor = "multi_thread")]
async fn tickets_and_people_are_suggested_to_those_who_may_see_them() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Discord).await;
    let omar = Learner::known(&world, "Omar Ly", Platform::Discord).await;
    lina.opens("L'imprimante ne répond plus @everyone", 1).await;
    omar.opens("Écran bleu", 2).await;
    let (moussa, awa) = (&staff.moussa.channel, &staff.awa.private);
    let card = moussa.sees("N° 2 · ").await;
    moussa.presses(&card, "Prendre").await;
    omar.private.sees("s'occupe de votre demande").await;
    world.quiet().await;
    // One's own, by number or words; of the team's, those to which the command is done.
    assert_eq!(
        lina.private.types("show", "number", "").await,
        ["⏳ n° 1 · L'imprimante ne répond plus @everyone"]
    );
    assert_eq!(lina.private.types("show", "number", "2").await, [""; 0]);
    assert_eq!(lina.private.types("rate", "number", "").await, [""; 0]);
    assert_eq!(moussa.types("show", "number", "").await.len(), 2);
    assert_eq!(moussa.types("show", "number", "ecran").await, ["🔧 n° 2 · Écran bleu"]);
    assert_eq!(moussa.types("take", "number", "").await.len(), 1);
    assert_eq!(moussa.types("resolve", "number", "").await, ["🔧 n° 2 · Écran bleu"]);
    assert_eq!(moussa.types("show", "number", "9").await, [""; 0]);
    // Colleagues for the team, people for admins, nothing for others and for nobody.
    assert_eq!(awa.types("assign", "colleague", "mouss").await, ["Moussa Sarr"]);
    assert_eq!(lina.private.types("assign", "colleague", "").await, [""; 0]);
    assert_eq!(awa.types("users", "person", "ndiaye").await, ["Lina Ndiaye"]);
    assert_eq!(moussa.types("users", "person", "").await, [""; 0]);
    assert_eq!(moussa.types("users", "person", "%_' OR 1=1").await, [""; 0]);
    // The very number, whatever became of the ticket.
    world
        .tables
        .change("UPDATE tickets SET status = 'closed' WHERE id = 1")
        .await;
    assert_eq!(lina.private.types("show", "number", "").await, [""; 0]);
    for chair in [&lina.private, moussa] {
        let closed = chair.types("show", "number", "1").await;
        assert_eq!(closed, ["🔒 n° 1 · L'imprimante ne répond plus @everyone"]);
    }
    assert_eq!(omar.private.types("show", "number", "1").await, [""; 0]);
    world
        .tables
        .change("UPDATE tickets SET status = 'waiting' WHERE id = 1")
        .await;
    let stranger = Learner::new(&world, "Eve", Platform::Discord, "fr").private;
    assert_eq!(stranger.types("show", "number", "").await, [""; 0]);
    world
        .tables
        .change("UPDATE accounts SET disabled_at = NOW(6) WHERE name = 'Lina Ndiaye'")
        .await;
    assert_eq!(lina.private.types("show", "number", "").await, [""; 0]);
    // Nothing of what is typed on the way is kept.
    let kept = "inbox WHERE raw LIKE '%ndiaye%' AND raw LIKE '%autocomplete%'";
    assert_eq!(world.count(kept).await, 0);
    world.tables.all_went_well().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_very_many_twenty_five_are_suggested_and_a_canned_reply_by_its_name() {
    let world = World::open().await;
    let awa = Learner::with_role(&world, "Awa Diop", Platform::Discord, "fr", Role::Admin)
        .await
        .private;
    for number in 0..30 {
        let name = format!("Élève {number:02} {}", "x".repeat(80));
        world
            .create(&name, &format!("e{number}@exemple.org"), Role::Learner)
            .await;
    }
    assert_eq!(awa.types("users", "person", "élève").await.len(), 25);
    world
        .tables
        .change("INSERT INTO canned_replies (name, body) VALUES ('Merci', 'Merci')")
        .await;
    assert_eq!(awa.types("canned", "canned", "mer").await, ["Merci"]);
    world.tables.all_went_well().await;
}
