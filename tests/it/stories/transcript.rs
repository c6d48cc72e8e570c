//! A whole ticket in a file, for those who may read it, and with no more in it than they may.

use std::path::PathBuf;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use guichet::domain::account::{Role, TheirTickets};
use guichet::domain::permission::Permit;
use guichet::domain::platform::Platform;
use guichet::domain::text::Email;
use guichet::service::deletion;
use guichet::store::accounts::find_by_email;

use crate::harness::{COMPUTER, Chair, Chromium, Learner, PHONE, StaffOn, World, office, words};

/// One pixel.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/// The page with these words that lies where files are kept: what the file that somebody was sent holds.
pub(super) fn page_with(world: &World, words: &str) -> String {
    let kept = std::fs::read_dir(world.files.path()).unwrap();
    let pages = kept.filter_map(|file| std::fs::read_to_string(file.unwrap().path()).ok());
    let mut found: Vec<String> = pages.filter(|page| page.contains(words)).collect();
    assert_eq!(found.len(), 1, "pages with {words}");
    found.remove(0)
}

fn forget_pages(world: &World) {
    for file in std::fs::read_dir(world.files.path()).unwrap() {
        let path = file.unwrap().path();
        if std::fs::read_to_string(&path).is_ok_and(|page| page.starts_with("<!DOCTYPE html>")) {
            std::fs::remove_file(path).unwrap();
        }
    }
}

/// The sentences of a story, in either language.
struct Phrases {
    send: &'static str,
    urgency: &'static str,
    begun: &'static str,
    noted: &'static str,
    coming: &'static str,
    privately: &'static str,
    here: &'static str,
    button: &'static str,
    left_out: &'static str,
    lost: &'static str,
    staff_only: &'static str,
    closed: &'static str,
    unknown: &'static str,
}

const FRENCH: Phrases = Phrases {
    send: "Envoyer",
    urgency: "Urgence",
    begun: "s'occupe de votre demande",
    noted: "C'est noté",
    coming: "arrive ici, en un fichier",
    privately: "vous arrive en privé",
    here: "Voici la transcription du n° 1",
    button: "Transcription",
    left_out: "serait trop gros pour être envoyé",
    lost: "cette pièce jointe est introuvable",
    staff_only: "Pour l'équipe seulement",
    closed: "Clôturée le",
    unknown: "Je ne trouve pas de demande n° 1",
};
const ENGLISH: Phrases = Phrases {
    send: "Send",
    urgency: "Urgency",
    begun: "is taking care of your request",
    noted: "Noted on no. 1",
    coming: "on its way here, as a file",
    privately: "to you in private",
    here: "Here is the transcript of no. 1",
    button: "Transcript",
    left_out: "the file would be too large to send",
    lost: "this attachment can't be found",
    staff_only: "For the team only",
    closed: "Closed on",
    unknown: "I can't find a request no. 1",
};

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_sent_as_a_file_to_a_technician_on_discord_and_a_learner_on_telegram() {
    transcribed(StaffOn::Discord, Platform::Telegram, "fr", &FRENCH).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_sent_as_a_file_to_a_technician_on_telegram_and_a_learner_on_discord() {
    transcribed(StaffOn::TelegramTopics, Platform::Discord, "en", &ENGLISH).await;
}

/// Waits for the file.
async fn is_sent(world: &World, chair: &Chair, said: &Phrases) {
    chair.sees(said.here).await;
    world.quiet().await;
    let there = chair.history();
    assert!(there.contains("(guichet-1.html)"), "{there}");
}

/// Lina's ticket with pictures, large files, a note and an attack.
async fn is_written(world: &World, moussa: &Chair, lina: &Chair, said: &Phrases) {
    let png = BASE64_STANDARD.decode(PNG).unwrap();
    lina.sends(
        "écran \"<b>\".png",
        "image/png",
        &png,
        "Écran <script>alert(1)</script> & noir",
    )
    .await;
    lina.sees(said.urgency).await;
    let large = [b'b', b'c'].map(|letter| vec![letter; 3_000_000]);
    lina.sends("b.log", "text/plain", &large[0], "").await;
    lina.sees("📎 2").await;
    lina.sends("c.log", "text/plain", &large[1], "").await;
    lina.sees("📎 3").await;
    lina.sends("d.log", "text/plain", b"d", "").await;
    let draft = lina.sees("📎 4").await;
    lina.presses(&draft, said.send).await;
    let card = lina.sees("1 · ").await;
    let number = ("number", "1");
    moussa.uses("take", &[number]).await;
    moussa.sees("· Moussa Sarr").await;
    lina.sees(said.begun).await;
    lina.replies(&card, "Depuis <img src=x onerror=alert(1)> hier").await;
    moussa
        .uses("note", &[number, ("text", "Le canari secret du couloir")])
        .await;
    moussa.sees(said.noted).await;
    world.quiet().await;
    let lost = "SELECT sha256 FROM attachments WHERE name = 'd.log'";
    let lost = world.tables.texts(lost).await.remove(0);
    std::fs::remove_file(world.files.path().join(lost)).unwrap();
}

async fn transcribed(on: StaffOn, learner_on: Platform, language: &str, said: &Phrases) {
    let mut world = World::open().await;
    let staff = office(&world, on, language).await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, language, Role::Learner).await;
    let omar = Learner::with_role(&world, "Omar Ly", learner_on, language, Role::Learner).await;
    let (lina, moussa) = (&lina.private, &staff.moussa);
    is_written(&world, &moussa.private, lina, said).await;
    world.script.forget();

    // Where others read, it is announced and sent in private.
    let told = words(&moussa.channel.uses("transcript", &[("number", "1")]).await);
    if on == StaffOn::Discord {
        assert!(told.contains(said.privately), "{told}");
    } else {
        moussa.private.sees(said.privately).await;
    }
    is_sent(&world, &moussa.private, said).await;
    world.quiet().await;
    let page = page_with(&world, said.staff_only);
    for there in [
        POLICY,
        "Le canari secret du couloir",
        "Écran &lt;script&gt;alert(1)&lt;/script&gt; &amp; noir",
        &format!(";base64,{PNG}\""),
        said.left_out,
        said.lost,
        "Europe/Paris",
    ] {
        assert!(page.contains(there), "{there}: {page:.3000}");
    }
    let large = BASE64_STANDARD.encode("b".repeat(3_000_000));
    assert_eq!(page.matches(&large).count(), 1);
    // Nothing runs, and nothing is loaded.
    for never in [
        "<script",
        "<img src=x",
        "onerror=alert(1)>",
        "http://",
        "https://",
        "@import",
        "<b>",
    ] {
        assert!(!page.contains(never), "{never}");
    }
    forget_pages(&world);

    // Whoever asked has a button, and reads nothing that is not for them.
    world.quiet().await;
    lina.catches_up();
    lina.uses("show", &[("number", "1")]).await;
    let details = lina.sees("1 · ").await;
    lina.presses(&details, said.button).await;
    lina.sees(said.coming).await;
    is_sent(&world, lina, said).await;
    world.quiet().await;
    let theirs = page_with(&world, "Depuis &lt;img");
    for secret in ["canari", said.staff_only, "Discord", "Telegram"] {
        assert!(!theirs.contains(secret), "{secret}");
    }
    assert!(theirs.contains("Moussa Sarr") && theirs.contains("b.log"));
    forget_pages(&world);
    omar.private.uses("transcript", &[("number", "1")]).await;
    omar.private.sees(said.unknown).await;

    // When it is closed too.
    moussa
        .private
        .uses("resolve", &[("number", "1"), ("text", "Câble changé.")])
        .await;
    let report = lina.sees("Câble changé.").await;
    lina.presses(
        &report,
        if language == "fr" {
            "C'est réglé"
        } else {
            "It's fixed"
        },
    )
    .await;
    lina.uses("rate", &[("number", "1"), ("stars", "4"), ("text", "Rapide")])
        .await;
    lina.sees("★★★★☆").await;
    lina.uses("transcript", &[("number", "1")]).await;
    is_sent(&world, lina, said).await;
    world.quiet().await;
    let closed = page_with(&world, said.closed);
    assert!(closed.contains("★★★★☆") && closed.contains("Rapide"));
    world.tables.all_went_well().await;
    world.close().await;
    insta::with_settings!({ snapshot_suffix => language }, {
        insta::assert_snapshot!("transcribed", world.script.text());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_is_sent_to_admins_alone_and_who_is_deleted_has_no_name() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.opens("Le wifi ne marche plus", 1).await;
    let (awa, moussa) = (&staff.awa.private, &staff.moussa.private);
    let gone = world.store.transact(&(), |tx, ()| {
        Box::pin(async move {
            let email = Email::parse("lina.ndiaye@exemple.org").expect("an address");
            let account = find_by_email(tx, &email).await?.expect("an account");
            deletion::delete(tx, Permit::of_the_operator(), &account, TheirTickets::Keep).await
        })
    });
    gone.await.unwrap().unwrap();
    world.quiet().await;
    moussa.uses("transcript", &[("number", "1")]).await;
    is_sent(&world, moussa, &FRENCH).await;
    world.quiet().await;
    let page = page_with(&world, "Le wifi");
    assert!(page.contains("Personne supprimée") && !page.contains("Lina"), "{page}");
    forget_pages(&world);
    awa.uses("delete", &[("number", "1")]).await;
    let surely = awa.sees("Supprimer la demande n° 1").await;
    awa.presses(&surely, "Oui, la supprimer").await;
    awa.sees("est supprimé").await;
    moussa.uses("transcript", &[("number", "1")]).await;
    moussa.sees(FRENCH.unknown).await;
    awa.uses("transcript", &[("number", "1")]).await;
    is_sent(&world, awa, &FRENCH).await;
    world.quiet().await;
    assert!(page_with(&world, "Le wifi").contains("🗑️ Supprimé"));
    world.tables.all_went_well().await;
    // Nothing of it is kept for longer than it takes to send.
    assert_eq!(world.count("discarded_files").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transcript_is_read_on_a_phone_and_on_a_computer_and_loads_nothing() {
    let world = World::open().await;
    let staff = office(&world, StaffOn::Discord, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    is_written(&world, &staff.moussa.private, &lina.private, &FRENCH).await;
    staff.moussa.private.uses("transcript", &[("number", "1")]).await;
    is_sent(&world, &staff.moussa.private, &FRENCH).await;
    world.quiet().await;
    let pictures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
    let directory = tempfile::tempdir().unwrap();
    let page = directory.path().join("guichet-1.html");
    std::fs::write(&page, page_with(&world, FRENCH.staff_only)).unwrap();
    for screen in [PHONE, COMPUTER] {
        let Some(browser) = Chromium::start(screen, "fr").await else {
            println!("SKIPPED: no chromedriver on this machine; scripts/ensure-browser installs it");
            return;
        };
        browser.opens(&format!("file://{}", page.display())).await;
        browser.sees("Le canari secret").await;
        let wide = browser
            .runs("return document.documentElement.scrollWidth - window.innerWidth")
            .await;
        assert!(
            wide.as_i64().is_some_and(|wide| wide <= 0),
            "{wide} pixels beside the screen"
        );
        let shown = browser
            .runs("return Array.from(document.images).every(image => image.naturalWidth === 1)")
            .await;
        assert_eq!(shown, true);
        let loaded = browser
            .runs("return performance.getEntriesByType('resource').filter(one => !one.name.startsWith('data:')).length")
            .await;
        assert_eq!(loaded, 0);
        let file = pictures.join(format!("transcript-{}.png", screen.name));
        browser.pictures(&file).await;
        browser.runs("window.scrollTo(0, document.body.scrollHeight)").await;
        browser.pictures(&file.with_extension("end.png")).await;
        browser.closes().await;
    }
}
