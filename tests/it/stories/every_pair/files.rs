//! Files: with what opens a ticket, and both ways afterwards.

use super::on_every_pair;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const PDF: &[u8] = b"%PDF-1.4";

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_opened_with_a_picture() {
    on_every_pair("opened_with_a_picture", async |pair| {
        let lina = &pair.lina;
        lina.sends("ecran.png", "image/png", PNG, "Mon écran est rayé").await;
        let draft = lina
            .sees(&pair.language.say("draft-files", &[("count", 1.into())]))
            .await;
        pair.presses(lina, &draft, "button-send").await;
        lina.sees("1 · Mon écran est rayé").await;
        let card = pair.staff.moussa.channel.sees("1 · Mon écran est rayé").await;
        assert_eq!(card.files.len(), 1, "{card:?}");
        pair.staff.awa.private.sees("1 · Mon écran est rayé").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_opened_with_an_album() {
    on_every_pair("opened_with_an_album", async |pair| {
        let lina = &pair.lina;
        let album = [
            ("devis.pdf", "application/pdf", PDF),
            ("facture.pdf", "application/pdf", PDF),
        ];
        lina.sends_all(&album, "La facture est fausse").await;
        let draft = lina
            .sees(&pair.language.say("draft-files", &[("count", 2.into())]))
            .await;
        pair.presses(lina, &draft, "button-send").await;
        lina.sees("1 · La facture est fausse").await;
        let channel = &pair.staff.moussa.channel;
        channel.sees("1 · La facture est fausse").await;
        pair.staff.awa.private.sees("1 · La facture est fausse").await;
        pair.world.quiet().await;
        for place in [channel, &pair.staff.awa.private] {
            place.sees_files_below();
            assert_eq!(
                (place.times("devis.pdf"), place.times("facture.pdf")),
                (1, 1),
                "{}",
                place.history()
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_both_ways() {
    on_every_pair("files_both_ways", async |pair| {
        let (lina, moussa) = (&pair.lina, &pair.staff.moussa);
        lina.says("Le devis est faux").await;
        let draft = lina.sees("Le devis est faux").await;
        pair.presses(lina, &draft, "button-send").await;
        let card = lina.sees("1 · Le devis est faux").await;
        moussa.private.uses("take", &[("number", "1")]).await;
        lina.sees("Moussa Sarr").await;
        lina.answers_with(&card, ("devis.pdf", "application/pdf", PDF), "Le voici")
            .await;
        let thread = moussa.thread(&pair.world, 1);
        let relayed = thread.sees("Le voici").await;
        thread
            .answers_with(&relayed, ("juste.pdf", "application/pdf", PDF), "En voici un autre")
            .await;
        lina.sees("En voici un autre").await;
        pair.world.quiet().await;
        thread.sees_files_below();
        lina.sees_files_below();
        assert_eq!(thread.times("devis.pdf"), 1, "{}", thread.history());
        assert_eq!(lina.times("juste.pdf"), 1, "{}", lina.history());
    })
    .await;
}
