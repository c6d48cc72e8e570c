//! Text that means mischief, in every free field and on both platforms: the other side reads it as it was written,
//! nobody is pinged, and the platforms take every message.

use guichet::domain::platform::Platform;
use guichet::domain::text::clean;
use guichet::sandbox::{Answer, Seen};

use crate::harness::{Chair, Learner, StaffOn, World, office};

/// Lines, as many fields take them.
const LINES: &str = "@everyone @here <@&1> <@1>\n<b onclick=\"x()\">gras</b> &lt;i&gt; <script>alert(1)</script>\n\
    [x](javascript:alert(1)) https://exemple.org/a_b_c\n# titre\n> citation\n- *a* **b** __c__ ~~d~~ ||e|| `f`\n\
    1. ' OR 1=1-- %n{} %s {0} { $name } \\* \\\\\n\u{202E}gauche\u{202C} nul\0 son\u{7} fin\n```\nle reste";

/// One line, as names and titles are.
const NAME: &str = "Bob'; DROP TABLE-- <b>@everyone</b> <@&1> *_[x](javascript:a) `%n{}\u{202E}\0";

/// A name that pretends to be a picture's.
const FILE: &str = "```@everyone <b> *x* ' OR 1=1-- cod\u{202E}gnp.exe";

/// The lines, each of them literally there. On Telegram a mark that nobody sees stands behind an `@`, so that no
/// namesake is pinged.
fn shows(seen: &Seen, text: &str) {
    let shown = seen.text.replace('\u{2060}', "");
    assert!(!seen.text.contains(['\u{202E}', '\0', '\u{7}']), "{seen:?}");
    for line in clean(text).lines() {
        assert!(shown.contains(line.trim()), "{line:?} is not in:\n{shown}");
    }
}

/// The lines, with an end by which to know them again.
fn lines(end: &str) -> String {
    format!("{LINES}\n{end}")
}

async fn sees_lines(chair: &Chair, end: &str) -> Seen {
    let seen = chair.sees(end).await;
    shows(&seen, &lines(end));
    seen
}

/// Changes the draft's title, by form or by question.
async fn retitles(chair: &Chair, draft: &Seen, title: &str) {
    if let Answer::Form { .. } = chair.presses(draft, "Modifier").await {
        chair.submits(&[("Titre", title)]).await;
        return;
    }
    chair.sees("Quel titre").await;
    chair.says(title).await;
    let asked = chair.sees("Et la description").await;
    shows(&asked, LINES);
    chair.presses(&asked, "Garder").await;
}

async fn mischief(learner_on: Platform, staff_on: StaffOn) {
    let mut world = World::open().await;
    let staff = office(&world, staff_on, "fr").await;
    world.script.forget();
    let bob = Learner::new(&world, "@everyone <b>", learner_on, "fr").private;
    bob.says(LINES).await;
    bob.sees("Quel est votre nom").await;
    bob.says(NAME).await;
    bob.sees("e-mail").await;
    bob.says("'or'1=1--*_`@exemple.org").await;
    let draft = bob.sees("Nouvelle demande").await;
    shows(&draft, LINES);
    retitles(&bob, &draft, NAME).await;
    let draft = bob.sees("Urgence").await;
    shows(&draft, NAME);
    shows(&draft, LINES);
    bob.sends(FILE, "application/octet-stream", b"x", LINES).await;
    let draft = bob.sees("1 fichier").await;
    bob.presses(&draft, "Envoyer").await;
    let card = bob.sees("N° 1").await;
    shows(&card, NAME);
    shows(&card, LINES);

    let moussa = &staff.moussa.channel;
    let card = moussa.sees("N° 1").await;
    shows(&card, NAME);
    shows(&card, LINES);
    moussa.presses(&card, "Prendre").await;
    let taken = bob.sees("s'occupe de votre demande").await;
    assert!(taken.text.contains("Bob'; DROP TABLE"), "{taken:?}");
    let card = moussa.sees("En cours").await;
    let thread = staff.moussa.thread(&world, 1);

    // The question, and its answer.
    moussa
        .presses_and_writes(&card, "Demander une précision", &lines("la question"))
        .await;
    let question = sees_lines(&bob, "la question").await;
    sees_lines(&thread, "la question").await;
    let card = moussa.sees("En attente d'informations").await;
    bob.replies(&question, &lines("sa réponse")).await;
    let relayed = sees_lines(&thread, "sa réponse").await;
    shows(&relayed, NAME);

    // Words in the thread for either side, and from the card.
    let told = thread.replies(&relayed, &lines("du fil")).await;
    thread.sees_reaction(told, "👀", "👀").await;
    sees_lines(&bob, "du fil").await;
    moussa
        .presses_and_writes(&card, "Note interne", &lines("la note"))
        .await;
    sees_lines(&thread, "la note").await;
    moussa
        .presses_and_writes(&card, "Répondre", &lines("de la carte"))
        .await;
    sees_lines(&bob, "de la carte").await;
    sees_lines(&thread, "de la carte").await;

    // The report, and why it is not over.
    moussa.presses_and_writes(&card, "Résoudre", &lines("le rapport")).await;
    let report = sees_lines(&bob, "le rapport").await;
    sees_lines(&thread, "le rapport").await;
    bob.presses_and_writes(&report, "Toujours en panne", &lines("la raison"))
        .await;
    let reason = sees_lines(&thread, "la raison").await;
    shows(&reason, NAME);
    moussa.uses("show", &[("number", "1")]).await;
    let private = &staff.moussa.private;
    let details = if staff_on == StaffOn::Discord { moussa } else { private };
    let details = details.sees("la raison").await;
    shows(&details, NAME);
    let options = if learner_on == Platform::Discord {
        [("numéro", "1"), ("texte", "@everyone *x* ' OR 1=1-- <b>")]
    } else {
        [("number", "1"), ("text", "@everyone *x* ' OR 1=1-- <b>")]
    };
    bob.uses("repondre", &options).await;
    bob.sees("C'est ajouté").await;
    thread.sees("everyone *x* ' OR 1=1-- <b>").await;
    bob.uses("tickets", &[]).await;
    let list = bob.sees("Vos demandes en cours").await;
    assert!(list.text.contains("Bob'; DROP TABLE-- <b>@"), "{list:?}");

    world.is_settled().await;
    world.close().await;
    let pings = world.discord.pings();
    assert!(pings.is_empty(), "{pings:?}");
    assert_eq!(world.count("attachments").await, 1);
    let shown = format!("{}{}", moussa.history(), thread.history());
    let named: Vec<_> = shown.lines().filter(|line| line.contains("gnp.exe")).collect();
    assert!(!named.is_empty(), "{shown}");
    assert!(named.iter().all(|line| !line.contains('\u{202E}')), "{named:?}");
    assert_eq!(world.count("inbox WHERE cause IS NOT NULL").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn mischief_from_telegram_is_only_text_on_discord() {
    mischief(Platform::Telegram, StaffOn::Discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mischief_from_discord_is_only_text_in_telegram_topics() {
    mischief(Platform::Discord, StaffOn::TelegramTopics).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mischief_within_telegram_is_only_text() {
    mischief(Platform::Telegram, StaffOn::TelegramGroup).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mischief_within_discord_is_only_text() {
    mischief(Platform::Discord, StaffOn::Discord).await;
}
