//! The pages in a real browser, on a phone and on a computer; pictures of them are left in `target/screenshots`.

use std::path::PathBuf;

use guichet::domain::account::Role;
use guichet::domain::platform::Platform;

use crate::harness::{COMPUTER, Chromium, Learner, PHONE, Screen, World};

const LINA: &str = "lina.ndiaye@exemple.org";
const PASSWORD: &str = "cheval pile agrafe";

/// A browser on the pages of a world, of which it takes pictures.
struct Looker {
    browser: Chromium,
    web: String,
    pictures: PathBuf,
    taken: std::cell::Cell<u32>,
}

impl Looker {
    /// Nobody where there is no browser.
    async fn at(world: &World, screen: Screen, language: &str, story: &str) -> Option<Self> {
        let Some(browser) = Chromium::start(screen, language).await else {
            println!("SKIPPED: no chromedriver on this machine; scripts/ensure-browser installs it");
            return None;
        };
        let pictures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
        Some(Self {
            browser,
            web: world.web.clone(),
            pictures: pictures.join(format!("{}-{language}{story}", screen.name)),
            taken: std::cell::Cell::new(1),
        })
    }

    /// Sees these words; nothing stands beside the screen, and no field is without a label.
    async fn sees(&self, words: &str, picture: &str) -> String {
        let text = self.browser.sees(words).await;
        let wide = self
            .browser
            .runs("return document.documentElement.scrollWidth - window.innerWidth")
            .await;
        assert!(
            wide.as_i64().is_some_and(|wide| wide <= 0),
            "{picture}: {wide} pixels stand beside the screen"
        );
        let script = "return Array.from(document.querySelectorAll('input:not([type=hidden])'))
            .filter(field => field.labels.length != 1 || !field.autocomplete).length";
        assert_eq!(self.browser.runs(script).await, 0, "{picture}: a field has no label");
        let number = self.taken.replace(self.taken.get() + 1);
        let file = self.pictures.join(format!("{number:02}-{picture}.png"));
        self.browser.pictures(&file).await;
        text
    }

    async fn opens(&self, page: &str) {
        self.browser.opens(&format!("{}{page}", self.web)).await;
    }
}

/// The words of one language.
struct Words {
    language: &'static str,
    signed_out: &'static str,
    wrong: &'static str,
    account: &'static str,
    code: &'static str,
    waiting: &'static str,
    asked: &'static str,
    confirm: &'static str,
    linked: &'static str,
    surely: &'static str,
    unlinked: &'static str,
    current: &'static str,
    short: &'static str,
    saved: &'static str,
    forgot: &'static str,
    by_mail: &'static str,
    no_address: &'static str,
    link_asked: &'static str,
    link_gone: &'static str,
}

const FRENCH: Words = Words {
    language: "fr",
    signed_out: "Se connecter",
    wrong: "ne vont pas ensemble",
    account: "Vos messageries",
    code: "Ce code sert une fois",
    waiting: "On attend votre messagerie",
    asked: "demande à être reliée",
    confirm: "Relier cette messagerie ?",
    linked: "La messagerie est reliée à votre compte",
    surely: "iront dans vos autres messageries",
    unlinked: "n'est plus reliée à votre compte",
    current: "Mot de passe actuel",
    short: "Il est trop court",
    saved: "nouveau mot de passe est enregistré",
    forgot: "Un administrateur peut vous donner un lien",
    by_mail: "Donnez l'adresse e-mail de votre compte",
    no_address: "Ce n'est pas une adresse e-mail",
    link_asked: "Si un compte a cette adresse",
    link_gone: "Ce lien ne sert plus",
};
const ENGLISH: Words = Words {
    language: "en",
    signed_out: "Sign in",
    wrong: "don't go together",
    account: "Your chats",
    code: "This code works once",
    waiting: "Waiting for your chat",
    asked: "asks to be linked",
    confirm: "Link this chat?",
    linked: "The chat is linked to your account",
    surely: "will go to your other chats",
    unlinked: "no longer linked to your account",
    current: "Current password",
    short: "It is too short",
    saved: "new password is saved",
    forgot: "An administrator can give you a link",
    by_mail: "Give the e-mail address of your account",
    no_address: "This is not an e-mail address",
    link_asked: "If there is an account with this address",
    link_gone: "This link is no longer good",
};

async fn the_whole_way(screen: Screen, words: Words) {
    let world = World::open().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let Some(looker) = Looker::at(&world, screen, words.language, "").await else {
        return;
    };
    let browser = &looker.browser;

    // A link from an administrator, and the first sign-in.
    looker.opens("/forgot").await;
    looker.sees(words.forgot, "forgot").await;
    let reset = world.password_link(LINA).await;
    looker.opens(&reset).await;
    looker.sees("Lina Ndiaye", "link").await;
    for field in ["#new", "#again"] {
        browser.types(field, PASSWORD).await;
    }
    browser.clicks("form button").await;
    looker.sees(words.saved, "link-used").await;
    browser.types("#email", LINA).await;
    browser.types("#password", "wrong").await;
    browser.clicks("form button").await;
    looker.sees(words.wrong, "wrong").await;
    browser.types("#password", PASSWORD).await;
    browser.clicks("form button").await;
    looker.sees(words.account, "account").await;
    let old = browser.cookie("guichet").await;

    // A code, which links a chat.
    browser.clicks("form[action='/account/code'] button").await;
    let shown = looker.sees(words.code, "code").await;
    let code = shown.split("/link ").nth(1).expect("a code")[..9].to_owned();
    let there = Learner::new(&world, "ln-75", Platform::Discord, "fr").private;
    there.says_secretly(&format!("/link {code}"), "/link (the code)").await;
    let asked = there.sees("à Lina Ndiaye (l…@…) ?").await;
    browser.clicks("main a.button:not(.plain)").await;
    looker.sees(words.waiting, "code-waiting").await;
    there.presses(&asked, "Relier").await;
    let pending = there.sees("Encore un pas, sur la page").await.text;
    looker.opens("/account").await;
    looker.sees(words.asked, "asked").await;
    browser.clicks(".banner a").await;
    let question = looker.sees(words.confirm, "confirm").await;
    let id = question
        .lines()
        .find(|line| line.chars().all(|c| c.is_ascii_digit()) && line.len() > 5);
    assert!(id.is_some_and(|id| pending.contains(id)), "{question}\n{pending}");
    browser.clicks("button[value=yes]").await;
    there.sees("vous êtes Lina Ndiaye").await;
    lina.private.sees("Une messagerie vient d'être reliée").await;
    looker.sees(words.linked, "linked").await;
    let account = looker.sees("ln-75", "linked-list").await;
    assert!(account.contains("Telegram"), "{account}");

    // The chat is unlinked.
    browser.clicks("li:last-child a").await;
    looker.sees(words.surely, "unlink").await;
    browser.clicks("form button").await;
    let account = looker.sees(words.unlinked, "unlinked").await;
    assert!(!account.contains("ln-75"), "{account}");
    there.sees("vient d'être déliée de votre compte").await;

    // The password is changed, and whoever has the old cookie is out.
    browser.clicks("a[href='/password']").await;
    looker.sees(words.current, "password").await;
    browser.types("#current", PASSWORD).await;
    for field in ["#new", "#again"] {
        browser.types(field, "court").await;
    }
    browser.clicks("form button").await;
    looker.sees(words.short, "password-short").await;
    browser.types("#current", PASSWORD).await;
    for field in ["#new", "#again"] {
        browser.types(field, "quatre mots bien choisis").await;
    }
    browser.clicks("form button").await;
    looker.sees(words.saved, "password-changed").await;
    assert_ne!(browser.cookie("guichet").await, old);
    let thief = world.browser();
    thief.plant("guichet", &old);
    thief.get("/account").await.leads_to("/sign-in");
    lina.private
        .sees("Le mot de passe de votre compte vient d'être changé")
        .await;

    browser.clicks("form[action='/sign-out'] button").await;
    looker.sees(words.signed_out, "signed-out").await;
    looker.opens(&reset).await;
    looker.sees(words.link_gone, "link-gone").await;
    looker.opens("/nowhere").await;
    looker.sees("Guichet", "nowhere").await;
    looker.browser.closes().await;
    world.tables.all_went_well().await;
}

async fn a_forgotten_password(screen: Screen, words: Words) {
    let (mut world, server) = World::open_with_mail().await;
    world.create("Lina Ndiaye", LINA, Role::Learner).await;
    let Some(looker) = Looker::at(&world, screen, words.language, "-forgotten").await else {
        return;
    };
    let browser = &looker.browser;
    looker.opens("/sign-in").await;
    looker.sees(words.signed_out, "sign-in").await;
    browser.clicks("a[href='/forgot']").await;
    looker.sees(words.by_mail, "forgot").await;
    browser.types("#email", "lina").await;
    browser.clicks("form button").await;
    looker.sees(words.no_address, "no-address").await;
    looker.opens("/forgot").await;
    browser.types("#email", LINA).await;
    browser.clicks("form button").await;
    looker.sees(words.link_asked, "asked").await;
    let link = server.letter(1).await.link();
    browser.opens(&link).await;
    looker.sees("Lina Ndiaye", "link").await;
    for field in ["#new", "#again"] {
        browser.types(field, PASSWORD).await;
    }
    browser.clicks("form button").await;
    looker.sees(words.saved, "saved").await;
    browser.opens(&link).await;
    looker.sees(words.link_gone, "link-gone").await;
    looker.browser.closes().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_on_a_phone_in_french() {
    a_forgotten_password(PHONE, FRENCH).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_on_a_computer_in_english() {
    a_forgotten_password(COMPUTER, ENGLISH).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_in_french() {
    the_whole_way(PHONE, FRENCH).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_computer_in_english() {
    the_whole_way(COMPUTER, ENGLISH).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_in_english() {
    the_whole_way(PHONE, ENGLISH).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_computer_in_french() {
    the_whole_way(COMPUTER, FRENCH).await;
}
