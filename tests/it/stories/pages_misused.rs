//! The pages in the hands of people who mean ill, or of browsers that send nonsense.

use guichet::clock::Clock;
use guichet::domain::account::Role;
use guichet::domain::platform::Platform;

use crate::harness::{Browser, Learner, Program, World};

const LINA: &str = "lina.ndiaye@exemple.org";
const PASSWORD: &str = "cheval pile agrafe";

/// Lina with a chat, signed in, and where her chat is unlinked.
async fn lina(world: &World) -> (Learner, Browser, String) {
    let lina = Learner::known(world, "Lina Ndiaye", Platform::Telegram).await;
    let browser = world.signed_in(LINA, PASSWORD).await;
    let page = browser.get("/account").await.text;
    let unlink = page.split("/account/unlink/").nth(1).expect("a chat");
    let unlink = format!("/account/unlink/{}", &unlink[..unlink.find('"').unwrap()]);
    (lina, browser, unlink)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_site_posts_for_somebody() {
    let world = World::open().await;
    let (_lina, mut browser, unlink) = lina(&world).await;
    world.create("Omar Sy", "omar@exemple.org", Role::Learner).await;
    let omar = world.signed_in("omar@exemple.org", PASSWORD).await;
    let of_omar = omar.get("/account").await.token().unwrap();
    let stranger = world.browser().get("/sign-in").await.token().unwrap();
    let own = browser.get("/account").await.token().unwrap();
    let posts = [
        "/account/code",
        &unlink,
        "/sign-out",
        "/sign-out/everywhere",
        "/password",
    ];
    for token in [
        None,
        Some(""),
        Some(&*of_omar),
        Some(&*stranger),
        Some(&own[..63]),
        Some(&*own.to_uppercase()),
    ] {
        for page in posts {
            browser.carry(token);
            browser.post(page, &[]).await.shows(403, "rien n'a été fait");
        }
    }
    // What the browser says of where it comes from, with the right token.
    let near = world.web.clone();
    for (header, value, status) in [
        ("Origin", "https://evil.example", 403),
        ("Origin", "http://127.0.0.1", 403),
        ("Sec-Fetch-Site", "cross-site", 403),
        ("Sec-Fetch-Site", "same-site", 403),
        ("Origin", &near, 200),
        ("Origin", "null", 200),
        ("Sec-Fetch-Site", "same-origin", 200),
    ] {
        browser.headers = vec![("Accept-Language", "fr".to_owned()), (header, value.to_owned())];
        browser.carry(Some(&own));
        assert_eq!(
            browser.post("/account/code", &[]).await.status,
            status,
            "{header}: {value}"
        );
    }
    browser.headers.truncate(1);
    // Nor does a page that is only looked at do anything.
    for page in ["/sign-out", "/sign-out/everywhere"] {
        browser.get(page).await.shows(405, "Cela n'a pas marché");
    }
    browser.get("/account").await.shows(200, "Lina Ndiaye</bdi>");
    assert_eq!(world.count("identities WHERE account_id IS NOT NULL").await, 1);

    // Nobody is signed in as somebody else by a form that they did not open.
    let victim = world.browser();
    let attacker = world.browser();
    attacker.get("/sign-in").await;
    let token = attacker.get("/sign-in").await.token().unwrap();
    victim.carry(Some(&token));
    let fields = [("email", "omar@exemple.org"), ("password", PASSWORD)];
    victim.post("/sign-in", &fields).await.shows(403, "rien n'a été fait");
    assert_eq!(victim.cookie("guichet"), None);
    let link = world.password_link(LINA).await;
    victim.carry(Some(&token));
    victim
        .post(&link, &[("new", "un autre mot"), ("again", "un autre mot")])
        .await
        .shows(403, "rien n'a été fait");
    world.browser().get(&link).await.shows(200, "Lina Ndiaye");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_unlinks_or_sees_somebody_elses_chat() {
    let world = World::open().await;
    let (lina, _, unlink) = lina(&world).await;
    world.create("Omar Sy", "omar@exemple.org", Role::Admin).await;
    let omar = world.signed_in("omar@exemple.org", PASSWORD).await;
    for page in [
        &*unlink,
        "/account/unlink/0",
        "/account/unlink/18446744073709551616",
        "/account/unlink/-1",
        "/account/unlink/%FF",
    ] {
        omar.get(page).await.shows(404, "Il n'y a rien à cette adresse");
    }
    omar.get("/account").await;
    omar.post(&unlink, &[]).await;
    lina.private.says("/me").await;
    lina.private.sees("Vous êtes Lina Ndiaye").await;
    for page in ["/account", "/password", &unlink, "/account/code"] {
        let got = world.browser().get(page).await;
        assert!(
            matches!(got.header("location"), "/sign-in" | "/account") && got.text.is_empty(),
            "{page}: {}",
            got.text
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_words_and_never_markup() {
    let world = World::open().await;
    let name = "<script>alert(1)</script> & \"Lina\" 'N' 👩‍💻";
    let email = "o'brien&co<@exemple.org";
    let stated = "o'brien&co@exemple.org";
    let chat = "\u{202e}\"><img src=x onerror=alert(1)> ندياي";
    let lina = Learner::new(&world, chat, Platform::Telegram, "fr");
    let code = world.create(name, stated, Role::Learner).await;
    lina.private
        .says_secretly(&format!("/link {code}"), "/link (the code)")
        .await;
    let asked = lina.private.sees("Relier ce compte Telegram").await;
    lina.private.presses(&asked, "Relier").await;
    lina.private.sees("C'est fait").await;
    let browser = world.signed_in(stated, PASSWORD).await;
    let page = browser.get("/account").await.text;
    let unlink = page.split("href=\"/account/unlink/").nth(1).expect("a chat");
    let unlink = format!("/account/unlink/{}", &unlink[..unlink.find('"').unwrap()]);
    let reset = world.password_link(stated).await;
    let shown = [
        page,
        browser.get(&unlink).await.text,
        world.browser().get(&reset).await.text,
        world
            .browser()
            .signs_in(&format!("{email}\"><script>"), PASSWORD)
            .await
            .text,
        world
            .browser()
            .signs_in("\"autofocus onfocus=alert(1) x=\"", PASSWORD)
            .await
            .text,
        world
            .browser()
            .get("/sign-in?lang=%22%3E%3Cscript%3E&done=<script>")
            .await
            .text,
        world.browser().get("/%3Cscript%3Ealert(1)%3C/script%3E").await.text,
    ];
    for page in &shown {
        assert!(
            !page.contains("<script") && !page.contains("<img") && !page.contains("\" onfocus"),
            "{page}"
        );
    }
    assert!(
        shown[0].contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Lina&quot; 'N' 👩‍💻"),
        "{}",
        shown[0]
    );
    assert!(shown[0].contains("<bdi>"), "{}", shown[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_of_any_kind_and_length() {
    let world = World::open().await;
    world.create("Lina Ndiaye", LINA, Role::Learner).await;
    let thousand = "é\u{1F511}".repeat(500);
    for password in [
        &*thousand,
        "nul\0 au\tmilieu\r\n",
        "👩‍💻🔑🗝️ emoji",
        "  des blancs  ",
        "%00&=+;#<>'\"\\",
    ] {
        world
            .signed_in(LINA, password)
            .await
            .get("/account")
            .await
            .shows(200, "Lina Ndiaye");
        // All of it counts.
        let mut shorter = password.to_owned();
        shorter.pop();
        world
            .browser()
            .signs_in(LINA, &shorter)
            .await
            .shows(422, "ne vont pas ensemble");
    }
    world
        .browser()
        .signs_in(LINA, &"x".repeat(1_001))
        .await
        .shows(422, "1000 caractères au plus");
    let link = world.password_link(LINA).await;
    let long = "x".repeat(1_001);
    world
        .browser()
        .sets_password(&link, &long)
        .await
        .shows(422, "1000 caractères au plus");
    for length in [70_000, 1_000_000] {
        let got = world.browser().signs_in(LINA, &"x".repeat(length)).await;
        got.shows(413, "C'est trop long : rien n'a été fait");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_is_answered_with_a_page() {
    let world = World::open().await;
    let browser = world.browser();
    browser
        .get("/nowhere")
        .await
        .shows(404, "Il n'y a rien à cette adresse");
    browser.get("/%FF%FE").await.shows(404, "Il n'y a rien à cette adresse");
    browser.post("/forgot", &[]).await.shows(405, "Cela n'a pas marché");
    for (body, status) in [
        ("email=%FF&password=x", 400),
        ("%C3", 400),
        ("", 403),
        ("token", 403),
        ("&&&===", 403),
    ] {
        assert_eq!(browser.post_raw("/sign-in", body).await.status, status, "{body}");
    }
    browser
        .post_raw("/sign-in", b"email=\xff".to_vec())
        .await
        .shows(400, "est illisible");
    let bad = world.browser();
    for cookie in ["", "x", "\"", &"z".repeat(64), &"0".repeat(5_000)] {
        bad.plant("guichet", cookie);
        bad.plant("guichet.form", cookie);
        bad.get("/account").await.leads_to("/sign-in");
        bad.get("/sign-in").await.shows(200, "Se connecter");
    }
    let style = browser.get("/style.css").await;
    assert_eq!(
        (style.status, style.header("content-type")),
        (200, "text/css; charset=utf-8")
    );
    // What was there before is as it was.
    assert_eq!(browser.get("/healthz").await.text, "ok\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_is_away_the_page_says_so() {
    let world = World::open().await;
    let browser = world.browser();
    browser.get("/sign-in").await;
    world.tables.change("RENAME TABLE sign_in_attempts TO away").await;
    let fields = [("email", LINA), ("password", PASSWORD)];
    browser
        .post("/sign-in", &fields)
        .await
        .shows(503, "Quelque chose n'a pas marché chez nous");
    world.tables.change("RENAME TABLE away TO sign_in_attempts").await;
    browser
        .post("/sign-in", &fields)
        .await
        .shows(422, "ne vont pas ensemble");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_sign_ins_is_turned_away_and_chats_are_answered() {
    let world = World::open().await;
    let (lina, ..) = lina(&world).await;
    let flood = async || {
        let browser = world.browser();
        browser.get("/sign-in").await;
        let tries = (0..100).map(async |number: u32| {
            let email = format!("somebody.{number}@exemple.org");
            browser
                .post("/sign-in", &[("email", &email), ("password", PASSWORD)])
                .await
        });
        futures_util::future::join_all(tries).await
    };
    let chat = async {
        lina.private.says("Mon chargeur ne marche plus").await;
        lina.private.sees("Urgence").await;
    };
    let (answers, ()) = tokio::join!(flood(), chat);
    let crowded: Vec<_> = answers.into_iter().filter(|got| got.status == 503).collect();
    assert!(crowded.len() > 10, "{}", crowded.len());
    for got in crowded {
        let got = got.shows(503, "Trop de monde se connecte en même temps");
        assert_eq!(got.header("retry-after"), "5");
    }
    lina.private.says("/me").await;
    lina.private.sees("Vous êtes Lina Ndiaye").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_opens_a_door_stands_in_no_log() {
    let world = World::closed(Clock::system()).await;
    world.create("Lina Ndiaye", LINA, Role::Learner).await;
    let program = Program::serve(&world, &[("GUICHET_LOG__LEVEL", "debug")]).await;
    program.says("the desk is open").await;
    let browser = Browser::new(&program.web);
    let link = world.password_link(LINA).await;
    browser
        .sets_password(&link, "12345678")
        .await
        .shows(422, "Beaucoup de gens");
    browser
        .sets_password(&link, PASSWORD)
        .await
        .leads_to("/sign-in?done=password");
    browser
        .signs_in(LINA, "wrong agrafe")
        .await
        .shows(422, "ne vont pas ensemble");
    browser.signs_in(LINA, PASSWORD).await.leads_to("/account");
    let session = browser.cookie("guichet").unwrap();
    let forms = browser.cookie("guichet.form").unwrap();
    let page = browser.get("/account").await;
    let token = page.token().unwrap();
    let shown = browser.post("/account/code", &[]).await.shows(200, "/link ").text;
    let code = shown.split("/link ").nth(1).expect("a code")[..9].to_owned();
    world.tables.change("RENAME TABLE sessions TO away").await;
    browser
        .get("/account")
        .await
        .shows(503, "Quelque chose n'a pas marché chez nous");
    world.tables.change("RENAME TABLE away TO sessions").await;
    browser.get("/account").await;
    let change = [
        ("current", PASSWORD),
        ("new", "canari des mines"),
        ("again", "canari des mines"),
    ];
    browser
        .post("/password", &change)
        .await
        .leads_to("/account?done=password");
    program.says("a page can't be shown").await;
    let (status, said) = program.closes().await;
    assert!(status.success(), "{said}");
    let link = link.rsplit('/').next().expect("a token");
    let hash = world
        .tables
        .texts("SELECT password FROM accounts WHERE password IS NOT NULL")
        .await
        .remove(0);
    for secret in [
        PASSWORD,
        "wrong agrafe",
        "canari",
        &session,
        &forms,
        &token,
        &code,
        link,
        &hash,
        "lina.ndiaye",
    ] {
        assert!(!said.contains(secret), "{secret} stands in:\n{said}");
    }
}
