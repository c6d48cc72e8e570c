//! A ticket is deleted by an admin, restored, and purged.

use guichet::domain::account::{Actor, Role, TheirTickets};
use guichet::domain::ids::TicketId;
use guichet::domain::language::Language;
use guichet::domain::permission::Permit;
use guichet::domain::platform::Platform;
use guichet::domain::text::{Body, Email};
use guichet::domain::transition::Refusal;
use guichet::sandbox::Seen;
use guichet::service::purge::purge_deleted;
use guichet::service::work::{Deed, work};
use guichet::service::{self, deletion, roles};
use guichet::store::accounts::find_by_email;
use guichet::store::{Fault, Store};

use crate::harness::{Chair, Learner, Office, Place, StaffOn, World, office};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Whether the thread of ticket 1 is shut.
fn is_shut(staff: &Office) -> bool {
    match &staff.place {
        Place::Channel(channel) => !channel.threads().iter().any(|name| name.contains("1 · ")),
        Place::Group(group) => group.topic_closed("1 · ").expect("a topic"),
    }
}

/// A sentence about ticket 1, up to its title.
fn about(language: Language, sentence: &str) -> String {
    let said = language.say(
        sentence,
        &[("number", "1".into()), ("title", "|".into()), ("name", "|".into())],
    );
    let start = said.split('|').find(|part| part.len() > 5).expect("some words");
    start.trim_matches(['(', ')', ' ']).to_owned()
}

/// Deletes ticket 1 from its details, as an admin.
async fn deletes(awa: &Chair, language: Language) {
    let label = |id: &str| language.say(id, &[]);
    awa.uses("show", &[("number", "1")]).await;
    let details = awa.sees("1 · ").await;
    awa.presses(&details, &label("button-delete")).await;
    let surely = awa.sees(&about(language, "delete-sure")).await;
    assert!(surely.text.contains("Le wifi ne marche plus"), "{surely:?}");
    awa.presses(&surely, &label("button-delete-yes")).await;
    awa.sees(&about(language, "done-deleted")).await;
}

/// Opens the details of ticket 1 from the list of what is deleted.
async fn finds(awa: &Chair, language: Language) -> Seen {
    awa.uses("deleted", &[]).await;
    let list = awa.sees(&language.say("deleted-heading", &[])).await;
    for words in ["Le wifi ne marche plus", "Lina Ndiaye", "Awa Diop"] {
        assert!(list.text.contains(words), "{list:?}");
    }
    awa.presses(&list, &language.say("number", &[("number", "1".into())]))
        .await;
    awa.sees(&language.say("status-deleted", &[])).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_from_telegram_is_deleted_restored_and_purged_on_discord() {
    removed_in_both(StaffOn::Discord, Platform::Telegram).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_from_discord_is_deleted_restored_and_purged_on_discord() {
    removed_in_both(StaffOn::Discord, Platform::Discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_from_telegram_is_deleted_restored_and_purged_on_telegram() {
    removed_in_both(StaffOn::TelegramTopics, Platform::Telegram).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_from_discord_is_deleted_restored_and_purged_on_telegram() {
    removed_in_both(StaffOn::TelegramTopics, Platform::Discord).await;
}

async fn removed_in_both(on: StaffOn, learner_on: Platform) {
    for language in [Language::Fr, Language::En] {
        removed(on, learner_on, language).await;
    }
}

async fn removed(on: StaffOn, learner_on: Platform, language: Language) {
    let mut world = World::open().await;
    let staff = office(&world, on, language.code()).await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, language.code(), Role::Learner).await;
    let there = &lina.private;
    let (awa, moussa) = (&staff.awa.private, &staff.moussa);
    let label = |id: &str| language.say(id, &[]);
    world.script.forget();
    there
        .sends("wifi.png", "image/png", PNG, "Le wifi ne marche plus")
        .await;
    let draft = there.sees(&label("button-urgency")).await;
    there.presses(&draft, &label("button-send")).await;
    let own = there.sees("1 · ").await;
    let ping = awa.sees(&label("told-new")).await;
    let card = moussa.channel.sees("1 · ").await;
    moussa.channel.presses(&card, &label("button-take")).await;
    there.sees("Moussa Sarr").await;
    there.replies(&own, "Depuis hier").await;
    moussa.thread(&world, 1).sees("Depuis hier").await;
    world.quiet().await;

    deletes(awa, language).await;
    there.sees(&about(language, "told-removed")).await;
    let shown = there.looks_at(&own, &label("status-deleted")).await;
    assert!(!shown.text.contains("wifi"), "{shown:?}");
    let left = moussa.channel.sees("🗑️").await;
    assert!(!left.text.contains("wifi") && left.buttons.is_empty(), "{left:?}");
    moussa.thread(&world, 1).sees("🗑️").await;
    world.quiet().await;
    assert!(is_shut(&staff));
    // It is there for nobody else, wherever they look, and what they write is not lost.
    let gone = language.say("refused-not-found", &[("number", "1".into())]);
    for chair in [there, &moussa.private] {
        chair.uses("show", &[("number", "1")]).await;
        chair.sees(&gone).await;
        for list in ["tickets", "myday"] {
            chair.uses(list, &[]).await;
            let list = chair.sees("").await;
            assert!(!list.text.contains("wifi"), "{list:?}");
        }
    }
    there.forges(&own, "comment:1").await;
    there.sees(&gone).await;
    there.replies(&own, "Toujours rien ce matin").await;
    let draft = there.sees(&label("kept-for-new")).await;
    assert!(draft.text.contains("Toujours rien ce matin"), "{draft:?}");
    there.presses(&draft, &label("button-drop")).await;
    there.sees(&label("draft-dropped")).await;
    awa.presses(&ping, &label("button-take")).await;
    let refused = awa.sees(&about(language, "refused-deleted")).await;
    awa.presses(&refused, &label("button-details")).await;
    awa.sees(&label("status-deleted")).await;

    let details = finds(awa, language).await;
    awa.presses(&details, &label("button-restore")).await;
    awa.sees(&about(language, "done-restored")).await;
    there.sees(&about(language, "told-restored")).await;
    let card = moussa.channel.sees("1 · ").await;
    assert!(
        card.text.contains("Le wifi") && card.text.contains("Moussa Sarr"),
        "{card:?}"
    );
    moussa.thread(&world, 1).sees("♻️").await;
    world.quiet().await;
    assert!(!is_shut(&staff));
    let state =
        "SELECT CONCAT_WS(' ', status, technician_id IS NOT NULL, is_open, status_before, deleted_at) FROM tickets";
    assert_eq!(world.tables.texts(state).await, ["in_progress 1 1"]);

    awa.uses("delete", &[("number", "1")]).await;
    let surely = awa.sees(&about(language, "delete-sure")).await;
    awa.presses(&surely, &label("button-delete-yes")).await;
    awa.sees(&about(language, "done-deleted")).await;
    there.sees(&about(language, "told-removed")).await;
    moussa.channel.sees("🗑️").await;
    let details = finds(awa, language).await;
    awa.presses(&details, &label("button-purge")).await;
    let surely = awa.sees(&about(language, "purge-sure")).await;
    awa.presses(&surely, &label("button-purge-yes")).await;
    awa.sees(&about(language, "done-purged")).await;
    awa.uses("deleted", &[]).await;
    awa.sees(&label("deleted-none")).await;
    world.tables.all_went_well().await;
    let board = moussa.channel.history();
    assert!(!board.contains("wifi") && !board.contains("1 · "), "{board}");
    for table in ["tickets", "history", "comments", "attachments", "cards"] {
        assert_eq!(world.count(table).await, 0, "{table}");
    }
    world.close().await;
    insta::with_settings!({ snapshot_suffix => format!("{learner_on:?}_to_{on:?}_{}", language.code()) }, {
        insta::assert_snapshot!("removed", world.script.text());
    });
}

type Outcome = Result<(), Refusal>;

fn outcome<T>(done: Result<T, service::Error>) -> Result<Outcome, Fault> {
    match done {
        Ok(_) => Ok(Ok(())),
        Err(service::Error::Refused(refusal)) => Ok(Err(refusal)),
        Err(service::Error::Fault(fault)) => Err(fault),
    }
}

async fn works(store: &Store, by: &Actor, id: u64, deed: Deed) -> Outcome {
    let context = (by, id, deed);
    let worked = store.transact(&context, |tx, (by, id, deed)| {
        Box::pin(async move { outcome(work(tx, by, TicketId(*id), deed, None).await) })
    });
    worked.await.expect("a deed")
}

async fn purges(store: &Store, by: &Actor, id: u64) -> Outcome {
    let context = (by, id);
    let purged = store.transact(&context, |tx, (by, id)| {
        Box::pin(async move { outcome(purge_deleted(tx, by, TicketId(*id)).await) })
    });
    purged.await.expect("a purge")
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_admins_at_once_each_finds_a_ticket_as_the_other_left_it() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::TelegramGroup, "fr").await;
    drop(staff);
    let other = Learner::with_role(&world, "Khady Sow", Platform::Discord, "fr", Role::Admin).await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    drop(other);
    let awa = world.actor("Awa Diop", Role::Admin).await;
    let khady = world.actor("Khady Sow", Role::Admin).await;
    let moussa = world.actor("Moussa Sarr", Role::Technician).await;
    let store = &world.store;
    for id in 1..=8_u64 {
        lina.opens("Le wifi ne marche plus", u32::try_from(id).expect("a number"))
            .await;
        works(store, &moussa, id, Deed::Take).await.expect("taken");
        let both = tokio::join!(
            works(store, &awa, id, Deed::Delete),
            works(store, &khady, id, Deed::Delete)
        );
        let one = |first: &Outcome, second: &Outcome| *first == Ok(()) && *second == Err(Refusal::Deleted);
        assert!(one(&both.0, &both.1) || one(&both.1, &both.0), "{both:?}");
        let both = tokio::join!(
            works(store, &awa, id, Deed::Restore),
            works(store, &khady, id, Deed::Delete)
        );
        match both {
            (Ok(()), Ok(())) => {}
            (Ok(()), Err(Refusal::Deleted)) => works(store, &awa, id, Deed::Delete).await.expect("deleted"),
            other => panic!("{other:?}"),
        }
        let both = tokio::join!(works(store, &awa, id, Deed::Restore), purges(store, &khady, id));
        match both {
            (Ok(()), Err(Refusal::NotDeleted)) => {}
            (Err(Refusal::NotFound), Ok(())) => continue,
            other => panic!("{other:?}"),
        }
        let report = Deed::Resolve(Body::parse("Réparé").unwrap(), Vec::new());
        let both = tokio::join!(works(store, &moussa, id, report), works(store, &awa, id, Deed::Delete));
        assert!(matches!(both, (Ok(()) | Err(Refusal::NotFound), Ok(()))), "{both:?}");
        let before = format!("SELECT status_before FROM tickets WHERE id = {id}");
        let expected = if both.0.is_ok() { "resolved" } else { "in_progress" };
        assert_eq!(world.tables.texts(&before).await, [expected]);
    }
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_to_somebody_who_left_goes_to_the_team() {
    for way in ["disables", "demotes", "deletes"] {
        let world = World::open().await;
        let staff = office(&world, StaffOn::TelegramTopics, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", Platform::Discord).await;
        lina.opens("Le wifi ne marche plus", 1).await;
        let awa = world.actor("Awa Diop", Role::Admin).await;
        let moussa = world.actor("Moussa Sarr", Role::Technician).await;
        works(&world.store, &moussa, 1, Deed::Take).await.expect("taken");
        works(&world.store, &awa, 1, Deed::Delete).await.expect("deleted");
        let mut tx = world.store.begin().await.unwrap();
        let email = Email::parse("moussa@exemple.org").unwrap();
        let account = find_by_email(&mut tx, &email).await.unwrap().expect("an account");
        let permit = Permit::of_the_operator;
        match way {
            "disables" => roles::disable(&mut tx, permit(), &account).await.unwrap().unwrap(),
            "demotes" => roles::give(&mut tx, permit(), &account, Role::Learner)
                .await
                .unwrap()
                .unwrap(),
            _ => deletion::delete(&mut tx, permit(), &account, TheirTickets::Keep)
                .await
                .unwrap()
                .unwrap(),
        }
        tx.commit().await.unwrap();
        works(&world.store, &awa, 1, Deed::Restore).await.expect("restored");
        assert_eq!(world.tables.events(1).await, "opened taken deleted restored released");
        let state = "SELECT CONCAT_WS(' ', status, technician_id, status_before) FROM tickets";
        assert_eq!(world.tables.texts(state).await, ["waiting"], "{way}");
        lina.private.sees("est rendue à l'équipe").await;
        staff.fatou.channel.sees("⏳ En attente").await;
        world.tables.all_went_well().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_ticket_comes_back_closed_and_its_thread_shut() {
    for on in [StaffOn::TelegramTopics, StaffOn::Discord] {
        let world = World::open().await;
        let staff = office(&world, on, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
        lina.opens("Le wifi ne marche plus", 1).await;
        let thread = staff.moussa.thread(&world, 1);
        world.quiet().await;
        for (who, role, deed) in [
            ("Moussa Sarr", Role::Technician, Deed::Take),
            (
                "Moussa Sarr",
                Role::Technician,
                Deed::Resolve(Body::parse("Réparé").unwrap(), Vec::new()),
            ),
            ("Lina Ndiaye", Role::Learner, Deed::Confirm),
            ("Awa Diop", Role::Admin, Deed::Delete),
            ("Awa Diop", Role::Admin, Deed::Restore),
        ] {
            let by = world.actor(who, role).await;
            works(&world.store, &by, 1, deed).await.expect("a deed");
        }
        thread.sees("a rétabli la demande").await;
        staff.moussa.channel.sees("🔒 Clôturé").await;
        world.quiet().await;
        assert!(is_shut(&staff), "{on:?}");
        world.tables.all_went_well().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_to_be_told_of_a_ticket_is_not_told_once_it_is_deleted() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.opens("Le wifi ne marche plus", 1).await;
    world.quiet().await;
    let awa = world.actor("Awa Diop", Role::Admin).await;
    let moussa = world.actor("Moussa Sarr", Role::Technician).await;
    world.close().await;
    for (by, deed) in [
        (
            &moussa,
            Deed::Comment(Some(Body::parse("On arrive").unwrap()), Vec::new()),
        ),
        (&awa, Deed::Delete),
    ] {
        works(&world.store, by, 1, deed).await.expect("a deed");
    }
    world.start().await;
    lina.private.sees("a été supprimée par un administrateur").await;
    staff.moussa.channel.sees("🗑️ N° 1").await;
    world.quiet().await;
    assert_eq!(lina.private.times("On arrive"), 0);
    // A place that is set up shows nothing of it.
    let before = staff.awa.channel.times("🗑️");
    staff.awa.channel.uses("setup", &[]).await;
    staff.awa.channel.sees("C'est fait").await;
    world.tables.all_went_well().await;
    assert_eq!(staff.awa.channel.times("🗑️"), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_deleted_tickets_are_shown_page_by_page() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.opens("Souci", 1).await;
    world.quiet().await;
    world
        .tables
        .change(
            "INSERT INTO tickets (requester_id, identity_id, title, description, status, urgency, category_id, version,
                                  opened_at, changed_at)
             SELECT requester_id, identity_id, CONCAT('Souci ', seq), 'Souci', 'waiting', urgency, category_id, 1,
                    opened_at, changed_at FROM tickets JOIN seq_2_to_12 WHERE id = 1",
        )
        .await;
    world
        .tables
        .change(
            "INSERT INTO history (ticket_id, seq, event, status_after, actor_id, identity_id, happened_at)
             SELECT id, 1, 'opened', 'waiting', requester_id, identity_id, opened_at FROM tickets WHERE id > 1",
        )
        .await;
    let awa = world.actor("Awa Diop", Role::Admin).await;
    for id in 1..=12 {
        works(&world.store, &awa, id, Deed::Delete).await.expect("deleted");
    }
    let chair = &staff.awa.private;
    chair.uses("deleted", &[]).await;
    let list = chair.sees("Demandes supprimées").await;
    assert!(list.text.contains("n° 12") && list.text.contains("n° 3"), "{list:?}");
    assert!(!list.buttons.iter().any(|label| label == "n° 2"), "{list:?}");
    chair.presses(&list, "Suivantes").await;
    let list = chair.sees("Demandes supprimées").await;
    assert_eq!(list.buttons, ["n° 2", "n° 1", "◀ Précédentes"]);
    // Who may not purge may not look either.
    staff.moussa.private.uses("deleted", &[]).await;
    staff.moussa.private.sees("Seuls les administrateurs").await;
    world.tables.all_went_well().await;
}
