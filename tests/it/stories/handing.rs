//! A ticket comes into other hands: an admin assigns it, or whoever has it hands it over.

use guichet::domain::account::{Actor, Role, TheirTickets};
use guichet::domain::action::Handing;
use guichet::domain::ids::{AccountId, TicketId};
use guichet::domain::permission::Permit;
use guichet::domain::platform::Platform;
use guichet::domain::text::{Body, Email};
use guichet::domain::transition::Refusal;
use guichet::sandbox::Answer;
use guichet::service::handing::{Word, hand};
use guichet::service::work::{Deed, work};
use guichet::service::{self, deletion, roles};
use guichet::store::accounts::find_by_email;
use guichet::store::{Fault, Store, Tx};

use super::free_fields::{inputs, is_blank, most, refusal};
use crate::harness::{Chair, Learner, StaffOn, World, office};

/// Writes the word to a colleague that is asked for behind their button.
async fn with_word(chair: &Chair, answer: &Answer, question: &str, field: &str, word: &str) {
    if matches!(answer, Answer::Form { .. }) {
        chair.submits(&[(field, word)]).await;
    } else {
        chair.sees(question).await;
        chair.says(word).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_assigned_and_handed_over_on_discord() {
    handed(StaffOn::Discord, Platform::Telegram).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_assigned_and_handed_over_on_telegram() {
    handed(StaffOn::TelegramTopics, Platform::Discord).await;
}

async fn handed(on: StaffOn, learner_on: Platform) {
    let mut world = World::open().await;
    let staff = office(&world, on, "fr").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, "fr", Role::Learner).await;
    world.script.forget();
    lina.opens("Le wifi ne marche plus", 1).await;
    let (awa, moussa, fatou) = (&staff.awa.private, &staff.moussa, &staff.fatou);
    let ping = awa.sees("Nouvelle demande :").await;
    awa.presses(&ping, "Attribuer").await;
    let page = awa.sees("À qui attribuer le n° 1").await;
    awa.presses(&page, "Moussa").await;
    awa.sees("est confié à Moussa Sarr").await;
    moussa.private.sees("Awa Diop vous attribue le n° 1").await;
    lina.private.sees("Moussa Sarr s'occupe maintenant").await;
    let card = moussa.channel.sees("En cours").await;
    moussa.thread(&world, 1).sees("attribue la demande à Moussa Sarr").await;

    let alone = if on == StaffOn::Discord {
        &moussa.channel
    } else {
        &moussa.private
    };
    moussa.channel.presses(&card, "Passer la main").await;
    let page = alone.sees("À qui passer la main").await;
    let answer = alone.presses(&page, "Fatou").await;
    with_word(
        alone,
        &answer,
        "Un mot pour qui reprend",
        "Message",
        "Il manque l'écran",
    )
    .await;
    alone.sees("est confié à Fatou Ba").await;
    let told = fatou.private.sees("Moussa Sarr vous passe la main").await;
    assert!(told.text.contains("Il manque l'écran"), "{told:?}");
    lina.private.sees("Fatou Ba s'occupe maintenant").await;
    moussa.thread(&world, 1).sees("passe la main à Fatou Ba").await;

    // Who has it no more is told so; an old button does nothing.
    moussa
        .channel
        .told(&card, "Passer la main", "Fatou Ba s'occupe du n° 1")
        .await;
    let (number, back) = (("number", "1"), ("colleague", "MOUSSA"));
    fatou
        .private
        .uses("handover", &[number, back, ("text", "À toi de nouveau")])
        .await;
    fatou.private.sees("est confié à Moussa Sarr").await;
    let told = moussa.private.sees("Fatou Ba vous passe la main").await;
    assert!(told.text.contains("À toi de nouveau"), "{told:?}");
    lina.private.sees("Moussa Sarr s'occupe maintenant").await;
    moussa.private.uses("ask", &[number, ("text", "Quelle salle ?")]).await;
    lina.private.sees("Quelle salle ?").await;
    moussa.private.sees("La question est envoyée").await;
    awa.uses("assign", &[number, ("colleague", "fat")]).await;
    awa.sees("est confié à Fatou Ba").await;
    moussa.private.sees("vous n'en avez plus la charge").await;
    fatou.private.sees("Awa Diop vous attribue le n° 1").await;
    lina.private.sees("Fatou Ba s'occupe maintenant").await;
    awa.uses("assign", &[number, ("colleague", "fatou ba")]).await;
    awa.sees("C'est déjà Fatou Ba qui s'occupe").await;
    awa.uses("assign", &[number, ("colleague", "Personne")]).await;
    awa.sees("Personne dans l'équipe ne s'appelle « Personne »").await;
    fatou.private.uses("assign", &[number, ("colleague", "moussa")]).await;
    fatou.private.sees("Seuls les administrateurs").await;
    // Without a word, and only after a choice.
    fatou.private.uses("handover", &[number]).await;
    let page = fatou.private.sees("À qui passer la main").await;
    if let Answer::Form { .. } = fatou.private.presses(&page, "Awa").await {
        fatou.private.submits(&[]).await;
    } else {
        let asked = fatou.private.sees("Un mot pour qui reprend").await;
        fatou.private.presses(&asked, "Sans mot").await;
    }
    fatou.private.sees("est confié à Awa Diop").await;
    awa.sees("Fatou Ba vous passe la main").await;
    lina.private.sees("Awa Diop s'occupe maintenant").await;
    world.quiet().await;
    lina.private.sees_nothing_else();
    let heard = lina.private.history();
    assert!(
        !heard.contains("Il manque") && !heard.contains("À toi de nouveau"),
        "{heard}"
    );
    assert_eq!(
        world.tables.events(1).await,
        "opened assigned handed_over handed_over asked assigned handed_over"
    );
    assert_eq!(
        world.tables.texts("SELECT status FROM tickets").await,
        ["awaiting_info"]
    );
    assert_eq!(world.count("comments WHERE kind = 'note'").await, 2);
    world.tables.all_went_well().await;
    world.close().await;
    insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
        insta::assert_snapshot!("handed", world.script.text());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_handed_over_in_english_in_a_group_without_topics() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramGroup, "en").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "en", Role::Learner)
        .await
        .private;
    world.script.forget();
    lina.says("The wifi is down").await;
    let draft = lina.sees("Urgency").await;
    lina.presses(&draft, "Send").await;
    let own = lina.sees("No. 1 · ").await;
    let (moussa, fatou) = (&staff.moussa, &staff.fatou);
    let card = moussa.channel.sees("No. 1 · ").await;
    lina.presses(&own, "Edit").await;
    let choices = lina.sees("What would you like to change").await;
    lina.presses(&choices, "Title").await;
    lina.sees("What title would you like").await;
    lina.says("No wifi in room 12").await;
    lina.sees("No. 1 (No wifi in room 12) is changed").await;
    moussa.channel.presses(&card, "Take").await;
    lina.sees("is taking care of your request").await;
    moussa.channel.says("/urgency 1 HIGH").await;
    lina.sees("High instead of Medium").await;
    moussa.channel.says("/urgence 1 urgent").await;
    let urgencies = moussa.private.sees("I don't know the urgency \"urgent\"").await;
    moussa.private.presses(&urgencies, "Low").await;
    lina.sees("Low instead of High").await;
    moussa.channel.says("/handover 1 fatou the screen is missing").await;
    fatou.private.sees("hands no. 1 (No wifi in room 12) over to you").await;
    lina.sees("Fatou Ba is now taking care").await;
    moussa.channel.sees("hands the request over to Fatou Ba").await;
    staff.awa.private.sees("New request").await;
    staff.awa.private.says("/assign 1 moussa").await;
    staff.awa.private.sees("in the hands of Moussa Sarr").await;
    fatou.private.sees("you are no longer in charge").await;
    moussa.private.sees("assigns no. 1").await;
    lina.sees("Moussa Sarr is now taking care").await;
    world.tables.all_went_well().await;
    world.close().await;
    insta::assert_snapshot!("handed_in_english", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_of_several_is_chosen_among_buttons_and_the_word_is_kept() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let moussa = Learner::with_role(&world, "Moussa Sarr", on, "fr", Role::Technician)
            .await
            .private;
        let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
        lina.opens("Le wifi ne marche plus", 1).await;
        for name in [
            "Fatou Ba",
            "Fatou Diallo",
            "Fatou Bakary",
            "Élise 50% <b>*Aw*</b> @everyone",
        ] {
            let email = format!("{}@exemple.org", name.replace(|c: char| !c.is_ascii_alphabetic(), ""));
            world.create(name, &email, Role::Technician).await;
        }
        for number in 0..9 {
            let name = format!("Technicien {number:02}");
            world
                .create(&name, &format!("n{number}@exemple.org"), Role::Technician)
                .await;
        }
        world.script.forget();
        moussa.uses("take", &[("number", "1")]).await;
        moussa.sees("En cours").await;
        let note = "il manque l'écran\net le câble";
        if on == Platform::Telegram {
            moussa.says(&format!("/passer 1 fatou {note}")).await;
        } else {
            moussa
                .uses("handover", &[("number", "1"), ("colleague", "fatou"), ("text", note)])
                .await;
        }
        let page = moussa.sees("peut désigner plusieurs personnes").await;
        assert_eq!(page.buttons.len(), 3, "{page:?}");
        moussa.presses(&page, "Fatou Diallo").await;
        moussa.sees("est confié à Fatou Diallo").await;
        assert_eq!(
            world
                .tables
                .texts("SELECT body FROM comments WHERE kind = 'note'")
                .await,
            [note]
        );
        // Who hands over what is not theirs any more is told so.
        moussa.forges(&page, "handover_to:1:2").await;
        moussa.sees("Fatou Diallo s'occupe du n° 1").await;
        let awa = Learner::with_role(&world, "Awa Diop", on, "fr", Role::Admin)
            .await
            .private;
        awa.uses("assign", &[("number", "1"), ("colleague", "technicien")])
            .await;
        let page = awa.sees("peut désigner beaucoup de personnes").await;
        assert_eq!(page.buttons.len(), 8, "{page:?}");
        awa.uses("assign", &[("number", "1")]).await;
        let page = awa.sees("À qui attribuer").await;
        awa.presses(&page, "Suivantes").await;
        let page = awa.sees("À qui attribuer").await;
        awa.presses(&page, "Précédentes").await;
        let page = awa.sees("À qui attribuer").await;
        awa.presses(&page, "Élise").await;
        awa.sees("est confié à Élise").await;
        world.tables.all_went_well().await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("several_names", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_typed_as_a_name_or_a_word_is_kept_or_refused_kindly() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let awa = Learner::with_role(&world, "Awa Diop", on, "fr", Role::Admin)
            .await
            .private;
        let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
        world.create("Zoé Kane", "zoe@exemple.org", Role::Technician).await;
        world.create("Yves Ly", "yves@exemple.org", Role::Technician).await;
        lina.opens("Le wifi ne marche plus", 1).await;
        awa.sees("Nouvelle demande :").await;
        awa.uses("take", &[("number", "1")]).await;
        awa.sees("En cours").await;
        for input in inputs(most(on)) {
            let typed = format!("/assign 1 {input}");
            if on == Platform::Discord && !is_blank(&input) {
                awa.uses("assign", &[("number", "1"), ("colleague", &input)]).await;
                awa.sees("À qui attribuer").await;
            } else if on == Platform::Telegram && typed.encode_utf16().count() <= most(on) {
                awa.says(&typed).await;
                awa.sees("À qui attribuer").await;
            }
            awa.uses("handover", &[("number", "1")]).await;
            let page = awa.sees("À qui passer la main").await;
            let in_charge = "SELECT a.name FROM tickets t JOIN accounts a ON a.id = t.technician_id";
            let is_zoe = world.tables.texts(in_charge).await == ["Zoé Kane"];
            let to = if is_zoe { "Yves" } else { "Zoé" };
            let before = world.count("comments").await;
            let why = refusal(&Body::parse(&input));
            if let Answer::Form { fields, .. } = awa.presses(&page, to).await {
                awa.submits(&[(fields[0].label.as_str(), &input)]).await;
            } else {
                awa.sees("Un mot pour qui reprend").await;
                awa.says(&input).await;
            }
            match why {
                None => {
                    awa.sees("est confié à").await;
                    let last = "SELECT body FROM comments ORDER BY id DESC LIMIT 1";
                    let kept = Body::parse(&input).unwrap().to_string();
                    assert_eq!(world.tables.texts(last).await, [kept]);
                }
                // Nothing visible is no word.
                Some("vide") if on == Platform::Discord => {
                    awa.sees("est confié à").await;
                    assert_eq!(world.count("comments").await, before);
                }
                Some(why) => {
                    awa.sees(if is_blank(&input) {
                        "Je ne sais pas encore lire"
                    } else {
                        why
                    })
                    .await;
                    awa.says("/annuler").await;
                    awa.sees("C'est annulé").await;
                }
            }
        }
        world.tables.all_went_well().await;
        world.close().await;
    }
}

/// What came of a deed beside the desk: it is done, or the refusal.
type Outcome = Result<(), Refusal>;

fn outcome<T>(done: Result<T, service::Error>) -> Result<Outcome, Fault> {
    match done {
        Ok(_) => Ok(Ok(())),
        Err(service::Error::Refused(refusal)) => Ok(Err(refusal)),
        Err(service::Error::Fault(fault)) => Err(fault),
    }
}

async fn hands(store: &Store, by: &Actor, (handing, to): (Handing, AccountId)) -> Outcome {
    let context = (by, handing, to);
    let handed = store.transact(&context, |tx, (by, handing, to)| {
        Box::pin(async move { outcome(hand(tx, by, TicketId(1), (*handing, *to), &Word::default()).await) })
    });
    handed.await.expect("a handing")
}

async fn works(store: &Store, by: &Actor, deed: Deed) -> Outcome {
    let context = (by, deed);
    let worked = store.transact(&context, |tx, (by, deed)| {
        Box::pin(async move { outcome(work(tx, by, TicketId(1), deed, None).await) })
    });
    worked.await.expect("a deed")
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_who_move_a_ticket_at_once_each_finds_it_as_the_one_before_left_it() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::TelegramGroup, "fr").await;
    drop(staff);
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.opens("Le wifi ne marche plus", 1).await;
    let awa = world.actor("Awa Diop", Role::Admin).await;
    let moussa = world.actor("Moussa Sarr", Role::Technician).await;
    let fatou = world.actor("Fatou Ba", Role::Technician).await;
    let store = &world.store;
    for _ in 0..10 {
        _ = works(store, &moussa, Deed::Take).await;
        _ = tokio::join!(
            hands(store, &moussa, (Handing::HandOver, fatou.account)),
            hands(store, &moussa, (Handing::HandOver, awa.account)),
            hands(store, &awa, (Handing::Assign, moussa.account)),
            hands(store, &fatou, (Handing::HandOver, moussa.account)),
            works(store, &moussa, Deed::Release),
            works(store, &fatou, Deed::Take),
        );
        world.tables.history_adds_up().await;
    }
    // Of two who hand over what one of them has, one does.
    _ = works(store, &awa, Deed::Release).await;
    works(store, &moussa, Deed::Take).await.expect("taken");
    let (first, second) = tokio::join!(
        hands(store, &moussa, (Handing::HandOver, fatou.account)),
        hands(store, &moussa, (Handing::HandOver, awa.account)),
    );
    assert!(
        matches!(
            (first, second),
            (Ok(()), Err(Refusal::InChargeOnly)) | (Err(Refusal::InChargeOnly), Ok(()))
        ),
        "{first:?} {second:?}"
    );
    let report = Deed::Resolve(Body::parse("Réparé").unwrap(), Vec::new());
    let (handed, resolved) = tokio::join!(
        hands(store, &awa, (Handing::Assign, moussa.account)),
        works(store, &awa, report)
    );
    assert!(resolved.is_ok(), "{resolved:?}");
    assert!(matches!(handed, Ok(()) | Err(Refusal::AlreadyResolved)), "{handed:?}");
    world.tables.all_went_well().await;
}

/// Something that ends or lessens what somebody may do, beside the desk.
async fn ends(tx: &mut Tx, way: &str) {
    let email = Email::parse("fatou@exemple.org").unwrap();
    let fatou = find_by_email(tx, &email).await.unwrap().expect("an account");
    let permit = Permit::of_the_operator;
    match way {
        "deletes" => deletion::delete(tx, permit(), &fatou, TheirTickets::Keep)
            .await
            .unwrap()
            .unwrap(),
        "disables" => roles::disable(tx, permit(), &fatou).await.unwrap().unwrap(),
        _ => roles::give(tx, permit(), &fatou, Role::Learner).await.unwrap().unwrap(),
    }
}

/// Waits until somebody waits for a lock.
async fn somebody_waits(world: &World) {
    let waits = "SELECT EXISTS (SELECT 1 FROM information_schema.processlist WHERE db = DATABASE()
                 AND (info LIKE '%LOCK IN SHARE MODE' OR info LIKE '%FOR UPDATE' OR info LIKE 'UPDATE accounts%'))";
    world.tables.until_number(waits, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_disabled_deleted_or_demoted_at_that_moment_is_not_put_in_charge() {
    for way in ["deletes", "disables", "demotes"] {
        let world = World::open().await;
        let staff = office(&world, StaffOn::TelegramGroup, "fr").await;
        drop(staff);
        let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
        lina.opens("Le wifi ne marche plus", 1).await;
        world.quiet().await;
        let awa = world.actor("Awa Diop", Role::Admin).await;
        let fatou = world.actor("Fatou Ba", Role::Technician).await;
        let store = &world.store;
        let mut tx = store.begin().await.unwrap();
        ends(&mut tx, way).await;
        let (handed, ()) = tokio::join!(hands(store, &awa, (Handing::Assign, fatou.account)), async {
            somebody_waits(&world).await;
            tx.commit().await.unwrap();
        });
        assert_eq!(handed, Err(Refusal::NotOfTheTeam), "{way}");
        assert_eq!(world.count("tickets WHERE technician_id IS NOT NULL").await, 0);
        world.tables.all_went_well().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_deleted_right_after_hands_back_what_they_never_touched() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::TelegramGroup, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.opens("Le wifi ne marche plus", 1).await;
    world.quiet().await;
    let awa = world.actor("Awa Diop", Role::Admin).await;
    let fatou = world.actor("Fatou Ba", Role::Technician).await;
    let mut tx = world.store.begin().await.unwrap();
    hand(
        &mut tx,
        &awa,
        TicketId(1),
        (Handing::Assign, fatou.account),
        &Word::default(),
    )
    .await
    .unwrap();
    let deletes = async {
        let mut tx = world.store.begin().await.unwrap();
        ends(&mut tx, "deletes").await;
        tx.commit().await.unwrap();
    };
    tokio::join!(deletes, async {
        somebody_waits(&world).await;
        tx.commit().await.unwrap();
    });
    assert_eq!(world.tables.events(1).await, "opened assigned released");
    assert_eq!(world.tables.texts("SELECT status FROM tickets").await, ["waiting"]);
    world.tables.all_went_well().await;
    assert_eq!(staff.fatou.private.times("vous attribue"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_opened_again_goes_back_to_the_team_where_whoever_resolved_it_left_it() {
    for way in ["disables", "demotes"] {
        let mut world = World::open().await;
        let staff = office(&world, StaffOn::Discord, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
        lina.opens("Le wifi ne marche plus", 1).await;
        let fatou = &staff.fatou.private;
        fatou.uses("take", &[("number", "1")]).await;
        fatou.uses("resolve", &[("number", "1"), ("text", "Réparé")]).await;
        let report = lina.private.sees("Réparé").await;
        let mut tx = world.store.begin().await.unwrap();
        ends(&mut tx, way).await;
        tx.commit().await.unwrap();
        world.quiet().await;
        let before = fatou.history();
        lina.private
            .presses_and_writes(&report, "Toujours en panne", "Il retombe")
            .await;
        lina.private.sees("L'équipe est avertie").await;
        let moussa = &staff.moussa.private;
        moussa.uses("queue", &[]).await;
        moussa.sees("n° 1 · Le wifi ne marche plus").await;
        world.quiet().await;
        assert_eq!(fatou.history(), before, "{way}");
        assert_eq!(
            world
                .count("tickets WHERE technician_id IS NULL AND status = 'waiting'")
                .await,
            1
        );
        world.tables.all_went_well().await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn technicians_are_told_what_leaves_their_hands_and_what_comes_back() {
    for (on, learner_on) in [
        (StaffOn::Discord, Platform::Telegram),
        (StaffOn::TelegramTopics, Platform::Discord),
    ] {
        for language in ["fr", "en"] {
            let mut world = World::open().await;
            let staff = office(&world, on, language).await;
            let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, language, Role::Learner).await;
            let of = |fr: &'static str, en: &'static str| if language == "fr" { fr } else { en };
            lina.private.says("Le wifi ne marche plus").await;
            let draft = lina.private.sees("Le wifi ne marche plus").await;
            lina.private.presses(&draft, of("Envoyer", "Send")).await;
            let moussa = &staff.moussa.private;
            staff.moussa.channel.sees("Le wifi ne marche plus").await;
            let number = ("number", "1");
            moussa.uses("take", &[number]).await;
            world.quiet().await;
            world.script.forget();
            staff.awa.private.uses("release", &[number]).await;
            moussa
                .sees(of("Awa Diop a rendu le n° 1", "Awa Diop has handed no. 1"))
                .await;
            moussa.uses("take", &[number]).await;
            moussa.uses("resolve", &[number, ("text", "Borne changée")]).await;
            let report = lina.private.sees("Borne changée").await;
            let still = of("Toujours en panne", "Still broken");
            lina.private.presses_and_writes(&report, still, "Elle retombe").await;
            let told = moussa
                .sees(of("Lina Ndiaye rouvre le n° 1", "Lina Ndiaye reopens no. 1"))
                .await;
            moussa.presses(&told, of("Détails", "Details")).await;
            moussa.sees("Elle retombe").await;
            world.quiet().await;
            world.tables.all_went_well().await;
            world.close().await;
            insta::with_settings!({ snapshot_suffix => format!("{learner_on:?}_to_{on:?}_{language}") }, {
                insta::assert_snapshot!("leaves_and_comes_back", world.script.text());
            });
        }
    }
}
