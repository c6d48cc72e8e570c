//! What is closed goes on in another ticket, and what somebody wrote too late is not lost.

use guichet::domain::account::Role;
use guichet::domain::ids::TicketId;
use guichet::domain::platform::Platform;
use guichet::domain::text::Body;
use guichet::service::purge::purge_deleted;
use guichet::service::work::{Deed, work};

use crate::harness::{Chair, Learner, StaffOn, World, office};

/// Does this to a ticket, one deed after the other, as whoever has that name.
async fn done(world: &World, deeds: Vec<(&str, Role, u64, Deed)>) {
    for (name, role, ticket, deed) in deeds {
        let by = world.actor(name, role).await;
        let mut tx = world.store.begin().await.unwrap();
        work(&mut tx, &by, TicketId(ticket), &deed, None).await.unwrap();
        tx.commit().await.unwrap();
    }
    // The worker hears of what it did itself; this was done beside it.
    world.quiet().await;
}

fn report() -> Deed {
    Deed::Resolve(Body::parse("Routeur changé.").unwrap(), Vec::new())
}

/// From the ticket being opened to it being closed by staff.
async fn is_closed(world: &World) {
    let (moussa, staff) = ("Moussa Sarr", Role::Technician);
    done(
        world,
        vec![
            (moussa, staff, 1, Deed::Take),
            (moussa, staff, 1, report()),
            (moussa, staff, 1, Deed::Close),
        ],
    )
    .await;
}

async fn links(world: &World) -> Vec<String> {
    let links = "SELECT CONCAT(ticket_id, ' ', kind, ' ', other_id) FROM ticket_links";
    world.tables.texts(links).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_closed_goes_on_in_another_ticket_from_telegram() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner).await;
    world.script.forget();
    let card = lina.opens("Le wifi ne marche plus", 1).await;
    staff.moussa.channel.sees("N° 1 · ").await;
    is_closed(&world).await;
    let there = &lina.private;
    there.sees("s'occupe de votre demande").await;
    there.sees("est résolue").await;
    let closed = there.sees("est clôturée").await;
    staff.moussa.channel.sees("🔒").await;

    // By the button, before anything is written.
    there.presses(&closed, "Ouvrir une suite").await;
    there.sees("Ce sera la suite du n° 1").await;
    there.says("Le wifi est retombé en panne").await;
    let draft = there.sees("Suite du n° 1").await;
    there.presses(&draft, "Envoyer").await;
    let second = there.sees("N° 2 · ").await;
    assert!(second.text.contains("Suite du n° 1"), "{second:?}");
    let posted = staff.moussa.channel.sees("N° 2 · ").await;
    assert!(posted.text.contains("Suite du n° 1"), "{posted:?}");
    let older = staff.moussa.channel.sees("Suivi par le n° 2").await;
    assert!(older.text.contains("N° 1 · "), "{older:?}");
    there.looks_at(&card, "Suivi par le n° 2").await;
    there.uses("show", &[("number", "1")]).await;
    let details = there.sees("Suivi par le n° 2").await;
    assert!(details.text.contains("N° 1 · "), "{details:?}");

    // In reply to what is closed: the words are the draft.
    there.replies(&card, "Et l'imprimante aussi").await;
    let draft = there.sees("Votre message n'est pas perdu").await;
    assert!(
        draft.text.contains("Et l'imprimante aussi") && draft.text.contains("Suite du n° 1"),
        "{draft:?}"
    );
    there.presses(&draft, "Envoyer").await;
    there.sees("N° 3 · ").await;
    staff.moussa.channel.sees("Suivi par le n° 3").await;
    assert_eq!(links(&world).await, ["2 follows 1", "3 follows 1"]);

    // What is not closed needs none; what belongs to somebody else gets none.
    there.forges(&closed, "follow:2").await;
    there.sees("n'est pas clôturé").await;
    let omar = Learner::with_role(&world, "Omar Sy", Platform::Telegram, "fr", Role::Learner)
        .await
        .private;
    omar.uses("tickets", &[]).await;
    let none = omar.sees("pas de demande en cours").await;
    omar.forges(&none, "follow:1").await;
    omar.sees("Je ne trouve pas").await;
    // The team follows it up in her name.
    let moussa = &staff.moussa.private;
    moussa
        .uses("reply", &[("number", "1"), ("text", "Un câble manque")])
        .await;
    let refused = moussa.sees("est clôturé").await;
    assert!(refused.text.contains("Un câble manque"), "{refused:?}");
    moussa.presses(&refused, "Ouvrir une suite").await;
    moussa.submits(&[("Titre", "Un câble manque")]).await;
    moussa.sees("est ouverte pour Lina Ndiaye").await;
    there.sees("Moussa Sarr a ouvert pour vous la demande n° 4").await;
    staff.moussa.channel.sees("Suivi par le n° 4").await;
    assert_eq!(links(&world).await, ["2 follows 1", "3 follows 1", "4 follows 1"]);
    world.tables.all_went_well().await;
    world.close().await;
    insta::assert_snapshot!("followed_on_telegram", world.script.text());
}

/// Fills the form behind the button, and sends it.
async fn fills(chair: &Chair, title: &str, description: &str) {
    chair.submits(&[("Title", title), ("Description", description)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_closed_goes_on_in_another_ticket_from_discord() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramTopics, "en").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Discord, "en", Role::Learner).await;
    world.script.forget();
    let there = &lina.private;
    there.says("The wifi is down").await;
    let draft = there.sees("Urgency").await;
    there.presses(&draft, "Send").await;
    let card = there.sees("No. 1 · ").await;
    staff.moussa.channel.sees("No. 1 · ").await;
    is_closed(&world).await;
    there.sees("is taking care").await;
    there.sees("is resolved").await;
    there.sees("is closed").await;
    staff.moussa.channel.sees("🔒").await;

    // What an old button leads to says so, and offers it.
    there.forges(&card, "comment:1").await;
    let refused = there.sees("it can't change any more").await;
    there.presses(&refused, "Open a follow-up").await;
    fills(there, "Wifi down again", "Since this morning").await;
    let second = there.sees("No. 2 · ").await;
    assert!(second.text.contains("Follows no. 1"), "{second:?}");
    let posted = staff.moussa.channel.sees("No. 2 · ").await;
    assert!(posted.text.contains("Follows no. 1"), "{posted:?}");
    staff.moussa.channel.sees("Followed by no. 2").await;

    // Typed with a command, or in a form that was open while it was closed.
    there
        .uses("reply", &[("number", "1"), ("text", "And the printer too")])
        .await;
    let draft = there.sees("Your message is not lost").await;
    assert!(draft.text.contains("And the printer too"), "{draft:?}");
    there.presses(&draft, "Cancel").await;
    there.sees("nothing was sent").await;
    there.presses(&second, "Add").await;
    let (moussa, role) = ("Moussa Sarr", Role::Technician);
    done(
        &world,
        vec![
            (moussa, role, 2, Deed::Take),
            (moussa, role, 2, report()),
            (moussa, role, 2, Deed::Close),
        ],
    )
    .await;
    there.sees("is taking care").await;
    there.sees("is resolved").await;
    there.sees("is closed").await;
    there.submits(&[("Message", "It comes and goes")]).await;
    let draft = there.sees("Your message is not lost").await;
    assert!(
        draft.text.contains("It comes and goes") && draft.text.contains("Follows no. 2"),
        "{draft:?}"
    );
    there.presses(&draft, "Send").await;
    there.sees("No. 3 · ").await;
    assert_eq!(links(&world).await, ["2 follows 1", "3 follows 2"]);
    world.tables.all_went_well().await;
    world.close().await;
    insta::assert_snapshot!("followed_on_discord", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_or_purged_is_named_by_no_other_ticket() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::TelegramTopics, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let card = lina.opens("Le wifi ne marche plus", 1).await;
    world.quiet().await;
    is_closed(&world).await;
    let there = &lina.private;
    there.replies(&card, "Encore en panne").await;
    let draft = there.sees("Votre message n'est pas perdu").await;
    there.presses(&draft, "Envoyer").await;
    there.sees("N° 2 · ").await;
    let board = &staff.moussa.channel;
    board.sees("Suivi par le n° 2").await;
    let awa = ("Awa Diop", Role::Admin);

    world.quiet().await;
    assert!(
        board.history().contains("Suivi par le n° 2") && board.history().contains("Suite du n° 1"),
        "{}",
        board.history()
    );
    done(&world, vec![(awa.0, awa.1, 2, Deed::Delete)]).await;
    assert!(!board.history().contains("Suivi par le n° 2"), "{}", board.history());
    done(&world, vec![(awa.0, awa.1, 2, Deed::Restore)]).await;
    assert!(board.history().contains("Suivi par le n° 2"), "{}", board.history());
    // While somebody writes, what they follow goes: what they wrote is a ticket all the same.
    there.replies(&card, "Et l'imprimante aussi").await;
    let draft = there.sees("Et l'imprimante aussi").await;
    done(&world, vec![(awa.0, awa.1, 1, Deed::Delete)]).await;
    assert!(!board.history().contains("Suite du n° 1"), "{}", board.history());
    there.presses(&draft, "Envoyer").await;
    there.sees("N° 3 · ").await;
    let by = world.actor(awa.0, awa.1).await;
    let mut tx = world.store.begin().await.unwrap();
    purge_deleted(&mut tx, &by, TicketId(1)).await.unwrap();
    tx.commit().await.unwrap();
    world.quiet().await;
    assert_eq!(links(&world).await, [""; 0]);
    assert!(!board.history().contains("n° 1"), "{}", board.history());
    world.tables.all_went_well().await;
}
