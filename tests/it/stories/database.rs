//! The database restarts, hangs, is out of reach, or does not say whether it committed.

use guichet::domain::platform::Platform;

use crate::harness::{Learner, Moment, StaffOn, World, office};

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_never_reached_the_database_is_made_once() {
    one_commit_is_lost(Moment::Asked).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_is_made_once() {
    one_commit_is_lost(Moment::Answered).await;
}

async fn one_commit_is_lost(moment: Moment) {
    let (world, proxy) = World::open_behind_proxy().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.private.says("Le wifi tombe").await;
    let draft = lina.private.sees("Urgence").await;
    world.quiet().await;
    proxy.cut_next_commit(moment);
    lina.private.presses(&draft, "Envoyer").await;
    let card = "Un technicien va s'en occuper";
    lina.private.sees(card).await;
    staff.moussa.channel.sees("Le wifi tombe").await;
    world.quiet().await;
    world.tables.all_went_well().await;
    assert_eq!(world.count("tickets").await, 1);
    // A transaction that came to nothing has used a number up.
    assert_eq!(world.count("history").await, 1);
    assert_eq!(lina.private.times(card), 1, "{}", lina.private.history());
    assert_eq!(staff.moussa.channel.times("Le wifi tombe"), 1);
    assert_eq!(staff.awa.private.times("Le wifi tombe"), 1);
}
