//! Words that are taken back, or whose place goes, while they are on their way.

use guichet::domain::platform::Platform;
use guichet::sandbox::discord::Fault as DiscordFault;
use guichet::sandbox::telegram::Fault as TelegramFault;
use guichet::sandbox::{Gate, Seen};
use serde_json::json;

use crate::harness::{Chair, Learner, Office, StaffOn, World, office};

/// The learner's platform, and the staff's place.
const PAIRS: [(Platform, StaffOn); 4] = [
    (Platform::Telegram, StaffOn::Discord),
    (Platform::Discord, StaffOn::TelegramTopics),
    (Platform::Discord, StaffOn::Discord),
    (Platform::Telegram, StaffOn::TelegramTopics),
];

/// Holds the next message that the bot writes on a platform, before it stands there or behind that.
fn holds(world: &World, on: Platform, after_effect: bool) -> Gate {
    let gate = Gate::default();
    let held = gate.clone();
    match on {
        Platform::Telegram => {
            let fault = TelegramFault::Hold {
                gate: held,
                after_effect,
            };
            world.telegram.faults().next("SendMessage", fault, 1);
        }
        Platform::Discord => {
            let fault = DiscordFault::Hold {
                gate: held,
                after_effect,
            };
            world.discord.faults().next("POST /channels", fault, 1);
        }
    }
    gate
}

/// Lina has a ticket that Moussa took, and both have said something.
struct Talk {
    world: World,
    staff: Office,
    lina: Chair,
    thread: Chair,
    /// What Moussa has of hers.
    relayed: Seen,
    /// What she has of his.
    told: Seen,
}

async fn talk(learner_on: Platform, on: StaffOn) -> Talk {
    let world = World::open().await;
    let staff = office(&world, on, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", learner_on).await;
    lina.opens("Le wifi tombe", 1).await;
    let lina = lina.private;
    staff.moussa.private.uses("take", &[("number", "1")]).await;
    let taken = lina.sees("s'occupe de votre demande").await;
    lina.replies(&taken, "Salle 3").await;
    let thread = staff.moussa.thread(&world, 1);
    let relayed = thread.sees("Salle 3").await;
    thread.replies(&relayed, "J'arrive").await;
    let told = lina.sees("J'arrive").await;
    world.quiet().await;
    Talk {
        world,
        staff,
        lina,
        thread,
        relayed,
        told,
    }
}

/// Somebody answers a message, and takes that back before the reader on the other side has it.
async fn takes_back_at_once(
    world: &World,
    (writer, to): (&Chair, &Seen),
    (reader, after_effect): (&Chair, bool),
    [slip, meant]: [&str; 2],
) {
    let gate = holds(world, reader.platform(), after_effect);
    let before = world.count("comments WHERE retracted_at IS NOT NULL").await;
    let written = writer.replies(to, slip).await;
    gate.reached().await;
    writer.takes_back(written, "/retirer").await;
    let retracted = "comments WHERE retracted_at IS NOT NULL";
    world.tables.until(retracted, before + 1).await;
    gate.open();
    world.quiet().await;
    assert!(!reader.history().contains(slip), "{}", reader.history());
    // Nothing is held up by it.
    writer.replies(to, meant).await;
    reader.sees(meant).await;
    world.quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_while_it_is_on_its_way_stands_nowhere_in_the_end() {
    for (learner_on, on) in PAIRS {
        for after_effect in [false, true] {
            let mut talk = talk(learner_on, on).await;
            let Talk {
                world, lina, thread, ..
            } = &talk;
            let said = ["mes clés sont sous le tapis", "Je serai là à midi"];
            takes_back_at_once(world, (lina, &talk.told), (thread, after_effect), said).await;
            let said = ["le code est sous le tapis", "Je passe à 14 h"];
            takes_back_at_once(world, (thread, &talk.relayed), (lina, after_effect), said).await;
            world.tables.all_went_well().await;
            let mut places = world.tables.places_of("sous le tapis").await;
            // What Telegram told is kept for a while.
            places.retain(|place| place != "inbox.raw");
            assert_eq!(places, [""; 0], "{learner_on:?} {on:?}");
            talk.world.close().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_its_way_into_a_topic_that_is_closed_by_hand_arrives_there() {
    for learner_on in [Platform::Telegram, Platform::Discord] {
        let mut talk = talk(learner_on, StaffOn::TelegramTopics).await;
        let Talk {
            world,
            staff,
            lina,
            thread,
            ..
        } = &talk;
        let gate = holds(world, Platform::Telegram, false);
        lina.replies(&talk.told, "Depuis ce matin").await;
        gate.reached().await;
        staff.place.closes_topic(1);
        gate.open();
        let relayed = thread.sees("Depuis ce matin").await;
        thread.replies(&relayed, "Je passe vous voir").await;
        lina.sees("Je passe vous voir").await;
        // It is closed already when the ticket is.
        let moussa = &staff.moussa.private;
        moussa
            .uses("resolve", &[("number", "1"), ("text", "Borne changée.")])
            .await;
        let report = lina.sees("Borne changée.").await;
        lina.presses(&report, "C'est réglé").await;
        thread.sees("est clôturée").await;
        world.quiet().await;
        assert_eq!(staff.place.group().topic_closed("1 · "), Some(true));
        assert_eq!(staff.place.group().topics().len(), 1);
        assert_eq!(thread.times("Depuis ce matin"), 1);
        world.tables.all_went_well().await;
        talk.world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_closed_topic_takes_nothing_there_is_another() {
    for learner_on in [Platform::Telegram, Platform::Discord] {
        let mut talk = talk(learner_on, StaffOn::TelegramTopics).await;
        let Talk { world, staff, lina, .. } = &talk;
        staff.place.closes_topic(1);
        world.quiet().await;
        // A bot that is no administrator is told so.
        let refused = TelegramFault::Answer {
            status: 400,
            body: json!({"ok": false, "error_code": 400, "description": "Bad Request: TOPIC_CLOSED"}),
        };
        world.telegram.faults().next("SendMessage", refused, 1);
        lina.replies(&talk.told, "Depuis ce matin").await;
        let group = staff.place.group();
        world.until("another topic", || group.topics().len() == 2).await;
        let thread = staff.fatou.thread(world, 1);
        let relayed = thread.sees("Depuis ce matin").await;
        thread.replies(&relayed, "Je passe vous voir").await;
        lina.sees("Je passe vous voir").await;
        world.quiet().await;
        assert_eq!(thread.times("Depuis ce matin"), 1);
        world.tables.all_went_well().await;
        talk.world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_is_on_its_way_into_a_thread_that_is_deleted_by_hand_stands_in_the_next_in_order() {
    for (learner_on, on) in PAIRS {
        let mut talk = talk(learner_on, on).await;
        let Talk {
            world,
            staff,
            lina,
            thread,
            ..
        } = &talk;
        let gate = holds(world, thread.platform(), false);
        lina.replies(&talk.told, "Depuis ce matin").await;
        gate.reached().await;
        lina.replies(&talk.told, "Et dans toute l'aile").await;
        world.tables.until("comments WHERE body LIKE '%aile'", 1).await;
        staff.place.deletes_thread(1);
        gate.open();
        let thread = staff.fatou.thread(world, 1);
        thread.sees("Depuis ce matin").await;
        let relayed = thread.sees("Et dans toute l'aile").await;
        thread.replies(&relayed, "Je passe vous voir").await;
        lina.sees("Je passe vous voir").await;
        world.quiet().await;
        let history = thread.history();
        assert!(
            history.find("Depuis ce matin") < history.find("toute l'aile"),
            "{history}"
        );
        assert_eq!(
            (thread.times("Depuis ce matin"), thread.times("toute l'aile")),
            (1, 1),
            "{history}"
        );
        world.tables.all_went_well().await;
        talk.world.close().await;
    }
}

/// Where another bot takes the place of ours, private chats on Telegram number their messages anew.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_with_the_number_of_an_earlier_one_is_relayed_and_followed() {
    let mut talk = talk(Platform::Telegram, StaffOn::Discord).await;
    let Talk {
        world, lina, thread, ..
    } = &talk;
    let said = lina.replies(&talk.told, "Depuis ce matin").await;
    thread.sees("Depuis ce matin").await;
    world.quiet().await;
    let next = said + 1;
    let renumber = format!(
        "UPDATE comment_sources SET message_id = '{next}', edited_at = '2030-01-01' WHERE message_id = '{said}'"
    );
    world.tables.change(&renumber).await;
    assert_eq!(lina.replies(&talk.told, "Et dans toute l'aile").await, next);
    thread.sees("Et dans toute l'aile").await;
    lina.sees_reaction(next, "👀", "👀").await;
    lina.edits(next, "Et dans tout l'étage");
    thread.sees("Et dans tout l'étage").await;
    assert_eq!(thread.times("Depuis ce matin"), 1, "{}", thread.history());
    world.tables.all_went_well().await;
    talk.world.close().await;
}
