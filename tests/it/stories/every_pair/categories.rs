//! Categories with questions of their own, which an admin adds and whoever opens a ticket answers.

use guichet::domain::platform::Platform;
use guichet::sandbox::{Answer, Seen};

use super::{Pair, on_every_pair};

/// Awa adds a category, with a question that must be answered and another that may be.
async fn adds_category(pair: &Pair) {
    let awa = &pair.staff.awa.private;
    awa.uses("categories", &[]).await;
    let list = awa.sees(&pair.say("categories-how")).await;
    let fields = [
        ("field-categoryfr", "question-categoryfr", "Accès"),
        ("field-categoryen", "question-categoryen", "Access"),
        ("field-keywords", "question-keywords", "badge porte"),
    ];
    pair.fills(awa, &list, "button-category-new", &fields).await;
    let shown = awa.sees(&pair.say("category-saved")).await;
    pair.presses(awa, &shown, "button-questions").await;
    let list = awa.sees(&pair.say("questions-how")).await;
    let question = ("field-question", "question-question", "Quel est le numéro du badge ?");
    let shown = adds_question(pair, &list, "question-kind-short", &[question]).await;
    pair.presses(awa, &shown, "button-question-require").await;
    let shown = awa.sees(&pair.say("question-is-required")).await;
    pair.presses(awa, &shown, "button-questions-all").await;
    let list = awa.sees(&pair.say("questions-how")).await;
    let question = ("field-question", "question-question", "Quelle porte ?");
    let choices = ("field-choices", "question-choices", "Entrée\nSortie");
    adds_question(pair, &list, "question-kind-choice", &[question, choices]).await;
}

async fn adds_question(pair: &Pair, list: &Seen, kind: &str, fields: &[(&str, &str, &str)]) -> Seen {
    let awa = &pair.staff.awa.private;
    pair.presses(awa, list, "button-question-new").await;
    let kinds = awa.sees(&pair.say("question-which-kind")).await;
    pair.fills(awa, &kinds, kind, fields).await;
    awa.sees(&pair.say("canned-saved")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_category_asks_is_answered_and_read_by_the_team() {
    on_every_pair("category_with_questions", async |pair| {
        adds_category(pair).await;
        let lina = &pair.lina;
        lina.says("Mon badge n'ouvre plus la porte").await;
        let draft = lina.sees("Quel est le numéro du badge ?").await;
        pair.presses(lina, &draft, "button-send").await;
        if lina.platform() == Platform::Discord {
            lina.submits(&[("Quel est le numéro du badge ?", "4711")]).await;
        } else {
            lina.sees("Quel est le numéro du badge ?").await;
            lina.says("4711").await;
        }
        let draft = lina.sees("Quel est le numéro du badge ? · 4711").await;
        // What may be left open is answered where somebody wants to.
        if let Answer::Form { .. } = pair.presses(lina, &draft, "button-fill").await {
            lina.submits(&[("Quel est le numéro du badge ?", "4712")]).await;
        } else {
            lina.sees("Quel est le numéro du badge ?").await;
            lina.says("4712").await;
        }
        let asked = lina.sees("Quelle porte ?").await;
        lina.presses(&asked, "Sortie").await;
        let draft = lina.sees("Quelle porte ? · Sortie").await;
        assert!(draft.text.contains("· 4712"), "{draft:?}");
        pair.presses(lina, &draft, "button-send").await;
        lina.sees("1 · Mon badge").await;
        pair.staff.awa.private.sees("1 · Mon badge").await;
        let card = pair.staff.moussa.channel.sees("· 4712").await;
        assert!(card.text.contains("Quelle porte ? · Sortie"), "{card:?}");
        pair.world.quiet().await;
    })
    .await;
}
