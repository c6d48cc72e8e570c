//! What people send that can't be a ticket as it is: nothing, too much, no words, no words at all. The answer says
//! what to do next, and nothing that was sent is lost.

use guichet::domain::account::Role;
use guichet::domain::platform::Platform;
use guichet::sandbox::Answer;

use crate::harness::{Chair, Learner, StaffOn, Wordless, World, office};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Words, as people write them: `length` characters in all, and no space at the end.
fn long_text(length: usize) -> String {
    let mut text: String = "Mon chargeur ne marche plus depuis lundi. "
        .chars()
        .cycle()
        .take(length - 1)
        .collect();
    text.push('!');
    text
}

/// The messages as which an application sends a long text: cut at a space, which is dropped.
fn messages_of(text: &str, most: usize) -> Vec<&str> {
    let mut messages = Vec::new();
    let mut rest = text;
    while rest.len() > most {
        let end = rest[..most].rfind(' ').expect("a space");
        messages.push(&rest[..end]);
        rest = &rest[end + 1..];
    }
    messages.push(rest);
    messages
}

async fn writes(chair: &Chair, text: &str, most: usize) -> guichet::sandbox::Seen {
    let mut draft = None;
    for message in messages_of(text, most) {
        chair.says(message).await;
        draft = Some(chair.sees("Urgence").await);
    }
    draft.expect("a message")
}

async fn description(world: &World) -> String {
    sqlx::query_scalar("SELECT description FROM tickets ORDER BY id DESC LIMIT 1")
        .fetch_one(&world.database)
        .await
        .expect("a ticket")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_says_nothing_gets_a_hint() {
    let mut world = World::open().await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner).await;
    let omar = Learner::with_role(&world, "Omar Ly", Platform::Discord, "fr", Role::Learner).await;
    for nothing in ["\u{200B}\u{200B}", " \u{2060} ", "\u{FEFF}"] {
        lina.private.says(nothing).await;
        lina.private.sees("Je ne sais pas encore lire").await;
        omar.private.says(nothing).await;
        omar.private.sees("Je ne sais pas encore lire").await;
    }
    for what in [Wordless::Sticker, Wordless::Location] {
        lina.private.sends_wordless(what).await;
        lina.private.sees("Je ne sais pas encore lire").await;
    }
    world.close().await;
    assert_eq!(world.count("tickets").await, 0);
    insta::assert_snapshot!("what_says_nothing_gets_a_hint", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_of_emoji_waits_for_words() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", on, "fr", Role::Learner).await;
        lina.private.says("🔥🔥🔥").await;
        lina.private.sees("quelques mots").await;
        lina.private.says("Mon écran fume").await;
        let draft = lina.private.sees("Mon écran fume").await;
        lina.private.presses(&draft, "Envoyer").await;
        lina.private.sees("N° 1 · Mon écran fume").await;
        assert_eq!(description(&world).await, "🔥🔥🔥\nMon écran fume");
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("a_draft_of_emoji_waits_for_words", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_a_title_of_emoji_is_corrected_in_place() {
    let mut world = World::open().await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Discord, "fr", Role::Learner).await;
    lina.private.uses("ticket", &[]).await;
    let words = "Elle est sortie hier à 18 h, **éteinte**.";
    lina.private.submits(&[("Titre", "🔥🔥"), ("Description", words)]).await;
    let refused = lina.private.sees("ni lettre ni chiffre").await;
    assert!(
        refused.text.contains("🔥🔥") && refused.text.contains(words),
        "{refused:?}"
    );
    // Life goes on beside a refused form.
    lina.private.says("Et la salle 4 est fermée").await;
    let other = lina.private.sees("Et la salle 4").await;
    let Answer::Form { fields, .. } = lina.private.presses(&refused, "Corriger").await else {
        panic!("no form");
    };
    let standing: Vec<_> = fields.iter().map(|field| field.value.as_str()).collect();
    assert_eq!(standing, ["🔥🔥", words]);
    lina.private.submits(&[("Titre", "Lampe 🔥🔥")]).await;
    lina.private.sees("N° 1 · Lampe 🔥🔥").await;
    assert_eq!(description(&world).await, words);
    // The draft is still there.
    lina.private.presses(&other, "Envoyer").await;
    lina.private.sees("N° 2 · Et la salle 4 est fermée").await;
    world.close().await;
    insta::assert_snapshot!("a_form_with_a_title_of_emoji", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_characters_are_one_ticket() {
    for (on, most) in [
        (Platform::Telegram, 4_096),
        (Platform::Discord, 2_000),
        (Platform::Discord, 4_000),
    ] {
        let mut world = World::open().await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", on, "fr", Role::Learner).await;
        let text = long_text(10_000);
        let draft = writes(&lina.private, &text, most).await;
        lina.private.presses(&draft, "Envoyer").await;
        lina.private.sees("N° 1 · Mon chargeur ne marche plus").await;
        let kept = description(&world).await;
        assert_eq!(kept.replace('\n', " "), text);
        world.close().await;
        assert_eq!(world.count("dialogs WHERE state LIKE '%draft%'").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_ten_thousand_characters_are_kept_and_can_be_shortened() {
    for (on, most) in [(Platform::Telegram, 4_096), (Platform::Discord, 4_000)] {
        let mut world = World::open().await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", on, "fr", Role::Learner).await;
        let text = long_text(10_500);
        let draft = writes(&lina.private, &text, most).await;
        lina.private.presses(&draft, "Envoyer").await;
        let refused = lina.private.sees("10500 signes").await;
        // Nothing is lost: the draft has it all, to the last word.
        assert_eq!(world.count("dialogs WHERE state LIKE '%lundi. Mon ch%!%'").await, 1);
        lina.private.presses(&refused, "Modifier").await;
        let asked = lina.private.sees("Quel titre").await;
        lina.private.presses(&asked, "Garder").await;
        lina.private.sees("Et la description").await;
        lina.private
            .says("Mon chargeur ne marche plus, celui de la salle 3.")
            .await;
        let draft = lina.private.sees("celui de la salle 3").await;
        lina.private.presses(&draft, "Envoyer").await;
        lina.private.sees("N° 1 · Mon chargeur ne marche plus").await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("more_than_ten_thousand_characters", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_without_words_are_kept_until_words_come() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", on, "fr", Role::Learner).await;
        lina.private.sends("ecran.png", "image/png", PNG, "").await;
        lina.private.sees("quelques mots").await;
        lina.private
            .sends_all(
                &[("a.png", "image/png", PNG), ("b.png", "image/png", PNG)],
                "L'écran est noir",
            )
            .await;
        let draft = lina.private.sees("3 fichiers").await;
        lina.private.presses(&draft, "Envoyer").await;
        lina.private.sees("N° 1 · L'écran est noir").await;
        assert_eq!(world.count("attachments").await, 3);
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("files_without_words", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_an_unknown_kind_and_a_voice_note_are_kept() {
    let mut world = World::open().await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner).await;
    lina.private
        .sends("core.weird", "application/x-weird", b"\x7fELF", "Voici le plantage")
        .await;
    lina.private.sees("1 fichier").await;
    lina.private.sends_wordless(Wordless::Voice).await;
    let draft = lina.private.sees("2 fichiers").await;
    lina.private.presses(&draft, "Envoyer").await;
    lina.private.sees("N° 1 · Voici le plantage").await;
    world.close().await;
    assert_eq!(world.count("attachments").await, 2);
    insta::assert_snapshot!("a_file_of_an_unknown_kind", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_or_a_comment_that_is_too_long_says_by_how_much_and_stays_where_it_is() {
    let mut world = World::open().await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner).await;
    let card = lina.opens("Mon écran est noir", 1).await;
    let lina = lina.private;
    lina.replies(&card, &long_text(4_096)).await;
    lina.sees("4096 signes").await;
    lina.says(&format!("/repondre 1 {}", long_text(4_050))).await;
    lina.sees("4050 signes").await;
    lina.presses(&card, "Ajouter").await;
    lina.sees("Que voulez-vous ajouter").await;
    lina.says(&long_text(4_001)).await;
    lina.sees("4001 signes").await;
    lina.says("Il est resté allumé").await;
    lina.sees("C'est ajouté").await;
    lina.says("Mon clavier est cassé").await;
    let draft = lina.sees("Mon clavier est cassé").await;
    lina.presses(&draft, "Modifier").await;
    lina.sees("Quel titre").await;
    lina.says(&long_text(312)).await;
    lina.sees("312 signes").await;
    lina.says("Clavier cassé").await;
    let asked = lina.sees("Et la description").await;
    lina.presses(&asked, "Garder").await;
    lina.sees("Clavier cassé\nMon clavier est cassé").await;
    world.close().await;
    assert_eq!(world.count("comments").await, 1);
    insta::assert_snapshot!("a_title_or_a_comment_that_is_too_long", world.script.text());
}

const PAIRS: [(Platform, StaffOn); 4] = [
    (Platform::Telegram, StaffOn::Discord),
    (Platform::Discord, StaffOn::TelegramTopics),
    (Platform::Discord, StaffOn::Discord),
    (Platform::Telegram, StaffOn::TelegramTopics),
];

/// Files as nobody expects them: name, media type and content.
fn strange_files() -> Vec<(String, &'static str, &'static [u8])> {
    let strange: [(&str, &str, &[u8]); 7] = [
        ("vide.txt", "text/plain", b""),
        ("../../etc/passwd", "text/plain", b"root"),
        ("a\u{0}b\nc\r\u{202e}gnp.exe", "application/octet-stream", b"MZ"),
        ("photo.png", "image/png", b"no picture at all"),
        ("C:\\temp\\x.pdf", "nonsense", b"%PDF"),
        ("devis.pdf", "image/png", b"%PDF"),
        ("", "", b"nameless"),
    ];
    let long = (format!("{}.pdf", "é".repeat(296)), "application/pdf", &b"%PDF"[..]);
    let strange = strange.map(|(name, media_type, bytes)| (name.to_owned(), media_type, bytes));
    strange.into_iter().chain([long]).collect()
}

/// At least so many are kept, each under a name that can be shown and stored.
async fn names_are_safe(world: &World, least: usize) {
    let names = world.tables.texts("SELECT name FROM attachments ORDER BY id").await;
    let is_safe = |name: &String| {
        !name.is_empty()
            && name.chars().count() <= 100
            && !name.contains(['/', '\\', '\u{202e}'])
            && !name.chars().any(char::is_control)
    };
    assert!(names.iter().all(is_safe), "{names:?}");
    assert!(names.len() >= least, "{names:?}");
}

/// Files of every strange kind come to staff on the other platform, or are named there; none is in the way of the words.
#[tokio::test(flavor = "multi_thread")]
async fn strange_files_are_kept_or_named_and_the_words_arrive() {
    for (learner_on, staff_on) in PAIRS {
        let world = World::open().await;
        let staff = office(&world, staff_on, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", learner_on).await;
        for (number, (name, media_type, bytes)) in strange_files().iter().enumerate() {
            let words = format!("Le fichier {number} est étrange");
            lina.private.sends(name, media_type, bytes, &words).await;
            let draft = lina.private.sees(&words).await;
            lina.private.presses(&draft, "Envoyer").await;
            lina.private.sees(&format!("N° {} · ", number + 1)).await;
            staff.moussa.channel.sees(&words).await;
        }
        world.quiet().await;
        world.tables.all_went_well().await;
        names_are_safe(&world, 7).await;
    }
}

/// The same in answer to the card, and in answer to what was relayed.
#[tokio::test(flavor = "multi_thread")]
async fn strange_files_on_a_ticket_are_kept_or_named_both_ways_and_the_words_arrive() {
    for (learner_on, staff_on) in PAIRS {
        let mut world = World::open().await;
        let staff = office(&world, staff_on, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", learner_on).await;
        let card = lina.opens("Mon écran est noir", 1).await;
        let lina = lina.private;
        staff.moussa.private.uses("take", &[("number", "1")]).await;
        lina.sees("Moussa Sarr s'occupe").await;
        world.quiet().await;
        let thread = staff.moussa.thread(&world, 1);
        for (number, (name, media_type, bytes)) in strange_files().iter().enumerate() {
            let (asked, answered) = (format!("Le fichier {number} est étrange"), format!("Voici le {number}"));
            lina.answers_with(&card, (name, *media_type, *bytes), &asked).await;
            let relayed = thread.sees(&asked).await;
            thread
                .answers_with(&relayed, (name, *media_type, *bytes), &answered)
                .await;
            lina.sees(&answered).await;
        }
        world.tables.all_went_well().await;
        assert!(world.discord.pings().is_empty() && world.telegram.pings().is_empty());
        names_are_safe(&world, 14).await;
        world.close().await;
    }
}

/// No platform shows it, and Telegram takes none: whoever sends it is told, and the files beside it arrive.
#[tokio::test(flavor = "multi_thread")]
async fn an_empty_file_is_told_and_takes_no_other_with_it() {
    for (learner_on, staff_on) in PAIRS {
        let mut world = World::open().await;
        let staff = office(&world, staff_on, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", learner_on).await;
        let card = lina.opens("Mon écran est noir", 1).await;
        let lina = lina.private;
        staff.moussa.private.uses("take", &[("number", "1")]).await;
        lina.sees("Moussa Sarr s'occupe").await;
        world.quiet().await;
        world.script.forget();
        let thread = staff.moussa.thread(&world, 1);
        let files: [(&str, &str, &[u8]); 2] = [
            ("vide.txt", "text/plain", b""),
            ("devis.pdf", "application/pdf", b"%PDF"),
        ];
        lina.answers_with_all(&card, &files, "Voici les deux").await;
        let relayed = thread.sees("Voici les deux").await;
        lina.sees("vide.txt est vide").await;
        thread.answers_with_all(&relayed, &files, "Les voici aussi").await;
        lina.sees("Les voici aussi").await;
        thread.sees("vide.txt est vide").await;
        world.quiet().await;
        world.tables.all_went_well().await;
        thread.sees_files_below();
        lina.sees_files_below();
        let names = world.tables.texts("SELECT name FROM attachments ORDER BY id").await;
        assert_eq!(names, ["devis.pdf", "devis.pdf"]);
        // What each wrote, and what the other saw.
        for place in [&lina, &thread] {
            assert_eq!(place.times("(devis.pdf)"), 2, "{}", place.history());
        }
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{learner_on:?}_to_{staff_on:?}") }, {
            insta::assert_snapshot!("an_empty_file", world.script.text());
        });
    }
}
