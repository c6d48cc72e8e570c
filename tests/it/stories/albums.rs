//! Several files at once, and a voice, as a word on a ticket: all of it reaches the team, and whoever asked.

use guichet::domain::platform::Platform;
use guichet::sandbox::Seen;

use crate::harness::{Chair, Learner, Office, StaffOn, Wordless, World, office};

const ON_BOTH: [StaffOn; 2] = [StaffOn::Discord, StaffOn::TelegramTopics];
const ALBUM: [(&str, &str, &[u8]); 2] = [
    ("devis.pdf", "application/pdf", b"%PDF-1.4 devis"),
    ("facture.pdf", "application/pdf", b"%PDF-1.4 facture"),
];

async fn opened(learner_on: Platform, on: StaffOn) -> (World, Office, Chair, Seen) {
    let world = World::open().await;
    let staff = office(&world, on, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", learner_on).await;
    let card = lina.opens("La facture est fausse", 1).await;
    staff.moussa.private.uses("take", &[("number", "1")]).await;
    lina.private.sees("s'occupe de votre demande").await;
    world.quiet().await;
    (world, staff, lina.private, card)
}

/// Each file stands once where it is read.
fn has_all_once(chair: &Chair) {
    let history = chair.history();
    for (name, ..) in ALBUM {
        assert_eq!(history.matches(name).count(), 1, "{name}\n{history}");
    }
}

async fn comments(world: &World) -> Vec<String> {
    let comments = "SELECT CONCAT_WS(' ', c.kind, c.body, GROUP_CONCAT(f.name ORDER BY f.name))
                    FROM comments c LEFT JOIN attachments f ON f.comment_id = c.id GROUP BY c.id, c.kind, c.body ORDER BY c.id";
    world.tables.texts(comments).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_in_answer_to_the_card_reaches_the_team_whole() {
    for on in ON_BOTH {
        let (mut world, staff, lina, card) = opened(Platform::Telegram, on).await;
        lina.answers_with_all(&card, &ALBUM, "Voici les deux").await;
        let thread = staff.moussa.thread(&world, 1);
        thread.sees("Voici les deux").await;
        world.quiet().await;
        has_all_once(&thread);
        assert_eq!(thread.times("Voici les deux"), 1);
        let all = ["comment Voici les deux devis.pdf", "comment  facture.pdf"];
        assert_eq!(comments(&world).await, all);
        world.tables.all_went_well().await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_that_is_added_to_a_ticket_is_one_word_on_it() {
    for on in ON_BOTH {
        let (mut world, staff, lina, _) = opened(Platform::Telegram, on).await;
        lina.sends_all(&ALBUM, "Voici les deux").await;
        let draft = lina.sees("2 fichiers").await;
        lina.presses(&draft, "Ajouter au n° 1").await;
        let thread = staff.moussa.thread(&world, 1);
        thread.sees("Voici les deux").await;
        world.quiet().await;
        has_all_once(&thread);
        assert_eq!(comments(&world).await, ["comment Voici les deux devis.pdf,facture.pdf"]);
        world.tables.all_went_well().await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_of_the_team_reaches_whoever_asked_whole() {
    for learner_on in [Platform::Telegram, Platform::Discord] {
        let (mut world, staff, lina, card) = opened(learner_on, StaffOn::TelegramTopics).await;
        lina.replies(&card, "Où en êtes-vous ?").await;
        let thread = staff.moussa.thread(&world, 1);
        let relayed = thread.sees("Où en êtes-vous ?").await;
        thread.answers_with_all(&relayed, &ALBUM, "Les voici").await;
        lina.sees("Les voici").await;
        world.quiet().await;
        has_all_once(&lina);
        // Without an answer to anybody it stays among the team.
        thread
            .sends_all(
                &[
                    ("plan.pdf", "application/pdf", b"%PDF-1.4 plan"),
                    ("note.pdf", "application/pdf", b"%PDF-1.4 note"),
                ],
                "Entre nous",
            )
            .await;
        world.tables.until("comments WHERE kind = 'note'", 2).await;
        world.quiet().await;
        let history = lina.history();
        assert!(
            !["Entre nous", "plan.pdf", "note.pdf"]
                .iter()
                .any(|word| history.contains(word)),
            "{history}"
        );
        world.tables.all_went_well().await;
        world.close().await;
    }
}

/// What a button asks for is answered by the first message of an album; the others are kept, and can be added too.
#[tokio::test(flavor = "multi_thread")]
async fn of_an_album_that_answers_a_question_nothing_is_lost() {
    for on in ON_BOTH {
        let (mut world, staff, lina, card) = opened(Platform::Telegram, on).await;
        lina.presses(&card, "Ajouter").await;
        lina.sees("Que voulez-vous ajouter").await;
        lina.sends_all(&ALBUM, "Voici les deux").await;
        let thread = staff.moussa.thread(&world, 1);
        thread.sees("Voici les deux").await;
        world.quiet().await;
        let rest = lina.sees("J'ai gardé votre fichier").await;
        lina.presses(&rest, "Ajouter au n° 1").await;
        lina.sees("C'est ajouté au n° 1").await;
        world.quiet().await;
        has_all_once(&thread);
        world.tables.all_went_well().await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voice_message_waits_for_words_and_is_heard_by_the_team() {
    for on in ON_BOTH {
        let mut world = World::open().await;
        let staff = office(&world, on, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", Platform::Discord).await.private;
        world.script.forget();
        lina.sends_wordless(Wordless::Voice).await;
        lina.sees("quelques mots").await;
        lina.says("Écoutez comme il grince").await;
        let draft = lina.sees("1 fichier").await;
        lina.presses(&draft, "Envoyer").await;
        lina.sees("N° 1 · Écoutez comme il grince").await;
        let card = staff.moussa.channel.sees("N° 1 · ").await;
        assert!(card.text.contains("Écoutez comme il grince"), "{card:?}");
        world.quiet().await;
        assert_eq!(staff.moussa.channel.times("voice-message.ogg"), 1);
        // Once there is a ticket, it need not have words.
        lina.sends_wordless(Wordless::Voice).await;
        let draft = lina.sees("quelques mots").await;
        lina.presses(&draft, "Ajouter au n° 1").await;
        lina.sees("C'est ajouté au n° 1").await;
        let thread = staff.moussa.thread(&world, 1);
        thread.sees("Lina Ndiaye").await;
        world.quiet().await;
        assert_eq!(thread.times("voice-message.ogg"), 1, "{}", thread.history());
        assert_eq!(comments(&world).await, ["comment  voice-message.ogg"]);
        world.tables.all_went_well().await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("a_voice_message", world.script.text());
        });
    }
}
