//! What Discord suggests to whoever types in an option of a command.

use guichet::domain::account::Role;
use guichet::domain::language::Language;
use guichet::domain::platform::Platform;

use crate::harness::{Learner, StaffOn, World, office};

/// Opens a ticket.
async fn opens(learner: &Learner, title: &str, language: Language) {
    let chair = &learner.private;
    chair.says(title).await;
    let draft = chair.sees(title).await;
    chair.presses(&draft, &language.say("button-send", &[])).await;
    chair.sees(&format!(" · {title}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_and_people_are_suggested_in_french() {
    tickets_and_people_are_suggested_to_those_who_may_see_them(Language::Fr, "Réseau").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_and_people_are_suggested_in_english() {
    tickets_and_people_are_suggested_to_those_who_may_see_them(Language::En, "Network").await;
}

async fn tickets_and_people_are_suggested_to_those_who_may_see_them(language: Language, network: &str) {
    let mut world = World::open().await;
    let code = language.code();
    let staff = office(&world, StaffOn::Discord, code).await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Discord, code, Role::Learner).await;
    let omar = Learner::with_role(&world, "Omar Ly", Platform::Discord, code, Role::Learner).await;
    let number = |number: &'static str| language.say("number", &[("number", number.into())]);
    let printer = |sign: &str| {
        [format!(
            "{sign} {} · L'imprimante ne répond plus @everyone",
            number("1")
        )]
    };
    let screen = [format!("🔧 {} · Écran bleu", number("2"))];
    opens(&lina, "L'imprimante ne répond plus @everyone", language).await;
    opens(&omar, "Écran bleu", language).await;
    let (moussa, awa) = (&staff.moussa.channel, &staff.awa.private);
    let card = moussa.sees("2 · Écran bleu").await;
    moussa.presses(&card, &language.say("button-take", &[])).await;
    omar.private.sees("Moussa Sarr").await;
    world.quiet().await;
    // One's own, by number or words; of the team's, those to which the command is done.
    assert_eq!(lina.private.types("show", "number", "").await, printer("⏳"));
    assert_eq!(lina.private.types("show", "number", "2").await, [""; 0]);
    assert_eq!(lina.private.types("rate", "number", "").await, [""; 0]);
    assert_eq!(moussa.types("show", "number", "").await.len(), 2);
    assert_eq!(moussa.types("show", "number", "ecran").await, screen);
    assert_eq!(moussa.types("take", "number", "").await.len(), 1);
    assert_eq!(moussa.types("resolve", "number", "").await, screen);
    assert_eq!(moussa.types("show", "number", "9").await, [""; 0]);
    // Colleagues for the team, people for admins, nothing for others and for nobody.
    assert_eq!(awa.types("assign", "colleague", "mouss").await, ["Moussa Sarr"]);
    assert_eq!(lina.private.types("assign", "colleague", "").await, [""; 0]);
    assert_eq!(awa.types("users", "person", "ndiaye").await, ["Lina Ndiaye"]);
    assert_eq!(moussa.types("users", "person", "").await, [""; 0]);
    assert_eq!(moussa.types("users", "person", "%_' OR 1=1").await, [""; 0]);
    // A category by its name in either language.
    for typed in ["resea", "netw"] {
        assert_eq!(moussa.types("category", "category", typed).await, [network]);
    }
    // The very number, whatever became of the ticket.
    world
        .tables
        .change("UPDATE tickets SET status = 'closed' WHERE id = 1")
        .await;
    assert_eq!(lina.private.types("show", "number", "").await, [""; 0]);
    for chair in [&lina.private, moussa] {
        let closed = chair.types("show", "number", "1").await;
        assert_eq!(closed, printer("🔒"));
    }
    assert_eq!(omar.private.types("show", "number", "1").await, [""; 0]);
    world
        .tables
        .change("UPDATE tickets SET status = 'waiting' WHERE id = 1")
        .await;
    let stranger = Learner::new(&world, "Eve", Platform::Discord, code).private;
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
