//! Somebody's account is deleted: they are gone, and their tickets too, or not.

use std::time::SystemTime;

use guichet::domain::account::Role;
use guichet::domain::platform::Platform;
use guichet::sandbox::Seen;

use crate::harness::{Chair, Learner, Program, StaffOn, World, office};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Opens somebody's card and asks for their account to be deleted, in that way.
async fn asks_to_delete(admin: &Chair, words: &str, way: &str) -> Seen {
    let french = [
        "Personnes dont le nom",
        "Rôle : ",
        "Supprimer",
        "Que deviennent",
        "pour toujours",
    ];
    let english = ["People whose name", "Role: ", "Delete", "What becomes of", "for ever"];
    let [found, card, delete, how, surely] = if way.contains("their tickets") { english } else { french };
    admin.uses("users", &[("person", words)]).await;
    let found = admin.sees(found).await;
    admin.presses(&found, " · ").await;
    let card = admin.sees(card).await;
    admin.presses(&card, delete).await;
    let how = admin.sees(how).await;
    admin.presses(&how, way).await;
    admin.sees(surely).await
}

/// What tells somebody from everybody else, their words apart.
async fn marks_of(world: &World, name: &str) -> Vec<String> {
    let of = format!("JOIN accounts a ON a.id = i.account_id WHERE a.name = '{name}'");
    let columns = ["user_id", "private_chat", "display_name", "stated_email", "name"];
    let mut marks = Vec::new();
    for column in columns {
        marks.extend(
            world
                .tables
                .texts(&format!("SELECT {column} FROM identities i {of}"))
                .await,
        );
    }
    marks
}

/// What was left for later is done: the desk does so when it starts, and every ten minutes.
async fn is_tidied(world: &mut World) {
    world.quiet().await;
    world.close().await;
    for file in std::fs::read_dir(world.files.path()).unwrap() {
        let file = std::fs::File::open(file.unwrap().path()).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    }
    world.start().await;
    let before = "received_at <= (SELECT MAX(happened_at) FROM account_history WHERE event IN ('deleted', 'erased'))";
    world
        .tables
        .until(&format!("inbox WHERE lane <> '' AND {before}"), 0)
        .await;
    world.tables.until("discarded_files", 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_erased_with_their_tickets_by_an_admin_on_telegram() {
    erased(StaffOn::TelegramTopics, Platform::Discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_erased_with_their_tickets_by_an_admin_on_discord() {
    erased(StaffOn::Discord, Platform::Telegram).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_below_a_card_in_a_group_without_topics_goes_too() {
    erased(StaffOn::TelegramGroup, Platform::Telegram).await;
}

async fn erased(on: StaffOn, learner_on: Platform) {
    let mut world = World::open().await;
    let staff = office(&world, on, "fr").await;
    let omar = Learner::known(&world, "Omar Ly", Platform::Telegram).await;
    omar.opens("Plus de papier", 1).await;
    let lina = Learner::known(&world, "Lina Ndiaye", learner_on).await;
    let marks = marks_of(&world, "Lina Ndiaye").await;
    let (there, awa, moussa) = (&lina.private, &staff.awa.private, &staff.moussa);
    there.sends("canari.png", "image/png", PNG, "Canari rayé").await;
    let draft = there.sees("Urgence").await;
    there.presses(&draft, "Envoyer").await;
    there.sees("N° 2 · ").await;
    let card = moussa.channel.sees("N° 2 · ").await;
    moussa.channel.presses(&card, "Prendre").await;
    let taken = there.sees("s'occupe de votre demande").await;
    there.replies(&taken, "Toujours ce canari").await;
    moussa.thread(&world, 2).sees("Toujours ce canari").await;
    there.says("Un brouillon de canari").await;
    there.sees("Un brouillon de canari").await;
    let ping = awa.sees("Canari rayé").await;
    world.quiet().await;
    assert_eq!(std::fs::read_dir(world.files.path()).unwrap().count(), 1);
    world.script.forget();

    let surely = asks_to_delete(awa, "Lina", "Effacer avec ses demandes").await;
    awa.presses(&surely, "Oui").await;
    awa.sees("ce compte est supprimé, et ses demandes").await;
    there.sees("vient d'être supprimé").await;
    world.quiet().await;
    let board = moussa.channel.history();
    assert!(
        !board.to_lowercase().contains("canari") && board.contains("N° 1 · "),
        "{board}"
    );
    world.tables.all_went_well().await;
    is_tidied(&mut world).await;
    for mark in marks.iter().map(String::as_str).chain(["anari"]) {
        assert_eq!(world.tables.places_of(mark).await, [""; 0], "{mark}");
    }
    assert_eq!(world.count("accounts").await, 4);
    let history = "SELECT event FROM account_history WHERE actor_id <> account_id";
    assert_eq!(world.tables.texts(history).await, ["erased"]);
    assert_eq!(std::fs::read_dir(world.files.path()).unwrap().count(), 0);

    // What stands where nothing can be taken away leads nowhere.
    awa.presses(&ping, "Prendre").await;
    awa.sees("Je ne trouve pas de demande n° 2").await;
    awa.replies(&ping, "Et alors ?").await;
    awa.sees("Je ne trouve pas de demande n° 2").await;
    // The same human is somebody new.
    there.says("Mon clavier colle").await;
    lina.signs_up("Lina Ndiaye", "lina.ndiaye@exemple.org", "fr").await;
    let draft = there.sees("Urgence").await;
    there.presses(&draft, "Envoyer").await;
    there.sees("N° 3 · ").await;
    world.tables.all_went_well().await;
    world.close().await;
    insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
        insta::assert_snapshot!("erased", world.script.text());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_deleted_and_their_tickets_stay_without_them() {
    for (on, language) in [(StaffOn::TelegramTopics, "fr"), (StaffOn::Discord, "en")] {
        kept(on, language).await;
    }
}

async fn kept(on: StaffOn, language: &str) {
    let mut world = World::open().await;
    let staff = office(&world, on, language).await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let marks = marks_of(&world, "Lina Ndiaye").await;
    let (there, awa, moussa) = (&lina.private, &staff.awa.private, &staff.moussa);
    lina.opens("Canari rayé", 1).await;
    let card = lina.opens("Canari muet", 2).await;
    there.replies(&card, "Depuis hier").await;
    moussa.channel.sees("Canari rayé").await;
    world.quiet().await;
    world.script.forget();

    let french = language == "fr";
    let keep = if french {
        "Garder ses demandes"
    } else {
        "Keep their tickets"
    };
    let surely = asks_to_delete(awa, "Lina", keep).await;
    awa.presses(&surely, if french { "Oui" } else { "Yes" }).await;
    awa.sees(if french {
        "Ses demandes restent"
    } else {
        "Its tickets stay"
    })
    .await;
    there.sees("vient d'être supprimé").await;
    let nobody = if french {
        "Personne supprimée"
    } else {
        "Deleted person"
    };
    let card = moussa.channel.sees(nobody).await;
    world.quiet().await;
    assert_eq!(moussa.channel.times(nobody), 2);
    moussa
        .channel
        .presses(&card, if french { "Prendre" } else { "Take" })
        .await;
    moussa.private.uses("show", &[("number", "2")]).await;
    let shown = moussa.private.sees("Depuis hier").await;
    assert!(shown.text.contains(nobody), "{shown:?}");
    awa.uses("users", &[("person", "Lina")]).await;
    awa.sees(if french {
        "Personne ne porte ce nom"
    } else {
        "Nobody has that name"
    })
    .await;
    let (done, said) = Program::runs(&world, &["admin", "code", "4"], &[]).await;
    assert!(!done && said.contains("No account is identified by 4"), "{said}");
    world.tables.all_went_well().await;
    is_tidied(&mut world).await;
    for mark in &marks {
        assert_eq!(world.tables.places_of(mark).await, [""; 0], "{mark}");
    }
    // Their words stay where they belong; Moussa was shown them since.
    let stays = async |words| {
        let mut places = world.tables.places_of(words).await;
        places.retain(|place| !place.starts_with("inbox."));
        places.sort();
        places.join(" ")
    };
    assert_eq!(stays("Canari rayé").await, "tickets.description tickets.title");
    assert_eq!(stays("Depuis hier").await, "comments.body");

    // The same human is somebody new, even with the address that identified them.
    world
        .create("Lina Ndiaye", "lina.ndiaye@exemple.org", Role::Learner)
        .await;
    there.uses("tickets", &[]).await;
    there.sees("Je ne vous connais pas encore").await;
    world.tables.all_went_well().await;
    world.close().await;
    insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
        insta::assert_snapshot!("kept", world.script.text());
    });
}
