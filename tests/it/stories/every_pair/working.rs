//! What the team does with a ticket between taking and closing it, beside what [the whole life](super::super::whole_life)
//! tells.

use guichet::domain::language::Language;

use super::{Pair, TITLE, on_every_pair};

const NUMBER: (&str, &str) = ("number", "1");

/// Moussa does something, Lina reads of it, and it is shown.
async fn does(pair: &Pair, (command, option): (&str, Option<(&str, &str)>), done: &str, told: Option<&str>) {
    let options: Vec<_> = [NUMBER].into_iter().chain(option).collect();
    let moussa = &pair.staff.moussa.private;
    moussa.uses(command, &options).await;
    moussa.sees(done).await;
    if let Some(told) = told {
        pair.lina.sees(told).await;
    }
    pair.world.quiet().await;
    // Her card, which shows it too.
    pair.lina.catches_up();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_team_changes_is_told_to_whoever_asked() {
    on_every_pair("worked_on", async |pair| {
        let own = pair.taken().await;
        pair.sends("L'imprimante aussi").await;
        pair.lina.sees("2 · L'imprimante aussi").await;
        pair.world.quiet().await;
        let changed = pair.about("done-changed");
        let release = ("release", None);
        does(
            pair,
            release,
            &pair.say("status-waiting"),
            Some(&pair.about("told-released")),
        )
        .await;
        let taken = pair.by_moussa("told-taken");
        does(pair, ("take", None), TITLE, Some(&taken)).await;
        let software = Some(("category", "logiciel"));
        // As it was called before: her card does not say that any more.
        let network = match pair.language {
            Language::Fr => "Réseau",
            Language::En => "Network",
        };
        does(pair, ("category", software), &changed, Some(network)).await;
        let words = Some(("text", "Trois bornes sont éteintes"));
        does(pair, ("describe", words), &changed, None).await;
        let blocks = [NUMBER, ("relation", "blocks"), ("target", "2")];
        let (moussa, lina) = (&pair.staff.moussa, &pair.lina);
        moussa.private.uses("relate", &blocks).await;
        moussa.private.sees(&pair.about("done-linked")).await;
        let page = Some(("target", "https://exemple.org/wifi"));
        does(pair, ("relate", page), "🔗 https://exemple.org/wifi", None).await;
        let linked = pair.language.say("linked-blocks", &[("number", "2".into())]);
        lina.looks_at(&own, &linked).await;
        moussa.channel.catches_up();
        let who_reads = [("name", "Lina Ndiaye".into()), ("pace", "each".into())];
        let resolved = pair.about_with("done-resolved", &who_reads);
        let reopened = pair.about_with("done-reopened", &[("by", "team".into())]);
        let words = Some(("text", "Bornes remplacées"));
        does(pair, ("resolve", words), &resolved, Some("Bornes remplacées")).await;
        let words = Some(("text", "La deuxième ne répond pas"));
        does(pair, ("reopen", words), &reopened, Some("La deuxième ne répond pas")).await;
        let words = Some(("text", "Les trois répondent"));
        does(pair, ("resolve", words), &resolved, Some("Les trois répondent")).await;
        does(
            pair,
            ("close", None),
            &pair.say("status-closed"),
            Some(&pair.about("told-closed")),
        )
        .await;
        // Its title last: what is closed keeps it.
        let retitle = [NUMBER, ("text", "Wifi de la salle 12")];
        moussa.private.uses("title", &retitle).await;
        moussa.private.sees(&pair.about("refused-closed")).await;
        let card = moussa.channel.sees(TITLE).await;
        assert!(card.text.contains(&pair.say("status-closed")), "{card:?}");
        lina.looks_at(&own, &pair.say("status-closed")).await;
        moussa.private.uses("history", &[NUMBER]).await;
        moussa.private.sees("1. ").await;
        pair.thread().sees("Les trois répondent").await;
        pair.world.quiet().await;
    })
    .await;
}
