//! The history of a ticket, as staff read it.

use guichet::domain::account::Role;
use guichet::domain::platform::Platform;

use crate::harness::{Learner, StaffOn, World, office};

#[tokio::test(flavor = "multi_thread")]
async fn staff_on_discord_read_what_happened_to_a_ticket_page_by_page() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Telegram, "fr", Role::Learner).await;
    let card = lina.opens("Le wifi ne marche plus", 1).await;
    let (awa, moussa, fatou) = (&staff.awa.private, &staff.moussa.private, &staff.fatou.private);
    let number = ("number", "1");
    moussa.uses("take", &[number]).await;
    moussa.sees("En cours").await;
    lina.private.replies(&card, "Depuis hier").await;
    staff.moussa.thread(&world, 1).sees("Depuis hier").await;
    for (command, option, seen) in [
        ("urgency", ("urgency", "high"), "C'est changé"),
        ("category", ("category", "software"), "C'est changé"),
        ("note", ("text", "Le routeur du couloir ?"), "C'est noté"),
        ("ask", ("text", "Quelle salle ?"), "La question est envoyée"),
        ("handover", ("colleague", "fatou"), "confié à Fatou Ba"),
    ] {
        moussa.uses(command, &[number, option]).await;
        moussa.sees(seen).await;
    }
    let question = lina.private.sees("Quelle salle ?").await;
    lina.private.replies(&question, "La 12").await;
    staff.moussa.thread(&world, 1).sees("La 12").await;
    fatou.uses("resolve", &[number, ("text", "Routeur changé.")]).await;
    fatou.sees("est résolu").await;
    awa.uses("close", &[number]).await;
    awa.sees("🔒").await;
    world.quiet().await;
    world.script.forget();

    awa.uses("history", &[number]).await;
    let newest = awa.sees("Historique du n° 1").await;
    let closed = "Clôturée par Awa Diop · ✅ Résolu → 🔒 Clôturé · Discord";
    assert!(newest.text.contains(closed), "{newest:?}");
    assert!(!newest.text.contains("couloir"), "{newest:?}");
    awa.presses(&newest, "Plus ancien").await;
    let oldest = awa.sees("Ouverte par Lina Ndiaye · Telegram").await;
    assert!(oldest.text.contains("personne → Moussa Sarr"), "{oldest:?}");
    awa.presses(&oldest, "Plus récent").await;
    awa.sees("Clôturée par Awa Diop").await;
    // Whoever asked reads their card, and not who did what behind it.
    lina.private.uses("history", &[number]).await;
    lina.private.sees("Seuls les techniciens").await;
    world.tables.all_went_well().await;
    world.close().await;
    insta::assert_snapshot!("past_on_discord", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_on_telegram_read_the_history_from_the_details_of_a_ticket() {
    let mut world = World::open().await;
    let staff = office(&world, StaffOn::TelegramTopics, "en").await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", Platform::Discord, "en", Role::Learner).await;
    let there = &lina.private;
    there.says("The wifi is down").await;
    let draft = there.sees("Urgency").await;
    there.presses(&draft, "Send").await;
    there.sees("No. 1 · ").await;
    let (awa, moussa) = (&staff.awa.private, &staff.moussa.private);
    moussa.uses("urgency", &[("number", "1"), ("urgency", "low")]).await;
    moussa.sees("changed").await;
    awa.uses("delete", &[("number", "1")]).await;
    let surely = awa.sees("Delete request no. 1").await;
    awa.presses(&surely, "Yes, delete it").await;
    awa.sees("is deleted").await;
    world.quiet().await;
    world.script.forget();

    // Of what is deleted there is a history for admins alone.
    moussa.uses("history", &[("number", "1")]).await;
    moussa.sees("I can't find a request no. 1").await;
    awa.uses("show", &[("number", "1")]).await;
    let details = awa.sees("🗑️ Deleted").await;
    awa.presses(&details, "Restore").await;
    let details = awa.sees("is restored").await;
    awa.presses(&details, "History").await;
    let history = awa.sees("History of no. 1").await;
    for line in [
        "4. Restored by Awa Diop · 🗑️ Deleted → ⏳ Waiting · Telegram",
        "2. Urgency changed by Moussa Sarr · Medium → Low · Telegram",
        "1. Opened by Lina Ndiaye · Discord",
    ] {
        assert!(history.text.contains(line), "{line}: {history:?}");
    }
    awa.presses(&history, "Details").await;
    awa.sees("No. 1 · The wifi is down").await;
    world.tables.all_went_well().await;
    world.close().await;
    insta::assert_snapshot!("past_on_telegram", world.script.text());
}
