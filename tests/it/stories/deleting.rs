//! Somebody's account is deleted: they are gone, and their tickets too, or not.

use std::time::SystemTime;

use guichet::clock::Clock;
use guichet::domain::account::{Role, TheirTickets};
use guichet::domain::permission::Permit;
use guichet::domain::platform::Platform;
use guichet::domain::text::Email;
use guichet::sandbox::Seen;
use guichet::sandbox::discord::Fault as DiscordFault;
use guichet::sandbox::telegram::Fault as TelegramFault;
use guichet::service::{deletion, roles};
use guichet::store::accounts::find_by_email;
use serde_json::json;

use crate::harness::{Chair, Learner, Office, Program, StaffOn, World, office, words};

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
    let [found, card, delete, how, surely] = if way.contains("their requests") {
        english
    } else {
        french
    };
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

/// Another ticket of theirs, which is over, and what they think of it.
async fn rates_another(world: &World, staff: &Office, there: &Chair) {
    there.says("Plus d'eau").await;
    let draft = there.sees("Urgence").await;
    there.presses(&draft, "Envoyer").await;
    there.sees("N° 3 · ").await;
    let number = ("number", "3");
    let moussa = &staff.moussa.private;
    moussa.uses("take", &[number]).await;
    moussa.sees("En cours").await;
    moussa.uses("resolve", &[number, ("text", "Remplie.")]).await;
    let report = there.sees("Remplie.").await;
    there.presses(&report, "C'est réglé").await;
    there.sees("Comment cela s'est-il passé").await;
    there
        .uses("rate", &[number, ("stars", "4"), ("text", "Un canari muet")])
        .await;
    there.sees("Merci pour votre avis").await;
    moussa.sees("donne son avis").await;
    world.quiet().await;
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
    rates_another(&world, &staff, there).await;
    let page = "https://canari.exemple.org/";
    for target in [page, "relates 1"] {
        let option = ("target", target);
        moussa.private.uses("relate", &[("number", "2"), option]).await;
        moussa
            .private
            .sees(if target == page { "🔗" } else { "lié au n° 1" })
            .await;
    }
    world.quiet().await;
    there
        .sends("autre.png", "image/png", b"\x89PNG canari", "Un brouillon de canari")
        .await;
    there.sees("Un brouillon de canari").await;
    let ping = awa.sees("Canari rayé").await;
    world.quiet().await;
    let places = world.tables.places_of("Un canari muet").await;
    assert!(places.iter().any(|place| place == "ratings.words"), "{places:?}");
    let places = world.tables.places_of("canari.exemple").await;
    assert!(places.iter().any(|place| place == "ticket_urls.url"), "{places:?}");
    assert_eq!(std::fs::read_dir(world.files.path()).unwrap().count(), 2);
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
    assert_eq!((world.count("accounts").await, world.count("ratings").await), (4, 0));
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
    there.sees("N° 4 · ").await;
    world.tables.all_went_well().await;
    world.close().await;
    insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
        insta::assert_snapshot!("erased", world.script.text());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_deleted_is_closed_and_replaced_by_a_line() {
    for on in [StaffOn::TelegramTopics, StaffOn::Discord] {
        let mut world = World::open().await;
        let staff = office(&world, on, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
        let opened = lina.opens("Canari rayé", 1).await;
        let card = staff.moussa.channel.sees("Canari rayé").await;
        lina.private.replies(&opened, "Depuis hier").await;
        staff.moussa.thread(&world, 1).sees("Depuis hier").await;
        world.quiet().await;
        let refuse = |method, description: &str| {
            let body = json!({ "ok": false, "error_code": 400, "description": description });
            world
                .telegram
                .faults()
                .all(method, TelegramFault::Answer { status: 400, body });
        };
        refuse("DeleteForumTopic", "Bad Request: not enough rights to delete the topic");
        refuse("DeleteMessage", "Bad Request: message can't be deleted");
        let body = json!({ "code": 50013, "message": "Missing Permissions" });
        let forbidden = DiscordFault::Reply { status: 403, body };
        world.discord.faults().all("DELETE /channels", forbidden);
        deletes(&world, "lina.ndiaye@exemple.org", TheirTickets::Erase).await;
        let left = staff.moussa.channel.sees("N° 1 · supprimée").await;
        assert_eq!((left.message_id, &left.buttons[..]), (card.message_id, &[][..]));
        world.tables.all_went_well().await;
        assert_eq!(world.count("cards").await, 0);
        // An old button, from before.
        let told = staff.moussa.channel.forges(&left, "take:1").await;
        assert!(words(&told).contains("Je ne trouve pas de demande n° 1"), "{told:?}");
        world.close().await;
    }
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
        "Keep their requests"
    };
    let surely = asks_to_delete(awa, "Lina", keep).await;
    awa.presses(&surely, if french { "Oui" } else { "Yes" }).await;
    awa.sees(if french {
        "Ses demandes restent"
    } else {
        "Its requests stay"
    })
    .await;
    there.sees("vient d'être supprimé").await;
    let nobody = if french {
        "Personne supprimée"
    } else {
        "Deleted person"
    };
    world.quiet().await;
    let mut card = None;
    for words in ["Canari rayé", "Canari muet"] {
        let seen = moussa.channel.sees(words).await;
        assert!(seen.text.contains(nobody), "{seen:?}");
        card = Some(seen);
    }
    let card = card.expect("a card");
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

#[tokio::test(flavor = "multi_thread")]
async fn what_a_deleted_technician_had_goes_back_to_the_team_and_stays_there_when_it_is_reopened() {
    for on in [StaffOn::TelegramTopics, StaffOn::Discord] {
        let mut world = World::open().await;
        let staff = office(&world, on, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
        let (awa, moussa, fatou) = (&staff.awa, &staff.moussa, &staff.fatou);
        for (number, words) in [(1, "Plus de papier"), (2, "Plus d'encre"), (3, "Plus de son")] {
            lina.opens(words, number).await;
            let card = moussa.channel.sees(words).await;
            if number == 3 {
                continue;
            }
            moussa.channel.presses(&card, "Prendre").await;
            lina.private.sees("s'occupe de votre demande").await;
            let card = moussa.channel.sees("En cours").await;
            if number == 2 {
                moussa
                    .channel
                    .presses_and_writes(&card, "Résoudre", "Recharge mise.")
                    .await;
            }
        }
        let report = lina.private.sees("Recharge mise.").await;
        world.quiet().await;
        world.script.forget();

        let surely = asks_to_delete(&awa.private, "Moussa", "Garder ses demandes").await;
        assert!(
            surely.text.contains("n° 1") && !surely.text.contains("n° 2"),
            "{surely:?}"
        );
        awa.private.presses(&surely, "Oui").await;
        awa.private.sees("ce compte est supprimé").await;
        moussa.private.sees("vient d'être supprimé").await;
        lina.private.sees("est rendue à l'équipe").await;
        fatou.thread(&world, 1).sees("Personne supprimée rend la demande").await;
        assert_eq!(world.tables.events(1).await, "opened taken released");
        lina.private
            .presses_and_writes(&report, "Toujours en panne", "Elle bave")
            .await;
        lina.private.sees("est rendue à l'équipe").await;
        assert_eq!(world.tables.events(2).await, "opened taken resolved reopened released");
        world.quiet().await;
        assert_eq!(
            world
                .count("tickets WHERE status = 'waiting' AND technician_id IS NULL")
                .await,
            3
        );
        assert_eq!(fatou.channel.times("· Moussa"), 0);
        moussa.private.uses("take", &[("number", "3")]).await;
        moussa.private.sees("Je ne vous connais pas encore").await;
        world.tables.all_went_well().await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("technician", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_admin_stays_and_one_of_two_may_go() {
    let mut world = World::open().await;
    let admin = async |name, on| Learner::with_role(&world, name, on, "fr", Role::Admin).await.private;
    let awa = admin("Awa Diop", Platform::Telegram).await;
    let surely = asks_to_delete(&awa, "Awa", "Garder ses demandes").await;
    awa.presses(&surely, "Oui").await;
    awa.sees("seul administrateur").await;
    let binta = admin("Binta Sow", Platform::Discord).await;
    let surely = asks_to_delete(&awa, "Awa", "Effacer avec ses demandes").await;
    awa.presses(&surely, "Oui").await;
    awa.sees("ce compte est supprimé").await;
    awa.sees("vient d'être supprimé").await;
    awa.says("/users").await;
    awa.sees("Je ne vous connais pas encore").await;
    let surely = asks_to_delete(&binta, "Binta", "Effacer avec ses demandes").await;
    binta.presses(&surely, "Oui").await;
    binta.sees("seul administrateur").await;
    let (done, said) = Program::runs(&world, &["admin", "delete", "2", "--tickets", "keep", "--yes"], &[]).await;
    assert!(!done && said.contains("the last admin"), "{said}");
    world.tables.all_went_well().await;
    is_tidied(&mut world).await;
    assert_eq!(world.tables.places_of("awa.diop@").await, [""; 0]);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_sees_first_what_would_be_gone() {
    // That of the command line is the system's.
    let mut world = World::closed(Clock::system()).await;
    world.start().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.opens("Canari rayé", 1).await;
    let card = staff.moussa.channel.sees("Canari rayé").await;
    staff.moussa.channel.presses(&card, "Prendre").await;
    lina.private.sees("s'occupe de votre demande").await;
    let delete = async |arguments: &[&str]| {
        let command = [&["admin", "delete"], arguments].concat();
        Program::runs(&world, &command, &[]).await
    };
    let erase = ["lina.ndiaye@exemple.org", "--tickets", "erase"];
    let (done, said) = delete(&erase).await;
    assert!(
        done && said.contains("Nothing is deleted yet") && said.contains("erased: 1."),
        "{said}"
    );
    assert_eq!(world.count("accounts WHERE deleted_at IS NULL").await, 4);
    let (done, said) = delete(&["moussa@exemple.org", "--tickets", "keep", "--yes"]).await;
    assert!(done && said.contains("back to the team: 1."), "{said}");
    lina.private.sees("est rendue à l'équipe").await;
    staff.moussa.private.sees("vient d'être supprimé").await;
    let (done, said) = delete(&[&erase[..], &["--yes"]].concat()).await;
    assert!(done && said.contains("is deleted"), "{said}");
    lina.private.sees("vient d'être supprimé").await;
    let (done, said) = delete(&[&erase[..], &["--yes"]].concat()).await;
    assert!(!done && said.contains("No account is identified by"), "{said}");
    let (done, said) = Program::runs(&world, &["admin", "list"], &[]).await;
    assert!(done && !said.contains("Lina") && !said.contains("Moussa"), "{said}");
    world.tables.all_went_well().await;
    let history = "SELECT CONCAT(account_id, ' ', event, ' ', COALESCE(actor_id, 'nobody')) FROM account_history
                   WHERE event IN ('deleted', 'erased') ORDER BY id";
    assert_eq!(
        world.tables.texts(history).await,
        ["2 deleted nobody", "4 erased nobody"]
    );
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_done_at_the_moment_of_a_deletion_is_done_before_it_or_by_somebody_new() {
    for round in 0..12 {
        let world = World::open().await;
        let tickets = if round % 2 == 0 {
            TheirTickets::Keep
        } else {
            TheirTickets::Erase
        };
        let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
        let moussa = Learner::with_role(&world, "Moussa Sarr", Platform::Discord, "fr", Role::Technician).await;
        let card = lina.opens("Plus de papier", 1).await;
        moussa.private.uses("take", &[("number", "1")]).await;
        lina.private.sees("s'occupe").await;
        lina.private.says("Plus d'encre").await;
        let draft = lina.private.sees("Plus d'encre").await;
        tokio::join!(
            async { _ = lina.private.presses(&draft, "Envoyer").await },
            async { _ = lina.private.replies(&card, "Ni de toner").await },
            async { _ = moussa.private.uses("release", &[("number", "1")]).await },
            deletes(&world, "lina.ndiaye@exemple.org", tickets),
            deletes(&world, "moussa.sarr@exemple.org", TheirTickets::Keep),
            enables(&world, "lina.ndiaye@exemple.org"),
        );
        lina.private.sees("vient d'être supprimé").await;
        world.quiet().await;
        let left = "accounts WHERE name <> '' OR disabled_at IS NULL";
        assert_eq!(world.count(left).await, 0);
        assert_eq!(world.count("identities WHERE account_id IS NOT NULL").await, 0);
        let theirs = "dialogs d JOIN identities i ON i.id = d.identity_id WHERE i.user_id = ''";
        assert_eq!(world.count(theirs).await, 0);
        assert_eq!(world.count("tickets WHERE technician_id IS NOT NULL").await, 0);
        if tickets == TheirTickets::Erase {
            assert_eq!(world.count("tickets").await + world.count("comments").await, 0);
        }
        world.tables.all_went_well().await;
    }
}

/// Deletes an account beside the desk.
async fn deletes(world: &World, email: &str, tickets: TheirTickets) {
    let email = Email::parse(email).unwrap();
    let context = (&email, tickets);
    let deleted = world.store.transact(&context, |tx, (email, tickets)| {
        Box::pin(async move {
            let account = find_by_email(tx, email).await?.expect("an account");
            deletion::delete(tx, Permit::of_the_operator(), &account, *tickets).await
        })
    });
    deleted.await.unwrap().unwrap();
}

/// Enables an account beside the desk, if it is there.
async fn enables(world: &World, email: &str) {
    let email = Email::parse(email).unwrap();
    let enabled = world.store.transact(&email, |tx, email| {
        Box::pin(async move {
            match find_by_email(tx, email).await? {
                Some(account) => roles::enable(tx, Permit::of_the_operator(), &account).await,
                None => Ok(()),
            }
        })
    });
    enabled.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_last_admins_who_delete_each_other_one_stays() {
    for _ in 0..10 {
        let world = World::open().await;
        let admin = async |name, on| Learner::with_role(&world, name, on, "fr", Role::Admin).await.private;
        let awa = admin("Awa Diop", Platform::Telegram).await;
        let binta = admin("Binta Sow", Platform::Discord).await;
        let of_binta = asks_to_delete(&awa, "Binta", "Garder ses demandes").await;
        let of_awa = asks_to_delete(&binta, "Awa", "Garder ses demandes").await;
        tokio::join!(async { _ = awa.presses(&of_binta, "Oui").await }, async {
            _ = binta.presses(&of_awa, "Oui").await;
        });
        world.quiet().await;
        assert_eq!(
            world
                .count("accounts WHERE role = 'admin' AND disabled_at IS NULL")
                .await,
            1
        );
        assert_eq!(world.count("account_history WHERE event = 'deleted'").await, 1);
        world.tables.all_went_well().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_was_deleted_before_goes_with_somebody_and_so_does_what_follows_it() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramTopics, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let card = lina.opens("Canari rayé", 1).await;
    let (awa, moussa, there) = (&staff.awa.private, &staff.moussa.private, &lina.private);
    let number = ("number", "1");
    moussa.uses("take", &[number]).await;
    moussa.sees("En cours").await;
    moussa.uses("resolve", &[number, ("text", "Fait")]).await;
    moussa.sees("est résolu").await;
    awa.uses("close", &[number]).await;
    awa.sees("🔒").await;
    there.replies(&card, "Encore ce canari").await;
    let draft = there.sees("Votre message n'est pas perdu").await;
    there.presses(&draft, "Envoyer").await;
    there.sees("N° 2 · ").await;
    assert_eq!(world.count("ticket_links").await, 1);
    awa.uses("delete", &[number]).await;
    let surely = awa.sees("Supprimer la demande n° 1").await;
    awa.presses(&surely, "Oui, la supprimer").await;
    awa.sees("est supprimé").await;
    world.quiet().await;
    deletes(&world, "lina.ndiaye@exemple.org", TheirTickets::Erase).await;
    world.tables.all_went_well().await;
    is_tidied(&mut world).await;
    assert_eq!(world.tables.places_of("anari").await, [""; 0]);
    for table in ["tickets", "ticket_links", "history", "comments", "cards"] {
        assert_eq!(world.count(table).await, 0, "{table}");
    }
    world.close().await;
}
