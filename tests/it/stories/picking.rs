//! « Ouvrir un ticket », from the menu of a message on Discord.

use guichet::domain::account::Role;
use guichet::domain::platform::Platform;
use guichet::sandbox::discord::Channel;
use guichet::sandbox::{Answer, Seen};

use crate::harness::{AnySeat, Chair, Learner, Office, StaffOn, World, office, words};

/// What people read, in their language.
struct Words {
    menu: &'static str,
    for_lina: &'static str,
    send: &'static str,
    opened: &'static str,
    told: &'static str,
    by: &'static str,
    draft: &'static str,
    card: &'static str,
    refused: &'static str,
    stranger: &'static str,
    unknown: &'static str,
}

const FRENCH: Words = Words {
    menu: "Ouvrir un ticket",
    for_lina: "Pour Lina Ndiaye",
    send: "Envoyer",
    opened: "est ouverte pour Lina Ndiaye",
    told: "Moussa Sarr a ouvert pour vous la demande n° 1",
    by: "ouverte par Moussa Sarr",
    draft: "Nouvelle demande",
    card: "N° 2 · Le wifi aussi",
    refused: "Seuls les techniciens peuvent ouvrir une demande pour quelqu'un d'autre",
    stranger: "Je ne connais pas encore Omar Sy",
    unknown: "Je ne vous connais pas encore",
};

const ENGLISH: Words = Words {
    menu: "Open a ticket",
    for_lina: "For Lina Ndiaye",
    send: "Send",
    opened: "is open for Lina Ndiaye",
    told: "Moussa Sarr has opened request no. 1",
    by: "opened by Moussa Sarr",
    draft: "New request",
    card: "No. 2 · Le wifi aussi",
    refused: "Only technicians can open a request for somebody else",
    stranger: "I don't know Omar Sy yet",
    unknown: "I don't know you yet",
};

/// A channel where Moussa and Lina are beside others.
struct Desk {
    world: World,
    staff: Office,
    hall: Channel,
    moussa: Chair,
    lina: Chair,
    lina_private: Chair,
    omar: Chair,
}

impl Desk {
    async fn open(language: &str) -> Self {
        let world = World::open().await;
        let staff = office(&world, StaffOn::Discord, language).await;
        let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Discord, language, Role::Learner).await;
        let omar = Learner::new(&world, "Omar Sy", Platform::Discord, language);
        let hall = world.discord.channel("general");
        let moussa = staff.moussa.beside(&world, &hall);
        world.script.forget();
        Self {
            moussa,
            lina: lina.person.beside(&world, &hall),
            lina_private: lina.private,
            omar: omar.person.beside(&world, &hall),
            world,
            staff,
            hall,
        }
    }
}

fn shown(answer: &Answer) -> &Seen {
    match answer {
        Answer::Message(seen) => seen,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_becomes_its_authors_ticket_by_its_menu() {
    for (language, words) in [("fr", FRENCH), ("en", ENGLISH)] {
        let mut desk = Desk::open(language).await;
        let Desk {
            world,
            staff,
            moussa,
            lina,
            lina_private,
            omar,
            ..
        } = &desk;
        let said = lina
            .sends(
                "écran.png",
                "image/png",
                b"png",
                "Mon écran est noir @everyone **vite**",
            )
            .await;
        moussa.picks(words.menu, said).await;
        let draft = moussa.sees(words.for_lina).await;
        moussa.presses(&draft, words.send).await;
        moussa.sees(words.opened).await;
        lina_private.sees(words.told).await;
        let card = staff.moussa.channel.sees(words.by).await;
        assert_eq!(card.files, ["écran.png"], "{card:?}");
        // Of one's own message it is one's own.
        let said = lina.says("Le wifi aussi").await;
        lina.picks(words.menu, said).await;
        let draft = lina.sees(words.draft).await;
        lina.presses(&draft, words.send).await;
        lina.sees(words.card).await;
        lina_private.sees(words.card).await;
        // Nobody opens anything for others but the team, and for nobody whom the desk does not know.
        let said = moussa.says("Je regarde").await;
        lina.picks(words.menu, said).await;
        lina.sees(words.refused).await;
        let said = omar.says("Et le mien ?").await;
        moussa.picks(words.menu, said).await;
        moussa.sees(words.stranger).await;
        let answer = omar.picks(words.menu, said).await;
        assert!(crate::harness::words(&answer).contains(words.unknown), "{answer:?}");
        world.quiet().await;
        let requesters = "SELECT a.name FROM tickets t JOIN accounts a ON a.id = t.requester_id ORDER BY t.id";
        assert_eq!(world.tables.texts(requesters).await, ["Lina Ndiaye", "Lina Ndiaye"]);
        world.tables.history_adds_up().await;
        world.tables.all_went_well().await;
        desk.world.close().await;
        insta::with_settings!({ snapshot_suffix => language }, {
            insta::assert_snapshot!("by_its_menu", desk.world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_message_it_is_somebody_reads_what_to_do() {
    let desk = Desk::open("fr").await;
    let Desk {
        world,
        staff,
        hall,
        moussa,
        lina,
        lina_private,
        ..
    } = &desk;
    let menu = FRENCH.menu;
    // Of an application, which is the desk itself or another.
    staff.moussa.private.says("bonjour").await;
    let own = staff.moussa.private.sees("Bonjour").await;
    lina_private.says("Mon clavier est cassé").await;
    let draft = lina_private.sees("Urgence").await;
    lina_private.presses(&draft, "Envoyer").await;
    lina_private.sees("N° 1").await;
    let card = staff.moussa.channel.sees("N° 1").await;
    let answer = staff.moussa.channel.picks(menu, card.message_id).await;
    assert!(words(&answer).contains("vient d'une application"), "{answer:?}");
    let answer = moussa.picks(menu, hall.hears_webhook("Build failed")).await;
    assert!(words(&answer).contains("vient d'une application"), "{answer:?}");
    // In private there is no such menu.
    let AnySeat::Discord(seat) = &staff.moussa.private.seat else {
        panic!("Moussa writes on Discord");
    };
    assert!(seat.uses_message_command(menu, own.message_id).await.is_err());
    // Without anything to read.
    let answer = moussa.picks(menu, lina.says("").await).await;
    assert!(words(&answer).contains("ni texte ni fichier"), "{answer:?}");
    // A file alone wants words, in a form.
    let answer = moussa
        .picks(menu, lina.sends("a.png", "image/png", b"png", "").await)
        .await;
    let draft = shown(&answer);
    assert!(
        draft.text.contains("votre fichier") && draft.text.contains("Pour Lina Ndiaye"),
        "{draft:?}"
    );
    let form = moussa.presses(draft, "Modifier").await;
    assert_eq!(words(&form), "Modifier la demande · Lina Ndiaye");
    moussa
        .submits(&[("Titre", "Écran noir"), ("Description", "Voir la photo")])
        .await;
    let draft = moussa.sees("Voir la photo").await;
    moussa.presses(&draft, "Envoyer").await;
    moussa.sees("La demande n° 2 (Écran noir) est ouverte").await;
    // As long as Discord lets people write; and whatever it is.
    for text in [
        "a".repeat(4_000),
        "# titre\n> citation ||x|| `y` <@1> <@&2> <script>\u{202E}\0".to_owned(),
        "/take 1".to_owned(),
        "🙂".repeat(1_000),
    ] {
        let answer = moussa.picks(menu, lina.says(&text).await).await;
        let draft = shown(&answer);
        if text.starts_with('🙂') {
            assert!(draft.text.contains("en quelques mots"), "{draft:?}");
            moussa.presses(draft, "Annuler").await;
            continue;
        }
        moussa.presses(draft, "Envoyer").await;
        moussa.sees("est ouverte pour Lina Ndiaye").await;
    }
    // A draft for one takes nothing of another; nor is anything of it lost.
    let answer = moussa.picks(menu, lina.says("Mon écran est noir").await).await;
    assert!(shown(&answer).text.contains("Pour Lina Ndiaye"));
    let answer = moussa.picks(menu, moussa.says("Le mien aussi").await).await;
    assert!(
        words(&answer).contains("Une autre demande est déjà en préparation"),
        "{answer:?}"
    );
    moussa.presses(shown(&answer), "Envoyer").await;
    moussa.sees("(Mon écran est noir) est ouverte").await;
    // Who is disabled.
    let disable = "UPDATE accounts SET disabled_at = NOW(6) WHERE name = 'Lina Ndiaye'";
    world.tables.change(disable).await;
    let answer = moussa.picks(menu, lina.says("Encore").await).await;
    assert!(words(&answer).contains("est désactivé"), "{answer:?}");
    world.quiet().await;
    world.tables.history_adds_up().await;
    world.tables.all_went_well().await;
}
