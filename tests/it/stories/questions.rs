//! The questions of categories: an admin keeps them, whoever opens a ticket answers them, staff read the answers.

use guichet::domain::account::Role;
use guichet::domain::permission::{Categories, Permit};
use guichet::domain::platform::Platform;
use guichet::domain::question::{Choices, QuestionKind};
use guichet::domain::text::{LongAnswer, QuestionText, ShortAnswer, TextError};
use guichet::sandbox::{Answer, Seen};
use guichet::service::categories::Unchanged;
use guichet::service::questions::add;

use super::canned::fills;
use super::free_fields::{inputs, is_blank, most, refusal};
use super::transcript::page_with;
use crate::harness::{Chair, Learner, StaffOn, World, office};

const QUESTION: (&str, &str) = ("Question", "Quelle est la question");
const CHOICES: (&str, &str) = ("Réponses possibles, une par ligne", "Quelles réponses peut-on choisir");

/// Comes to the questions of the category of hardware.
async fn comes_to_questions(awa: &Chair) -> Seen {
    awa.uses("categories", &[]).await;
    let list = awa.sees("proposées, 25 au plus").await;
    awa.presses(&list, "Matériel").await;
    let shown = awa.sees("En anglais : Hardware").await;
    awa.presses(&shown, "Questions").await;
    awa.sees("Questions de « Matériel »").await
}

/// Adds a question, from the list of them, and comes back to it.
async fn adds(awa: &Chair, list: &Seen, kind: &str, words: &str, choices: Option<&str>) -> Seen {
    awa.presses(list, "Ajouter une question").await;
    let kinds = awa.sees("Quelle sorte de réponse").await;
    let fields = [
        Some((QUESTION.0, QUESTION.1, words)),
        choices.map(|text| (CHOICES.0, CHOICES.1, text)),
    ];
    let fields: Vec<_> = fields.into_iter().flatten().collect();
    fills(awa, &kinds, kind, &fields).await;
    awa.sees("C'est enregistré").await
}

async fn returns(awa: &Chair, shown: &Seen) -> Seen {
    awa.presses(shown, "Toutes ses questions").await;
    awa.sees("Questions de « Matériel »").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_learner_answers_on_telegram_what_an_admin_asks_on_discord() {
    asked_and_answered(StaffOn::Discord, Platform::Telegram).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_learner_answers_on_discord_what_an_admin_asks_on_telegram() {
    asked_and_answered(StaffOn::TelegramTopics, Platform::Discord).await;
}

/// Two questions, one of them required.
async fn asks_two_questions(awa: &Chair) {
    let list = comes_to_questions(awa).await;
    let shown = adds(awa, &list, "Une ligne", "Quel est le numéro de l'étiquette ?", None).await;
    awa.presses(&shown, "Rendre obligatoire").await;
    let shown = awa.sees("obligatoire").await;
    let list = returns(awa, &shown).await;
    let shown = adds(
        awa,
        &list,
        "Un choix",
        "À quel étage ?",
        Some("Rez-de-chaussée\nPremier\nSous-sol"),
    )
    .await;
    let list = returns(awa, &shown).await;
    assert!(list.text.contains("(2 sur 5)"), "{list:?}");
}

/// Words the second anew, and removes it, which somebody else changes meanwhile.
async fn rewords_and_removes(world: &World, awa: &Chair) {
    let list = comes_to_questions(awa).await;
    awa.presses(&list, "À quel étage ?").await;
    let shown = awa.sees("facultative").await;
    fills(
        awa,
        &shown,
        "Changer la question",
        &[(QUESTION.0, QUESTION.1, "Où est-ce ?")],
    )
    .await;
    let shown = awa.sees("C'est enregistré").await;
    awa.presses(&shown, "Supprimer").await;
    let sure = awa.sees("Supprimer la question « Où est-ce ? »").await;
    // Somebody else changes it while they are asked.
    world
        .tables
        .change("UPDATE category_questions SET version = version + 1")
        .await;
    awa.presses(&sure, "Oui, la supprimer").await;
    let shown = awa.sees("quelqu'un a modifié cette question entre-temps").await;
    awa.presses(&shown, "Supprimer").await;
    let sure = awa.sees("Supprimer la question « Où est-ce ? »").await;
    awa.presses(&sure, "Oui, la supprimer").await;
    awa.sees("est supprimée").await;
}

async fn asked_and_answered(on: StaffOn, learner_on: Platform) {
    let mut world = World::open().await;
    let staff = office(&world, on, "fr").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, "fr", Role::Learner).await;
    let (awa, moussa, lina) = (&staff.awa.private, &staff.moussa, &lina.private);
    world.script.forget();
    asks_two_questions(awa).await;

    lina.says("Mon écran est noir").await;
    let draft = lina.sees("Quel est le numéro de l'étiquette ? · obligatoire").await;
    lina.presses(&draft, "Envoyer").await;
    if learner_on == Platform::Discord {
        lina.submits(&[("Quel est le numéro de l'étiquette ?", "M-4711")]).await;
    } else {
        lina.sees("Avant d'envoyer, il me faut encore ceci").await;
        // Too long, it is asked again and nothing is lost.
        lina.says(&"x".repeat(501)).await;
        lina.sees("le maximum est 200").await;
        lina.says("M-4711").await;
    }
    // What may be left open is not asked before it is sent.
    let draft = lina.sees("Quel est le numéro de l'étiquette ? · M-4711").await;
    assert!(draft.text.contains("À quel étage ? · facultative"), "{draft:?}");
    // What was answered can be answered otherwise.
    if let Answer::Form { fields, .. } = lina.presses(&draft, "Compléter").await {
        assert_eq!(fields[0].value, "M-4711");
        lina.submits(&[("Quel est le numéro de l'étiquette ?", "M-0815")]).await;
    } else {
        lina.sees("Pour l'instant").await;
        lina.says("M-0815").await;
    }
    let asked = lina.sees("À quel étage ?").await;
    assert!(asked.buttons.contains(&"Passer".to_owned()), "{asked:?}");
    lina.presses(&asked, "Sous-sol").await;
    let draft = lina.sees("À quel étage ? · Sous-sol").await;
    // A wrong choice is put right.
    if let Answer::Form { .. } = lina.presses(&draft, "Compléter").await {
        lina.submits(&[("Quel est le numéro de l'étiquette ?", "M-0815")]).await;
    } else {
        let asked = lina.sees("M-0815").await;
        lina.presses(&asked, "Garder").await;
    }
    let asked = lina.sees("Pour l'instant").await;
    assert!(asked.text.contains("À quel étage ?"), "{asked:?}");
    lina.presses(&asked, "Premier").await;
    let draft = lina.sees("À quel étage ? · Premier").await;
    assert!(draft.text.contains("· M-0815"), "{draft:?}");
    lina.presses(&draft, "Envoyer").await;
    lina.sees("N° 1 · Mon écran est noir").await;

    // Staff read them, on the card, in the details, in the transcript, and find the ticket by them.
    let card = moussa.channel.sees("N° 1 · ").await;
    assert!(
        card.text.contains("Quel est le numéro de l'étiquette ? · M-0815"),
        "{card:?}"
    );
    awa.sees("Nouvelle demande :").await;
    moussa.private.uses("search", &[("words", "M-0815")]).await;
    moussa.private.sees("Mon écran est noir").await;
    // Another question later leaves the answer with what was asked.
    rewords_and_removes(&world, awa).await;
    moussa.private.uses("show", &[("number", "1")]).await;
    let details = moussa.private.sees("À quel étage ? · Premier").await;
    assert!(details.text.contains("M-0815"), "{details:?}");
    let answers = "SELECT CONCAT_WS('|', position, question, answer) FROM ticket_answers ORDER BY position";
    assert_eq!(
        world.tables.texts(answers).await,
        [
            "1|Quel est le numéro de l'étiquette ?|M-0815",
            "2|À quel étage ?|Premier"
        ]
    );
    moussa.private.uses("transcript", &[("number", "1")]).await;
    moussa.private.sees("Voici la transcription du n° 1").await;
    world.quiet().await;
    let page = page_with(&world, "À quel étage ?");
    assert!(page.contains("Premier") && page.contains("M-0815"), "{page}");
    lina.sees_nothing_else();
    world.tables.all_went_well().await;
    world.close().await;
    insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
        insta::assert_snapshot!("questions", world.script.text());
    });
}

/// Adds one by the use case.
async fn added(world: &World, words: &str, kind: QuestionKind, choices: &str) -> Result<(), Unchanged> {
    let asked = (
        QuestionText::parse(words).expect("a question"),
        Choices::parse(choices).unwrap_or_default(),
    );
    let asked = (asked, kind);
    let done = world.store.transact(&asked, |tx, ((words, choices), kind)| {
        Box::pin(async move {
            let permit = Permit::<Categories>::of_the_operator();
            add(tx, permit, guichet::domain::ids::CategoryId(1), words, (*kind, choices)).await
        })
    });
    done.await.expect("an answer").map(drop)
}

/// An admin comes to a question, in English.
async fn comes_to(awa: &Chair, words: &str) -> Seen {
    awa.uses("categories", &[]).await;
    let list = awa.sees("offered, 25 at most").await;
    awa.presses(&list, "Hardware").await;
    let shown = awa.sees("In French: Matériel").await;
    awa.presses(&shown, "Questions").await;
    let list = awa.sees("Questions of \"Hardware\"").await;
    awa.presses(&list, words).await;
    awa.sees("optional").await
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_that_change_or_go_while_somebody_answers_lose_nothing() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let admin = Learner::with_role(&world, "Awa Diop", on, "en", Role::Admin)
            .await
            .private;
        let lina = Learner::with_role(&world, "Lina Ndiaye", on, "en", Role::Learner)
            .await
            .private;
        added(&world, "Which room?", QuestionKind::Short, "").await.unwrap();
        added(&world, "Which floor?", QuestionKind::Choice, "One\nTwo")
            .await
            .unwrap();
        comes_to(&admin, "Which room?").await;
        world.script.forget();
        // Where nothing is required, a message and one tap are enough.
        lina.says("My charger is dead").await;
        let draft = lina.sees("Which room? · optional").await;
        lina.presses(&draft, "Send").await;
        lina.sees("No. 1 · ").await;

        lina.says("My screen is black").await;
        let draft = lina.sees("Which room? · optional").await;
        let is_form = matches!(lina.presses(&draft, "Complete").await, Answer::Form { .. });
        if !is_form {
            lina.sees("Which room?").await;
        }
        let shown = comes_to(&admin, "Which room?").await;
        admin.presses(&shown, "Remove").await;
        let sure = admin.sees("Remove the question").await;
        admin.presses(&sure, "Yes, remove it").await;
        admin.sees("is removed").await;
        if is_form {
            lina.submits(&[("Which room?", "Room 12")]).await;
        } else {
            lina.says("Room 12").await;
        }
        let told = lina.sees("This question is no longer asked").await;
        let asked = if is_form {
            told
        } else {
            // What was typed is in the request.
            assert!(told.text.contains("Room 12"), "{told:?}");
            lina.presses(&told, "Complete").await;
            lina.sees("Which floor?").await
        };
        let shown = comes_to(&admin, "Which floor?").await;
        let choices = "Ground\nFirst";
        let field = (
            "Possible answers, one on each line",
            "Which answers can be chosen",
            choices,
        );
        fills(&admin, &shown, "Change the answers", &[field]).await;
        admin.sees("Saved.").await;
        lina.presses(&asked, "Two").await;
        let asked = lina.sees("The possible answers have just changed").await;
        lina.presses(&asked, "Ground").await;
        let draft = lina.sees("Which floor? · Ground").await;
        assert!(draft.text.contains("Room 12"), "{draft:?}");
        // Another category asks other things; what was answered stays.
        lina.presses(&draft, "Category").await;
        let offered = lina.sees("What is it about").await;
        lina.presses(&offered, "Other").await;
        let draft = lina.sees("Category: Other").await;
        assert!(draft.text.contains("Which floor? · Ground"), "{draft:?}");
        assert!(!draft.buttons.contains(&"Complete".to_owned()), "{draft:?}");
        lina.presses(&draft, "Send").await;
        lina.sees("No. 2 · ").await;
        let kept = "SELECT CONCAT_WS('|', question, answer) FROM ticket_answers WHERE ticket_id = 2";
        assert_eq!(world.tables.texts(kept).await, ["Which floor?|Ground"]);
        world.quiet().await;
        world.tables.all_went_well().await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("questions_that_change", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_in_a_channel_becomes_a_draft_that_is_completed_there() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    added(&world, "Quelle salle ?", QuestionKind::Long, "").await.unwrap();
    world
        .tables
        .change("UPDATE category_questions SET is_required = TRUE")
        .await;
    let fatou = &staff.fatou.channel;
    // What another replica changed is known a second later.
    world.tables.until("category_questions WHERE is_required", 1).await;
    fatou.uses("show", &[("number", "99")]).await;
    fatou.sees("Je ne trouve pas").await;
    world.script.forget();
    fatou.uses("ticket", &[("category", "Matériel")]).await;
    fatou.submits(&[("Titre", "Écran noir")]).await;
    let draft = fatou.sees("Quelle salle ? · obligatoire").await;
    fatou.presses(&draft, "Envoyer").await;
    fatou.submits(&[("Quelle salle ?", "12\nau fond")]).await;
    let draft = fatou.sees("au fond").await;
    fatou.presses(&draft, "Envoyer").await;
    fatou.sees("N° 1 · Écran noir").await;
    let kept = "SELECT answer FROM ticket_answers";
    assert_eq!(world.tables.texts(kept).await, ["12\nau fond"]);
    world.quiet().await;
    world.tables.all_went_well().await;
    world.close().await;
    insta::assert_snapshot!("questions_in_a_channel", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_joins_a_forgotten_draft_with_what_was_chosen_or_is_shown_again() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    added(&world, "Quelle salle ?", QuestionKind::Short, "").await.unwrap();
    world
        .tables
        .change(
            "INSERT INTO category_questions (category_id, words, kind, choices, is_required)
             SELECT id, 'Quel logiciel ?', 'short', '', FALSE FROM categories WHERE id <> 1",
        )
        .await;
    world.script.forget();
    for fatou in [&staff.fatou.channel, &staff.fatou.private] {
        fatou.uses("ticket", &[("category", "Matériel")]).await;
        fatou.submits(&[("Titre", "Écran noir")]).await;
        fatou.sees("Quelle salle ? · facultative").await;
        let chosen = [("category", "Autre"), ("urgency", "high")];
        fatou.uses("ticket", &chosen).await;
        fatou.submits(&[("Titre", "Tout est lent")]).await;
        let draft = fatou.sees("Tout est lent").await;
        assert!(draft.text.contains("Catégorie : Autre · Urgence : Haute"), "{draft:?}");
        assert!(draft.text.contains("Quel logiciel ?"), "{draft:?}");
        let long = "x".repeat(3_900);
        for title in ["Un", "Deux", "Trois", "Quatre", "Cinq"] {
            fatou.uses("ticket", &chosen).await;
            fatou.submits(&[("Titre", title), ("Description", &long)]).await;
            fatou.sees("Nouvelle demande").await;
        }
        fatou.uses("ticket", &chosen).await;
        fatou.submits(&[("Titre", "Une de trop"), ("Description", &long)]).await;
        let full = fatou.sees("Votre demande est pleine").await;
        assert!(full.text.contains("Une de trop"), "{full:?}");
    }
    assert!(!staff.moussa.channel.history().contains("Votre demande est pleine"));
    world.tables.all_went_well().await;
    world.close().await;
}

/// An admin words a question otherwise, in English.
async fn rewords(admin: &Chair, words: &str, otherwise: &str) {
    let shown = comes_to(admin, words).await;
    let field = ("Question", "What is the question", otherwise);
    fills(admin, &shown, "Change the question", &[field]).await;
    admin.sees("Saved.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_is_worded_otherwise_is_asked_again_and_an_answer_can_be_taken_out() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let admin = Learner::with_role(&world, "Awa Diop", on, "en", Role::Admin).await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", on, "en", Role::Learner).await;
        let (admin, lina) = (&admin.private, &lina.private);
        added(&world, "Which room?", QuestionKind::Short, "").await.unwrap();
        let choices = "One\nTwo";
        added(&world, "Which floor?", QuestionKind::Choice, choices)
            .await
            .unwrap();
        comes_to(admin, "Which room?").await;
        world.script.forget();
        lina.says("My charger is dead").await;
        let draft = lina.sees("Which room? · optional").await;
        let is_form = matches!(lina.presses(&draft, "Complete").await, Answer::Form { .. });
        rewords(admin, "Which room?", "Which building?").await;
        if is_form {
            lina.submits(&[("Which room?", "Room 12")]).await;
        } else {
            lina.sees("Which room?").await;
            lina.says("Room 12").await;
            lina.sees("has just changed").await;
            lina.says("Building 3").await;
        }
        let asked = lina.sees("Which floor?").await;
        rewords(admin, "Which floor?", "Which level?").await;
        lina.presses(&asked, "Two").await;
        let asked = lina.sees("has just changed").await;
        assert!(asked.text.contains("Which level?"), "{asked:?}");
        lina.presses(&asked, "Two").await;
        let draft = lina.sees("Which level? · Two").await;
        if is_form {
            assert!(draft.text.contains("Room 12"), "{draft:?}");
            assert!(draft.text.contains("Which building? · optional"), "{draft:?}");
        } else {
            assert!(draft.text.contains("Which building? · Building 3"), "{draft:?}");
        }
        // What may be left open can be taken out again.
        lina.presses(&draft, "Complete").await;
        if is_form {
            lina.submits(&[("Which building?", "Building 3")]).await;
        } else {
            let asked = lina.sees("Building 3").await;
            lina.presses(&asked, "Remove the answer").await;
        }
        let asked = lina.sees("At present:").await;
        lina.presses(&asked, "Remove the answer").await;
        let mut draft = lina.sees("Which level? · optional").await;
        if is_form {
            assert!(draft.text.contains("Which building? · Building 3"), "{draft:?}");
            lina.presses(&draft, "Complete").await;
            lina.submits(&[("Which building?", "")]).await;
            let asked = lina.sees("Which level?").await;
            lina.presses(&asked, "Skip").await;
            draft = lina.sees("Which level? · optional").await;
        }
        assert!(draft.text.contains("Which building? · optional"), "{draft:?}");
        world.quiet().await;
        world.tables.all_went_well().await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("questions_reworded", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_full_draft_does_not_take_of_a_form_is_shown_again() {
    let mut world = World::open().await;
    let on = Platform::Discord;
    let admin = Learner::with_role(&world, "Awa Diop", on, "en", Role::Admin).await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", on, "en", Role::Learner).await;
    let (admin, lina) = (&admin.private, &lina.private);
    for words in ["Which room?", "Which rack?", "Which floor?"] {
        added(&world, words, QuestionKind::Short, "").await.unwrap();
    }
    let mut draft = None;
    lina.says("My charger is dead").await;
    lina.sees("Which room?").await;
    for _ in 0..10 {
        lina.says(&"x".repeat(1_990)).await;
        draft = Some(lina.sees("Which room?").await);
    }
    lina.presses(&draft.expect("a draft"), "Complete").await;
    rewords(admin, "Which room?", "Which building?").await;
    rewords(admin, "Which rack?", "Which shelf?").await;
    let (room, rack) = ("Room 12 ".repeat(20), "Rack 7 ".repeat(20));
    lina.submits(&[
        ("Which room?", &room),
        ("Which rack?", &rack),
        ("Which floor?", "Second"),
    ])
    .await;
    let full = lina.sees("Your request is full").await;
    assert!(
        full.text.contains(room.trim()) && full.text.contains(rack.trim()),
        "{full:?}"
    );
    lina.uses("cancel", &[]).await;
    world.tables.all_went_well().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_category_has_five_questions_and_two_admins_change_one_at_a_time() {
    let mut world = World::open().await;
    for number in 1..5 {
        added(&world, &format!("Question {number} ?"), QuestionKind::Short, "")
            .await
            .unwrap();
    }
    let both = tokio::join!(
        added(&world, "Cinq ?", QuestionKind::Short, ""),
        added(&world, "Six ?", QuestionKind::Short, "")
    );
    let full = Err(Unchanged::Full);
    assert!(both == (Ok(()), full) || both == (full, Ok(())), "{both:?}");
    for on in [Platform::Telegram, Platform::Discord] {
        let awa = Learner::with_role(&world, &format!("Awa {on:?}"), on, "fr", Role::Admin)
            .await
            .private;
        let list = comes_to_questions(&awa).await;
        assert!(!list.buttons.contains(&"Ajouter une question".to_owned()), "{list:?}");
        awa.forges(&list, "questions:short:1").await;
        if on == Platform::Discord {
            awa.submits(&[(QUESTION.0, "Une de trop ?")]).await;
        } else {
            awa.sees(QUESTION.1).await;
            awa.says("Une de trop ?").await;
        }
        awa.sees("a déjà 5 questions").await;
        // Somebody else is quicker.
        let list = comes_to_questions(&awa).await;
        awa.presses(&list, "Question 1 ?").await;
        let shown = awa.sees("facultative").await;
        awa.presses(&shown, "Changer la question").await;
        if on == Platform::Telegram {
            awa.sees(QUESTION.1).await;
        }
        world
            .tables
            .change("UPDATE category_questions SET version = version + 1")
            .await;
        if on == Platform::Discord {
            awa.submits(&[(QUESTION.0, "Autrement ?")]).await;
        } else {
            awa.says("Autrement ?").await;
        }
        awa.sees("quelqu'un a modifié cette question entre-temps").await;
    }
    world.tables.all_went_well().await;
    world.close().await;
}

/// A kind of question, what is chosen, and why that can't be.
type Field = (&'static str, bool, fn(&str) -> Option<&'static str>);

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_typed_as_a_question_choices_or_an_answer_is_kept_or_refused_kindly() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let awa = Learner::with_role(&world, "Awa Diop", on, "fr", Role::Admin)
            .await
            .private;
        let fields: [Field; 2] = [
            ("Une ligne", false, |input| refusal(&QuestionText::parse(input))),
            ("Un choix", true, |input| refusal(&Choices::parse(input))),
        ];
        let more = [
            "x".repeat(501),
            "a\nA".to_owned(),
            (0..26).map(|n: u8| n.to_string()).collect::<Vec<_>>().join("\n"),
        ];
        let all: Vec<String> = inputs(most(on)).into_iter().chain(more).collect();
        for input in &all {
            for (kind, is_choice, why) in &fields {
                let most = if *is_choice { 2_100 } else { 45 };
                // The application takes no more.
                if on == Platform::Discord && input.chars().count() > most {
                    continue;
                }
                world.tables.change("DELETE FROM category_questions").await;
                let words = if *is_choice { "Laquelle ?" } else { input.as_str() };
                let list = comes_to_questions(&awa).await;
                awa.presses(&list, "Ajouter une question").await;
                let kinds = awa.sees("Quelle sorte de réponse").await;
                let mut typed = vec![(QUESTION.0, QUESTION.1, words)];
                typed.extend(is_choice.then_some((CHOICES.0, CHOICES.1, input.as_str())));
                fills(&awa, &kinds, kind, &typed).await;
                let blank = on == Platform::Telegram && is_blank(input);
                if let Some(why) = why(input) {
                    awa.sees(if blank { "Je ne sais pas encore lire" } else { why }).await;
                    awa.says("/annuler").await;
                    awa.sees("C'est annulé").await;
                    continue;
                }
                awa.sees("C'est enregistré").await;
            }
        }
        answers(&world, &awa, &all).await;
        world.tables.all_went_well().await;
        world.close().await;
    }
}

/// Answers two required questions with whatever it is.
async fn answers(world: &World, awa: &Chair, all: &[String]) {
    let on = awa.platform();
    let lina = Learner::with_role(world, "Lina Ndiaye", on, "fr", Role::Learner)
        .await
        .private;
    world.tables.change("DELETE FROM category_questions").await;
    let list = comes_to_questions(awa).await;
    let shown = adds(awa, &list, "Une ligne", "En bref ?", None).await;
    let list = returns(awa, &shown).await;
    adds(awa, &list, "Un texte", "En détail ?", None).await;
    world
        .tables
        .change("UPDATE category_questions SET is_required = TRUE")
        .await;
    for input in all {
        let parsed = [
            ShortAnswer::parse(input).map(|text| text.to_string()),
            LongAnswer::parse(input).map(|text| text.to_string()),
        ];
        lina.says("Mon écran est noir").await;
        let draft = lina.sees("En bref ?").await;
        let kept: Vec<String> = parsed
            .iter()
            .map(|text| text.clone().unwrap_or_else(|_| "dit autrement".to_owned()))
            .collect();
        if on == Platform::Discord {
            if parsed.iter().any(|text| matches!(text, Err(TextError::TooLong { .. }))) {
                lina.says("/annuler").await;
                lina.sees("rien n'a été envoyé").await;
                continue;
            }
            lina.presses(&draft, "Compléter").await;
            let typed = if parsed[0].is_ok() { input } else { "dit autrement" };
            lina.submits(&[("En bref ?", typed), ("En détail ?", typed)]).await;
        } else {
            lina.presses(&draft, "Compléter").await;
            for (question, text) in ["En bref ?", "En détail ?"].iter().zip(&parsed) {
                lina.sees(question).await;
                lina.says(input).await;
                if let Err(why) = text {
                    let blank = is_blank(input);
                    let why = refusal::<()>(&Err(*why)).expect("why not");
                    lina.sees(if blank { "Je ne sais pas encore lire" } else { why }).await;
                    lina.says("dit autrement").await;
                }
            }
        }
        let draft = lina.sees("Nouvelle demande").await;
        lina.presses(&draft, "Envoyer").await;
        lina.sees("· Mon écran est noir").await;
        let newest =
            "SELECT answer FROM ticket_answers WHERE ticket_id = (SELECT MAX(id) FROM tickets) ORDER BY position";
        assert_eq!(world.tables.texts(newest).await, kept);
        awa.sees("Nouvelle demande :").await;
    }
}
