//! The whole way of a ticket, on every pair of platforms, in both languages, as snapshots of the conversation.

use guichet::domain::platform::Platform;
use guichet::sandbox::Answer;

use crate::harness::{Learner, StaffOn, World, office};

#[tokio::test(flavor = "multi_thread")]
async fn telegram_to_discord_in_french() {
    whole_way(Platform::Telegram, StaffOn::Discord, "fr").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn discord_to_telegram_topics_in_french() {
    whole_way(Platform::Discord, StaffOn::TelegramTopics, "fr").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn telegram_to_a_telegram_group_in_english() {
    whole_way(Platform::Telegram, StaffOn::TelegramGroup, "en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn discord_to_discord_in_english() {
    whole_way(Platform::Discord, StaffOn::Discord, "en").await;
}

/// The words of the story, in one language.
struct Words {
    problem: &'static str,
    send: &'static str,
    take: &'static str,
    taken: &'static str,
    ask: &'static str,
    question: &'static str,
    answer: &'static str,
    awaiting: &'static str,
    in_progress: &'static str,
    resolve: &'static str,
    report: &'static str,
    still: &'static str,
    reason: &'static str,
    confirm: &'static str,
    closed: &'static str,
    confirmed: &'static str,
    details: &'static str,
}

const FRENCH: Words = Words {
    problem: "Mon chargeur ne marche plus",
    send: "Envoyer",
    take: "Prendre",
    taken: "s'occupe de votre demande",
    ask: "Demander une précision",
    question: "Quel modèle avez-vous ?",
    answer: "Un ThinkPad T480",
    awaiting: "En attente d'informations",
    in_progress: "En cours",
    resolve: "Résoudre",
    report: "Chargeur échangé, salle B12.",
    still: "Toujours en panne",
    reason: "Il chauffe encore",
    confirm: "C'est réglé",
    closed: "Clôturé",
    confirmed: "confirme que c'est réglé",
    details: "Détails",
};

const ENGLISH: Words = Words {
    problem: "My charger is broken",
    send: "Send",
    take: "Take",
    taken: "is taking care of your request",
    ask: "Ask for details",
    question: "Which model do you have?",
    answer: "A ThinkPad T480",
    awaiting: "Waiting for information",
    in_progress: "In progress",
    resolve: "Resolve",
    report: "Charger replaced, room B12.",
    still: "Still broken",
    reason: "It still gets hot",
    confirm: "It's fixed",
    closed: "Closed",
    confirmed: "confirms that it's fixed",
    details: "Details",
};

async fn whole_way(learner_on: Platform, staff_on: StaffOn, language: &str) {
    let words = if language == "fr" { FRENCH } else { ENGLISH };
    let mut world = World::open().await;
    let staff = office(&world, staff_on, language).await;
    let lina = Learner::new(&world, "Lina Ndiaye", learner_on, language);
    if learner_on == Platform::Discord && language == "en" {
        // Discord does not tell the language of who writes a message.
        lina.private.uses("language", &[("language", "English")]).await;
        lina.private.sees("I speak English").await;
    }
    lina.private.says(words.problem).await;
    lina.signs_up("Lina Ndiaye", "lina@exemple.org", language).await;
    let draft = lina.private.sees(words.problem).await;
    lina.private.presses(&draft, words.send).await;
    lina.private.sees(" 1 · ").await;

    let card = staff.moussa.channel.sees(words.problem).await;
    staff.awa.private.sees(words.problem).await;
    staff.moussa.channel.presses(&card, words.take).await;
    lina.private.sees(words.taken).await;
    let card = staff.moussa.channel.sees(words.in_progress).await;

    staff
        .moussa
        .channel
        .presses_and_writes(&card, words.ask, words.question)
        .await;
    let question = lina.private.sees(words.question).await;
    staff.moussa.channel.sees(words.awaiting).await;
    lina.private.replies(&question, words.answer).await;
    let thread = staff.moussa.thread(&world, 1);
    let relayed = thread.sees(words.answer).await;
    let answered = thread.replies(&relayed, "Merci !").await;
    thread.sees_reaction(answered, "👀", "👀").await;
    lina.private.sees("Merci !").await;
    let card = staff.fatou.channel.sees(words.in_progress).await;
    if let Answer::Message(_) = staff.fatou.channel.presses(&card, words.details).await {
        staff.fatou.channel.sees(words.answer).await;
    }

    staff
        .moussa
        .channel
        .presses_and_writes(&card, words.resolve, words.report)
        .await;
    let report = lina.private.sees(words.report).await;
    lina.private
        .presses_and_writes(&report, words.still, words.reason)
        .await;
    thread.sees(words.reason).await;
    let card = staff.moussa.channel.sees(words.in_progress).await;
    staff
        .moussa
        .channel
        .presses_and_writes(&card, words.resolve, words.report)
        .await;
    let report = lina.private.sees(words.report).await;
    lina.private.presses(&report, words.confirm).await;
    lina.private.sees(words.closed).await;
    staff.fatou.channel.sees(words.closed).await;
    thread.sees(words.confirmed).await;
    world.quiet().await;
    world.close().await;
    assert_eq!(world.count("outbox").await, 0);
    assert_eq!(world.count("dead_letters").await, 0);
    insta::with_settings!({ snapshot_suffix => format!("{learner_on:?}-{staff_on:?}-{language}") }, {
        insta::assert_snapshot!("whole_way", world.script.text());
    });
}
