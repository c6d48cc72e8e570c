//! Tickets linked to each other and to pages elsewhere.

use guichet::domain::account::Role;
use guichet::domain::platform::Platform;
use guichet::sandbox::Answer;

use crate::harness::{Chair, Learner, Office, StaffOn, World, office, words};

/// The sentences and buttons of a story, in either language.
struct Phrases {
    send: &'static str,
    urgency: &'static str,
    added: &'static str,
    removed: &'static str,
    how: &'static str,
    duplicate: &'static str,
    blocks: &'static str,
    blocked: &'static str,
    duplicate_of: &'static str,
    add: &'static str,
    what: &'static str,
    field: &'static str,
    links: &'static str,
    remove: &'static str,
    already: &'static str,
    itself: &'static str,
    unknown: &'static str,
    no_target: &'static str,
    password: &'static str,
    too_many: &'static str,
    staff_only: &'static str,
    history: &'static str,
    details: &'static str,
}

const FRENCH: Phrases = Phrases {
    send: "Envoyer",
    urgency: "Urgence",
    added: "Le lien est ajouté au n° 1",
    removed: "Le lien est retiré du n° 1",
    how: "Qu'est-ce que le n° 1",
    duplicate: "Doublon de",
    blocks: "bloque le n° 2",
    blocked: "bloqué par le n° 1",
    duplicate_of: "doublon du n° 3",
    add: "Ajouter un lien",
    what: "À quoi lier le n° 1",
    field: "Numéro d'une demande, ou adresse https://",
    links: "Liens",
    remove: "Retirer ",
    already: "Ce lien existe déjà pour le n° 1",
    itself: "ne peut pas être lié à lui-même",
    unknown: "Je ne trouve pas de demande n° 99",
    no_target: "ni le numéro d'une demande",
    password: "contient un nom d'utilisateur",
    too_many: "déjà trop de liens",
    staff_only: "Seuls les techniciens",
    history: "Liens changés par Moussa Sarr · doublon du n° 3 → aucun lien",
    details: "Détails",
};
const ENGLISH: Phrases = Phrases {
    send: "Send",
    urgency: "Urgency",
    added: "The link is added to no. 1",
    removed: "The link is removed from no. 1",
    how: "What is no. 1",
    duplicate: "Duplicate of",
    blocks: "blocks no. 2",
    blocked: "blocked by no. 1",
    duplicate_of: "duplicate of no. 3",
    add: "Add a link",
    what: "What shall no. 1 be linked to",
    field: "Number of a request, or https:// address",
    links: "Links",
    remove: "Remove ",
    already: "This link is there already for no. 1",
    itself: "can't be linked to itself",
    unknown: "I can't find a request no. 99",
    no_target: "neither the number of a request",
    password: "There is a user name or a password",
    too_many: "too many links already",
    staff_only: "Only technicians",
    history: "Links changed by Moussa Sarr · duplicate of no. 3 → no link",
    details: "Details",
};

async fn opens(chair: &Chair, text: &str, number: u32, said: &Phrases) {
    chair.says(text).await;
    let draft = chair.sees(said.urgency).await;
    chair.presses(&draft, said.send).await;
    chair.sees(&format!("{number} · ")).await;
}

/// Answers what [Add a link] asks.
async fn gives(chair: &Chair, page: &guichet::sandbox::Seen, target: &str, said: &Phrases) {
    if let Answer::Form { .. } = chair.presses(page, said.add).await {
        chair.submits(&[(said.field, target)]).await;
    } else {
        chair.sees(said.what).await;
        chair.says(target).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_are_linked_by_technicians_on_discord() {
    linked(StaffOn::Discord, Platform::Telegram, "fr", &FRENCH).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_are_linked_by_technicians_on_telegram() {
    linked(StaffOn::TelegramTopics, Platform::Discord, "en", &ENGLISH).await;
}

async fn linked(on: StaffOn, learner_on: Platform, language: &str, said: &Phrases) {
    let mut world = World::open().await;
    let staff = office(&world, on, language).await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, language, Role::Learner).await;
    let omar = Learner::with_role(&world, "Omar Ly", learner_on, language, Role::Learner).await;
    let (lina, omar) = (&lina.private, &omar.private);
    opens(lina, "Le wifi tombe", 1, said).await;
    opens(lina, "Plus d'internet", 2, said).await;
    opens(omar, "Le wifi encore", 3, said).await;
    world.quiet().await;
    world.script.forget();
    let (moussa, number) = (&staff.moussa.private, ("number", "1"));

    moussa
        .uses("relate", &[number, ("relation", "blocks"), ("target", "2")])
        .await;
    let page = moussa.sees(said.added).await;
    assert!(page.text.contains(said.blocks), "{page:?}");
    let card = staff.moussa.channel.sees(said.blocked).await;
    assert!(card.text.contains("2 · Plus d'internet"), "{card:?}");
    // Without saying how: it is asked.
    gives(moussa, &page, "3", said).await;
    let how = moussa.sees(said.how).await;
    moussa.presses(&how, said.duplicate).await;
    let page = moussa.sees(said.added).await;
    assert!(page.text.contains(said.duplicate_of), "{page:?}");
    gives(moussa, &page, "https://wiki.exemple.org/a_b?x=1", said).await;
    let page = moussa.sees("🔗 https://wiki.exemple.org/a_b?x=1").await;
    are_refused(moussa, said).await;

    // Whoever asked reads of their own tickets, and of no others.
    world.quiet().await;
    lina.catches_up();
    omar.catches_up();
    lina.uses("show", &[number]).await;
    let shown = lina.sees("1 · Le wifi tombe").await;
    assert!(shown.text.contains(said.blocks), "{shown:?}");
    assert!(
        !shown.text.contains(said.duplicate_of) && !shown.text.contains("wiki"),
        "{shown:?}"
    );
    omar.uses("show", &[("number", "3")]).await;
    let shown = omar.sees("3 · Le wifi encore").await;
    assert!(
        !shown.text.contains(" 1\n") && !shown.text.contains("doubl"),
        "{shown:?}"
    );
    lina.uses("relate", &[number, ("target", "2")]).await;
    lina.sees(said.staff_only).await;

    moussa.presses(&page, said.details).await;
    let details = moussa.sees("🔗 https://wiki.exemple.org/a_b?x=1").await;
    assert!(details.text.contains(said.duplicate_of), "{details:?}");
    moussa.presses(&details, said.links).await;
    let page = moussa.sees(said.duplicate_of).await;
    let of_page = format!("{}wiki.exemple.org/a_b", said.remove);
    moussa.presses(&page, &of_page).await;
    let page = moussa.sees(said.removed).await;
    let third = page
        .buttons
        .iter()
        .find(|label| label.starts_with(said.remove) && label.ends_with('3'));
    moussa.presses(&page, &third.expect("a button").clone()).await;
    let page = moussa.sees(said.removed).await;
    assert!(
        page.text.contains(said.blocks) && !page.text.contains("wiki"),
        "{page:?}"
    );
    // An old button.
    let told = moussa.forges(&page, "unrelate:1:3").await;
    assert!(!matches!(told, Answer::Quiet) || on != StaffOn::Discord, "{told:?}");
    moussa.uses("history", &[number]).await;
    moussa.sees(said.history).await;
    // What is deleted is named nowhere.
    let awa = &staff.awa.private;
    awa.uses("show", &[("number", "2")]).await;
    let details = awa.sees(said.blocked).await;
    awa.forges(&details, "remove_surely:2").await;
    world.quiet().await;
    lina.catches_up();
    lina.uses("show", &[number]).await;
    let shown = lina.sees("1 · Le wifi tombe").await;
    assert!(!shown.text.contains(said.blocks), "{shown:?}");
    assert!(!staff.moussa.channel.history().contains(said.blocks));
    world.tables.all_went_well().await;
    let events = world.tables.events(3).await;
    assert_eq!(events, "opened related related");
    world.close().await;
    insta::with_settings!({ snapshot_suffix => language }, {
        insta::assert_snapshot!("linked", world.script.text());
    });
}

/// What can't be linked to.
async fn are_refused(moussa: &Chair, said: &Phrases) {
    let long = format!("https://exemple.org/{}", "x".repeat(1_100));
    for (target, why) in [
        ("relates 3", said.already),
        ("https://wiki.exemple.org/a_b?x=1", said.already),
        ("blocks 1", said.itself),
        ("blocks 99", said.unknown),
        ("javascript:alert(1)", said.no_target),
        ("https://exemple.org/a b", said.no_target),
        ("https://", said.no_target),
        ("https://lina:secret@exemple.org/", said.password),
        (&long, "1000"),
    ] {
        moussa.uses("relate", &[("number", "1"), ("target", target)]).await;
        moussa.sees(why).await;
    }
    for page in 1..=4 {
        let target = format!("https://é{page}.exemple.org");
        moussa.uses("relate", &[("number", "1"), ("target", &target)]).await;
        moussa.sees("https://xn--").await;
    }
    moussa
        .uses("relate", &[("number", "1"), ("target", "https://exemple.org/6")])
        .await;
    moussa.sees(said.too_many).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_link_the_same_tickets_at_once_one_is_told_that_they_are() {
    for on in [StaffOn::Discord, StaffOn::TelegramTopics] {
        let world = World::open().await;
        let staff = office(&world, on, "fr").await;
        let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
        for number in 1..=8 {
            lina.opens(&format!("Panne numéro {number} du poste"), number).await;
        }
        for pair in 0..4 {
            let (one, other) = (format!("{}", 2 * pair + 1), format!("{}", 2 * pair + 2));
            both_link(&staff, &one, &other).await;
        }
        world.tables.all_went_well().await;
        assert_eq!(world.count("ticket_links").await, 4);
        let lines = "SELECT COUNT(*) FROM history WHERE event = 'related'";
        assert_eq!(world.tables.number(lines).await, 8);
    }
}

/// Each says that theirs blocks the other's.
async fn both_link(staff: &Office, one: &str, other: &str) {
    let link = async |chair: &Chair, number: &str, target: &str| {
        let options = [("number", number), ("relation", "blocks"), ("target", target)];
        let told = words(&chair.uses("relate", &options).await);
        if told.is_empty() {
            return chair.sees("ien ").await.text;
        }
        told
    };
    let (moussa, fatou) = tokio::join!(
        link(&staff.moussa.private, one, other),
        link(&staff.fatou.private, other, one)
    );
    let refused = [&moussa, &fatou].map(|told| told.contains("Ce lien existe déjà"));
    assert!(refused[0] != refused[1], "{moussa}\n{fatou}");
}
