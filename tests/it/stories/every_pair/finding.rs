//! Lists with their filters and pages, and search, by button and by command.

use guichet::domain::account::{Actor, Role};
use guichet::domain::ids::CategoryId;
use guichet::domain::text::{Description, Title};
use guichet::domain::ticket::Urgency;
use guichet::sandbox::Seen;
use guichet::service::open::open;
use guichet::store::tickets::NewTicket;

use super::{Pair, on_every_pair};
use crate::harness::Chair;

/// Twelve tickets of Lina's, without a word to anybody.
async fn twelve(pair: &Pair) {
    let lina = pair.world.actor("Lina Ndiaye", Role::Learner).await;
    for number in 1..=12 {
        opens(pair, &lina, number).await;
    }
    pair.world.quiet().await;
    pair.lina.catches_up();
    pair.staff.moussa.channel.catches_up();
}

async fn opens(pair: &Pair, by: &Actor, number: usize) {
    let title = format!("Souci {number}");
    let new = NewTicket {
        title: Title::parse(&title).expect("a title"),
        description: Description::parse(&title).expect("a description"),
        urgency: Urgency::ALL[number % 3],
        category: CategoryId(u64::try_from(number % 2 + 1).expect("a category")),
        answers: Vec::new(),
        files: Vec::new(),
    };
    let mut tx = pair.world.store.begin().await.expect("a transaction");
    open(&mut tx, by, &new, false).await.expect("a ticket");
    tx.commit().await.expect("a commit");
}

/// Presses what leads from a list to another.
async fn leads(pair: &Pair, chair: &Chair, list: &Seen, label: &str, to: &str) -> Seen {
    pair.presses(chair, list, label).await;
    chair.sees(to).await
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_are_found_by_page_by_filter_and_by_their_words() {
    on_every_pair("found", async |pair| {
        let (lina, moussa) = (&pair.lina, &pair.staff.moussa.private);
        lina.uses("tickets", &[]).await;
        lina.sees(&pair.language.say("list-mine", &[("count", 0.into())])).await;
        twelve(pair).await;
        lina.uses("tickets", &[]).await;
        let list = lina.sees("Souci 12").await;
        leads(pair, lina, &list, "button-after", "Souci 2").await;
        lina.uses("search", &[("words", "souci 7")]).await;
        lina.sees("Souci 7").await;

        moussa.uses("queue", &[]).await;
        let list = moussa.sees("Souci 2").await;
        let next = leads(pair, moussa, &list, "button-after", "Souci 12").await;
        let list = leads(pair, moussa, &next, "button-before", "Souci 2").await;
        let high = [("choice", pair.say("urgency-high").into())];
        let high = pair.language.say("button-filter-urgency", &high);
        moussa.presses(&list, &high).await;
        let list = moussa.sees("Souci 8").await;
        leads(pair, moussa, &list, "button-list-team", "Souci 1").await;
        moussa.uses("search", &[("words", "SOUCI 7")]).await;
        let found = moussa.sees("Souci 7").await;
        let number = found.buttons.first().expect("a ticket").clone();
        moussa.presses(&found, &number).await;
        moussa.sees("7 · Souci 7").await;
        pair.world.quiet().await;
    })
    .await;
}
