//! Tickets that the team opens in somebody else's name.

use std::num::NonZeroU32;

use guichet::domain::account::{Role, TheirTickets};
use guichet::domain::permission::Permit;
use guichet::domain::platform::Platform;
use guichet::sandbox::{Answer, Seen};
use guichet::service::deletion;
use guichet::store::accounts;

use super::free_fields::{inputs, is_blank, most};
use crate::harness::{Chair, Learner, StaffOn, World, office, words};

/// What people read, in their language.
struct Words {
    heading: &'static str,
    urgency: &'static str,
    high: &'static str,
    send: &'static str,
    title: &'static str,
    whom: &'static str,
    opened: &'static str,
    told: &'static str,
    by: &'static str,
    past: &'static str,
    own: &'static str,
}

const FRENCH: Words = Words {
    heading: "Pour Lina Ndiaye",
    urgency: "Urgence",
    high: "Haute",
    send: "Envoyer",
    title: "Titre",
    whom: "Nouvelle demande · Lina Ndiaye",
    opened: "est ouverte pour Lina Ndiaye",
    told: "Moussa Sarr a ouvert pour vous la demande n° 1",
    by: "ouverte par Moussa Sarr",
    past: "Ouverte par Moussa Sarr · pour Lina Ndiaye",
    own: "Vos demandes en cours",
};

const ENGLISH: Words = Words {
    heading: "For Lina Ndiaye",
    urgency: "Urgency",
    high: "High",
    send: "Send",
    title: "Title",
    whom: "New request · Lina Ndiaye",
    opened: "is open for Lina Ndiaye",
    told: "Moussa Sarr has opened request no. 1",
    by: "opened by Moussa Sarr",
    past: "Opened by Moussa Sarr · for Lina Ndiaye",
    own: "Your open requests",
};

#[tokio::test(flavor = "multi_thread")]
async fn a_technician_opens_a_ticket_for_somebody_on_every_pair_of_platforms() {
    for (staff_on, learner_on) in [
        (StaffOn::Discord, Platform::Telegram),
        (StaffOn::TelegramTopics, Platform::Discord),
        (StaffOn::Discord, Platform::Discord),
        (StaffOn::TelegramTopics, Platform::Telegram),
    ] {
        for (language, words) in [("fr", FRENCH), ("en", ENGLISH)] {
            opened(staff_on, learner_on, (language, &words)).await;
        }
    }
}

async fn opened(on: StaffOn, learner_on: Platform, (language, words): (&str, &Words)) {
    let mut world = World::open().await;
    let staff = office(&world, on, language).await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, language, Role::Learner)
        .await
        .private;
    world.script.forget();
    let moussa = &staff.moussa;
    if on == StaffOn::Discord {
        let form = moussa
            .channel
            .uses("ticket", &[("for", "lina"), ("urgency", "high")])
            .await;
        assert_eq!(crate::harness::words(&form), words.whom);
        let typed = [(words.title, "Le chargeur de Lina ne marche plus")];
        moussa.channel.submits(&typed).await;
        moussa.channel.sees(words.opened).await;
    } else {
        moussa
            .private
            .says("/ticket @lina Le chargeur de Lina ne marche plus")
            .await;
        let draft = moussa.private.sees(words.heading).await;
        moussa.private.presses(&draft, words.urgency).await;
        let choices = moussa.private.sees(words.heading).await;
        moussa.private.presses(&choices, words.high).await;
        let draft = moussa.private.sees(words.heading).await;
        moussa.private.presses(&draft, words.send).await;
        moussa.private.sees(words.opened).await;
    }
    // Who it is for has it as their own, and is told by whom.
    let told = lina.sees(words.told).await;
    staff.awa.private.sees(words.by).await;
    moussa.channel.sees(words.by).await;
    lina.replies(&told, "Je suis en salle 12").await;
    moussa.thread(&world, 1).sees("Je suis en salle 12").await;
    lina.uses("tickets", &[]).await;
    lina.sees(words.own).await;
    moussa.private.uses("history", &[("number", "1")]).await;
    moussa.private.sees(words.past).await;
    world.quiet().await;
    let requester = "SELECT a.name FROM tickets t JOIN accounts a ON a.id = t.requester_id
                     JOIN identities i ON i.id = t.identity_id AND i.account_id = a.id";
    assert_eq!(world.tables.texts(requester).await, ["Lina Ndiaye"]);
    assert_eq!(world.tables.texts("SELECT urgency FROM tickets").await, ["high"]);
    world.tables.history_adds_up().await;
    world.tables.all_went_well().await;
    world.close().await;
    insta::with_settings!({ snapshot_suffix => format!("{on:?}_{learner_on:?}_{language}") }, {
        insta::assert_snapshot!("opened_for", world.script.text());
    });
}

/// Names somebody, with words where they can be typed behind the name.
async fn names(chair: &Chair, name: &str, words: &str) -> Answer {
    if chair.platform() == Platform::Discord {
        return chair.uses("ticket", &[("for", name)]).await;
    }
    chair.says(&format!("/ticket @{name} {words}")).await;
    Answer::Quiet
}

/// Writes what it is about and comes to the draft, whichever way the platform has.
async fn drafts(chair: &Chair, answer: &Answer, name: &str) -> Option<Seen> {
    if let Answer::Form { title, .. } = answer {
        assert!(title.contains(name), "{title}");
        chair.submits(&[("Titre", "Écran noir")]).await;
        return None;
    }
    Some(chair.sees(&format!("Pour {name}")).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_they_mean_is_asked_or_refused_with_a_way_out() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let moussa = Learner::with_role(&world, "Moussa Sarr", on, "fr", Role::Technician)
            .await
            .private;
        let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner)
            .await
            .private;
        let other = Learner::with_role(&world, "Lina Ba", Platform::Discord, "fr", Role::Learner)
            .await
            .private;
        let omar = Learner::with_role(&world, "Omar Sy", on, "fr", Role::Learner)
            .await
            .private;
        world.create("Zoé Kane", "zoe@exemple.org", Role::Learner).await;
        world.create("Lina Partie", "partie@exemple.org", Role::Learner).await;
        let disable = "UPDATE accounts SET disabled_at = NOW(6) WHERE name = 'Lina Partie'";
        world.tables.change(disable).await;
        world.script.forget();
        // Two of that name who may be meant; who is disabled is none of them.
        names(&moussa, "lina", "écran noir").await;
        let choice = moussa.sees("peut désigner plusieurs personnes").await;
        assert_eq!(choice.buttons.len(), 2, "{choice:?}");
        let answer = moussa.presses(&choice, "Lina Ba").await;
        if let Some(draft) = drafts(&moussa, &answer, "Lina Ba").await {
            assert!(draft.text.contains("écran noir"), "{draft:?}");
            moussa.presses(&draft, "Envoyer").await;
        }
        moussa.sees("est ouverte pour Lina Ba").await;
        other.sees("Moussa Sarr a ouvert pour vous la demande n° 1").await;
        // By the address there is but one.
        let answer = names(&moussa, "lina.ndiaye@exemple.org", "écran noir").await;
        if let Some(draft) = drafts(&moussa, &answer, "Lina Ndiaye").await {
            moussa.presses(&draft, "Envoyer").await;
        }
        moussa.sees("est ouverte pour Lina Ndiaye").await;
        lina.sees("Moussa Sarr a ouvert pour vous la demande n° 2").await;
        for (name, refusal) in [
            ("Personne", "Je ne connais personne qui s'appelle « Personne"),
            ("Partie", "dont le compte est désactivé : Lina Partie"),
            ("Zoé", "Zoé Kane n'a relié aucune messagerie"),
        ] {
            names(&moussa, name, "écran noir").await;
            moussa.sees(refusal).await;
        }
        // Learners open for themselves.
        names(&omar, "lina", "écran noir").await;
        omar.sees("Seuls les techniciens peuvent ouvrir une demande pour quelqu'un d'autre")
            .await;
        // Whoever names themselves has a ticket of their own.
        let answer = names(&moussa, "moussa", "clavier cassé").await;
        if let Answer::Form { .. } = answer {
            moussa.submits(&[("Titre", "clavier cassé")]).await;
        } else {
            let draft = moussa.sees("clavier cassé").await;
            moussa.presses(&draft, "Envoyer").await;
        }
        moussa.sees("N° 3 · clavier cassé").await;
        world.quiet().await;
        world.tables.all_went_well().await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("whom_they_mean", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_for_somebody_says_so_on_every_step_and_takes_nothing_of_another() {
    let mut world = World::open().await;
    let moussa = Learner::with_role(&world, "Moussa Sarr", Platform::Telegram, "fr", Role::Technician)
        .await
        .private;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Discord, "fr", Role::Learner)
        .await
        .private;
    Learner::with_role(&world, "Omar Sy", Platform::Discord, "fr", Role::Learner).await;
    world
        .tables
        .change(
            "INSERT INTO category_questions (id, category_id, words, kind, choices, is_required)
             VALUES (1, 1, 'Quelle salle ?', 'short', '', TRUE)",
        )
        .await;
    world.script.forget();
    moussa.says("/ticket @lina").await;
    moussa.sees("Pour Lina Ndiaye").await;
    // What is written next is hers, and survives a restart.
    world.close().await;
    world.start().await;
    moussa.says("Mon écran est noir").await;
    let draft = moussa.sees("Pour Lina Ndiaye").await;
    moussa.presses(&draft, "Catégorie").await;
    let choices = moussa.sees("Pour Lina Ndiaye").await;
    moussa.presses(&choices, "Matériel").await;
    let draft = moussa.sees("Pour Lina Ndiaye").await;
    moussa.presses(&draft, "Modifier").await;
    let asked = moussa.sees("Quel titre").await;
    assert!(asked.text.contains("Pour Lina Ndiaye"), "{asked:?}");
    moussa.says("Écran noir").await;
    let asked = moussa.sees("Et la description").await;
    moussa.presses(&asked, "Garder").await;
    let draft = moussa.sees("Écran noir").await;
    // Nothing for somebody else gets into it.
    moussa.says("/ticket @omar Le wifi ne marche plus").await;
    moussa.sees("Une autre demande est déjà en préparation").await;
    let list = {
        moussa.uses("tickets", &[]).await;
        moussa.sees("Rien à faire").await
    };
    moussa.forges(&list, "new").await;
    moussa.sees("Une autre demande est déjà en préparation").await;
    moussa.presses(&draft, "Envoyer").await;
    let asked = moussa.sees("Quelle salle ?").await;
    assert!(asked.text.contains("Pour Lina Ndiaye"), "{asked:?}");
    moussa.says("Salle 12").await;
    let draft = moussa.sees("Quelle salle ? · Salle 12").await;
    moussa.presses(&draft, "Envoyer").await;
    moussa.sees("est ouverte pour Lina Ndiaye").await;
    let told = lina.sees("Moussa Sarr a ouvert pour vous la demande n° 1").await;
    assert!(told.text.contains("Salle 12"), "{told:?}");
    world.quiet().await;
    assert_eq!(world.count("tickets").await, 1);
    world.tables.all_went_well().await;
    world.close().await;
    insta::assert_snapshot!("on_every_step", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_meanwhile_gets_no_ticket_and_nothing_is_lost() {
    let world = World::open().await;
    let moussa = Learner::with_role(&world, "Moussa Sarr", Platform::Telegram, "fr", Role::Technician)
        .await
        .private;
    for (name, change, refusal) in [
        (
            "Lina Ndiaye",
            "UPDATE accounts SET disabled_at = NOW(6) WHERE name = 'Lina Ndiaye'",
            "dont le compte est désactivé : Lina Ndiaye",
        ),
        (
            "Omar Sy",
            "UPDATE identities i JOIN accounts a ON a.id = i.account_id SET i.account_id = NULL, a.chat_id = NULL
             WHERE a.name = 'Omar Sy'",
            "Omar Sy n'a relié aucune messagerie",
        ),
    ] {
        Learner::with_role(&world, name, Platform::Discord, "fr", Role::Learner).await;
        moussa.says(&format!("/ticket @{name} Mon écran est noir")).await;
        let draft = moussa.sees(&format!("Pour {name}")).await;
        world.tables.change(change).await;
        moussa.presses(&draft, "Envoyer").await;
        let refused = moussa.sees(refusal).await;
        moussa.presses(&refused, "Annuler").await;
        moussa.sees("C'est annulé").await;
    }
    Learner::with_role(&world, "Zoé Kane", Platform::Discord, "fr", Role::Learner).await;
    moussa.says("/ticket @zoe Mon écran est noir").await;
    let draft = moussa.sees("Pour Zoé Kane").await;
    let zoe = world.actor("Zoé Kane", Role::Learner).await.account;
    let mut tx = world.store.begin().await.expect("a transaction");
    let account = accounts::find(&mut tx, zoe)
        .await
        .expect("a query")
        .expect("an account");
    let deleted = deletion::delete(&mut tx, Permit::of_the_operator(), &account, TheirTickets::Keep).await;
    deleted.expect("a query").expect("a deletion");
    tx.commit().await.expect("a commit");
    moussa.presses(&draft, "Envoyer").await;
    moussa.sees("Ce compte est supprimé").await;
    assert_eq!(world.count("tickets").await, 0);
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_team_opens_for_somebody_counts_not_against_them() {
    let mut world = World::open().await;
    world.close().await;
    world.most = NonZeroU32::new(1);
    world.start().await;
    let moussa = Learner::with_role(&world, "Moussa Sarr", Platform::Telegram, "fr", Role::Technician)
        .await
        .private;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner).await;
    for number in 1..=3 {
        moussa.says("/ticket @lina Mon écran est noir").await;
        let draft = moussa.sees("Pour Lina Ndiaye").await;
        moussa.presses(&draft, "Envoyer").await;
        moussa.sees(&format!("La demande n° {number}")).await;
    }
    lina.opens("Le wifi ne marche plus", 4).await;
    lina.private.says("Mon clavier aussi").await;
    let draft = lina.private.sees("Urgence").await;
    lina.private.presses(&draft, "Envoyer").await;
    lina.private.sees("Vous avez ouvert une demande il y a moins de").await;
}

/// The card names who opened it, until they are gone.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_deleted_is_named_on_no_card_that_they_opened() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::TelegramTopics, "fr").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Discord, "fr", Role::Learner)
        .await
        .private;
    let fatou = &staff.fatou;
    fatou.private.says("/ticket @lina Mon écran est noir").await;
    let draft = fatou.private.sees("Pour Lina Ndiaye").await;
    fatou.private.presses(&draft, "Envoyer").await;
    staff.moussa.channel.sees("ouverte par Fatou Ba").await;
    lina.sees("ouverte par Fatou Ba").await;
    world.quiet().await;
    let gone = world.actor("Fatou Ba", Role::Technician).await.account;
    let mut tx = world.store.begin().await.expect("a transaction");
    let account = accounts::find(&mut tx, gone)
        .await
        .expect("a query")
        .expect("an account");
    let deleted = deletion::delete(&mut tx, Permit::of_the_operator(), &account, TheirTickets::Keep).await;
    deleted.expect("a query").expect("a deletion");
    tx.commit().await.expect("a commit");
    staff.moussa.channel.sees("ouverte par Personne supprimée").await;
    world.quiet().await;
    lina.sees("ouverte par Personne supprimée").await;
    assert!(!staff.moussa.channel.history().contains("Fatou Ba"));
    assert!(!lina.history().contains("Fatou Ba"));
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_suggested_to_the_team_alone() {
    let world = World::open().await;
    let moussa = Learner::with_role(&world, "Moussa Sarr", Platform::Discord, "fr", Role::Technician)
        .await
        .private;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Discord, "fr", Role::Learner)
        .await
        .private;
    world.create("Lina Partie", "partie@exemple.org", Role::Learner).await;
    let disable = "UPDATE accounts SET disabled_at = NOW(6) WHERE name = 'Lina Partie'";
    world.tables.change(disable).await;
    assert_eq!(moussa.types("ticket", "for", "lin").await, ["Lina Ndiaye"]);
    assert_eq!(moussa.types("ticket", "for", "lina.nd").await, ["Lina Ndiaye"]);
    assert_eq!(lina.types("ticket", "for", "mou").await, [""; 0]);
}

/// A name that is asked back leaves words waiting, of which the draft that is there takes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_draft_says_for_whom_it_is_whatever_else_was_begun() {
    let world = World::open().await;
    let moussa = Learner::with_role(&world, "Moussa Sarr", Platform::Telegram, "fr", Role::Technician)
        .await
        .private;
    for name in ["Lina Ndiaye", "Omar Sy", "Omar Ba"] {
        Learner::with_role(&world, name, Platform::Discord, "fr", Role::Learner).await;
    }
    moussa.says("/ticket @lina Mon écran est noir").await;
    moussa.sees("Pour Lina Ndiaye").await;
    moussa.says("/ticket @omar Le wifi ne marche plus").await;
    moussa.sees("peut désigner plusieurs personnes").await;
    moussa.says("Depuis hier").await;
    let draft = moussa.sees("Depuis hier").await;
    assert!(draft.text.contains("Pour Lina Ndiaye"), "{draft:?}");
    assert!(!draft.text.contains("wifi"), "{draft:?}");
    world.tables.all_went_well().await;
}

/// However many begin with the same letters, a name in full is found.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_named_in_full_is_found_among_very_many() {
    let world = World::open().await;
    let mut staff = Vec::new();
    for (name, on) in [("Moussa Sarr", Platform::Telegram), ("Awa Fall", Platform::Discord)] {
        let person = Learner::with_role(&world, name, on, "fr", Role::Technician).await;
        staff.push(person.private);
    }
    Learner::with_role(&world, "Fatou Zongo", Platform::Telegram, "fr", Role::Learner).await;
    let many = "INSERT INTO accounts (name, stated_email, role, created_at)
                SELECT CONCAT('Fatou A', seq), CONCAT('fatou.a', seq, '@exemple.org'), 'learner', NOW(6)
                FROM seq_1_to_150";
    world.tables.change(many).await;
    for chair in &staff {
        let answer = names(chair, "fatou zongo", "écran noir").await;
        drafts(chair, &answer, "Fatou Zongo").await;
    }
    // Of so many, some are offered, and how to find another.
    names(&staff[0], "fatou", "à l'aide").await;
    staff[0].sees("peut désigner beaucoup de personnes").await;
    world.tables.all_went_well().await;
}

/// A forged form, or button, of a learner.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_opens_anything_in_a_name_that_is_not_theirs() {
    let world = World::open().await;
    Learner::with_role(&world, "Lina Ndiaye", Platform::Discord, "fr", Role::Learner).await;
    let omar = Learner::with_role(&world, "Omar Sy", Platform::Discord, "fr", Role::Learner)
        .await
        .private;
    omar.uses("me", &[]).await;
    let shown = omar.sees("Vous êtes").await;
    let lina = world.actor("Lina Ndiaye", Role::Learner).await.account;
    let answer = omar.forges(&shown, &format!("for:{lina}::")).await;
    assert!(words(&answer).contains("Seuls les techniciens"), "{answer:?}");
    assert_eq!(world.count("tickets").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_it_is_for_is_told_once_and_as_they_chose() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner)
        .await
        .private;
    world
        .tables
        .change("UPDATE accounts SET told_pace = 'hourly' WHERE name = 'Lina Ndiaye'")
        .await;
    let moussa = &staff.moussa.private;
    for (name, number) in [("awa", 1), ("lina", 2)] {
        moussa.uses("ticket", &[("for", name)]).await;
        moussa.submits(&[("Titre", "Écran noir")]).await;
        moussa.sees(&format!("La demande n° {number}")).await;
    }
    // An admin, who is pinged of new tickets, hears of this one as of their own.
    staff
        .awa
        .private
        .sees("Moussa Sarr a ouvert pour vous la demande n° 1")
        .await;
    staff.awa.private.sees("N° 2").await;
    // What is gathered for an hour is all that waits.
    world.tables.until("outbox", 1).await;
    staff.awa.private.sees_nothing_else();
    lina.sees_nothing_else();
    world.clock.advance(chrono::TimeDelta::hours(1));
    let told = lina.sees("Ce qui s'est passé").await;
    assert!(told.text.contains("Ouverte par Moussa Sarr"), "{told:?}");
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_typed_as_a_name_names_nobody_and_breaks_nothing() {
    for on in [Platform::Telegram, Platform::Discord] {
        let world = World::open().await;
        let moussa = Learner::with_role(&world, "Moussa Sarr", on, "fr", Role::Technician)
            .await
            .private;
        for input in inputs(most(on)) {
            let typed = format!("/ticket @{input}");
            if on == Platform::Discord && !is_blank(&input) {
                moussa.uses("ticket", &[("for", &input)]).await;
            } else if on == Platform::Telegram && typed.encode_utf16().count() <= most(on) {
                moussa.says(&typed).await;
            } else {
                continue;
            }
            let unknown = if is_blank(&input) {
                "Pour qui ?"
            } else {
                "Je ne connais personne"
            };
            moussa.sees(unknown).await;
        }
        assert_eq!(world.count("tickets").await, 0);
        world.tables.all_went_well().await;
    }
}
