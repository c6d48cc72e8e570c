//! Every page, for everybody who could ask for it: one table of answers. A new route fails here until it has its row.

use guichet::domain::account::Role;
use guichet::domain::platform::Platform;

use crate::harness::{Browser, Learner, World};
use crate::rules::source::sources;

const PASSWORD: &str = "cheval pile agrafe";

/// The columns: nobody, the learner, a technician, an admin, an admin who is disabled and has an old cookie.
const WHO: [&str; 5] = ["nobody", "learner", "technician", "admin", "disabled"];

/// What GET gives, and what POST gives without the word that our forms carry, in each column. The chat is the learner's.
const ROWS: [(&str, [u16; 5], [u16; 5]); 16] = [
    ("/", [303; 5], [405; 5]),
    ("/account", [303, 200, 200, 200, 303], [405; 5]),
    ("/account/code", [303; 5], [303, 403, 403, 403, 303]),
    ("/account/link", [303, 409, 409, 409, 303], [405; 5]),
    ("/account/link/{chat}", [303; 5], [303, 403, 403, 403, 303]),
    (
        "/account/unlink/{chat}",
        [303, 200, 404, 404, 303],
        [303, 403, 403, 403, 303],
    ),
    ("/forgot", [200; 5], [403; 5]),
    ("/healthz", [200; 5], [405; 5]),
    ("/metrics", [200; 5], [405; 5]),
    ("/password", [303, 200, 200, 200, 303], [303, 403, 403, 403, 303]),
    ("/password/link/{link}", [200; 5], [403; 5]),
    ("/readyz", [200; 5], [405; 5]),
    ("/sign-in", [200, 303, 303, 303, 200], [403; 5]),
    ("/sign-out", [405; 5], [303, 403, 403, 403, 303]),
    ("/sign-out/everywhere", [405; 5], [303, 403, 403, 403, 303]),
    ("/style.css", [200; 5], [405; 5]),
];

/// The paths that `src/web` serves.
fn routes() -> Vec<String> {
    let mut routes = Vec::new();
    for source in sources().iter().filter(|source| source.module() == "web") {
        for at in source.find(".route(") {
            let path = source.quotes.iter().find(|quote| quote.at > at);
            routes.push(path.expect("a path").text.clone());
        }
    }
    routes.sort_unstable();
    routes
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_answers_everybody_as_it_must() {
    assert_eq!(routes(), ROWS.map(|(path, ..)| path));
    let (mut world, _server) = World::open_with_mail().await;
    let _lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let mut browsers = vec![world.browser()];
    browsers.push(world.signed_in("lina.ndiaye@exemple.org", PASSWORD).await);
    for (email, role) in [
        ("moussa@exemple.org", Role::Technician),
        ("awa@exemple.org", Role::Admin),
        ("omar@exemple.org", Role::Admin),
    ] {
        world.create(email, email, role).await;
        browsers.push(world.signed_in(email, PASSWORD).await);
    }
    let old = browsers[4].cookie("guichet").expect("a session");
    let disable = "UPDATE accounts SET disabled_at = NOW(6) WHERE email = 'omar@exemple.org'";
    world.tables.change(disable).await;
    let chat = world
        .tables
        .number("SELECT CAST(MIN(id) AS SIGNED) FROM identities WHERE account_id IS NOT NULL")
        .await;
    let link = world.password_link("moussa@exemple.org").await;
    let link = link.rsplit('/').next().expect("a token");
    let everything =
        "SELECT CONVERT(CONCAT_WS(' ', COUNT(*), (SELECT COUNT(*) FROM sessions), (SELECT COUNT(*) FROM outbox),
                          (SELECT COUNT(*) FROM link_codes WHERE used_at IS NULL),
                          (SELECT COUNT(*) FROM password_links WHERE used_at IS NULL)) USING utf8mb4)
         FROM identities WHERE account_id IS NOT NULL";
    world.quiet().await;
    let before = world.tables.texts(everything).await;
    let mut wrong = Vec::new();
    for (path, got, posted) in ROWS {
        let page = path.replace("{chat}", &chat.to_string()).replace("{link}", link);
        for (number, who) in WHO.into_iter().enumerate() {
            let browser = &browsers[number];
            let again = |browser: &Browser| {
                if who == "disabled" {
                    browser.plant("guichet", &old);
                }
            };
            again(browser);
            let get = browser.get(&page).await.status;
            again(browser);
            browser.carry(None);
            let post = browser.post(&page, &[]).await.status;
            if (get, post) != (got[number], posted[number]) {
                wrong.push(format!("{path} for {who}: GET gives {get}, POST {post}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // None of it did anything.
    assert_eq!(world.tables.texts(everything).await, before);
    world.close().await;
}
