//! What is told on each pair of platforms and in both languages, paragraph by paragraph: a ticket that is opened with a
//! picture or an album, files that go both ways, a canned reply.

use guichet::domain::account::Role;
use guichet::domain::language::Language;
use guichet::domain::platform::Platform;
use guichet::sandbox::Seen;

use crate::harness::{Chair, Learner, Office, StaffOn, World, office};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const PDF: &[u8] = b"%PDF-1.4";

/// The people of a story, on one pair, in one language.
struct Pair {
    world: World,
    staff: Office,
    lina: Chair,
    language: Language,
}

impl Pair {
    fn say(&self, id: &str) -> String {
        self.language.say(id, &[])
    }

    async fn presses(&self, chair: &Chair, on: &Seen, label: &str) {
        chair.presses(on, &self.say(label)).await;
    }

    /// How many files, as a draft says it.
    fn files(&self, count: u32) -> String {
        self.language.say("draft-files", &[("count", count.into())])
    }
}

/// Tells a story on every pair, and keeps what people read.
async fn on_every_pair(name: &str, story: impl AsyncFn(&Pair)) {
    for (learner_on, on) in [
        (Platform::Telegram, StaffOn::Discord),
        (Platform::Discord, StaffOn::TelegramTopics),
        (Platform::Discord, StaffOn::Discord),
        (Platform::Telegram, StaffOn::TelegramTopics),
    ] {
        for language in [Language::Fr, Language::En] {
            let world = World::open().await;
            let staff = office(&world, on, language.code()).await;
            let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, language.code(), Role::Learner).await;
            world.script.forget();
            let mut pair = Pair {
                world,
                staff,
                lina: lina.private,
                language,
            };
            story(&pair).await;
            pair.world.tables.all_went_well().await;
            pair.world.close().await;
            insta::with_settings!({ snapshot_suffix => format!("{learner_on:?}_to_{on:?}_{}", language.code()) }, {
                insta::assert_snapshot!(name, pair.world.script.text());
            });
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_opened_with_a_picture() {
    on_every_pair("opened_with_a_picture", async |pair| {
        let lina = &pair.lina;
        lina.sends("ecran.png", "image/png", PNG, "Mon écran est rayé").await;
        let draft = lina.sees(&pair.files(1)).await;
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
        let draft = lina.sees(&pair.files(2)).await;
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
