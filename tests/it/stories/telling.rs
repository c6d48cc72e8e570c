//! People who choose how soon they are told: of each change, once an hour, never.

use chrono::TimeDelta;
use guichet::domain::account::{Actor, Role, TheirTickets};
use guichet::domain::ids::{AccountId, CategoryId, IdentityId};
use guichet::domain::permission::Permit;
use guichet::domain::platform::Platform;
use guichet::domain::text::{Description, Email, Title};
use guichet::domain::ticket::Urgency;
use guichet::sandbox::{discord, telegram};
use guichet::service::deletion;
use guichet::service::open::open;
use guichet::store::accounts::find_by_email;
use guichet::store::tickets::NewTicket;

use crate::harness::{Chair, Learner, Office, Staff, StaffOn, World, link, office};

const GATHERED: &str = "outbox WHERE dest LIKE '%:digest'";

/// Chooses how soon to be told, in French.
async fn chooses(chair: &Chair, label: &str, done: &str) {
    chair.uses("notify", &[]).await;
    let shown = chair.sees("Quand et où vous prévenir").await;
    chair.presses(&shown, label).await;
    chair.sees(done).await;
}

async fn hourly(chair: &Chair) {
    chooses(chair, "Une fois par heure", "une fois par heure au plus").await;
}

async fn uses(by: &Staff, command: &str, number: &str, text: &str) {
    let options = [("number", number), ("text", text)];
    let given = if text.is_empty() { &options[..1] } else { &options[..] };
    by.private.uses(command, given).await;
}

/// Waits until so much is gathered, and nothing else is to be told.
async fn gathered(world: &World, rows: i64) {
    world.tables.until(GATHERED, rows).await;
    world.tables.until("outbox", rows).await;
}

/// Another chat of Lina's.
async fn also(world: &World, on: Platform) -> Learner {
    let chat = Learner::new(world, "lina.nd", on, "fr");
    let code = world.new_code("lina.ndiaye@exemple.org").await;
    link(&chat.private, &code, "fr").await;
    chat
}

/// Lina, who wants to be told once an hour, has a ticket.
async fn lina_hourly(on: Platform) -> (World, Office, Learner) {
    let world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", on).await;
    lina.opens("Le wifi tombe", 1).await;
    hourly(&lina.private).await;
    world.quiet().await;
    (world, staff, lina)
}

#[tokio::test(flavor = "multi_thread")]
async fn several_changes_of_an_hour_come_in_one_message_and_a_question_at_once() {
    for on in [Platform::Telegram, Platform::Discord] {
        let (mut world, staff, lina) = lina_hourly(on).await;
        lina.opens("L'écran est noir", 2).await;
        world.quiet().await;
        world.script.forget();
        let here = &lina.private;
        uses(&staff.moussa, "take", "1", "").await;
        uses(&staff.fatou, "take", "2", "").await;
        gathered(&world, 2).await;
        uses(&staff.moussa, "reply", "1", "J'arrive avec un câble").await;
        gathered(&world, 3).await;
        let urgency = [("number", "2"), ("urgency", "high")];
        staff.awa.private.uses("urgency", &urgency).await;
        gathered(&world, 4).await;
        here.sees_nothing_else();
        // What waits for her answer does not wait.
        uses(&staff.fatou, "ask", "2", "Quel modèle ?").await;
        let asked = here.sees("Quel modèle ?").await;
        here.replies(&asked, "Un ThinkPad").await;
        staff.fatou.thread(&world, 2).sees("Un ThinkPad").await;
        uses(&staff.moussa, "resolve", "1", "Borne changée").await;
        gathered(&world, 5).await;
        world.kill();
        world.clock.advance(TimeDelta::minutes(59));
        world.start().await;
        uses(&staff.fatou, "release", "2", "").await;
        gathered(&world, 6).await;
        assert_eq!(here.times("Ce qui s'est passé"), 0, "{}", here.history());
        world.clock.advance(TimeDelta::minutes(2));
        let told = here.sees("Ce qui s'est passé : 6 changements").await;
        assert!(told.text.contains("« J'arrive avec un câble »"), "{told:?}");
        assert!(!told.text.contains("Quel modèle"), "{told:?}");
        world.tables.all_went_well().await;
        world.kill();
        world.clock.advance(TimeDelta::hours(3));
        world.start().await;
        here.catches_up();
        here.presses(&told, "n° 1").await;
        let card = here.sees("N° 1 · ").await;
        here.presses(&card, "C'est réglé").await;
        here.sees("Comment cela s'est-il passé").await;
        world.tables.all_went_well().await;
        assert_eq!(here.times("Ce qui s'est passé"), 1, "{}", here.history());
        assert_eq!(here.times("s'occupe de votre demande"), 0);
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("an_hour_in_one_message", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_english_one_hears_nothing_once_an_hour_or_of_each_change_again() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramGroup, "en").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Discord, "en", Role::Learner).await;
    let here = &lina.private;
    here.says("The wifi is down").await;
    let draft = here.sees("Urgency").await;
    here.presses(&draft, "Send").await;
    here.sees("No. 1 · ").await;
    world.quiet().await;
    world.script.forget();
    here.uses("me", &[]).await;
    let me = here.sees("I tell you of each change").await;
    here.presses(&me, "When to tell me").await;
    let choice = here.sees("When and where").await;
    here.presses(&choice, "Never").await;
    let choice = here.sees("I tell you of nothing but").await;
    uses(&staff.moussa, "take", "1", "").await;
    uses(&staff.moussa, "reply", "1", "On my way").await;
    // Nobody is told that she reads it.
    staff
        .moussa
        .private
        .sees("Lina Ndiaye has switched notifications off")
        .await;
    world.quiet().await;
    here.sees_nothing_else();
    uses(&staff.moussa, "ask", "1", "Which room?").await;
    let asked = here.sees("Which room?").await;
    here.replies(&asked, "B12").await;
    let thread = staff.moussa.thread(&world, 1);
    let room = thread.sees("B12").await;
    thread.replies(&room, "Coming").await;
    thread.sees("Lina Ndiaye has switched notifications off").await;
    world.quiet().await;
    here.presses(&choice, "Once an hour").await;
    let choice = here.sees("once an hour at most").await;
    let category = [("number", "1"), ("category", "materiel")];
    staff.moussa.private.uses("category", &category).await;
    gathered(&world, 1).await;
    let colleague = [("number", "1"), ("colleague", "fatou")];
    staff.awa.private.uses("assign", &colleague).await;
    gathered(&world, 2).await;
    uses(&staff.fatou, "reply", "1", "It is *back* <b>now</b>").await;
    gathered(&world, 3).await;
    here.sees_nothing_else();
    // What waits comes without waiting for the hour.
    here.presses(&choice, "At each change").await;
    here.sees("What was waiting is on its way").await;
    let told = here.sees("What happened: 3 changes").await;
    assert!(told.text.contains("It is *back* <b>now</b>"), "{told:?}");
    world.quiet().await;
    uses(&staff.fatou, "resolve", "1", "New access point").await;
    here.sees("is resolved").await;
    world.tables.all_went_well().await;
    here.uses("notify", &[]).await;
    let choice = here.sees("When and where").await;
    here.presses(&choice, "Once an hour").await;
    let choice = here.sees("once an hour at most").await;
    uses(&staff.fatou, "reopen", "1", "Not yet").await;
    gathered(&world, 1).await;
    here.presses(&choice, "Never").await;
    here.sees("What was waiting won't be sent").await;
    world.clock.advance(TimeDelta::hours(2));
    world.tables.all_went_well().await;
    here.sees_nothing_else();
    world.close().await;
    insta::assert_snapshot!("never_hourly_each", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_hears_once_an_hour_of_many_new_tickets_or_of_none() {
    for on in [StaffOn::TelegramTopics, StaffOn::Discord] {
        let mut world = World::open().await;
        let staff = office(&world, on, "fr").await;
        let awa = &staff.awa.private;
        hourly(awa).await;
        let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
        world.quiet().await;
        world.script.forget();
        come_in(&world, "Lina Ndiaye", 30, |number| {
            format!("Le poste {number} ne démarre plus")
        })
        .await;
        gathered(&world, 30).await;
        // The team's cards say it at once; she did not want it so.
        staff.moussa.channel.sees("N° 30 · ").await;
        awa.sees_nothing_else();
        world.clock.advance(TimeDelta::minutes(61));
        let told = awa.sees("Ce qui s'est passé : 30 changements").await;
        assert!(told.text.contains("autres changements"), "{told:?}");
        world.tables.all_went_well().await;
        assert_eq!(awa.times("Ce qui s'est passé"), 1);
        awa.presses(&told, "n° 2").await;
        let shown = awa.sees("N° 2 · Le poste 2 ne démarre plus").await;
        awa.presses(&shown, "Prendre").await;
        awa.sees("En cours").await;
        awa.presses(&told, "Mes demandes").await;
        awa.sees("Demandes").await;
        world.quiet().await;
        // However much room the words take, they fit into a message.
        let hostile = |number| format!("{number} {}", "*_`🙂[&lt;".repeat(20));
        come_in(&world, "Lina Ndiaye", 25, hostile).await;
        gathered(&world, 25).await;
        world.clock.advance(TimeDelta::minutes(61));
        let told = awa.sees("Ce qui s'est passé : 25 changements").await;
        assert!(told.text.contains("N° 31 · 1 *_`🙂[&lt;"), "{told:?}");
        world.tables.all_went_well().await;
        assert_eq!(awa.times("Ce qui s'est passé"), 2);
        chooses(awa, "Jamais", "Je ne vous préviens de rien").await;
        lina.opens("L'écran est noir", 56).await;
        world.tables.all_went_well().await;
        awa.sees_nothing_else();
        // That nobody can write to the team's place any more is no news of a ticket.
        staff.place.throws_bot_out();
        lina.opens("Le clavier colle", 57).await;
        awa.sees("Je ne peux plus écrire dans").await;
        world.close().await;
    }
}

/// As if so many tickets of theirs had come in a moment.
async fn come_in(world: &World, name: &str, count: u32, title: impl Fn(u32) -> String) {
    let number = async |what: &str| {
        let sql = format!(
            "SELECT CAST({what} AS SIGNED) FROM identities i JOIN accounts a ON a.id = i.account_id WHERE a.name = '{name}'"
        );
        u64::try_from(world.tables.number(&sql).await).unwrap()
    };
    let by = Actor {
        account: AccountId(number("a.id").await),
        identity: IdentityId(number("i.id").await),
        role: Role::Learner,
    };
    for number in 1..=count {
        let text = title(number);
        let new = NewTicket {
            title: Title::parse(&text).unwrap(),
            description: Description::parse(&text).unwrap(),
            urgency: Urgency::Medium,
            category: CategoryId(1),
            answers: Vec::new(),
            files: Vec::new(),
        };
        let mut tx = world.store.begin().await.unwrap();
        open(&mut tx, &by, &new, false).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_comes_in_one_chat_wherever_they_write_meanwhile_and_in_all_for_who_wants_that() {
    let (mut world, staff, lina) = lina_hourly(Platform::Telegram).await;
    let (here, there) = (&lina.private, also(&world, Platform::Discord).await.private);
    here.sees("Une messagerie vient d'être reliée").await;
    uses(&staff.moussa, "take", "1", "").await;
    gathered(&world, 1).await;
    here.uses("tickets", &[]).await;
    here.sees("n° 1 ").await;
    uses(&staff.moussa, "reply", "1", "J'arrive").await;
    gathered(&world, 2).await;
    world.clock.advance(TimeDelta::minutes(61));
    there.sees("Ce qui s'est passé : 2 changements").await;
    world.tables.all_went_well().await;
    here.sees_nothing_else();

    there.uses("notify", &[]).await;
    let shown = there.sees("Quand et où vous prévenir").await;
    there.presses(&shown, "Me prévenir partout").await;
    there.sees("dans toutes vos messageries").await;
    uses(&staff.moussa, "reply", "1", "Je suis là").await;
    uses(&staff.moussa, "release", "1", "").await;
    gathered(&world, 4).await;
    world.clock.advance(TimeDelta::minutes(61));
    for chat in [here, &there] {
        chat.sees("Ce qui s'est passé : 2 changements").await;
    }
    world.tables.all_went_well().await;
    // One is hers no more before the hour is over: nobody else hears of it there.
    uses(&staff.moussa, "take", "1", "").await;
    gathered(&world, 2).await;
    here.uses("unlink", &[]).await;
    let which = here.sees("Quelle messagerie").await;
    here.presses(&which, "Telegram").await;
    let surely = here.sees("Délier").await;
    here.presses(&surely, "Délier").await;
    here.sees("n'est plus reliée").await;
    world.clock.advance(TimeDelta::minutes(61));
    there.sees("Ce qui s'est passé : un changement").await;
    world.tables.all_went_well().await;
    assert_eq!(here.times("Ce qui s'est passé"), 1, "{}", here.history());
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_a_ticket_was_opened_for_somebody_comes_in_the_chat_that_is_left_to_them() {
    let (mut world, staff, lina) = lina_hourly(Platform::Telegram).await;
    let (here, there) = (&lina.private, also(&world, Platform::Discord).await.private);
    here.uses("tickets", &[]).await;
    here.sees("n° 1 ").await;
    let moussa = &staff.moussa.private;
    moussa.uses("ticket", &[("for", "lina")]).await;
    moussa.submits(&[("Titre", "Écran noir")]).await;
    moussa.sees("La demande n° 2").await;
    gathered(&world, 1).await;
    here.uses("unlink", &[]).await;
    let which = here.sees("Quelle messagerie").await;
    here.presses(&which, "Telegram").await;
    let surely = here.sees("Délier").await;
    here.presses(&surely, "Délier").await;
    here.sees("n'est plus reliée").await;
    world.clock.advance(TimeDelta::minutes(61));
    let told = there.sees("Ce qui s'est passé").await;
    assert!(told.text.contains("Ouverte par Moussa Sarr"), "{told:?}");
    world.tables.all_went_well().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_that_one_chat_can_t_take_comes_in_the_other_or_when_there_is_a_way_again() {
    for on in [Platform::Telegram, Platform::Discord] {
        let (mut world, staff, lina) = lina_hourly(on).await;
        let here = &lina.private;
        // No other chat: staff are told, once, and nothing is lost.
        lina.person.shuts_bot_out();
        uses(&staff.moussa, "take", "1", "").await;
        uses(&staff.moussa, "reply", "1", "Premier mot").await;
        gathered(&world, 2).await;
        world.clock.advance(TimeDelta::minutes(61));
        world.tables.until("dead_letters", 2).await;
        let thread = staff.moussa.thread(&world, 1);
        thread.sees("n'a pas reçu ce message").await;
        world.quiet().await;
        assert_eq!(thread.times("n'a pas reçu ce message"), 1, "{}", thread.history());
        lina.person.lets_bot_in();
        here.says("/start").await;
        here.sees("Ce qui s'est passé : 2 changements").await;
        world.tables.all_went_well().await;
        assert_eq!(here.times("Premier mot"), 1);

        let other = match on {
            Platform::Telegram => Platform::Discord,
            Platform::Discord => Platform::Telegram,
        };
        let there = also(&world, other).await.private;
        here.says("/me").await;
        here.sees("Vous êtes Lina Ndiaye").await;
        uses(&staff.moussa, "reply", "1", "Deuxième mot").await;
        uses(&staff.moussa, "release", "1", "").await;
        gathered(&world, 2).await;
        lina.person.shuts_bot_out();
        world.telegram.confirmed().await.expect("every update stored");
        world.tables.until("inbox WHERE answered_at IS NULL", 0).await;
        // The delivery itself finds out.
        let forget = "UPDATE identities SET unreachable_at = NULL, unreachable_cause = NULL";
        world.tables.change(forget).await;
        world.clock.advance(TimeDelta::minutes(61));
        let told = there.sees("Ce qui s'est passé : 2 changements").await;
        let moved = format!("Je n'arrive plus à vous écrire sur {}", on.name());
        assert!(told.text.contains(&moved), "{told:?}");
        world.tables.all_went_well().await;
        assert_eq!((here.times("Deuxième mot"), there.times("Deuxième mot")), (0, 1));
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gathered_goes_with_the_account_and_with_what_it_is_about() {
    let (mut world, staff, lina) = lina_hourly(Platform::Telegram).await;
    lina.opens("L'écran est noir", 2).await;
    uses(&staff.moussa, "take", "1", "").await;
    uses(&staff.moussa, "reply", "1", "Un mot de trop").await;
    uses(&staff.moussa, "take", "2", "").await;
    gathered(&world, 3).await;
    // Of a ticket that is deleted by then, nothing but that.
    uses(&staff.awa, "delete", "1", "").await;
    let surely = staff.awa.private.sees("Supprimer").await;
    staff.awa.private.presses(&surely, "Oui, la supprimer").await;
    gathered(&world, 4).await;
    world.clock.advance(TimeDelta::minutes(61));
    let told = lina.private.sees("Ce qui s'est passé : 2 changements").await;
    assert!(told.text.contains("Supprimée par un administrateur"), "{told:?}");
    assert!(!told.text.contains("Un mot de trop"), "{told:?}");
    world.tables.all_went_well().await;

    uses(&staff.moussa, "release", "2", "").await;
    gathered(&world, 1).await;
    let deleted = world.store.transact(&(), |tx, ()| {
        Box::pin(async move {
            let email = Email::parse("lina.ndiaye@exemple.org").unwrap();
            let account = find_by_email(tx, &email).await?.expect("an account");
            deletion::delete(tx, Permit::of_the_operator(), &account, TheirTickets::Keep).await
        })
    });
    deleted.await.unwrap().unwrap();
    lina.private.sees("vient d'être supprimé").await;
    world.tables.all_went_well().await;
    world.clock.advance(TimeDelta::hours(2));
    world.tables.all_went_well().await;
    lina.private.sees_nothing_else();
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_with_an_hour_on_its_way_it_is_told_once() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let staff = office(&world, StaffOn::TelegramGroup, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", on).await;
        lina.opens("Le wifi tombe", 1).await;
        hourly(&lina.private).await;
        world.quiet().await;
        uses(&staff.moussa, "take", "1", "").await;
        uses(&staff.moussa, "reply", "1", "J'arrive").await;
        gathered(&world, 2).await;
        // Telegram did not get it; Discord did, and nobody heard so.
        let (lost, unheard) = (false, true);
        world
            .telegram
            .faults()
            .all("SendMessage", telegram::Fault::Cut { after_effect: lost });
        world
            .discord
            .faults()
            .all("POST", discord::Fault::Cut { after_effect: unheard });
        world.clock.advance(TimeDelta::minutes(61));
        world.tables.until("outbox WHERE attempts > 0", 1).await;
        world.kill();
        world.telegram.faults().clear();
        world.discord.faults().clear();
        world.clock.advance(TimeDelta::seconds(30));
        world.start().await;
        let told = lina.private.sees("Ce qui s'est passé : 2 changements").await;
        world.tables.all_went_well().await;
        assert_eq!(
            lina.private.times("Ce qui s'est passé"),
            1,
            "{}",
            lina.private.history()
        );
        // It is all about one ticket: an answer is a word on that.
        lina.private.replies(&told, "Merci !").await;
        staff.moussa.channel.sees("Merci !").await;
        world.tables.all_went_well().await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_replicas_one_tells_what_was_gathered_and_the_other_if_it_ends() {
    let (mut world, staff, lina) = lina_hourly(Platform::Telegram).await;
    let beside = world.open_beside().await;
    uses(&staff.moussa, "take", "1", "").await;
    uses(&staff.moussa, "reply", "1", "J'arrive").await;
    gathered(&world, 2).await;
    world.clock.advance(TimeDelta::minutes(61));
    lina.private.sees("Ce qui s'est passé : 2 changements").await;
    world.tables.all_went_well().await;
    uses(&staff.moussa, "reply", "1", "Encore un mot").await;
    gathered(&world, 1).await;
    beside.close().await;
    world.clock.advance(TimeDelta::minutes(61));
    lina.private.sees("Ce qui s'est passé : un changement").await;
    world.tables.all_went_well().await;
    assert_eq!(lina.private.times("Ce qui s'est passé"), 2);
    world.close().await;
}
