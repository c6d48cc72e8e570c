//! What people wrote on a ticket and correct, or take back: the copies on the other side follow.

use chrono::TimeDelta;
use guichet::domain::account::Role;
use guichet::domain::platform::Platform;
use guichet::intake::front::RawUpdate;
use guichet::sandbox::telegram::Fault;
use guichet::sandbox::{Gate, Seen};
use serde_json::json;

use crate::harness::{AnySeat, Chair, Learner, Office, Person, StaffOn, World, office};

/// The sentences of a story, in either language.
struct Phrases {
    send: &'static str,
    urgency: &'static str,
    edited: &'static str,
    retract: &'static str,
    taken_back: &'static str,
    past: [&'static str; 2],
}

const FRENCH: Phrases = Phrases {
    send: "Envoyer",
    urgency: "Urgence",
    edited: "Message modifié",
    retract: "/retirer",
    taken_back: "est retiré",
    past: ["Message modifié par Lina Ndiaye", "Message retiré par Moussa Sarr"],
};
const ENGLISH: Phrases = Phrases {
    send: "Send",
    urgency: "Urgency",
    edited: "Message edited",
    retract: "/retract",
    taken_back: "is taken back",
    past: ["Message edited by Lina Ndiaye", "Message taken back by Moussa Sarr"],
};

async fn opens(chair: &Chair, text: &str, said: &Phrases) {
    chair.says(text).await;
    let draft = chair.sees(said.urgency).await;
    chair.presses(&draft, said.send).await;
    chair.sees("1 · ").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn telegram_to_discord() {
    copies_follow_in_both(StaffOn::Discord, Platform::Telegram).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn discord_to_discord() {
    copies_follow_in_both(StaffOn::Discord, Platform::Discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn discord_to_topics() {
    copies_follow_in_both(StaffOn::TelegramTopics, Platform::Discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn telegram_to_topics() {
    copies_follow_in_both(StaffOn::TelegramTopics, Platform::Telegram).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn telegram_to_a_group() {
    copies_follow_in_both(StaffOn::TelegramGroup, Platform::Telegram).await;
}

async fn copies_follow_in_both(on: StaffOn, learner_on: Platform) {
    copies_follow(on, learner_on, "fr", &FRENCH).await;
    copies_follow(on, learner_on, "en", &ENGLISH).await;
}

async fn copies_follow(on: StaffOn, learner_on: Platform, language: &str, said: &Phrases) {
    let mut world = World::open().await;
    let staff = office(&world, on, language).await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, language, Role::Learner).await;
    let lina = &lina.private;
    opens(lina, "Le chargeur est mort", said).await;
    world.quiet().await;
    world.script.forget();

    lina.uses("reply", &[("number", "1"), ("text", "Salle 3")]).await;
    let thread = staff.moussa.thread(&world, 1);
    let relayed = thread.sees("Salle 3").await;
    let answer = thread.replies(&relayed, "Je passe à midi").await;
    let told = lina.sees("Je passe à midi").await;
    let written = lina.replies(&told, "Le câble est bleu").await;
    let copy = thread.sees("Le câble est bleu").await;

    lina.edits(written, "Le câble est rouge");
    let changed = thread.sees("Le câble est rouge").await;
    assert_eq!(changed.message_id, copy.message_id);
    assert!(changed.text.contains(said.edited), "{changed:?}");
    thread.edits(answer, "Je passe à 14 h");
    let changed = lina.sees("Je passe à 14 h").await;
    assert_eq!(changed.message_id, told.message_id);
    assert!(changed.text.contains(said.edited), "{changed:?}");
    // The same words once more: a link unfurled, or somebody reacted.
    thread.edits(answer, "Je passe à 14 h");
    lina.edits(written, "Le câble est rouge");
    world.quiet().await;
    let edits = "SELECT COUNT(*) FROM history WHERE event = 'reworded'";
    assert_eq!(world.tables.number(edits).await, 2);

    thread.takes_back(answer, said.retract).await;
    let moussa = &staff.moussa.private;
    if thread.platform() == Platform::Telegram {
        moussa.sees(said.taken_back).await;
    }
    world
        .until("the copy goes", || !lina.history().contains("Je passe à"))
        .await;
    moussa.uses("history", &[("number", "1")]).await;
    let past = moussa.sees(said.past[0]).await;
    assert!(past.text.contains(said.past[1]), "{past:?}");
    assert!(!past.text.contains("midi") && !past.text.contains("14 h"), "{past:?}");
    lina.takes_back(written, said.retract).await;
    if learner_on == Platform::Telegram {
        lina.sees(said.taken_back).await;
    }
    world
        .until("the copy goes", || !thread.history().contains("Le câble est rouge"))
        .await;
    lina.uses("show", &[("number", "1")]).await;
    let shown = lina.sees("Salle 3").await;
    assert!(
        !shown.text.contains("midi") && !shown.text.contains("câble"),
        "{shown:?}"
    );
    world.tables.all_went_well().await;
    let tells = [learner_on, thread.platform()].contains(&Platform::Telegram);
    for word in ["bleu", "rouge", "midi", "14 h"] {
        let mut places = world.tables.places_of(word).await;
        // What was answered, and what Telegram told, is kept for a while.
        places.retain(|place| place != "inbox.answer" && !(place == "inbox.raw" && tells));
        assert_eq!(places, [""; 0], "{word}");
    }
    assert_eq!(
        world.tables.events(1).await,
        "opened commented commented commented reworded reworded retracted retracted"
    );
    world.close().await;
    let name = format!("{on:?}_{learner_on:?}_{language}");
    insta::with_settings!({ snapshot_suffix => name.to_lowercase() }, {
        insta::assert_snapshot!("copies_follow", world.script.text());
    });
}

/// Lina and the staff, with a ticket that Moussa has answered in its thread.
struct Answered {
    world: World,
    staff: Office,
    lina: Learner,
    thread: Chair,
    /// His message.
    answer: i64,
    /// What Lina sees of it.
    told: Seen,
}

async fn answered(learner_on: Platform, on: StaffOn) -> Answered {
    let world = World::open().await;
    let staff = office(&world, on, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", learner_on).await;
    lina.opens("Le wifi tombe", 1).await;
    lina.private
        .uses("reply", &[("number", "1"), ("text", "Salle 3")])
        .await;
    let thread = staff.moussa.thread(&world, 1);
    let relayed = thread.sees("Salle 3").await;
    let answer = thread.replies(&relayed, "Je passe").await;
    let told = lina.private.sees("Je passe").await;
    world.quiet().await;
    Answered {
        world,
        staff,
        lina,
        thread,
        answer,
        told,
    }
}

async fn comments(world: &World) -> Vec<String> {
    let comments = "SELECT CONCAT(body, IF(retracted_at IS NULL, '', ' (gone)')) FROM comments ORDER BY id";
    world.tables.texts(comments).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_changed_while_it_is_relayed_is_told_as_it_is_then() {
    let Answered {
        world,
        staff,
        lina,
        thread,
        answer,
        ..
    } = answered(Platform::Telegram, StaffOn::Discord).await;
    let gate = Gate::default();
    let fault = Fault::Hold {
        gate: gate.clone(),
        after_effect: false,
    };
    world.telegram.faults().next("SendMessage", fault, 1);
    // Something is on its way to Lina, behind which the rest waits.
    staff
        .fatou
        .private
        .uses("reply", &[("number", "1"), ("text", "Un instant")])
        .await;
    gate.reached().await;
    let relayed = thread.sees("Un instant").await;
    let first = thread.replies(&relayed, "rien").await;
    world.tables.until("comments WHERE body = 'rien'", 1).await;
    thread.takes_back(first, "").await;
    let retracted = "comments WHERE retracted_at IS NOT NULL";
    world.tables.until(retracted, 1).await;
    thread.edits(answer, "Je passe demain");
    world.tables.until("comments WHERE body = 'Je passe demain'", 1).await;
    gate.open();
    lina.private.sees("Un instant").await;
    lina.private.sees("Je passe demain").await;
    world.quiet().await;
    world.tables.all_went_well().await;
    assert!(!lina.private.history().contains("rien"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_closed_stays_as_it_was_written() {
    for (learner_on, on) in [
        (Platform::Telegram, StaffOn::Discord),
        (Platform::Discord, StaffOn::TelegramTopics),
    ] {
        let Answered {
            world,
            staff,
            lina,
            thread,
            told,
            ..
        } = answered(learner_on, on).await;
        let word = lina.private.replies(&told, "Merci beaucoup").await;
        thread.sees("Merci beaucoup").await;
        let card = staff.moussa.channel.sees("N° 1 · ").await;
        staff.moussa.channel.presses(&card, "Prendre").await;
        let moussa = &staff.moussa.private;
        moussa
            .uses("resolve", &[("number", "1"), ("text", "Borne changée")])
            .await;
        let resolved = lina.private.sees("Borne changée").await;
        lina.private.presses(&resolved, "C'est réglé").await;
        lina.private.sees("Comment cela").await;
        world.quiet().await;
        lina.private.edits(word, "Merci quand même");
        let refused = lina.private.sees("ne peut plus changer").await;
        assert!(refused.text.contains("n° 1"), "{refused:?}");
        lina.private.takes_back(word, "/retirer").await;
        lina.private.sees("ne peut plus changer").await;
        world.quiet().await;
        world.tables.all_went_well().await;
        assert!(thread.history().contains("Merci beaucoup"));
        assert!(!thread.history().contains("Merci quand même"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_edits_the_last_is_seen_by_all() {
    for (learner_on, on) in [
        (Platform::Telegram, StaffOn::Discord),
        (Platform::Discord, StaffOn::TelegramTopics),
    ] {
        let Answered {
            world,
            lina,
            thread,
            answer,
            told,
            ..
        } = answered(learner_on, on).await;
        let word = lina.private.replies(&told, "version 0").await;
        for version in 1..=9 {
            lina.private.edits(word, &format!("version {version}"));
            thread.edits(answer, &format!("réponse {version}"));
        }
        thread.sees("version 9").await;
        lina.private.sees("réponse 9").await;
        world.quiet().await;
        world.tables.all_went_well().await;
        assert_eq!(comments(&world).await, ["Salle 3", "réponse 9", "version 9"]);
        assert_eq!((thread.times("version"), lina.private.times("réponse")), (1, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_platforms_keep_for_ever_says_that_it_was_taken_back() {
    let Answered {
        world,
        lina,
        thread,
        answer,
        ..
    } = answered(Platform::Telegram, StaffOn::Discord).await;
    world.clock.advance(TimeDelta::hours(49));
    thread.takes_back(answer, "").await;
    lina.private.sees("Message retiré par son auteur").await;
    assert!(!lina.private.history().contains("Je passe"));
    world.quiet().await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_outlives_the_desk_that_heard_it() {
    let Answered {
        mut world,
        lina,
        thread,
        answer,
        ..
    } = answered(Platform::Telegram, StaffOn::Discord).await;
    let gate = Gate::default();
    let fault = Fault::Hold {
        gate: gate.clone(),
        after_effect: false,
    };
    world.telegram.faults().next("EditMessageText", fault, 1);
    thread.edits(answer, "Je passe demain");
    gate.reached().await;
    world.kill();
    gate.open();
    world.start().await;
    lina.private.sees("Je passe demain").await;
    world.quiet().await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_with_the_words_that_they_came_with() {
    for (learner_on, on) in [
        (Platform::Telegram, StaffOn::Discord),
        (Platform::Discord, StaffOn::TelegramTopics),
    ] {
        let Answered {
            world,
            lina,
            thread,
            told,
            ..
        } = answered(learner_on, on).await;
        let file = ("notice.pdf", "application/pdf", b"%PDF-1.4 notice".as_slice());
        let word = lina.private.answers_with(&told, file, "La notice").await;
        thread.sees("La notice").await;
        world.quiet().await;
        assert!(thread.history().contains("notice.pdf"));
        lina.private.takes_back(word, "/retirer").await;
        world
            .until("the copy goes", || !thread.history().contains("La notice"))
            .await;
        world.quiet().await;
        assert!(!thread.history().contains("notice.pdf"), "{}", thread.history());
        assert_eq!(world.count("attachments").await, 0);
        assert_eq!(world.count("discarded_files").await, 1);
        world.tables.all_went_well().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_discord_tells_of_links_changes_nothing_and_what_moderators_clear_is_gone() {
    let Answered {
        world,
        lina,
        thread,
        answer,
        ..
    } = answered(Platform::Telegram, StaffOn::Discord).await;
    let AnySeat::Discord(seat) = &thread.seat else {
        panic!("not on Discord")
    };
    seat.unfurls(answer);
    thread.edits(answer, "Je passe voir https://exemple.org");
    lina.private.sees("https://exemple.org").await;
    seat.unfurls(answer);
    let note = thread.says("Une note").await;
    thread.sees_reaction(note, "✍", "📝").await;
    world.quiet().await;
    let changes = "SELECT COUNT(*) FROM history WHERE event = 'reworded'";
    assert_eq!(world.tables.number(changes).await, 1);
    seat.clears(&[answer, note]);
    world
        .until("the copy goes", || !lina.private.history().contains("exemple.org"))
        .await;
    world.tables.until("comments WHERE retracted_at IS NOT NULL", 2).await;
    world.quiet().await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_comes_before_what_it_changes_is_not_lost() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::TelegramTopics, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Discord).await;
    let card = lina.opens("Le wifi tombe", 1).await;
    world.quiet().await;
    let Person::Discord(user) = &lina.person else {
        panic!("not on Discord")
    };
    let chat = format!("SELECT chat FROM messages WHERE message_id = '{}'", card.message_id);
    let lane = world.tables.texts(&chat).await.remove(0);
    let stores = async |update_id: String, event: &str, data: String| {
        let update = RawUpdate {
            update_id,
            lane: lane.clone(),
            raw: format!(r#"{{"t":"{event}","d":{{"channel_id":"{lane}",{data}}}}}"#),
        };
        let stored = world.store.receive(Platform::Discord, &[update]).await;
        stored.expect("a stored update");
    };
    let author = format!(r#""author":{{"id":"{}","username":"lina"}}"#, user.id());
    let answers = format!(
        r#""type":19,"message_reference":{{"message_id":"{}"}}"#,
        card.message_id
    );
    // A minute later, so that nothing else has these numbers.
    let [edited, deleted, last] = [1, 2, 3].map(|n| card.message_id + (60_000 << 22) + n);
    let change =
        |id: i64| format!(r#""id":"{id}",{author},"content":"Salle 4","edited_timestamp":"2026-09-14T07:00:01Z""#);
    stores(format!("{edited}:1"), "MESSAGE_UPDATE", change(edited)).await;
    stores(format!("{deleted}:d"), "MESSAGE_DELETE", format!(r#""id":"{deleted}""#)).await;
    for (id, words) in [(edited, "Salle 3"), (deleted, "rien"), (last, "Au fond")] {
        let written = format!(r#""id":"{id}",{author},"content":"{words}",{answers}"#);
        stores(id.to_string(), "MESSAGE_CREATE", written).await;
    }
    let thread = staff.moussa.thread(&world, 1);
    thread.sees("Salle 4").await;
    thread.sees("Au fond").await;
    world.quiet().await;
    // Of edits that come late, the older ones change nothing, also where the newest changed no word.
    let later = |second: u8, words: &str| {
        let change = change(edited).replace("00:01Z", &format!("00:0{second}Z"));
        change.replace("Salle 4", words)
    };
    for (second, words) in [(0, "Salle 0"), (5, "Salle 4"), (3, "Salle 3")] {
        let told = later(second, words);
        stores(format!("{edited}:{}", second + 1), "MESSAGE_UPDATE", told).await;
        world.quiet().await;
    }
    assert_eq!(comments(&world).await, ["Salle 4", "Au fond"]);
    assert!(!thread.history().contains("Salle 3") && !thread.history().contains("rien"));
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_goes_from_an_archived_thread_too() {
    let Answered {
        world,
        staff,
        lina,
        thread,
        told,
        ..
    } = answered(Platform::Telegram, StaffOn::Discord).await;
    let word = lina.private.replies(&told, "Merci beaucoup").await;
    thread.sees("Merci beaucoup").await;
    world.quiet().await;
    staff.place.channel().archives_threads();
    lina.private.takes_back(word, "/retirer").await;
    world
        .until("the copy goes", || !thread.history().contains("Merci beaucoup"))
        .await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_stays_with_words_that_grow_and_shrink() {
    for (learner_on, on) in [
        (Platform::Telegram, StaffOn::Discord),
        (Platform::Discord, StaffOn::TelegramTopics),
    ] {
        let Answered {
            world,
            lina,
            thread,
            told,
            ..
        } = answered(learner_on, on).await;
        let long = |end: &str| format!("{}{end}", "La notice dit ceci. ".repeat(49));
        let file = ("notice.pdf", "application/pdf", b"%PDF-1.4 notice".as_slice());
        let word = lina.private.answers_with(&told, file, &long("Fin.")).await;
        thread.sees("Fin.").await;
        world.quiet().await;
        lina.private.edits(word, "En bref");
        thread.sees("En bref").await;
        world.quiet().await;
        let short = thread.history();
        assert!(!short.contains("dit ceci") && short.contains("notice.pdf"), "{short}");
        lina.private.edits(word, &long("Suite."));
        let last = thread.sees("Suite.").await;
        world.quiet().await;
        let long = thread.history();
        assert_eq!(long.matches("notice.pdf").count(), 1, "{long}");
        // Who answers the last part answers Lina.
        thread.replies(&last, "Bien reçu").await;
        lina.private.sees("Bien reçu").await;
        lina.private.takes_back(word, "/retirer").await;
        world
            .until("the copies go", || {
                let left = thread.history();
                !["dit ceci", "Suite.", "notice.pdf"]
                    .iter()
                    .any(|word| left.contains(word))
            })
            .await;
        world.tables.all_went_well().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cant_be_read_or_kept_replaces_no_words_but_those_with_a_file() {
    let Answered {
        mut world,
        staff,
        lina,
        thread,
        answer,
        told,
    } = answered(Platform::Telegram, StaffOn::Discord).await;
    thread.edits(answer, "\u{200b}");
    let moussa = staff.moussa.private.sees("n'a plus de texte").await;
    assert!(moussa.text.contains("n° 1 garde"), "{}", moussa.text);
    let word = lina.private.replies(&told, "Merci").await;
    thread.sees("Merci").await;
    let file = ("notice.pdf", "application/pdf", b"%PDF-1.4 notice".as_slice());
    let with_file = lina.private.answers_with(&told, file, "La notice").await;
    thread.sees("La notice").await;
    for (text, why) in [
        ("\u{200b}".to_owned(), "n'a plus de texte"),
        ("a".repeat(4001), "le maximum est 4000"),
    ] {
        // Telegram tells the second in which a message was edited.
        world.clock.advance(TimeDelta::seconds(1));
        lina.private.edits(word, &text);
        let said = lina.private.sees(why).await;
        assert!(said.text.contains("n° 1 garde"), "{}", said.text);
    }
    lina.private.edits(word, &"b".repeat(4001));
    lina.private.edits(with_file, "");
    world
        .until("the caption goes", || !thread.history().contains("La notice"))
        .await;
    assert!(thread.history().contains("notice.pdf"));
    assert_eq!(comments(&world).await, ["Salle 3", "Je passe", "Merci", ""]);
    world.clock.advance(TimeDelta::seconds(1));
    lina.private.edits(word, "Merci beaucoup");
    thread.sees("Merci beaucoup").await;
    lina.private.takes_back(with_file, "/retirer").await;
    lina.private.sees("est retiré").await;
    world.clock.advance(TimeDelta::seconds(1));
    lina.private.edits(with_file, "");
    world.quiet().await;
    let told = lina.private.history();
    assert_eq!(told.matches("n° 1 garde").count(), 2, "{told}");
    lina.private.uses("cancel", &[("number", "1")]).await;
    let sure = lina.private.sees("Annuler la demande n° 1").await;
    lina.private.presses(&sure, "Oui, l'annuler").await;
    world.quiet().await;
    world.clock.advance(TimeDelta::seconds(1));
    for told in ["\u{200b}", "Encore merci"] {
        // Telegram tells of an edit again.
        lina.private.edits(word, told);
        lina.private.sees("ne peut plus changer").await;
        lina.private.edits(word, told);
        world.quiet().await;
        world.clock.advance(TimeDelta::seconds(1));
    }
    assert_eq!(lina.private.times("ne peut plus changer"), 2);
    world.tables.all_went_well().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_again_below_is_answered_and_goes_with_the_rest() {
    let Answered {
        world,
        lina,
        thread,
        answer,
        ..
    } = answered(Platform::Telegram, StaffOn::Discord).await;
    let refused = Fault::Answer {
        status: 400,
        body: json!({"ok": false, "error_code": 400, "description": "Bad Request: REPLY_MARKUP_INVALID"}),
    };
    world.telegram.faults().next("EditMessageText", refused, 2);
    thread.edits(answer, "Je passe demain");
    let again = lina.private.sees("Je passe demain").await;
    lina.private.replies(&again, "À demain").await;
    thread.sees("À demain").await;
    thread.takes_back(answer, "").await;
    world
        .until("both copies go", || !lina.private.history().contains("Je passe"))
        .await;
    world.tables.all_went_well().await;
}
