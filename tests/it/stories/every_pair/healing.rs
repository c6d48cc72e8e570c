//! Threads, topics and cards that somebody deletes or closes by hand are there again when they are needed.

use super::{TITLE, on_every_pair};
use crate::harness::StaffOn;

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_deleted_or_closed_by_hand_is_there_again() {
    on_every_pair("healed", async |pair| {
        let own = pair.taken().await;
        let (lina, fatou, place) = (&pair.lina, &pair.staff.fatou, &pair.staff.place);
        let answers = async |from: &str, answer: &str| {
            let thread = fatou.thread(&pair.world, 1);
            let relayed = thread.sees(from).await;
            thread.replies(&relayed, answer).await;
            lina.sees(answer).await;
            pair.world.quiet().await;
        };
        // A thread that was archived, or a topic that was closed.
        match pair.on {
            StaffOn::Discord => place.channel().archives_threads(),
            _ => place.closes_topic(1),
        }
        lina.replies(&own, "Depuis ce matin").await;
        answers("Depuis ce matin", "Je regarde").await;
        // One that was deleted.
        place.deletes_thread(1);
        lina.replies(&own, "Et dans toute l'aile").await;
        answers("Et dans toute l'aile", "Je passe vous voir").await;
        // The card.
        let card = fatou.channel.sees(&pair.say("status-in-progress")).await;
        fatou.channel.deletes(&card);
        fatou
            .private
            .uses("urgency", &[("number", "1"), ("urgency", "high")])
            .await;
        fatou.private.sees(&pair.about("done-changed")).await;
        lina.sees(&pair.say("urgency-high")).await;
        let card = fatou.channel.sees(&pair.say("urgency-high")).await;
        assert!(card.text.contains(TITLE), "{card:?}");
        pair.world.quiet().await;
        // The thread of the card that is gone is still the ticket's.
        lina.replies(&own, "Au sous-sol aussi").await;
        answers("Au sous-sol aussi", "Bien noté").await;
        let threads = match &pair.on {
            StaffOn::Discord => place.channel().threads().len(),
            _ => place.group().topics().len(),
        };
        assert_eq!(threads, 1);
        // One's own.
        lina.deletes(&own);
        lina.uses("show", &[("number", "1")]).await;
        let own = lina.sees(&format!("1 · {TITLE}")).await;
        let moussa = &pair.staff.moussa;
        let card = moussa.channel.sees(&pair.say("urgency-high")).await;
        pair.presses(&moussa.channel, &card, "button-release").await;
        lina.looks_at(&own, &pair.say("status-waiting")).await;
        pair.world.quiet().await;
    })
    .await;
}
