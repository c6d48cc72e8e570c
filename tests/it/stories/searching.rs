//! `/search`: tickets found by their words, by those who may read them.

use std::collections::BTreeSet;

use guichet::domain::account::{Actor, Role};
use guichet::domain::ids::AccountId;
use guichet::domain::permission::Permit;
use guichet::domain::platform::Platform;
use guichet::domain::text::{Body, Description, Title};
use guichet::domain::ticket::Urgency;
use guichet::domain::words::words_of;
use guichet::sandbox::Seen;
use guichet::service::open::open;
use guichet::service::work::{Deed, work};
use guichet::store::search::{find_all, find_of};
use guichet::store::tickets::NewTicket;
use guichet::store::{Store, categories};

use crate::harness::{Chair, DbProxy, Learner, Server, StaffOn, World, office, words};

async fn looks_for(chair: &Chair, text: &str, sees: &str) -> Seen {
    chair.uses("search", &[("words", text)]).await;
    chair.sees(sees).await
}

fn new(title: &str, description: &str, category: guichet::domain::ids::CategoryId) -> NewTicket {
    NewTicket {
        title: Title::parse(title).unwrap(),
        description: Description::parse(description).unwrap(),
        urgency: Urgency::Medium,
        category,
        answers: Vec::new(),
        files: Vec::new(),
    }
}

async fn opens(store: &Store, by: &Actor, title: &str, description: &str) -> guichet::domain::ids::TicketId {
    let mut tx = store.begin().await.unwrap();
    let category = categories::list(&mut tx).await.unwrap()[0].id;
    let id = open(&mut tx, by, &new(title, description, category), false)
        .await
        .unwrap()
        .id;
    tx.commit().await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_finds_what_they_may_read_and_nothing_else() {
    for (learner_on, staff_on) in [
        (Platform::Telegram, StaffOn::Discord),
        (Platform::Discord, StaffOn::TelegramGroup),
    ] {
        let mut world = World::open().await;
        let staff = office(&world, staff_on, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", learner_on).await;
        let omar = Learner::known(&world, "Omar Ly", Platform::Telegram).await;
        lina.opens("L'IMPRIMANTE de la salle B12 ne répond plus", 1).await;
        omar.opens("Deux imprimantes en panne au réfectoire", 2).await;
        let moussa = &staff.moussa.private;
        moussa
            .uses("note", &[("number", "1"), ("text", "Garantie échue")])
            .await;
        moussa
            .uses("reply", &[("number", "1"), ("text", "Le câble est-il branché ?")])
            .await;
        lina.private.sees("Le câble est-il branché").await;
        world.quiet().await;
        world.script.forget();
        // Hers, by any form of the words, and those of the answer; not the note, nor what is another's.
        let mine = looks_for(&lina.private, "imprimantes SALLE b12", "Demandes qui contiennent").await;
        assert!(mine.text.contains("n° 1") && !mine.text.contains("n° 2"), "{mine:?}");
        looks_for(&lina.private, "cable", "Demandes qui contiennent « cable »").await;
        looks_for(&lina.private, "garantie", "Aucune demande ne contient « garantie »").await;
        looks_for(&lina.private, "réfectoire", "Aucune demande").await;
        let all = looks_for(moussa, "Imprimante", "Demandes qui contiennent").await;
        assert!(all.text.contains("n° 1") && all.text.contains("n° 2"), "{all:?}");
        moussa.presses(&all, "n° 1").await;
        moussa.sees("N° 1 · ").await;
        looks_for(moussa, "garanties refectoire", "Aucune demande").await;
        looks_for(moussa, "garanties", "Demandes qui contiennent « garanties »").await;
        // Without words, they are asked for.
        lina.private.uses("tickets", &[]).await;
        let list = lina.private.sees("Vos demandes en cours").await;
        lina.private.presses(&list, "Chercher").await;
        if learner_on == Platform::Discord {
            lina.private.submits(&[("words", "imprimante")]).await;
        } else {
            lina.private.sees("Que cherchez-vous").await;
            lina.private.says("imprimante").await;
        }
        lina.private.sees("Demandes qui contiennent « imprimante »").await;
        lina.private.uses("language", &[("language", "en")]).await;
        lina.private.sees("English").await;
        looks_for(&lina.private, "salle", "Requests with").await;
        looks_for(&lina.private, "the", "in almost every request").await;
        world.tables.all_went_well().await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{learner_on:?}") }, {
            insta::assert_snapshot!("a_search", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_looked_for_is_only_words() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let lina = Learner::known(&world, "Lina Ndiaye", on).await.private;
        for (strange, told) in [
            ("%", "ni lettre ni chiffre"),
            ("_ ' \" \\ ;--", "ni lettre ni chiffre"),
            ("👩‍💻 \u{202e}", "ni lettre ni chiffre"),
            ("est-ce que la", "presque toutes les demandes"),
            ("<b>@everyone</b> *gras* `x` [a](http://b.c)", "Aucune demande"),
            ("الطابعة", "Aucune demande"),
            (&"mot".repeat(500), "Aucune demande"),
            (&"imprimante ".repeat(60), "Aucune demande"),
        ] {
            let seen = looks_for(&lina, strange, told).await;
            assert!(seen.buttons.contains(&"Chercher".to_owned()), "{strange}: {seen:?}");
        }
        let stranger = Learner::new(&world, "Omar", on, "fr").private;
        let told = words(&stranger.uses("search", &[("words", "imprimante")]).await);
        if told.is_empty() {
            stranger.sees("Je ne vous connais pas encore").await;
        }
        world.tables.all_went_well().await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("strange_words", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_the_newest_are_shown_and_a_search_takes_two_statements() {
    let world = World::open().await;
    Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let lina = world.actor("Lina Ndiaye", Role::Learner).await;
    for number in 1..=12 {
        let rare = if number % 6 == 0 { "Vidéoprojecteur" } else { "Écran" };
        opens(&world.store, &lina, &format!("{rare} de la salle"), "Il est noir").await;
    }
    let direct = world.database.connect_options();
    let proxy = DbProxy::start(Server::of(&direct)).await;
    let store = Store::open(proxy.options(&direct), 2, world.clock.clone())
        .await
        .unwrap();
    let mut view = store.look().await.unwrap();
    let numbers = |found: &guichet::store::search::Found| {
        let lines = found.lines.iter().map(|line| line.id.0);
        lines.collect::<Vec<_>>()
    };
    for (text, expected) in [
        ("salle", vec![12, 11, 10]),
        ("salle vidéoprojecteurs", vec![12, 6]),
        ("noir vidéo projecteur", vec![]),
        ("salle absent", vec![]),
    ] {
        let words = words_of(text);
        let before = proxy.statements();
        let found = find_all(&mut view, Permit::of_the_operator(), &words, 3).await.unwrap();
        assert!(proxy.statements() <= before + 2, "{text}");
        assert_eq!((numbers(&found), found.is_cut), (expected.clone(), false), "{text}");
        let before = proxy.statements();
        let found = find_of(&mut view, lina.account, &words, 3).await.unwrap();
        assert_eq!(proxy.statements(), before + 1, "{text}");
        assert_eq!(numbers(&found), expected, "{text}");
    }
    let nothing = BTreeSet::new();
    let found = find_of(&mut view, AccountId(999_999), &nothing, 3).await.unwrap();
    assert_eq!(numbers(&found), [0; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_that_were_there_before_the_search_are_found_and_purged_ones_leave_no_word() {
    let mut world = World::open().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let by = world.actor("Lina Ndiaye", Role::Learner).await;
    let id = opens(&world.store, &by, "Clavier collant", "Du café").await;
    let mut tx = world.store.begin().await.unwrap();
    let deed = Deed::Comment(Some(Body::parse("La touche espace").unwrap()), Vec::new());
    work(&mut tx, &by, id, &deed, None).await.unwrap();
    tx.commit().await.unwrap();
    world.quiet().await;
    world.close().await;
    world.tables.change("DELETE FROM ticket_words").await;
    world
        .tables
        .change("INSERT INTO unread_tickets (last_id) VALUES (450)")
        .await;
    world.start().await;
    world.tables.until("unread_tickets", 0).await;
    looks_for(&lina.private, "clavier touches café", "n° 1").await;
    world.tables.change("DELETE FROM tickets").await;
    assert_eq!(world.count("ticket_words").await, 0);
}
