//! A password that was forgotten: a link goes by mail, and whoever asks learns nothing of whose address it is.

use chrono::TimeDelta;
use guichet::clock::Clock;
use guichet::domain::account::Role;
use guichet::domain::platform::Platform;

use crate::harness::{Browser, Got, Learner, MailServer, Mood, Post, Program, World};

const LINA: &str = "lina.ndiaye@exemple.org";
const PASSWORD: &str = "cheval pile agrafe";

/// Somebody gives an address on the page for who forgot their password.
async fn asks(browser: &Browser, email: &str) -> Got {
    browser.get("/forgot").await.shows(200, "action=\"/forgot\"");
    browser.post("/forgot", &[("email", email)]).await
}

/// The same, from another place each time.
async fn asks_from_afar(world: &World, email: &str) -> Got {
    asks(&world.browser(), email).await
}

/// The letter with that number, once the desk has written down that it is mailed.
async fn mailed(world: &World, server: &MailServer, number: usize) -> Post {
    let letter = server.letter(number).await;
    all_mailed(world).await;
    letter
}

async fn all_mailed(world: &World) {
    world.tables.until("outbox WHERE platform = 'mail'", 0).await;
}

/// The page to which a letter's link leads.
fn page_of(world: &World, letter: &Post) -> String {
    let link = letter.link();
    let page = link.strip_prefix(&world.web).expect("an address of ours");
    assert!(page.starts_with("/password/link/"), "{page}");
    page.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_forgot_their_password_chooses_another_by_a_mailed_link() {
    let (mut world, server) = World::open_with_mail().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let inside = world.signed_in(LINA, PASSWORD).await;
    let told = "Le mot de passe de votre compte vient d'être changé";
    lina.private.sees(told).await;
    let browser = world.browser();
    browser.get("/sign-in").await.shows(200, "href=\"/forgot\"");
    // However it is written.
    asks(&browser, "  Lina.Ndiaye@EXEMPLE.org ")
        .await
        .leads_to("/forgot?done=asked");
    browser
        .get("/forgot?done=asked")
        .await
        .shows(200, "Si un compte a cette adresse")
        .shows(200, "pendant 30 minutes");
    let letter = mailed(&world, &server, 1).await;
    assert_eq!((letter.to.as_str(), letter.header("To").as_str()), (LINA, LINA));
    let address = letter.link();
    assert!(
        letter.html().contains(&format!("<a href=\"{address}\">{address}</a>")),
        "{letter:?}"
    );
    let page = page_of(&world, &letter);
    // Looking at it does nothing; nor does asking.
    for _ in 0..2 {
        let got = world.browser().get(&page).await.shows(200, "Lina Ndiaye");
        assert_eq!(got.header("referrer-policy"), "no-referrer");
    }
    inside.get("/account").await.shows(200, "Lina Ndiaye");
    browser
        .sets_password(&page, "un autre mot")
        .await
        .leads_to("/sign-in?done=password");
    inside.get("/account").await.leads_to("/sign-in");
    world.until("the change told", || lina.private.times(told) == 2).await;
    browser
        .signs_in(LINA, PASSWORD)
        .await
        .shows(422, "ne vont pas ensemble");
    browser.signs_in(LINA, "un autre mot").await.leads_to("/account");
    world
        .browser()
        .get(&page)
        .await
        .shows(410, "Ce lien ne sert plus")
        .shows(410, "href=\"/forgot\"");
    // What was mailed is nowhere in the database as it is, and leaves a trace.
    let token = page.rsplit('/').next().expect("a token").to_uppercase();
    for sql in [
        "SELECT HEX(hash) FROM password_links",
        "SELECT HEX(code_hash) FROM letters",
        "SELECT notice FROM outbox",
    ] {
        assert!(!world.tables.texts(sql).await.contains(&token), "{sql}");
    }
    let events = world
        .tables
        .texts("SELECT event FROM account_history ORDER BY id")
        .await;
    assert!(
        events.ends_with(&["mailed".to_owned(), "password".to_owned()]),
        "{events:?}"
    );
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_letter_says() {
    let (mut world, server) = World::open_with_mail().await;
    // In the language of the chat that they used last, or else in that of the page.
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.private.says("/language en").await;
    lina.private.sees("English").await;
    world.create("Omar <b>Sy</b>", "omar@exemple.org", Role::Learner).await;
    let mut said = String::new();
    for (number, email) in [LINA, "omar@exemple.org"].into_iter().enumerate() {
        asks_from_afar(&world, email).await.leads_to("/forgot?done=asked");
        let letter = mailed(&world, &server, number + 1).await;
        let text = letter.text().replace(&letter.link(), "(the link)").replace('\r', "");
        said.extend([&*letter.header("Subject"), "\n\n", &text, "\n"]);
        assert!(!letter.html().contains("<b>"), "{letter:?}");
    }
    // Who had no password yet gets their first so.
    let page = page_of(&world, &server.post()[1]);
    let browser = world.browser();
    browser
        .sets_password(&page, PASSWORD)
        .await
        .leads_to("/sign-in?done=password");
    browser
        .signs_in("omar@exemple.org", PASSWORD)
        .await
        .leads_to("/account");
    world.close().await;
    insta::assert_snapshot!(said);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_learns_nothing() {
    let (mut world, server) = World::open_with_mail().await;
    world.create("Lina Ndiaye", LINA, Role::Learner).await;
    world.create("Omar Sy", "omar@exemple.org", Role::Learner).await;
    world.create("Awa Diop", "awa@exemple.org", Role::Learner).await;
    world
        .tables
        .change("UPDATE accounts SET disabled_at = NOW(6) WHERE name = 'Omar Sy'")
        .await;
    // Somebody only said that this is theirs.
    world
        .tables
        .change("UPDATE accounts SET email = NULL WHERE name = 'Awa Diop'")
        .await;
    let mut pages = Vec::new();
    for email in ["nobody@exemple.org", "omar@exemple.org", "awa@exemple.org", LINA] {
        let browser = world.browser();
        let got = asks(&browser, email).await;
        let asked = browser.get("/forgot?done=asked").await;
        let names: Vec<_> = got.headers.keys().map(ToString::to_string).collect();
        pages.push((
            got.status,
            got.header("location").to_owned(),
            names,
            got.text,
            asked.text,
        ));
    }
    assert!(pages.windows(2).all(|two| two[0] == two[1]), "{pages:?}");
    // Of each the same is written down; one letter goes out.
    assert_eq!(world.count("letters").await, 4);
    let letter = mailed(&world, &server, 1).await;
    assert_eq!(letter.to, LINA);
    all_mailed(&world).await;
    assert_eq!(server.post().len(), 1);
    assert_eq!(world.count("dead_letters").await, 0);
    assert_eq!(world.count("password_links").await, 1);
    for wrong in [
        "",
        "lina",
        "a b@exemple.org",
        "lina@exemple.org\r\nBcc: eve@exemple.org",
    ] {
        let got = asks_from_afar(&world, wrong).await;
        got.shows(422, "Ce n'est pas une adresse e-mail");
    }
    // A page elsewhere asks for nobody.
    let browser = world.browser();
    browser.get("/forgot").await;
    browser.carry(None);
    browser
        .post("/forgot", &[("email", LINA)])
        .await
        .shows(403, "rien n'a été fait");
    assert_eq!(world.count("letters").await, 4);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_lasts_half_an_hour_beside_another() {
    let (mut world, mut server) = World::open_with_mail().await;
    world.create("Lina Ndiaye", LINA, Role::Learner).await;
    asks_from_afar(&world, LINA).await;
    let first = page_of(&world, &mailed(&world, &server, 1).await);
    asks_from_afar(&world, LINA).await;
    let second = page_of(&world, &mailed(&world, &server, 2).await);
    // Strangers can ask for one too: the owner's stays good beside it.
    world.browser().get(&first).await.shows(200, "Lina Ndiaye");
    world.clock.advance(TimeDelta::minutes(29));
    world.browser().get(&second).await.shows(200, "Lina Ndiaye");
    world.clock.advance(TimeDelta::minutes(1));
    world.browser().get(&second).await.shows(410, "Ce lien ne sert plus");
    // Of those that wait for the mail server only the last is sent; it is good from then on.
    server.goes_down().await;
    for _ in 0..2 {
        asks_from_afar(&world, LINA).await.leads_to("/forgot?done=asked");
    }
    world
        .tables
        .until("outbox WHERE platform = 'mail' AND attempts > 0", 1)
        .await;
    world.clock.advance(TimeDelta::hours(2));
    server.comes_back();
    let third = page_of(&world, &mailed(&world, &server, 3).await);
    assert_eq!(server.post().len(), 3);
    world.browser().get(&third).await.shows(200, "Lina Ndiaye");
    // And none once the password is another.
    server.goes_down().await;
    asks_from_afar(&world, LINA).await;
    world
        .tables
        .until("outbox WHERE platform = 'mail' AND attempts > 0", 1)
        .await;
    let link = world.password_link(LINA).await;
    world.browser().get(&third).await.shows(410, "Ce lien ne sert plus");
    world
        .browser()
        .sets_password(&link, PASSWORD)
        .await
        .leads_to("/sign-in?done=password");
    server.comes_back();
    world.clock.advance(TimeDelta::minutes(1));
    all_mailed(&world).await;
    assert_eq!(server.post().len(), 3);
    // Tried again and again, it is written down once.
    assert!(world.count("account_history WHERE event = 'mailed'").await <= 5);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobodys_mailbox_is_flooded_from_the_pages() {
    let (mut world, server) = World::open_with_mail().await;
    world.create("Lina Ndiaye", LINA, Role::Learner).await;
    for number in 0..6 {
        let mut browser = world.browser();
        browser
            .headers
            .push(("X-Forwarded-For", format!("198.51.100.{number}")));
        asks(&browser, LINA).await.leads_to("/forgot?done=asked");
        all_mailed(&world).await;
    }
    assert_eq!(server.post().len(), 3);
    let last = page_of(&world, &server.post()[2]);
    world.browser().get(&last).await.shows(200, "Lina Ndiaye");
    // From one address so many are asked for, for whomever.
    let mut browser = world.browser();
    browser.headers.push(("X-Forwarded-For", "203.0.113.7".to_owned()));
    for number in 0..10 {
        let email = format!("somebody.{number}@exemple.org");
        asks(&browser, &email).await.leads_to("/forgot?done=asked");
    }
    let got = asks(&browser, "omar@exemple.org").await;
    let got = got.shows(429, "Trop d'essais. Réessayez dans 15 minutes.");
    assert_eq!(got.header("retry-after"), "900");
    asks_from_afar(&world, "omar@exemple.org")
        .await
        .leads_to("/forgot?done=asked");
    world.clock.advance(TimeDelta::minutes(15));
    asks(&browser, LINA).await.leads_to("/forgot?done=asked");
    mailed(&world, &server, 4).await;
    // Whoever signs up gets their code, however many links strangers asked for.
    for _ in 0..4 {
        asks_from_afar(&world, "awa@exemple.org")
            .await
            .leads_to("/forgot?done=asked");
    }
    let awa = Learner::new(&world, "Awa", Platform::Telegram, "fr").private;
    awa.says("Mon écran est noir").await;
    awa.sees("Quel est votre nom").await;
    awa.says("Awa Diop").await;
    awa.sees("e-mail").await;
    awa.says("awa@exemple.org").await;
    awa.sees("J'envoie un code à").await;
    assert_eq!(mailed(&world, &server, 5).await.to, "awa@exemple.org");
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_hangs_or_refuses_shows_nothing_either() {
    let (mut world, mut server) = World::open_with_mail().await;
    world.create("Lina Ndiaye", LINA, Role::Learner).await;
    server.is(Mood::Hangs);
    asks_from_afar(&world, LINA).await.leads_to("/forgot?done=asked");
    server.until_connections(1).await;
    server.goes_down().await;
    server.is(Mood::Vanishes);
    server.comes_back();
    world.clock.advance(TimeDelta::minutes(1));
    let lost = server.letter(1).await;
    world
        .tables
        .until("outbox WHERE platform = 'mail' AND attempts > 1", 1)
        .await;
    server.is(Mood::Takes);
    world.clock.advance(TimeDelta::minutes(1));
    let second = mailed(&world, &server, 2).await;
    // Both went to the same address.
    world
        .browser()
        .get(&page_of(&world, &lost))
        .await
        .shows(200, "Lina Ndiaye");
    world
        .browser()
        .get(&page_of(&world, &second))
        .await
        .shows(200, "Lina Ndiaye");
    server.is(Mood::Refuses);
    asks_from_afar(&world, LINA).await.leads_to("/forgot?done=asked");
    world.tables.until("dead_letters", 1).await;
    all_mailed(&world).await;
    // What could not be mailed to her goes with her.
    let command = ["admin", "delete", LINA, "--tickets", "erase", "--yes"];
    let (done, said) = Program::runs(&world, &command, &[]).await;
    assert!(done, "{said}");
    assert_eq!(world.count("dead_letters").await, 0);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_where_the_settings_say_and_nowhere_else() {
    let server = MailServer::start().await;
    let mut world = World::closed(Clock::system()).await;
    world.mailer = Some(server.mailer());
    world.start().await;
    world.create("Lina Ndiaye", LINA, Role::Learner).await;
    // Without an address in the settings there is nowhere for a link to lead.
    let browser = world.browser();
    browser
        .get("/forgot")
        .await
        .shows(200, "Un administrateur peut vous donner un lien");
    browser
        .get("/forgot?done=asked")
        .await
        .shows(200, "Un administrateur peut vous donner un lien");
    browser.get("/sign-in").await;
    browser
        .post("/forgot", &[("email", LINA)])
        .await
        .shows(405, "Cela n'a pas marché");
    assert_eq!(world.count("letters").await, 0);
    world.close().await;
    world.public_url = Some("https://desk.exemple.org/aide/".parse().unwrap());
    world.start().await;
    let mut browser = world.browser();
    for header in ["Host", "X-Forwarded-Host", "Forwarded"] {
        browser.headers.push((header, "evil.example".to_owned()));
    }
    browser.get("/forgot").await.shows(200, "action=\"/aide/forgot\"");
    browser
        .post("/forgot", &[("email", LINA)])
        .await
        .leads_to("/aide/forgot?done=asked");
    let link = mailed(&world, &server, 1).await.link();
    let page = link.strip_prefix("https://desk.exemple.org/aide").expect("our address");
    world.browser().get(page).await.shows(200, "Lina Ndiaye");
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_log_tells_a_mailed_link_or_who_asked() {
    let world = World::closed(Clock::system()).await;
    let server = MailServer::start().await;
    world
        .create("Canary Name", "canarymail@exemple.org", Role::Learner)
        .await;
    let settings = [
        ("GUICHET_LOG__LEVEL", "trace"),
        ("GUICHET_SMTP__HOST", "127.0.0.1"),
        ("GUICHET_SMTP__PORT", &server.port.to_string()),
        ("GUICHET_SMTP__ENCRYPTION", "none"),
        ("GUICHET_SMTP__USER", "guichet"),
        ("GUICHET_SMTP__PASSWORD", "canaryhush"),
        ("GUICHET_SMTP__FROM", "Guichet <guichet@exemple.org>"),
    ];
    let program = Program::serve(&world, &settings).await;
    program.says("the desk is open").await;
    server.is(Mood::Vanishes);
    let browser = Browser::new(&program.web);
    asks(&browser, "canarymail@exemple.org")
        .await
        .leads_to("/forgot?done=asked");
    let lost = server.letter(1).await.link();
    program.says("is put off").await;
    server.is(Mood::Takes);
    let link = mailed(&world, &server, 2).await.link();
    let page = link.strip_prefix(&program.web).expect("our address");
    browser.get(page).await.shows(200, "Canary Name");
    browser
        .sets_password(page, PASSWORD)
        .await
        .leads_to("/sign-in?done=password");
    browser
        .signs_in("canarymail@exemple.org", PASSWORD)
        .await
        .leads_to("/account");
    let device = browser.cookie("guichet.device").expect("a mark");
    let (status, said) = program.closes().await;
    assert!(status.success(), "{said}");
    let tokens = [&lost, &link].map(|link| link.rsplit('/').next().expect("a token"));
    for secret in [tokens[0], tokens[1], &device, PASSWORD, "canary", "Canary"] {
        let told = said.lines().find(|line| line.contains(secret));
        assert_eq!(told, None, "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_is_deleted_and_nothing_else() {
    let (mut world, server) = World::open_with_mail().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    lina.private.says("/link 7KQ2-M9XD").await;
    let tables = [
        "letters",
        "code_attempts",
        "sign_in_attempts",
        "password_links",
        "sessions",
        "link_codes",
        "invitations",
    ];
    let full = async |world: &World| {
        world.signed_in(LINA, PASSWORD).await;
        world
            .browser()
            .signs_in(LINA, "wrong")
            .await
            .shows(422, "ne vont pas ensemble");
        asks_from_afar(world, LINA).await.leads_to("/forgot?done=asked");
        world.new_code(LINA).await;
        let expires_at = (world.clock.now() + TimeDelta::days(7)).format("%F %T");
        let invitation = format!(
            "INSERT INTO invitations (hash, role, expires_at)
             VALUES (UNHEX(SHA2('{expires_at}', 256)), 'learner', '{expires_at}')"
        );
        world.tables.change(&invitation).await;
    };
    full(&world).await;
    mailed(&world, &server, 1).await;
    world
        .tables
        .until_number("SELECT COUNT(*) > 0 FROM code_attempts", 1)
        .await;
    world.close().await;
    world.clock.advance(TimeDelta::days(40));
    world.start().await;
    for table in tables {
        world.tables.until(table, 0).await;
    }
    // What is still of use stays.
    full(&world).await;
    mailed(&world, &server, 2).await;
    let mut before = Vec::new();
    for table in tables {
        before.push(world.count(table).await);
    }
    assert!(
        guichet::service::leftovers::delete(&world.store)
            .await
            .is_ok_and(|more| !more)
    );
    for (table, before) in tables.into_iter().zip(before) {
        assert_eq!(world.count(table).await, before, "{table}");
    }
    assert_eq!(world.count("accounts").await, 1);
    world.close().await;
}
