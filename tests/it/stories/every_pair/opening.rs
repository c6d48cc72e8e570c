//! Opening by command, by voice, for somebody, from a message's menu, and more often than is allowed.

use std::num::NonZeroU32;

use chrono::TimeDelta;
use guichet::domain::platform::Platform;
use guichet::sandbox::Answer;

use super::{Pair, on_every_pair};
use crate::harness::{Chair, StaffOn, Wordless};

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_opened_by_command_or_by_voice() {
    on_every_pair("opened_by_command_or_by_voice", async |pair| {
        let lina = &pair.lina;
        let words = "Le clavier colle";
        if lina.platform() == Platform::Discord {
            let form = lina.uses("ticket", &[("urgency", "high")]).await;
            assert!(matches!(form, Answer::Form { .. }), "{form:?}");
            let (title, description) = (pair.say("field-title"), pair.say("field-description"));
            lina.submits(&[(&title, words), (&description, "Depuis ce matin")])
                .await;
        } else {
            lina.says(&format!("/ticket {words}")).await;
            let draft = lina.sees(words).await;
            pair.presses(lina, &draft, "button-send").await;
        }
        lina.sees(&format!("1 · {words}")).await;
        pair.staff.awa.private.sees(words).await;
        pair.staff.moussa.channel.sees(words).await;
        // A voice alone wants a few words.
        lina.sends_wordless(Wordless::Voice).await;
        let asked = pair.language.say("draft-needs-words-files", &[("count", 1.into())]);
        lina.sees(&asked).await;
        lina.says("L'écran fait ce bruit").await;
        let draft = lina.sees("L'écran fait ce bruit").await;
        pair.presses(lina, &draft, "button-send").await;
        lina.sees("2 · L'écran fait ce bruit").await;
        pair.staff.awa.private.sees("L'écran fait ce bruit").await;
        let channel = &pair.staff.moussa.channel;
        channel.sees("L'écran fait ce bruit").await;
        pair.world.quiet().await;
        channel.sees_files_below();
        assert_eq!(channel.times(".ogg"), 1, "{}", channel.history());
    })
    .await;
}

/// Moussa and Lina in a channel on Discord, where they are both known, and where a ticket is opened from a message.
async fn in_the_hall(pair: &Pair) -> (Chair, Chair) {
    let hall = pair.world.discord.channel("general");
    let so_far = pair.world.script.text();
    let moussa = if pair.on == StaffOn::Discord {
        pair.staff.moussa.beside(&pair.world, &hall)
    } else {
        let other = pair.also_on(Platform::Discord, "moussa.s", "moussa@exemple.org").await;
        other.person.beside(&pair.world, &hall)
    };
    let lina = if pair.learner_on == Platform::Discord {
        pair.person.beside(&pair.world, &hall)
    } else {
        let other = pair
            .also_on(Platform::Discord, "lina.nd", "lina.ndiaye@exemple.org")
            .await;
        other.person.beside(&pair.world, &hall)
    };
    // Where they wrote last they are told.
    for chair in [&pair.staff.moussa.private, &pair.lina] {
        chair.uses("myday", &[]).await;
        chair.sees(&pair.say("day-free")).await;
    }
    pair.world.script.back_to(&so_far);
    (moussa, lina)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_opened_from_the_menu_of_somebodys_message() {
    on_every_pair("opened_from_a_message", async |pair| {
        let (moussa, lina) = in_the_hall(pair).await;
        let said = lina
            .sends("ecran.png", "image/png", b"png", "Mon écran est noir @everyone")
            .await;
        moussa.picks(&pair.say("menu-open"), said).await;
        let name = [("name", "Lina Ndiaye".into())];
        let draft = moussa.sees(&pair.language.say("draft-for", &name)).await;
        pair.presses(&moussa, &draft, "button-send").await;
        moussa.sees("1 (Mon écran est noir").await;
        let told = pair.lina.sees("1 (Mon écran est noir").await;
        pair.staff.awa.private.sees("Mon écran est noir").await;
        pair.staff.moussa.channel.sees("Mon écran est noir").await;
        pair.lina.replies(&told, "Il fume, même").await;
        pair.thread().sees("Il fume, même").await;
        pair.world.quiet().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_opens_many_waits_a_little_and_loses_nothing() {
    on_every_pair("opened_too_often", async |pair| {
        pair.world.close().await;
        pair.world.most = NonZeroU32::new(1);
        pair.world.start().await;
        let lina = &pair.lina;
        pair.sends("Le clavier colle").await;
        lina.sees("1 · Le clavier colle").await;
        pair.world.quiet().await;
        lina.says("L'écran est noir").await;
        let draft = lina.sees("L'écran est noir").await;
        pair.presses(lina, &draft, "button-send").await;
        let refused = lina.sees("10 minutes").await;
        pair.world.clock.advance(TimeDelta::minutes(11));
        pair.presses(lina, &refused, "button-send").await;
        lina.sees("2 · L'écran est noir").await;
        pair.world.quiet().await;
        // Or it goes to a ticket that is open.
        lina.says("Et la souris").await;
        let draft = lina.sees("Et la souris").await;
        pair.presses(lina, &draft, "button-send").await;
        let refused = lina.sees("10 minutes").await;
        let add = pair.language.say("button-add-to", &[("number", "1".into())]);
        lina.presses(&refused, &add).await;
        pair.thread().sees("Et la souris").await;
        pair.world.quiet().await;
    })
    .await;
}
