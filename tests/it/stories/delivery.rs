//! Notices on their way out, when the platforms fail, refuse, or are gone; and what came in that nobody can read.

use guichet::domain::platform::Platform;
use guichet::sandbox::Gate;
use guichet::sandbox::discord::Fault as DiscordFault;
use guichet::sandbox::telegram::Fault as TelegramFault;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::harness::{Learner, Office, StaffOn, World, office, words};

/// Lina has a ticket that Moussa took.
async fn a_ticket_taken(learner_on: Platform, staff_on: StaffOn) -> (World, Office, Learner) {
    let world = World::open().await;
    let staff = office(&world, staff_on, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", learner_on).await;
    lina.opens("Le wifi tombe", 1).await;
    let card = staff.moussa.channel.sees("N° 1 · ").await;
    staff.moussa.channel.presses(&card, "Prendre").await;
    lina.private.sees("s'occupe de votre demande").await;
    world.quiet().await;
    (world, staff, lina)
}

/// Moussa writes twice; Lina reads both, in order, and each at most so often.
async fn both_arrive_in_order(world: &World, staff: &Office, lina: &Learner, at_most: usize) {
    let private = &staff.moussa.private;
    private.uses("reply", &[("number", "1"), ("text", "Premier mot")]).await;
    private.uses("reply", &[("number", "1"), ("text", "Second mot")]).await;
    lina.private.sees("Premier mot").await;
    lina.private.sees("Second mot").await;
    world.tables.all_went_well().await;
    let history = lina.private.history();
    assert!(history.find("Premier mot") < history.find("Second mot"), "{history}");
    assert!((1..=at_most).contains(&lina.private.times("Premier mot")), "{history}");
    assert_eq!(lina.private.times("Second mot"), 1, "{history}");
}

#[tokio::test(flavor = "multi_thread")]
async fn telegram_fails_once_and_gets_both_words_in_order() {
    let (world, staff, lina) = a_ticket_taken(Platform::Telegram, StaffOn::Discord).await;
    let wait = json!({"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1}});
    let wait = TelegramFault::Answer {
        status: 429,
        body: wait,
    };
    for fault in [
        TelegramFault::Status(502),
        wait,
        TelegramFault::Cut { after_effect: false },
    ] {
        world.telegram.faults().next("SendMessage", fault, 1);
    }
    both_arrive_in_order(&world, &staff, &lina, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn telegram_answers_nothing_after_the_fact_and_gets_it_at_most_twice() {
    let (world, staff, lina) = a_ticket_taken(Platform::Telegram, StaffOn::Discord).await;
    world
        .telegram
        .faults()
        .next("SendMessage", TelegramFault::Cut { after_effect: true }, 1);
    both_arrive_in_order(&world, &staff, &lina, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn discord_fails_in_every_way_and_gets_every_word_exactly_once() {
    let (world, staff, lina) = a_ticket_taken(Platform::Discord, StaffOn::TelegramGroup).await;
    for fault in [
        DiscordFault::Status(502),
        DiscordFault::RetryAfter(0.4),
        DiscordFault::Cut { after_effect: false },
        DiscordFault::Cut { after_effect: true },
    ] {
        world.discord.faults().next("POST /channels", fault, 1);
    }
    both_arrive_in_order(&world, &staff, &lina, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_somebody_deleted_on_discord_is_posted_again() {
    card_deleted(StaffOn::Discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_somebody_deleted_in_a_group_is_posted_again() {
    card_deleted(StaffOn::TelegramGroup).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_somebody_deleted_beside_topics_is_posted_again() {
    card_deleted(StaffOn::TelegramTopics).await;
}

async fn card_deleted(on: StaffOn) {
    let (world, staff, lina) = a_ticket_taken(Platform::Telegram, on).await;
    let card = staff.fatou.channel.sees("En cours").await;
    staff.fatou.channel.deletes(&card);
    staff
        .moussa
        .private
        .uses("ask", &[("number", "1"), ("text", "Quel étage ?")])
        .await;
    lina.private.sees("Quel étage ?").await;
    let again = staff.fatou.channel.sees("En attente d'informations").await;
    assert_ne!(again.message_id, card.message_id);
    world.tables.all_went_well().await;
    let thread = staff.fatou.thread(&world, 1);
    thread.sees("Quel étage ?").await;
    // The new card works.
    staff.moussa.channel.presses(&again, "Rendre à l'équipe").await;
    staff.fatou.channel.sees("En attente ·").await;
    world.tables.all_went_well().await;
    assert_eq!(world.tables.events(1).await, "opened taken asked released");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_somebody_deleted_is_made_again_with_the_words() {
    thread_deleted(StaffOn::Discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_that_somebody_deleted_is_made_again_with_the_words() {
    thread_deleted(StaffOn::TelegramTopics).await;
}

async fn thread_deleted(on: StaffOn) {
    let (world, staff, lina) = a_ticket_taken(Platform::Telegram, on).await;
    staff.place.deletes_thread(1);
    lina.private
        .uses("reply", &[("number", "1"), ("text", "Depuis ce matin")])
        .await;
    let thread = staff.fatou.thread(&world, 1);
    let relayed = thread.sees("Depuis ce matin").await;
    thread.replies(&relayed, "Je passe vous voir").await;
    lina.private.sees("Je passe vous voir").await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_deleted_while_words_are_on_their_way_to_it_is_made_again_with_them() {
    for (learner_on, on) in [
        (Platform::Telegram, StaffOn::Discord),
        (Platform::Discord, StaffOn::TelegramTopics),
    ] {
        let (world, staff, lina) = a_ticket_taken(learner_on, on).await;
        let gate = Gate::default();
        if on == StaffOn::Discord {
            let fault = DiscordFault::Hold {
                gate: gate.clone(),
                after_effect: false,
            };
            world.discord.faults().next("POST /channels", fault, 1);
        } else {
            let fault = TelegramFault::Hold {
                gate: gate.clone(),
                after_effect: false,
            };
            world.telegram.faults().next("SendMessage", fault, 1);
        }
        lina.private
            .uses("reply", &[("number", "1"), ("text", "Depuis ce matin")])
            .await;
        gate.reached().await;
        staff.place.deletes_thread(1);
        gate.open();
        let relayed = staff.fatou.thread(&world, 1).sees("Depuis ce matin").await;
        staff
            .fatou
            .thread(&world, 1)
            .replies(&relayed, "Je passe vous voir")
            .await;
        lina.private.sees("Je passe vous voir").await;
        world.quiet().await;
        world.tables.all_went_well().await;
        assert_eq!(staff.fatou.thread(&world, 1).times("Depuis ce matin"), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_blocked_the_bot_on_telegram_is_a_dead_letter_and_the_rest_flows_on() {
    person_gone(Platform::Telegram).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_closed_their_messages_on_discord_is_a_dead_letter_and_the_rest_flows_on() {
    person_gone(Platform::Discord).await;
}

async fn person_gone(on: Platform) {
    let (world, staff, lina) = a_ticket_taken(on, StaffOn::Discord).await;
    lina.person.shuts_bot_out();
    let private = &staff.moussa.private;
    private
        .uses("reply", &[("number", "1"), ("text", "Êtes-vous là ?")])
        .await;
    world.tables.until("dead_letters", 1).await;
    staff.fatou.thread(&world, 1).sees("Êtes-vous là ?").await;
    let omar = Learner::known(&world, "Omar Fall", on).await;
    omar.opens("Plus de son", 2).await;
    staff.moussa.channel.sees("Plus de son").await;
    world.quiet().await;
    let causes = world.tables.texts("SELECT cause FROM dead_letters").await;
    assert!(
        causes.len() == 1 && causes[0].starts_with("the person can't be reached"),
        "{causes:?}"
    );
    assert!(!causes[0].contains("là"), "{causes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_threw_the_bot_out_is_a_dead_letter_and_people_are_still_told() {
    place_gone(StaffOn::TelegramGroup).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_shut_the_bot_out_is_a_dead_letter_and_people_are_still_told() {
    place_gone(StaffOn::Discord).await;
}

async fn place_gone(on: StaffOn) {
    let (world, staff, lina) = a_ticket_taken(Platform::Telegram, on).await;
    staff.place.throws_bot_out();
    let private = &staff.moussa.private;
    private
        .uses("resolve", &[("number", "1"), ("text", "Borne changée.")])
        .await;
    let report = lina.private.sees("Borne changée.").await;
    lina.private.presses(&report, "C'est réglé").await;
    lina.private.sees("Clôturé").await;
    world.quiet().await;
    let causes = world.tables.texts("SELECT DISTINCT cause FROM dead_letters").await;
    assert!(
        !causes.is_empty() && causes.iter().all(|cause| cause.starts_with("the place is gone")),
        "{causes:?}"
    );
    world.tables.history_adds_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_can_t_be_read_holds_up_nobody_else() {
    let (world, staff, lina) = a_ticket_taken(Platform::Telegram, StaffOn::Discord).await;
    world
        .tables
        .change(
            "INSERT INTO outbox (shard, dest, notice, due_at)
             VALUES (1, 'person:99', '{\"from_another_version\": 1}', '2020-01-01')",
        )
        .await;
    let private = &staff.moussa.private;
    private
        .uses("reply", &[("number", "1"), ("text", "Tout va bien")])
        .await;
    lina.private.sees("Tout va bien").await;
    world.tables.until("outbox", 0).await;
    let causes = world.tables.texts("SELECT cause FROM dead_letters").await;
    assert!(
        causes.len() == 1 && !causes[0].contains("from_another_version"),
        "{causes:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn poisonous_updates_stop_no_conversation_and_are_kept_with_a_cause() {
    let world = World::open().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let text = "mon secret";
    let lina_id = world.tables.texts("SELECT user_id FROM identities").await.remove(0);
    let lina_id: i64 = lina_id.parse().unwrap();
    let chat = json!({"id": lina_id, "type": "private"});
    let from = json!({"id": lina_id, "is_bot": false, "first_name": "Lina", "language_code": "fr"});
    let message = |key: &str, value: Value| {
        let mut message = json!({"message_id": 5, "date": 0, "chat": chat, "from": from, "text": text});
        message[key] = value;
        json!({"message": message})
    };
    let deep = (0..500).fold(json!(text), |inside, _| json!([inside]));
    let unreadable = [
        message("message_id", json!("five")),
        message("message_id", json!(9_223_372_036_854_775_808_u64)),
        message("chat", json!({"id": 9_223_372_036_854_775_808_u64, "type": "private"})),
        message("chat", json!(text)),
        message("from", json!({"id": text})),
        message("from", json!([text])),
        message("text", json!({"a": text})),
        message("photo", json!(text)),
        message("document", json!({"file_id": [text]})),
        message("reply_to_message", json!({"message_id": text})),
        json!({"message": text}),
        json!({"message": [text]}),
        json!({"callback_query": {"id": 7, "from": text}}),
        json!({"edited_message": {"message_id": 6, "chat": text}}),
    ];
    let harmless = [
        json!({}),
        json!({"message": null}),
        json!({"poll_answer": {"user": text}}),
        json!({"edited_channel_post": {"message_id": 6, "chat": text}}),
        json!({"callback_query": {"id": "7", "from": from}}),
        json!({"callback_query": {"id": "7", "from": from, "data": "x".repeat(5_000)}}),
        json!({"message": {"message_id": 6, "chat": chat}}),
        json!({"message": {"message_id": 6, "chat": {"id": lina_id, "type": "galaxy"}, "from": from, "text": text}}),
    ];
    let said = [
        message(
            "entities",
            json!([{"type": "hologram", "offset": -1, "length": 9_223_372_036_854_775_807_i64}]),
        ),
        message("entities", deep),
        message(
            "from",
            json!({"id": lina_id, "first_name": "x".repeat(4_000), "language_code": "xx-😀"}),
        ),
    ];
    let (bad, odd, good) = (unreadable.len(), harmless.len(), said.len());
    for update in unreadable.into_iter().chain(harmless).chain(said) {
        world.telegram.inject(update);
    }
    world.quiet().await;
    lina.private.says("et encore ceci").await;
    lina.private.sees("et encore ceci").await;
    world.quiet().await;
    let causes = world
        .tables
        .texts("SELECT cause FROM inbox WHERE cause IS NOT NULL")
        .await;
    assert_eq!(causes.len(), bad, "{causes:#?}");
    assert!(causes.iter().all(|cause| !cause.contains("secret")), "{causes:#?}");
    assert!(bad + odd + good > 20 && lina.private.times("mon secret") > 0);
    assert_eq!(
        (lina.private.times("Référence"), world.count("dead_letters").await),
        (0, 0)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_and_a_media_type_of_any_length_do_not_spoil_a_ticket() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let media_type = format!("application/{}", "x".repeat(300));
    let name = format!("{}.pdf", "é".repeat(400));
    lina.private
        .sends(&name, &media_type, b"%PDF", "La facture est fausse")
        .await;
    let draft = lina.private.sees("Urgence").await;
    lina.private.presses(&draft, "Envoyer").await;
    lina.private.sees("N° 1 · ").await;
    staff.moussa.channel.sees("N° 1 · ").await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_from_telegram_reach_a_discord_card_and_thread_byte_for_byte() {
    files_arrive(Platform::Telegram, StaffOn::Discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_from_discord_reach_a_telegram_group_byte_for_byte() {
    files_arrive(Platform::Discord, StaffOn::TelegramGroup).await;
}

async fn files_arrive(learner_on: Platform, staff_on: StaffOn) {
    let world = World::open().await;
    let staff = office(&world, staff_on, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", learner_on).await;
    let photo: Vec<u8> = b"\x89PNG\r\n\x1a\n"
        .iter()
        .copied()
        .chain((0..90_000_u32).map(|n| (n % 251) as u8))
        .collect();
    let document: Vec<u8> = (0..300_000_u32).map(|n| (n % 241) as u8).collect();
    lina.private.sends("écran.png", "image/png", &photo, "Écran rayé").await;
    let draft = lina.private.sees("Urgence").await;
    lina.private.presses(&draft, "Envoyer").await;
    lina.private.sees("N° 1 · ").await;
    let card = staff.moussa.channel.sees("Écran rayé").await;
    assert_eq!(card.files.len(), 1, "{card:?}");
    lina.private
        .sends("devis.pdf", "application/pdf", &document, "Le devis")
        .await;
    let draft = lina.private.sees("Le devis").await;
    lina.private.presses(&draft, "Ajouter au n° 1").await;
    staff.moussa.thread(&world, 1).sees("Le devis").await;
    world.tables.all_went_well().await;
    for (bytes, id) in [(&photo, 1), (&document, 2)] {
        let hash = world
            .tables
            .texts(&format!("SELECT sha256 FROM attachments WHERE id = {id}"))
            .await
            .remove(0);
        assert_eq!(hash, format!("{:x}", Sha256::digest(bytes)));
        assert_eq!(&std::fs::read(world.files.path().join(hash)).unwrap(), bytes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_too_large_is_told_and_the_words_are_kept() {
    for on in [Platform::Telegram, Platform::Discord] {
        let world = World::open().await;
        let lina = Learner::known(&world, "Lina Ndiaye", on).await;
        let large = vec![7; 21 * 1024 * 1024];
        lina.private
            .sends("film.mp4", "video/mp4", &large, "Voyez l'écran trembler")
            .await;
        let told = lina.private.sees("Le fichier film.mp4 dépasse 20 Mo").await;
        assert!(told.text.contains("Voyez l'écran trembler"), "{told:?}");
        // In answer to a message of the ticket, too.
        lina.private.presses(&told, "Envoyer").await;
        let card = lina.private.sees("N° 1 · ").await;
        lina.private
            .answers_with(&card, ("son.wav", "audio/wav", &large), "Écoutez-le aussi")
            .await;
        lina.private.sees("Le fichier son.wav dépasse 20 Mo").await;
        world.quiet().await;
        let words = world.tables.texts("SELECT body FROM comments").await;
        assert_eq!(words, ["Écoutez-le aussi"]);
        world.tables.all_went_well().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_does_not_come_is_told_after_some_tries_and_the_words_are_kept() {
    let world = World::open().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    world.telegram.faults().next("download", TelegramFault::Status(500), 2);
    lina.private
        .sends("un.pdf", "application/pdf", b"%PDF 1", "Un devis")
        .await;
    let told = lina.private.sees("1 fichier").await;
    assert!(told.text.contains("Un devis"), "{told:?}");
    world
        .telegram
        .faults()
        .all("download", TelegramFault::Cut { after_effect: false });
    lina.private
        .sends("deux.pdf", "application/pdf", b"%PDF 2", "Deux devis")
        .await;
    let told = lina.private.sees("Je n'ai pas pu recevoir le fichier deux.pdf").await;
    assert!(told.text.contains("Deux devis"), "{told:?}");
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_on_an_old_card_or_notice_says_what_changed() {
    let (world, staff, lina) = a_ticket_taken(Platform::Telegram, StaffOn::TelegramGroup).await;
    let card = staff.fatou.channel.sees("En cours").await;
    staff
        .moussa
        .private
        .uses("resolve", &[("number", "1"), ("text", "Borne changée.")])
        .await;
    let report = lina.private.sees("Borne changée.").await;
    world.quiet().await;
    for (data, sentence) in [
        ("take:1", "Moussa Sarr a résolu le n° 1"),
        ("release:1", "Moussa Sarr a résolu le n° 1"),
        ("close:1", "Moussa Sarr s'occupe du n° 1"),
        ("take:18446744073709551615", "Je ne trouve pas de demande"),
        ("take:18446744073709551616", "Ce bouton n'existe pas"),
        ("take:-1", "Ce bouton n'existe pas"),
        ("\u{0}🤖 ' OR 1=1", "Ce bouton n'existe pas"),
        ("send", "C'est déjà envoyé : c'est le n° 1"),
        ("drop", "Il n'y a pas de demande en préparation"),
    ] {
        let answer = words(&staff.fatou.channel.forges(&card, data).await);
        assert!(answer.contains(sentence), "{data}: {answer}");
    }
    lina.private.presses(&report, "C'est réglé").await;
    lina.private.sees("Clôturé").await;
    world.quiet().await;
    lina.private.forges(&report, "reopen:1").await;
    lina.private.sees("est clôturé : il ne peut plus changer").await;
    let answer = words(&staff.fatou.channel.forges(&card, "comment:1").await);
    assert!(answer.contains("est clôturé"), "{answer}");
    let omar = Learner::known(&world, "Omar Fall", Platform::Telegram).await;
    let hello = omar.private.history();
    assert!(!hello.contains("wifi"), "{hello}");
    omar.private.says("Plus de son").await;
    let draft = omar.private.sees("Urgence").await;
    for data in ["view:1", "add:1", "comment:1", "surely:1", "confirm:1", "reopen:1"] {
        omar.private.forges(&draft, data).await;
        omar.private.sees("Je ne trouve pas de demande n° 1").await;
    }
    world.tables.all_went_well().await;
    assert_eq!(world.tables.events(1).await, "opened taken resolved confirmed");
    assert_eq!(world.count("tickets").await, 1);
}
