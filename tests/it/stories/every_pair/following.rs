//! What is closed goes on in another ticket: by the button, or in answer to what is closed.

use guichet::sandbox::{Answer, Seen};

use super::{Pair, TITLE, on_every_pair};

/// What happens now.
const AGAIN: &str = "Il retombe sans arrêt";

fn numbered(pair: &Pair, id: &str, number: &'static str) -> String {
    pair.language.say(id, &[("number", number.into())])
}

/// Both cards of the new ticket say what it follows, and both of the first one what follows it.
async fn is_shown_on_both(pair: &Pair, own: &Seen) {
    pair.world.quiet().await;
    let (lina, channel) = (&pair.lina, &pair.staff.moussa.channel);
    let (heading, follows) = (format!("2 · {AGAIN}"), numbered(pair, "follows", "1"));
    for place in [lina, channel] {
        let card = place.sees(&heading).await;
        assert!(card.text.contains(&follows), "{card:?}");
    }
    let followed = numbered(pair, "followed-by", "2");
    lina.looks_at(own, &followed).await;
    let older = channel.sees(&followed).await;
    assert!(older.text.contains(TITLE), "{older:?}");
    let links = "SELECT CONCAT(ticket_id, ' ', kind, ' ', other_id) FROM ticket_links";
    assert_eq!(pair.world.tables.texts(links).await, ["2 follows 1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_closed_goes_on_in_another_by_button() {
    on_every_pair("followed_by_button", async |pair| {
        let own = pair.opened().await;
        let lina = &pair.lina;
        pair.presses(lina, &own, "button-withdraw").await;
        let sure = lina.sees(&pair.about("withdraw-sure")).await;
        pair.presses(lina, &sure, "button-withdraw-yes").await;
        pair.world.quiet().await;
        let closed = lina.looks_at(&sure, &pair.say("status-closed")).await;
        if let Answer::Form { .. } = pair.presses(lina, &closed, "button-follow").await {
            let (title, description) = (pair.say("field-title"), pair.say("field-description"));
            let fields = [(title.as_str(), AGAIN), (description.as_str(), "Depuis ce matin")];
            lina.submits(&fields).await;
        } else {
            lina.sees(&pair.about("follow-write")).await;
            lina.says(AGAIN).await;
            let draft = lina.sees(AGAIN).await;
            assert!(draft.text.contains(&numbered(pair, "follows", "1")), "{draft:?}");
            pair.presses(lina, &draft, "button-send").await;
        }
        is_shown_on_both(pair, &closed).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_to_a_closed_ticket_goes_on_in_another() {
    on_every_pair("followed_by_answer", async |pair| {
        let own = pair.taken().await;
        let (lina, moussa) = (&pair.lina, &pair.staff.moussa.private);
        let report = [("number", "1"), ("text", "Borne remplacée")];
        moussa.uses("resolve", &report).await;
        let resolved = lina.sees("Borne remplacée").await;
        pair.presses(lina, &resolved, "button-confirm").await;
        pair.world.quiet().await;
        let closed = lina.looks_at(&resolved, &pair.say("status-closed")).await;
        lina.replies(&own, AGAIN).await;
        let draft = lina.sees(&numbered(pair, "kept-for-follow", "1")).await;
        let follows = numbered(pair, "follows", "1");
        assert!(draft.text.contains(AGAIN) && draft.text.contains(&follows), "{draft:?}");
        pair.presses(lina, &draft, "button-send").await;
        is_shown_on_both(pair, &closed).await;
    })
    .await;
}
