//! Platforms that enforce their limits, and a desk that has a great deal to tell.

use guichet::domain::ids::{IdentityId, TicketId};
use guichet::domain::platform::Platform;
use guichet::outbox::pacing::Pacing;
use guichet::store::outbox::{self, Notice};

use crate::harness::{Learner, StaffOn, World, office};

const PEOPLE: usize = 50;
const NOTICES_EACH: usize = 3;

/// A desk with as many notices for people on Telegram as take several seconds, closed.
async fn with_many_notices() -> (World, Learner) {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.opens("Le wifi tombe", 1).await;
    let card = staff.moussa.channel.sees("N° 1 · ").await;
    staff.moussa.channel.presses(&card, "Prendre").await;
    lina.private.sees("s'occupe de votre demande").await;
    let people: Vec<Learner> = (0..PEOPLE)
        .map(|number| Learner::new(&world, &format!("Personne {number}"), Platform::Telegram, "fr"))
        .collect();
    for person in &people {
        person.private.says("/start").await;
    }
    world.quiet().await;
    world.close().await;
    // Of a ticket its requester is told, in whichever chat.
    let chats =
        "UPDATE identities SET account_id = (SELECT requester_id FROM tickets) WHERE display_name LIKE 'Personne%'";
    world.tables.change(chats).await;
    let ids = world
        .tables
        .texts("SELECT CAST(id AS CHAR) FROM identities WHERE display_name LIKE 'Personne%'")
        .await;
    let notices: Vec<Notice> = ids
        .iter()
        .flat_map(|id| std::iter::repeat_n(IdentityId(id.parse().expect("an id")), NOTICES_EACH))
        .map(|identity| Notice::Person {
            identity,
            ticket: TicketId(1),
            seq: 2,
            everywhere: false,
            gathered: false,
        })
        .collect();
    assert_eq!(notices.len(), PEOPLE * NOTICES_EACH);
    let mut tx = world.store.begin().await.expect("a transaction");
    outbox::insert(&mut tx, &notices).await.expect("notices");
    tx.commit().await.expect("a commit");
    (world, lina)
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_writes_is_answered_while_many_notices_wait() {
    let (mut world, lina) = with_many_notices().await;
    let before = world.telegram.requests().len();
    world.telegram.faults().limits(true);
    world.discord.faults().limits(true);
    world.pacing = Pacing::platforms();
    world.start().await;
    lina.private.says("La souris aussi").await;
    lina.private.sees("Urgence").await;
    let waiting = world.count("outbox").await;
    world.tables.all_went_well().await;
    let all = i64::try_from(PEOPLE * NOTICES_EACH).expect("a number");
    assert!(
        waiting > all / 2,
        "only {waiting} of {all} were waiting behind the answer"
    );
    let requests = world.telegram.requests().split_off(before);
    let sent = requests.iter().filter(|call| call.method == "sendMessage");
    assert!(sent.clone().count() > PEOPLE * NOTICES_EACH);
    assert_eq!(sent.filter(|call| call.status == 429).count(), 0);
}
