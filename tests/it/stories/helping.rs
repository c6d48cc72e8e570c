//! Colleagues who help whoever is in charge of a ticket.

use futures_util::future::join_all;
use guichet::domain::account::{Actor, Role, TheirTickets};
use guichet::domain::action::Handing;
use guichet::domain::ids::{AccountId, PlaceId, TicketId};
use guichet::domain::permission::Permit;
use guichet::domain::platform::Platform;
use guichet::domain::transition::Refusal;
use guichet::service::handing::{Word, hand};
use guichet::service::{Error, deletion, helping};
use guichet::store::{Store, about, accounts};

use crate::harness::{DbProxy, Learner, Server, StaffOn, World, office};

/// What people read, in their language.
struct Words {
    draft: &'static str,
    send: &'static str,
    call: &'static str,
    helpers: &'static str,
    helps: &'static str,
    called: &'static str,
    with: &'static str,
    thread: &'static str,
    day: &'static str,
    resolved: &'static str,
}

const FRENCH: Words = Words {
    draft: "Nouvelle demande",
    send: "Envoyer",
    call: "Renfort",
    helpers: "Qui appeler en renfort",
    helps: "est désormais en renfort",
    called: "vous appelle en renfort",
    with: "avec Fatou Ba",
    thread: "appelle Fatou Ba en renfort",
    day: "En renfort",
    resolved: "Résolu",
};

const ENGLISH: Words = Words {
    draft: "New request",
    send: "Send",
    call: "Helpers",
    helpers: "Whom would you like to help",
    helps: "from now on",
    called: "calls you to help",
    with: "with Fatou Ba",
    thread: "calls Fatou Ba to help",
    day: "You help with",
    resolved: "Resolved",
};

#[tokio::test(flavor = "multi_thread")]
async fn a_helper_is_called_on_every_pair_of_platforms() {
    for (staff_on, learner_on, language) in [
        (StaffOn::Discord, Platform::Telegram, "fr"),
        (StaffOn::TelegramTopics, Platform::Discord, "fr"),
        (StaffOn::Discord, Platform::Discord, "en"),
        (StaffOn::TelegramTopics, Platform::Telegram, "en"),
    ] {
        let words = if language == "fr" { FRENCH } else { ENGLISH };
        helped(staff_on, learner_on, (language, &words)).await;
    }
}

async fn helped(on: StaffOn, learner_on: Platform, (language, words): (&str, &Words)) {
    let mut world = World::open().await;
    let staff = office(&world, on, language).await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, language, Role::Learner).await;
    world.script.forget();
    let (moussa, fatou) = (&staff.moussa, &staff.fatou);
    lina.private.says("Le wifi ne marche plus").await;
    let draft = lina.private.sees(words.draft).await;
    lina.private.presses(&draft, words.send).await;
    lina.private.sees("Le wifi ne marche plus").await;
    moussa.channel.sees("Le wifi ne marche plus").await;
    let number = ("number", "1");
    moussa.private.uses("take", &[number]).await;
    let details = moussa.private.sees("Moussa Sarr · ").await;
    // By button, from what is read of the ticket.
    moussa.private.presses(&details, words.call).await;
    let page = moussa.private.sees(words.helpers).await;
    moussa.private.presses(&page, "Fatou").await;
    moussa.private.sees(words.helps).await;
    fatou.private.sees(words.called).await;
    moussa.channel.sees(words.with).await;
    moussa.thread(&world, 1).sees(words.thread).await;
    // Whoever helps does so.
    fatou.private.uses("myday", &[]).await;
    fatou.private.sees(words.day).await;
    fatou
        .private
        .uses("resolve", &[number, ("text", "Le routeur est remplacé")])
        .await;
    moussa.channel.sees(words.resolved).await;
    lina.private.sees("Le routeur est remplacé").await;
    world.quiet().await;
    let heard = lina.private.history();
    assert!(
        !heard.contains("Fatou Ba en renfort") && !heard.contains("to help"),
        "{heard}"
    );
    world.close().await;
    insta::with_settings!({ snapshot_suffix => format!("{on:?}_{learner_on:?}_{language}") }, {
        insta::assert_snapshot!("helped", world.script.text());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn who_helps_comes_and_goes_by_command_and_by_button() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner).await;
    world.script.forget();
    let (awa, moussa, fatou) = (&staff.awa.private, &staff.moussa.private, &staff.fatou.private);
    lina.opens("Le wifi ne marche plus", 1).await;
    let number = ("number", "1");
    // Nobody is in charge.
    awa.uses("helper", &[number, ("colleague", "fatou")]).await;
    awa.sees("Personne n'a encore pris").await;
    moussa.uses("take", &[number]).await;
    moussa.sees("N° 1").await;
    // Whoever neither has it nor helps calls nobody.
    fatou.uses("helper", &[number, ("colleague", "fatou")]).await;
    fatou.sees("Moussa Sarr s'occupe du n° 1").await;
    moussa.uses("helper", &[number, ("colleague", "moussa")]).await;
    moussa.sees("Le n° 1 est déjà à vous").await;
    moussa.uses("helper", &[number, ("colleague", "personne")]).await;
    moussa.sees("ne s'appelle « personne »").await;
    moussa.uses("helper", &[number, ("colleague", "fatou")]).await;
    moussa.sees("Fatou Ba est désormais en renfort").await;
    fatou.sees("Moussa Sarr vous appelle en renfort").await;
    moussa.uses("helper", &[number, ("colleague", "fatou")]).await;
    moussa.sees("déjà en renfort").await;
    // Whoever helps asks, but does not give it away.
    fatou.uses("ask", &[number, ("text", "Quelle salle ?")]).await;
    lina.private.sees("Quelle salle ?").await;
    fatou.sees("La question est envoyée").await;
    fatou.uses("release", &[number]).await;
    fatou.sees("Moussa Sarr s'occupe du n° 1").await;
    // The list of what one works on has it, and that of a colleague's.
    fatou.uses("tickets", &[]).await;
    let list = fatou.sees("Demandes à traiter").await;
    fatou.presses(&list, "Technicien…").await;
    let whom = fatou.sees("Les demandes de qui ?").await;
    fatou.presses(&whom, "Awa Diop").await;
    let none = fatou.sees("ne correspond à votre choix").await;
    fatou.presses(&none, "Technicien → tous").await;
    let list = fatou.sees("n° 1").await;
    fatou.presses(&list, "Technicien…").await;
    let whom = fatou.sees("Les demandes de qui ?").await;
    fatou.presses(&whom, "Fatou Ba").await;
    let list = fatou.sees("n° 1").await;
    fatou.presses(&list, "Les miennes").await;
    fatou.sees("n° 1").await;
    // By themselves.
    fatou.uses("helper", &[number]).await;
    let page = fatou.sees("Qui appeler en renfort").await;
    fatou.presses(&page, "✖ Fatou Ba").await;
    fatou.sees("n'est plus en renfort").await;
    moussa.uses("helper", &[number, ("colleague", "awa")]).await;
    moussa.sees("Awa Diop est désormais en renfort").await;
    awa.sees("vous appelle en renfort").await;
    // An old button.
    let account = world.actor("Fatou Ba", Role::Technician).await.account;
    fatou.forges(&page, &format!("let_go:1:{account}")).await;
    fatou.sees("Moussa Sarr s'occupe du n° 1").await;
    // Whoever helped and is put in charge helps no more.
    awa.uses("assign", &[number, ("colleague", "awa")]).await;
    moussa.sees("vous n'en avez plus la charge").await;
    assert_eq!(world.count("ticket_helpers").await, 0);
    world.quiet().await;
    world.close().await;
    insta::assert_snapshot!("comes_and_goes", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_or_back_with_the_team_has_no_helpers() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner).await;
    let (moussa, fatou) = (&staff.moussa.private, &staff.fatou.private);
    for ticket in 1..=2 {
        lina.opens(&format!("Le wifi {ticket} ne marche plus"), ticket).await;
        let number = ticket.to_string();
        moussa.uses("take", &[("number", &number)]).await;
        moussa.sees(&format!("N° {number}")).await;
        moussa
            .uses("helper", &[("number", &number), ("colleague", "fatou")])
            .await;
        fatou.sees("vous appelle en renfort").await;
    }
    assert_eq!(world.count("ticket_helpers").await, 2);
    moussa.uses("release", &[("number", "1")]).await;
    lina.private.sees("est rendue à l'équipe").await;
    lina.private.uses("cancel", &[("number", "2")]).await;
    let sure = lina.private.sees("Annuler").await;
    lina.private.presses(&sure, "Oui").await;
    lina.private.sees("Clôturé").await;
    assert_eq!(world.count("ticket_helpers").await, 0);
}

async fn call(store: &Store, by: &Actor, helper: AccountId) -> Option<Refusal> {
    let context = (by, helper);
    let done = store.transact(&context, |tx, (by, helper)| {
        Box::pin(async move {
            match helping::call(tx, by, TicketId(1), *helper).await {
                Ok(_) => Ok(None),
                Err(Error::Refused(refusal)) => Ok(Some(refusal)),
                Err(Error::Fault(fault)) => Err(fault),
            }
        })
    });
    done.await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread")]
async fn five_help_at_most_and_each_once_however_many_call_them() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner).await;
    lina.opens("Le wifi ne marche plus", 1).await;
    staff.moussa.private.uses("take", &[("number", "1")]).await;
    staff.moussa.private.sees("N° 1").await;
    let by = world.actor("Moussa Sarr", Role::Technician).await;
    let mut called = Vec::new();
    for number in 1..=6 {
        let name = format!("Renfort {number}");
        let helper = Learner::with_role(&world, &name, Platform::Discord, "fr", Role::Technician).await;
        helper.private.uses("me", &[]).await;
        helper.private.sees("Vous êtes").await;
        called.push(world.actor(&name, Role::Technician).await.account);
    }
    // Twice each, at once.
    let calls = called
        .iter()
        .chain(&called)
        .map(|helper| call(&world.store, &by, *helper));
    let answers = join_all(calls).await;
    let count = |wanted: Option<Refusal>| answers.iter().filter(|answer| **answer == wanted).count();
    assert_eq!(count(None), 5, "{answers:?}");
    assert_eq!(
        count(Some(Refusal::HelpsAlready)) + count(Some(Refusal::TooManyHelpers)),
        7,
        "{answers:?}"
    );
    assert_eq!(world.count("ticket_helpers").await, 5);
    // Whoever is deleted helps with nothing, and whoever takes over is no helper any more.
    let helps = called
        .iter()
        .chain(&called)
        .zip(&answers)
        .filter(|(_, answer)| answer.is_none());
    let [gone, to] = helps.map(|(helper, _)| *helper).take(2).collect::<Vec<_>>()[..] else {
        panic!("{answers:?}")
    };
    let mut tx = world.store.begin().await.expect("a transaction");
    let account = accounts::find(&mut tx, gone)
        .await
        .expect("a query")
        .expect("an account");
    let deleted = deletion::delete(&mut tx, Permit::of_the_operator(), &account, TheirTickets::Keep).await;
    deleted.expect("a query").expect("a deletion");
    hand(&mut tx, &by, TicketId(1), (Handing::HandOver, to), &Word::default())
        .await
        .expect("handed");
    tx.commit().await.expect("a commit");
    let mut view = world.store.look().await.expect("a connection");
    let (ticket, about) = about::find(&mut view, TicketId(1))
        .await
        .expect("a query")
        .expect("a ticket");
    assert_eq!((ticket.helpers.len(), about.helpers.len()), (3, 3));
    assert!(
        !ticket.helpers.contains(&gone) && !ticket.helpers.contains(&to),
        "{ticket:?}"
    );
}

/// A card is read in one statement with where it stands, or in two where something stands beside the ticket.
#[tokio::test(flavor = "multi_thread")]
async fn a_card_takes_two_queries_at_most() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner).await;
    lina.opens("Le wifi ne marche plus", 1).await;
    lina.opens("L'écran ne marche plus", 2).await;
    lina.opens("Le clavier ne marche plus", 3).await;
    let moussa = &staff.moussa.private;
    let number = ("number", "1");
    moussa.uses("take", &[number]).await;
    moussa.sees("N° 1").await;
    moussa.uses("helper", &[number, ("colleague", "fatou")]).await;
    moussa.sees("est désormais en renfort").await;
    moussa
        .uses("relate", &[number, ("relation", "blocks"), ("target", "2")])
        .await;
    moussa.sees("Liens du n° 1").await;
    moussa
        .uses("relate", &[number, ("target", "https://exemple.org/wifi")])
        .await;
    moussa.sees("https://exemple.org/wifi").await;
    moussa.uses("note", &[number, ("text", "Garantie échue")]).await;
    moussa.sees("C'est noté sur le n° 1").await;
    world.quiet().await;
    let direct = world.database.connect_options();
    let proxy = DbProxy::start(Server::of(&direct)).await;
    let store = Store::open(proxy.options(&direct), 2, world.clock.clone())
        .await
        .expect("a store");
    let mut view = store.look().await.expect("a connection");
    let place = PlaceId(1);
    let identity = world.actor("Lina Ndiaye", Role::Learner).await.identity;
    for (ticket, statements, [helpers, links, pages]) in [(1, 2, [1, 1, 1]), (2, 2, [0, 1, 0]), (3, 1, [0, 0, 0])] {
        let ticket = TicketId(ticket);
        let before = proxy.statements();
        let found = about::find_in_place(&mut view, ticket, place).await;
        let (_, about, place, card) = found.expect("a query").expect("a ticket");
        assert_eq!(proxy.statements(), before + statements, "{ticket}");
        assert!(card.is_some(), "{place:?}");
        assert_eq!(
            [about.helpers.len(), about.around.links.len(), about.pages.len()],
            [helpers, links, pages]
        );
        let before = proxy.statements();
        let found = about::find_for(&mut view, ticket, identity, 5).await;
        let (found, about, reader, card) = found.expect("a query").expect("a ticket");
        assert_eq!(proxy.statements(), before + statements, "{ticket}");
        assert_eq!((found.id, reader.id, about.helpers.len()), (ticket, identity, helpers));
        assert!(card.is_some_and(|card| card.ticket == ticket), "{ticket}");
    }
    let before = proxy.statements();
    let found = about::find_with_words(&mut view, TicketId(1), 5, true).await;
    let (_, about) = found.expect("a query").expect("a ticket");
    assert_eq!((proxy.statements(), about.words.len()), (before + 2, 1));
    // A card that is shown with what was said last.
    lina.private.uses("show", &[number]).await;
    lina.private.sees("Le wifi ne marche plus").await;
    world.quiet().await;
    let before = proxy.statements();
    let found = about::find_for(&mut view, TicketId(1), identity, 5).await;
    let (_, about, _, card) = found.expect("a query").expect("a ticket");
    assert!(card.is_some_and(|card| card.is_whole));
    // The note is not hers to read.
    assert_eq!((proxy.statements(), about.words.len()), (before + 2, 0));
}
