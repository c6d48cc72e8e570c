//! People who are quicker than what is written down about the words that they answer: the platform shows a message
//! before it has said so.

use guichet::domain::platform::Platform;
use guichet::sandbox::Gate;
use guichet::sandbox::telegram::Fault;

use crate::harness::{Learner, Office, StaffOn, World, office};

/// Lina and the staff, one of them on Telegram.
async fn people(learner_on: Platform, staff_on: StaffOn) -> (World, Office, Learner) {
    let world = World::open().await;
    let staff = office(&world, staff_on, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", learner_on).await;
    (world, staff, lina)
}

/// Telegram carries the next such request out, and says so when the gate is opened.
fn is_slow_to_say(world: &World, method: &str) -> Gate {
    let gate = Gate::default();
    let fault = Fault::Hold {
        gate: gate.clone(),
        after_effect: true,
    };
    world.telegram.faults().next(method, fault, 1);
    gate
}

/// What somebody wrote is not answered yet, although what came later is: it is not known what it speaks of. Then it is.
async fn is_understood(world: &World, staff: &Office, words: &str, gate: &Gate) {
    let update = format!("inbox WHERE raw LIKE '%{words}%'");
    world.tables.until(&update, 1).await;
    staff.awa.private.says("/start").await;
    staff.awa.private.sees("Bonjour Awa").await;
    assert_eq!(world.count(&format!("{update} AND handled_at IS NULL")).await, 1);
    gate.open();
    world.tables.until(&format!("comments WHERE body = '{words}'"), 1).await;
    world.tables.all_went_well().await;
}

async fn comments(world: &World) -> Vec<String> {
    let comments = "SELECT CONCAT(kind, ': ', body) FROM comments ORDER BY id";
    world.tables.texts(comments).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_requesters_answer_goes_to_its_ticket() {
    let (world, staff, lina) = people(Platform::Telegram, StaffOn::Discord).await;
    lina.opens("Le wifi tombe", 1).await;
    world.quiet().await;
    let gate = is_slow_to_say(&world, "SendMessage");
    let private = &staff.moussa.private;
    private
        .uses("reply", &[("number", "1"), ("text", "Quelle salle")])
        .await;
    let question = lina.private.sees("Quelle salle").await;
    lina.private.replies(&question, "La salle 12").await;
    is_understood(&world, &staff, "La salle 12", &gate).await;
    assert_eq!(
        comments(&world).await,
        ["comment: Quelle salle", "comment: La salle 12"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_the_requester_is_no_note() {
    let (world, staff, lina) = people(Platform::Discord, StaffOn::TelegramTopics).await;
    lina.opens("Le wifi tombe", 1).await;
    world.quiet().await;
    let gate = is_slow_to_say(&world, "SendMessage");
    lina.private
        .uses("reply", &[("number", "1"), ("text", "Salle 12")])
        .await;
    let thread = staff.moussa.thread(&world, 1);
    let relayed = thread.sees("Salle 12").await;
    thread.replies(&relayed, "Tout de suite").await;
    is_understood(&world, &staff, "Tout de suite", &gate).await;
    assert_eq!(comments(&world).await, ["comment: Salle 12", "comment: Tout de suite"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_in_a_topic_is_kept() {
    let (world, staff, lina) = people(Platform::Discord, StaffOn::TelegramTopics).await;
    let gate = is_slow_to_say(&world, "CreateForumTopic");
    lina.opens("Le wifi tombe", 1).await;
    gate.reached().await;
    staff.moussa.thread(&world, 1).says("Borne morte").await;
    is_understood(&world, &staff, "Borne morte", &gate).await;
    assert_eq!(comments(&world).await, ["note: Borne morte"]);
}
