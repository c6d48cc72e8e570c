//! How it went: five stars and a word, from whoever asked, once it was resolved and is closed.

use chrono::TimeDelta;
use guichet::domain::account::{Actor, Role};
use guichet::domain::ids::{AccountId, IdentityId, TicketId};
use guichet::domain::platform::Platform;
use guichet::domain::rating::{Said, Stars};
use guichet::domain::text::Remark;
use guichet::sandbox::{Answer, Seen};
use guichet::service;
use guichet::service::rating::rate;
use guichet::store::Store;

use super::free_fields::{inputs, is_blank, most, refusal};
use crate::harness::{Chair, Learner, Office, StaffOn, World, office, words};

/// The sentences and buttons of a story, in either language.
struct Phrases {
    take: &'static str,
    resolve: &'static str,
    fixed: &'static str,
    ask: &'static str,
    thanks: &'static str,
    heard: &'static str,
    add: &'static str,
    word: &'static str,
    again: &'static str,
    which: &'static str,
    same: &'static str,
}

const FRENCH: Phrases = Phrases {
    take: "Prendre",
    resolve: "Résoudre",
    fixed: "C'est réglé",
    ask: "Comment cela s'est-il passé",
    thanks: "Merci pour votre avis sur le n° 1",
    heard: "donne son avis sur le n° 1",
    add: "Ajouter un mot",
    word: "Un mot sur le n° 1 ?",
    again: "Changer la note",
    which: "Quelle note donnez-vous",
    same: "C'était déjà votre avis",
};
const ENGLISH: Phrases = Phrases {
    take: "Take",
    resolve: "Resolve",
    fixed: "It's fixed",
    ask: "How did it go",
    thanks: "Thank you for rating no. 1",
    heard: "has rated no. 1",
    add: "Add a word",
    word: "A word about no. 1?",
    again: "Change the stars",
    which: "How many stars",
    same: "That was your rating",
};

/// Puts a word to a rating, in the form or in answer to the question.
async fn adds_word(chair: &Chair, card: &Seen, label: &str, question: &str, word: &str) {
    if let Answer::Form { fields, .. } = chair.presses(card, label).await {
        chair.submits(&[(fields[0].label.as_str(), word)]).await;
    } else {
        chair.sees(question).await;
        chair.says(word).await;
    }
}

/// Lina's first ticket, taken and resolved by Moussa: what she reads of it.
async fn resolved(staff: &Office, lina: &Chair, said: &Phrases) -> Seen {
    let english = said.take == "Take";
    let (urgency, send, begun) = if english {
        ("Urgency", "Send", "is taking care of your request")
    } else {
        ("Urgence", "Envoyer", "s'occupe de votre demande")
    };
    lina.says("Le wifi ne marche plus").await;
    let draft = lina.sees(urgency).await;
    lina.presses(&draft, send).await;
    lina.sees("1 · Le wifi").await;
    let channel = &staff.moussa.channel;
    let card = channel.sees("Le wifi").await;
    channel.presses(&card, said.take).await;
    lina.sees(begun).await;
    let card = channel.sees("· Moussa Sarr").await;
    channel.presses_and_writes(&card, said.resolve, "Borne changée.").await;
    lina.sees("Borne changée.").await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asked_rates_on_discord_what_they_confirm_and_the_technician_on_telegram_hears_of_it() {
    rated(StaffOn::TelegramTopics, Platform::Discord, "fr", &FRENCH).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asked_rates_on_telegram_in_english_and_the_technician_on_discord_hears_of_it() {
    rated(StaffOn::Discord, Platform::Telegram, "en", &ENGLISH).await;
}

async fn rated(on: StaffOn, learner_on: Platform, language: &str, said: &Phrases) {
    let mut world = World::open().await;
    let staff = office(&world, on, language).await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, language, Role::Learner).await;
    let (lina, moussa) = (&lina.private, &staff.moussa);
    let report = resolved(&staff, lina, said).await;
    world.quiet().await;
    world.script.forget();

    lina.presses(&report, said.fixed).await;
    let asked = lina.sees(said.ask).await;
    lina.presses(&asked, "4 ★").await;
    let thanked = lina.sees(said.thanks).await;
    assert!(thanked.text.contains("★★★★☆ 4/5"), "{thanked:?}");
    let told = moussa.private.sees(said.heard).await;
    assert!(told.text.contains("★★★★☆ 4/5"), "{told:?}");
    let card = moussa.channel.sees("★★★★☆ 4/5").await;

    adds_word(lina, &thanked, said.add, said.word, "Rapide et gentil").await;
    let thanked = lina.sees(said.thanks).await;
    assert!(thanked.text.contains("Rapide et gentil"), "{thanked:?}");
    let told = moussa.private.sees(said.heard).await;
    assert!(told.text.contains("Rapide et gentil"), "{told:?}");
    moussa.channel.sees("Rapide et gentil").await;

    // What was said can be changed; the same once more changes nothing.
    lina.presses(&thanked, said.again).await;
    let stars = lina.sees(said.which).await;
    lina.presses(&stars, "5 ★").await;
    let thanked = lina.sees(said.thanks).await;
    assert!(
        thanked.text.contains("5/5") && thanked.text.contains("Rapide et gentil"),
        "{thanked:?}"
    );
    moussa.private.sees("★★★★★ 5/5").await;
    moussa.channel.sees("★★★★★ 5/5").await;
    lina.forges(&thanked, "stars:1:5").await;
    lina.sees(said.same).await;
    lina.uses("rate", &[("number", "1"), ("stars", "3"), ("text", "Un peu long")])
        .await;
    lina.sees("★★★☆☆ 3/5").await;
    moussa.private.sees("Un peu long").await;
    moussa.channel.sees("Un peu long").await;

    // Nobody else rates it; everybody of the team reads it.
    moussa.private.uses("rate", &[("number", "1"), ("stars", "5")]).await;
    let refused = moussa
        .private
        .sees(if language == "fr" {
            "Seule la personne qui"
        } else {
            "Only the person who"
        })
        .await;
    assert!(refused.buttons.len() == 1, "{refused:?}");
    let forged = moussa.channel.forges(&card, "stars:1:5").await;
    assert!(words(&forged).contains('1'), "{forged:?}");
    staff.fatou.private.uses("show", &[("number", "1")]).await;
    staff.fatou.private.sees("Un peu long").await;
    world.quiet().await;
    lina.sees_nothing_else();
    assert_eq!(
        world.tables.events(1).await,
        "opened taken resolved confirmed rated rated rated rated"
    );
    assert_eq!(
        world
            .tables
            .texts("SELECT CONCAT(detail_before, ' → ', detail_after) FROM history WHERE event = 'rated' ORDER BY seq")
            .await,
        [
            " → 4",
            "4 → 4 Rapide et gentil",
            "4 Rapide et gentil → 5 Rapide et gentil",
            "5 Rapide et gentil → 3 Un peu long"
        ]
    );
    world.tables.all_went_well().await;
    world.close().await;
    insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
        insta::assert_snapshot!("rated", world.script.text());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn what_staff_close_is_rated_for_a_while_and_what_was_withdrawn_or_is_open_is_not() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let staff = office(&world, StaffOn::TelegramGroup, "fr").await;
        let learner = Learner::with_role(&world, "Lina Ndiaye", on, "fr", Role::Learner).await;
        let lina = &learner.private;
        resolved(&staff, lina, &FRENCH).await;
        world.script.forget();
        lina.uses("rate", &[("number", "1"), ("stars", "4")]).await;
        lina.sees("Le n° 1 n'est pas encore clôturé").await;
        let card = staff.moussa.channel.sees("Résolu").await;
        staff.moussa.channel.presses(&card, "Clôturer").await;
        let closed = lina.sees("est clôturée").await;
        assert!(closed.text.contains("Comment cela s'est-il passé"), "{closed:?}");
        // A word alone waits for its stars.
        lina.uses("rate", &[("number", "1"), ("text", "Merci à tous")]).await;
        let stars = lina.sees("Quelle note donnez-vous").await;
        assert!(stars.text.contains("Merci à tous"), "{stars:?}");
        lina.presses(&closed, "2 ★").await;
        let thanked = lina.sees("Merci pour votre avis").await;
        assert!(
            thanked.text.contains("2/5") && thanked.text.contains("Merci à tous"),
            "{thanked:?}"
        );
        lina.presses(&thanked, "Changer le mot").await;
        if on == Platform::Discord {
            lina.submits(&[("Votre mot", "Merci à Moussa")]).await;
        } else {
            let asked = lina.sees("Un mot sur le n° 1").await;
            assert!(asked.text.contains("Merci à tous"), "{asked:?}");
            lina.says("Merci à Moussa").await;
        }
        lina.sees("Merci à Moussa").await;

        learner.opens("Plus de son", 2).await;
        lina.uses("cancel", &[("number", "2")]).await;
        let sure = lina.sees("Personne ne s'en occupera plus").await;
        lina.catches_up();
        lina.presses(&sure, "Oui, l'annuler").await;
        let over = lina.sees("Clôturé").await;
        assert!(!over.text.contains("De 1 (mal)"), "{over:?}");
        lina.uses("rate", &[("number", "2"), ("stars", "4")]).await;
        lina.sees("Le n° 2 a été clôturé sans avoir été résolu").await;
        lina.forges(&over, "stars:2:4").await;
        lina.sees("Le n° 2 a été clôturé sans avoir été résolu").await;

        world
            .tables
            .change("UPDATE history SET happened_at = happened_at - INTERVAL 31 DAY WHERE event = 'closed'")
            .await;
        lina.presses(&stars, "5 ★").await;
        lina.sees("depuis trop longtemps").await;
        lina.uses("show", &[("number", "1")]).await;
        let shown = lina.sees("★★☆☆☆ 2/5").await;
        assert!(!shown.buttons.iter().any(|label| label.contains("note")), "{shown:?}");
        assert_eq!(world.count("ratings").await, 1);
        world.tables.all_went_well().await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("closed_by_staff", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn once_it_is_too_late_no_card_asks_for_stars() {
    for on in [Platform::Telegram, Platform::Discord] {
        for is_rated in [false, true] {
            let mut world = World::open().await;
            let staff = office(&world, StaffOn::Discord, "fr").await;
            let lina = Learner::with_role(&world, "Lina Ndiaye", on, "fr", Role::Learner).await;
            let lina = &lina.private;
            let report = resolved(&staff, lina, &FRENCH).await;
            lina.presses(&report, FRENCH.fixed).await;
            let closed = lina.sees(FRENCH.ask).await;
            if is_rated {
                lina.presses(&closed, "4 ★").await;
                lina.sees("★★★★").await;
            }
            world.quiet().await;
            let card = "SELECT CAST(message_id AS SIGNED) FROM own_cards";
            let card = world.tables.number(card).await;
            let buttons = || lina.stands(card).expect("her card").buttons;
            let offered = if is_rated { FRENCH.again } else { "4 ★" };
            world.until("stars", || buttons().contains(&offered.to_owned())).await;
            world.close().await;
            world.clock.advance(TimeDelta::days(31));
            world.start().await;
            world
                .until("no stars", || buttons().iter().all(|label| label != offered))
                .await;
            assert!(buttons().contains(&"Ouvrir une suite".to_owned()), "{:?}", buttons());
            world.tables.until("own_cards WHERE lapses_at IS NULL", 1).await;
            world.tables.all_went_well().await;
            world.close().await;
        }
    }
}

async fn rates(store: &Store, by: &Actor, stars: u8) -> bool {
    let said = Said {
        stars: Stars::of(stars),
        words: None,
    };
    let context = (by, said);
    let rated = store.transact(&context, |tx, (by, said)| {
        Box::pin(async move {
            match rate(tx, by, TicketId(1), said).await {
                Ok(after) => Ok(after.is_some()),
                Err(service::Error::Fault(fault)) => Err(fault),
                Err(service::Error::Refused(refusal)) => panic!("{refusal:?}"),
            }
        })
    });
    rated.await.expect("a rating")
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_ratings_at_the_same_instant_the_last_stands_and_the_same_is_one() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramGroup, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let report = resolved(&staff, &lina.private, &FRENCH).await;
    lina.private.presses(&report, "C'est réglé").await;
    lina.private.sees("Comment cela s'est-il passé").await;
    let number = async |column: &str| {
        let sql = format!(
            "SELECT CAST({column} AS SIGNED) FROM accounts a JOIN identities i ON i.account_id = a.id
             WHERE a.name = 'Lina Ndiaye'"
        );
        u64::try_from(world.tables.number(&sql).await).expect("a number")
    };
    let by = Actor {
        account: AccountId(number("a.id").await),
        identity: IdentityId(number("i.id").await),
        role: Role::Learner,
    };
    for _ in 0..5 {
        let (first, second) = tokio::join!(rates(&world.store, &by, 1), rates(&world.store, &by, 5));
        assert!(first || second);
        world.tables.history_adds_up().await;
        let stands = world.tables.texts("SELECT CAST(stars AS CHAR) FROM ratings").await;
        let last = "SELECT detail_after FROM history WHERE event = 'rated' ORDER BY seq DESC LIMIT 1";
        assert_eq!(world.tables.texts(last).await, stands);
        let (first, second) = tokio::join!(rates(&world.store, &by, 3), rates(&world.store, &by, 3));
        assert!(first != second, "{first} {second}");
    }
    world.tables.all_went_well().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_typed_as_a_word_is_kept_or_refused_kindly() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let staff = office(&world, StaffOn::TelegramGroup, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", on).await.private;
        let report = resolved(&staff, &lina, &FRENCH).await;
        lina.presses(&report, "C'est réglé").await;
        let asked = lina.sees("Comment cela s'est-il passé").await;
        lina.presses(&asked, "4 ★").await;
        let mut card = lina.sees("Merci pour votre avis").await;
        let many = format!("\u{202E}ab\u{2066}{}", "🙂".repeat(498));
        for input in inputs(most(on)).into_iter().chain([many]) {
            // The application takes no more.
            if on == Platform::Discord && input.chars().count() > Remark::MAX {
                continue;
            }
            let label = if card.buttons.iter().any(|label| label == "Ajouter un mot") {
                "Ajouter un mot"
            } else {
                "Changer le mot"
            };
            adds_word(&lina, &card, label, "Un mot sur le n° 1", &input).await;
            if let Some(why) = refusal(&Remark::parse(&input)) {
                let blank = on == Platform::Telegram && is_blank(&input);
                lina.sees(if blank { "Je ne sais pas encore lire" } else { why }).await;
                lina.says("/annuler").await;
                lina.sees("C'est annulé").await;
                continue;
            }
            card = lina.sees("votre avis sur le n° 1").await;
            let kept = Remark::parse(&input).unwrap().to_string();
            assert_eq!(world.tables.texts("SELECT words FROM ratings").await, [kept]);
        }
        let kept = world.tables.texts("SELECT words FROM ratings").await;
        for (typed, told) in [
            ("/noter 1 6", "Quelle note donnez-vous"),
            ("/noter 1 -1", "Quelle note donnez-vous"),
            ("/noter 1 10 fois", "Quelle note donnez-vous"),
            ("/noter 1 4/5", "votre avis sur le n° 1"),
            ("/noter 1 ★★", "votre avis sur le n° 1"),
        ] {
            if on == Platform::Telegram {
                lina.says(typed).await;
                lina.sees(told).await;
            }
        }
        assert_eq!(world.tables.texts("SELECT words FROM ratings").await, kept);
        world.tables.all_went_well().await;
        world.close().await;
    }
}
