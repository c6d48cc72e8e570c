//! Who chooses to be told of each change, once an hour, or of nothing; and in which chat.

use chrono::TimeDelta;
use guichet::domain::platform::Platform;

use super::{Pair, on_every_pair};

/// Lina chooses how soon she is told.
async fn chooses(pair: &Pair, label: &str, done: &str) {
    pair.lina.uses("notify", &[]).await;
    let choice = pair.lina.sees(&pair.say("notify-heading")).await;
    pair.presses(&pair.lina, &choice, label).await;
    pair.lina.sees(&pair.say(done)).await;
    pair.world.quiet().await;
}

/// Moussa writes to her, and reads what becomes of that.
async fn answers(pair: &Pair, words: &str, pace: &'static str) {
    let moussa = &pair.staff.moussa.private;
    moussa.uses("reply", &[("number", "1"), ("text", words)]).await;
    let named = [("name", "Lina Ndiaye".into()), ("pace", pace.into())];
    moussa.sees(&pair.about_with("done-commented", &named)).await;
}

/// Until so much is gathered for the hour, and nothing else is to be told.
async fn gathered(pair: &Pair, rows: i64) {
    pair.world.tables.until("outbox WHERE dest LIKE '%:digest'", rows).await;
    pair.world.tables.until("outbox", rows).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_told_once_an_hour_never_or_of_each_change() {
    on_every_pair("told_as_chosen", async |pair| {
        pair.taken().await;
        let (lina, moussa) = (&pair.lina, &pair.staff.moussa.private);
        chooses(pair, "button-pace-hourly", "pace-hourly").await;
        answers(pair, "J'arrive avec une borne", "hourly").await;
        let high = [("number", "1"), ("urgency", "high")];
        moussa.uses("urgency", &high).await;
        moussa.sees(&pair.about("done-changed")).await;
        gathered(pair, 2).await;
        // What waits for her answer does not wait for the hour.
        moussa.uses("ask", &[("number", "1"), ("text", "Quelle salle ?")]).await;
        let asked = lina.sees("Quelle salle ?").await;
        lina.replies(&asked, "La salle 12").await;
        pair.thread().sees("La salle 12").await;
        assert_eq!(lina.times("J'arrive avec une borne"), 0, "{}", lina.history());
        gathered(pair, 2).await;
        pair.world.clock.advance(TimeDelta::minutes(61));
        lina.sees(&pair.language.say("digest", &[("count", 2.into())])).await;
        pair.world.quiet().await;

        chooses(pair, "button-pace-never", "pace-never").await;
        answers(pair, "La borne est commandée", "never").await;
        pair.world.quiet().await;
        pair.world.clock.advance(TimeDelta::hours(2));
        pair.world.quiet().await;
        lina.sees_nothing_else();
        lina.uses("show", &[("number", "1")]).await;
        lina.sees("La borne est commandée").await;

        chooses(pair, "button-pace-each", "pace-each").await;
        answers(pair, "Elle est posée", "each").await;
        lina.sees("Elle est posée").await;
        pair.world.quiet().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_can_t_be_reached_in_one_chat_is_told_in_the_other() {
    on_every_pair("told_in_the_other_chat", async |pair| {
        pair.taken().await;
        let (lina, thread) = (&pair.lina, pair.thread());
        let other = match pair.learner_on {
            Platform::Telegram => Platform::Discord,
            Platform::Discord => Platform::Telegram,
        };
        let elsewhere = pair.also_on(other, "lina.nd", "lina.ndiaye@exemple.org").await.private;
        lina.uses("me", &[]).await;
        lina.sees("lina.nd").await;
        answers(pair, "J'arrive avec une borne", "each").await;
        lina.sees("J'arrive avec une borne").await;
        pair.world.quiet().await;
        pair.person.shuts_bot_out();
        pair.world.quiet().await;
        answers(pair, "Êtes-vous en salle 12 ?", "each").await;
        let told = elsewhere.sees("Êtes-vous en salle 12 ?").await;
        elsewhere.replies(&told, "Oui, jusqu'à midi").await;
        let relayed = thread.sees("Oui, jusqu'à midi").await;
        // From now on that is where she writes.
        thread.replies(&relayed, "Alors à midi").await;
        elsewhere.sees("Alors à midi").await;
        pair.world.quiet().await;
        assert_eq!((lina.times("Alors à midi"), thread.times("⚠️")), (0, 0));
        pair.person.lets_bot_in();
        lina.uses("tickets", &[]).await;
        lina.sees("1 · ").await;
        elsewhere.uses("notify", &[]).await;
        let choice = elsewhere.sees(&pair.say("notify-heading")).await;
        pair.presses(&elsewhere, &choice, "button-told-everywhere").await;
        elsewhere.sees(&pair.say("me-told-everywhere")).await;
        answers(pair, "La borne est posée", "each").await;
        for chat in [lina, &elsewhere] {
            chat.sees("La borne est posée").await;
        }
        pair.world.quiet().await;
    })
    .await;
}
