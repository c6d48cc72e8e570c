//! Words between the team and whoever asked, with the signs that they were kept, delivered, read.

use guichet::domain::platform::Platform;

use super::on_every_pair;
use crate::harness::StaffOn;

#[tokio::test(flavor = "multi_thread")]
async fn whoever_writes_sees_that_it_is_delivered_read_and_done() {
    on_every_pair("signs", async |pair| {
        let own = pair.taken().await;
        let lina = &pair.lina;
        let said = lina.replies(&own, "C'est la salle 12").await;
        let thread = pair.thread();
        let relayed = thread.sees("C'est la salle 12").await;
        lina.sees_reaction(said, "👀", "👀").await;
        pair.world.quiet().await;
        thread.reacts(&relayed, "👀");
        lina.sees_reaction(said, "👌", "👌").await;
        thread.reacts(&relayed, "👍");
        lina.sees_reaction(said, "👍", "✅").await;
        let answered = thread.replies(&relayed, "J'arrive avec une borne").await;
        let answer = lina.sees("J'arrive avec une borne").await;
        thread.sees_reaction(answered, "👀", "👀").await;
        pair.world.quiet().await;
        // In a private chat on Telegram the bot is told of no reaction.
        if lina.platform() == Platform::Discord {
            lina.reacts(&answer, "👍");
            thread.sees_reaction(answered, "👍", "✅").await;
        }
    })
    .await;
}

/// By button, by command, and in answer to what was relayed; what is written beside stays in the team.
#[tokio::test(flavor = "multi_thread")]
async fn the_team_answers_by_button_by_command_and_by_reply() {
    on_every_pair("answers", async |pair| {
        let own = pair.taken().await;
        let (lina, moussa) = (&pair.lina, &pair.staff.moussa);
        let thread = pair.thread();
        let card = moussa.channel.sees(&pair.say("status-in-progress")).await;
        moussa
            .channel
            .presses_and_writes(&card, &pair.say("button-reply"), "Quelle salle, au juste ?")
            .await;
        let told = lina.sees("Quelle salle, au juste ?").await;
        lina.replies(&told, "La salle 12").await;
        let relayed = thread.sees("La salle 12").await;
        thread.says("Entre nous : encore la borne 3").await;
        let answer = [("number", "1"), ("text", "Je regarde la borne")];
        moussa.private.uses("reply", &answer).await;
        lina.sees("Je regarde la borne").await;
        thread.replies(&relayed, "J'arrive dans dix minutes").await;
        lina.sees("J'arrive dans dix minutes").await;
        moussa
            .channel
            .presses_and_writes(&card, &pair.say("button-note"), "Garantie échue")
            .await;
        thread.sees("Garantie échue").await;
        pair.world.quiet().await;
        lina.presses_and_writes(&own, &pair.say("button-add"), "Et la salle 13")
            .await;
        thread.sees("Et la salle 13").await;
        pair.world.quiet().await;
        let read = lina.history();
        assert!(!read.contains("borne 3") && !read.contains("Garantie"), "{read}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_delivered_is_told_with_the_reason_and_arrives_later() {
    on_every_pair("not_delivered", async |pair| {
        let own = pair.taken().await;
        let (lina, awa) = (&pair.lina, &pair.staff.awa);
        // The team's place first.
        pair.staff.place.throws_bot_out();
        let said = lina.replies(&own, "C'est la salle 12").await;
        lina.sees_reaction(said, "🕊", "📨").await;
        lina.sees("⚠️").await;
        awa.private.sees("⚠️").await;
        pair.world.quiet().await;
        assert!(!lina.reactions(said).contains(&"👀".to_owned()));
        pair.staff.place.takes_bot_back();
        if pair.on == StaffOn::Discord {
            awa.channel.uses("setup", &[]).await;
        }
        let relayed = pair.thread().sees("C'est la salle 12").await;
        lina.sees_reaction(said, "👀", "👀").await;
        pair.world.quiet().await;
        // Then whoever asked.
        pair.person.shuts_bot_out();
        pair.world.quiet().await;
        let thread = pair.thread();
        let answered = thread.replies(&relayed, "J'arrive avec une borne").await;
        thread.sees("⚠️").await;
        thread.sees_reaction(answered, "🕊", "📨").await;
        pair.world.quiet().await;
        assert!(!thread.reactions(answered).contains(&"👀".to_owned()));
        pair.person.lets_bot_in();
        lina.uses("tickets", &[]).await;
        lina.sees("J'arrive avec une borne").await;
        thread.sees_reaction(answered, "👀", "👀").await;
        pair.world.quiet().await;
        assert_eq!(lina.times("J'arrive avec une borne"), 1, "{}", lina.history());
    })
    .await;
}

/// Discord takes no more than ten megabytes from a bot; Telegram more.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_too_large_for_the_other_side_is_told_of_on_both() {
    on_every_pair("too_large", async |pair| {
        let own = pair.taken().await;
        let (lina, thread) = (&pair.lina, pair.thread());
        let large = vec![b'x'; 11 << 20];
        let film = ("film.mp4", "video/mp4", &large[..]);
        lina.answers_with(&own, film, "On l'y voit tomber").await;
        let relayed = thread.sees("On l'y voit tomber").await;
        pair.world.quiet().await;
        for unread in lina.unread() {
            lina.looks_at(&unread, "").await;
        }
        let film = ("remede.mp4", "video/mp4", &large[..]);
        thread.answers_with(&relayed, film, "Faites comme ceci").await;
        lina.sees("Faites comme ceci").await;
        pair.world.quiet().await;
        for unread in thread.unread() {
            thread.looks_at(&unread, "").await;
        }
        let (here, there) = (lina.history(), thread.history());
        let is_told = |history: &str, name: &str| history.contains(&format!("{name} (11 "));
        assert_eq!(is_told(&there, "film.mp4"), pair.on == StaffOn::Discord, "{there}");
        assert_eq!(
            is_told(&here, "remede.mp4"),
            lina.platform() == Platform::Discord,
            "{here}"
        );
        thread.sees_files_below();
        lina.sees_files_below();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canned_reply_is_seen_and_sent() {
    on_every_pair("canned_reply", async |pair| {
        let (lina, moussa) = (&pair.lina, &pair.staff.moussa);
        let canned =
            "INSERT INTO canned_replies (name, body) VALUES ('Patience', '{name} : {number}, {title}. {technician}')";
        pair.world.tables.change(canned).await;
        lina.says("Le wifi tombe").await;
        let draft = lina.sees("Le wifi tombe").await;
        pair.presses(lina, &draft, "button-send").await;
        lina.sees("1 · Le wifi tombe").await;
        moussa.private.uses("take", &[("number", "1")]).await;
        lina.sees("Moussa Sarr").await;
        moussa
            .private
            .uses("canned", &[("number", "1"), ("canned", "patience")])
            .await;
        let filled = "Lina Ndiaye : 1, Le wifi tombe. Moussa Sarr";
        let preview = moussa.private.sees(filled).await;
        pair.world.quiet().await;
        assert_eq!(lina.times(filled), 0);
        pair.presses(&moussa.private, &preview, "button-send").await;
        lina.sees(filled).await;
        moussa.thread(&pair.world, 1).sees(filled).await;
    })
    .await;
}
