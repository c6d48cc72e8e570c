//! The pages for people: signing in and out, the password, chats and codes.

use chrono::TimeDelta;
use guichet::domain::account::Role;
use guichet::domain::permission::Permit;
use guichet::domain::platform::Platform;
use guichet::domain::text::Email;
use guichet::service::roles;
use guichet::store::accounts;

use crate::harness::{Browser, Learner, Program, World};

const LINA: &str = "lina.ndiaye@exemple.org";
const PASSWORD: &str = "cheval pile agrafe";

/// A world in which Lina has an account.
async fn with_lina() -> World {
    let world = World::open().await;
    world.create("Lina Ndiaye", LINA, Role::Learner).await;
    world
}

async fn disable(world: &World, email: &str) {
    let mut tx = world.store.begin().await.unwrap();
    let email = Email::parse(email).unwrap();
    let account = accounts::find_by_email(&mut tx, &email).await.unwrap().unwrap();
    assert_eq!(
        roles::disable(&mut tx, Permit::of_the_operator(), &account)
            .await
            .unwrap(),
        Ok(())
    );
    tx.commit().await.unwrap();
}

async fn enable(world: &World, email: &str) {
    let mut tx = world.store.begin().await.unwrap();
    let email = Email::parse(email).unwrap();
    let account = accounts::find_by_email(&mut tx, &email).await.unwrap().unwrap();
    roles::enable(&mut tx, Permit::of_the_operator(), &account)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Another browser that has this one's session, as a thief's would.
fn copy(world: &World, browser: &Browser) -> Browser {
    let copy = world.browser();
    copy.plant("guichet", &browser.cookie("guichet").expect("a session"));
    copy
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_chooses_a_password_signs_in_and_out() {
    let world = with_lina().await;
    let browser = world.browser();
    browser.get("/").await.leads_to("/account");
    browser.get("/account").await.leads_to("/sign-in");
    let link = world.password_link(LINA).await;
    browser.get(&link).await.shows(200, "Lina Ndiaye");
    browser
        .sets_password(&link, PASSWORD)
        .await
        .leads_to("/sign-in?done=password");
    browser
        .get("/sign-in?done=password")
        .await
        .shows(200, "nouveau mot de passe est enregistré");
    let got = browser
        .signs_in("  Lina.Ndiaye@Exemple.ORG ", PASSWORD)
        .await
        .leads_to("/account");
    let cookie = got.header("set-cookie");
    assert!(
        cookie.starts_with("guichet=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    let page = browser
        .get("/account")
        .await
        .shows(200, "Lina Ndiaye")
        .shows(200, LINA)
        .shows(200, "apprenant");
    for (name, value) in [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("strict-transport-security", ""),
    ] {
        assert_eq!(page.header(name), value, "{name}");
    }
    browser.get("/sign-in").await.leads_to("/account");
    browser.get("/account").await;
    let thief = copy(&world, &browser);
    browser.post("/sign-out", &[]).await.leads_to("/sign-in?done=out");
    assert_eq!(browser.cookie("guichet"), None);
    browser
        .get("/sign-in?done=out")
        .await
        .shows(200, "Vous êtes déconnecté");
    thief.get("/account").await.leads_to("/sign-in");
    // Nothing of what opens a door is in the database as it is.
    assert_eq!(world.count("sessions").await, 0);
    assert_eq!(world.count("sign_in_attempts").await, 0);
    let hash = world
        .tables
        .texts("SELECT password FROM accounts WHERE password IS NOT NULL")
        .await;
    assert!(hash[0].starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_https_cookies_and_links_are_those_of_the_public_address() {
    let mut world = World::closed(guichet::clock::Clock::system()).await;
    world.public_url = Some("https://desk.exemple.org/aide/".parse().unwrap());
    world.start().await;
    world.create("Lina Ndiaye", LINA, Role::Learner).await;
    let mut browser = world.browser();
    browser.headers.push(("Origin", "https://desk.exemple.org".to_owned()));
    let link = world.password_link(LINA).await;
    browser
        .sets_password(&link, PASSWORD)
        .await
        .leads_to("/aide/sign-in?done=password");
    let got = browser.signs_in(LINA, PASSWORD).await.leads_to("/aide/account");
    let cookie = got.header("set-cookie");
    assert!(
        cookie.starts_with("__Host-guichet=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"),
        "{cookie}"
    );
    assert_eq!(got.header("strict-transport-security"), "max-age=31536000");
    browser
        .get("/account")
        .await
        .shows(200, "action=\"/aide/account/code\"");
    // Without the prefix, whoever may set cookies for a neighbouring name could set it.
    let other = world.browser();
    other.plant("guichet", &browser.cookie("__Host-guichet").unwrap());
    other.get("/account").await.leads_to("/aide/sign-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_unknown_disabled_wrong_or_without_a_password_reads_the_same() {
    let world = with_lina().await;
    world.create("Omar Sy", "omar@exemple.org", Role::Learner).await;
    world.create("Awa Diop", "awa@exemple.org", Role::Learner).await;
    world.signed_in(LINA, PASSWORD).await;
    world.signed_in("omar@exemple.org", PASSWORD).await;
    disable(&world, "omar@exemple.org").await;
    let mut pages = Vec::new();
    for (email, password) in [
        (LINA, "cheval pile agrafes"),
        (LINA, "Cheval pile agrafe"),
        (LINA, ""),
        ("nobody@exemple.org", PASSWORD),
        ("omar@exemple.org", PASSWORD),
        ("awa@exemple.org", PASSWORD),
        ("no address", PASSWORD),
    ] {
        let got = world.browser().signs_in(email, password).await;
        let got = got.shows(422, "Cette adresse et ce mot de passe ne vont pas ensemble");
        let shown = got.text.replace(&format!("value=\"{email}\""), "");
        let (token, has_session) = (got.token().unwrap(), got.header("set-cookie").contains("guichet="));
        assert!(
            !has_session && got.text.contains(&format!("value=\"{email}\"")),
            "{}",
            got.text
        );
        pages.push(shown.replace(&token, ""));
    }
    assert!(pages.windows(2).all(|two| two[0] == two[1]), "{pages:?}");
    assert_eq!(world.count("sessions").await, 1);
}

/// A browser that nobody knows, at some address.
fn stranger_at(world: &World, address: &str) -> Browser {
    let mut browser = world.browser();
    browser.headers.push(("X-Forwarded-For", address.to_owned()));
    browser
}

/// Somebody tries a wrong password so often, each time in the hope to be new.
async fn guess(world: &World, address: &str, email: &str, times: usize) {
    for _ in 0..times {
        stranger_at(world, address)
            .signs_in(email, "cheval pile")
            .await
            .shows(422, "ne vont pas ensemble");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_tried_ten_times_from_an_address_in_a_quarter_of_an_hour() {
    let world = with_lina().await;
    world.create("Omar Sy", "omar@exemple.org", Role::Learner).await;
    let inside = world.signed_in(LINA, PASSWORD).await;
    world.signed_in("omar@exemple.org", PASSWORD).await;
    for number in 0..10 {
        // In whatever way it is written.
        let email = if number % 2 == 0 {
            LINA.to_uppercase()
        } else {
            LINA.to_owned()
        };
        guess(&world, "127.0.0.1", &email, 1).await;
        world.clock.advance(TimeDelta::seconds(30));
    }
    let browser = world.browser();
    let got = browser.signs_in(LINA, PASSWORD).await;
    let got = got.shows(429, "Trop d'essais. Réessayez dans 10 minutes.");
    assert_eq!(got.header("retry-after"), "600");
    // Others there are not held back, nor is she elsewhere, nor where she has been before.
    world
        .browser()
        .signs_in("omar@exemple.org", PASSWORD)
        .await
        .leads_to("/account");
    stranger_at(&world, "198.51.100.7")
        .signs_in(LINA, PASSWORD)
        .await
        .leads_to("/account");
    inside.get("/password").await;
    let change = async |current: &str| {
        let fields = [("current", current), ("new", PASSWORD), ("again", PASSWORD)];
        inside.post("/password", &fields).await
    };
    change("wrong").await.shows(422, "mot de passe actuel. Recommencez");
    change(PASSWORD).await.leads_to("/account?done=password");
    // What was refused did not count: the first of the ten is over, and one more may be made.
    world.clock.advance(TimeDelta::minutes(10));
    browser
        .signs_in(LINA, "cheval pile")
        .await
        .shows(422, "ne vont pas ensemble");
    browser
        .signs_in(LINA, PASSWORD)
        .await
        .shows(429, "Réessayez dans une minute");
    world.clock.advance(TimeDelta::minutes(1));
    browser.signs_in(LINA, PASSWORD).await.leads_to("/account");
}

#[tokio::test(flavor = "multi_thread")]
async fn from_an_address_fifty_passwords_may_be_wrong_in_a_quarter_of_an_hour() {
    let world = with_lina().await;
    world.signed_in(LINA, PASSWORD).await;
    for number in 0..50 {
        let email = format!("somebody.{number}@exemple.org");
        guess(&world, "6.6.6.6, 198.51.100.7", &email, 1).await;
    }
    let guesser = stranger_at(&world, "198.51.100.7");
    guesser
        .signs_in(LINA, PASSWORD)
        .await
        .shows(429, "Réessayez dans 15 minutes");
    world.browser().signs_in(LINA, PASSWORD).await.leads_to("/account");
    world.clock.advance(TimeDelta::minutes(15));
    guesser.signs_in(LINA, PASSWORD).await.leads_to("/account");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_from_everywhere_keep_nobody_out_where_they_have_been_before() {
    let world = with_lina().await;
    world.create("Eve", "eve@exemple.org", Role::Learner).await;
    let browser = world.signed_in(LINA, PASSWORD).await;
    let eve = world.signed_in("eve@exemple.org", PASSWORD).await;
    for number in 0..5 {
        guess(&world, &format!("198.51.100.{number}"), LINA, 10).await;
    }
    // Enough for the account, from wherever, and for whoever has another's mark, or none that we gave.
    stranger_at(&world, "203.0.113.1")
        .signs_in(LINA, PASSWORD)
        .await
        .shows(429, "Trop d'essais");
    let own = browser.cookie("guichet.device").expect("a mark");
    let of_eve = eve.cookie("guichet.device").expect("a mark");
    for forged in ["x", &of_eve, &own[..64], &own.to_uppercase()] {
        let forger = stranger_at(&world, "203.0.113.2");
        forger.plant("guichet.device", forged);
        forger.signs_in(LINA, PASSWORD).await.shows(429, "Trop d'essais");
    }
    // Her browser has tries of its own, even at the address of one of them; and no more than ten.
    browser.get("/account").await;
    browser.post("/sign-out", &[]).await;
    browser.signs_in(LINA, PASSWORD).await.leads_to("/account");
    browser.get("/account").await;
    browser.post("/sign-out", &[]).await;
    let her = browser.cookie("guichet.device").expect("a mark");
    let thief = |number: u8| {
        let thief = stranger_at(&world, &format!("198.51.100.{number}"));
        thief.plant("guichet.device", &her);
        thief
    };
    for number in 0..10 {
        thief(number)
            .signs_in(LINA, "cheval pile")
            .await
            .shows(422, "ne vont pas ensemble");
    }
    thief(99).signs_in(LINA, PASSWORD).await.shows(429, "Trop d'essais");
    // What a known browser tries counts for no other.
    world.clock.advance(TimeDelta::minutes(16));
    world.browser().signs_in(LINA, PASSWORD).await.leads_to("/account");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_many_marks_of_hers_has_fifty_tries_with_all_of_them() {
    let world = with_lina().await;
    world.signed_in(LINA, PASSWORD).await;
    let mut marks = Vec::new();
    for _ in 0..6 {
        let browser = world.browser();
        browser.signs_in(LINA, PASSWORD).await.leads_to("/account");
        marks.push(browser.cookie("guichet.device").expect("a mark"));
    }
    let with = |mark: &str| {
        let thief = stranger_at(&world, "198.51.100.7");
        thief.plant("guichet.device", mark);
        thief
    };
    for mark in &marks[..5] {
        let thief = with(mark);
        for _ in 0..10 {
            thief
                .signs_in(LINA, "cheval pile")
                .await
                .shows(422, "ne vont pas ensemble");
        }
    }
    with(&marks[5])
        .signs_in(LINA, PASSWORD)
        .await
        .shows(429, "Trop d'essais");
    // They are hers to lose: a browser that is not known has its own.
    world.browser().signs_in(LINA, PASSWORD).await.leads_to("/account");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tries_at_once_are_no_more_than_ten() {
    let world = with_lina().await;
    world.signed_in(LINA, PASSWORD).await;
    let browser = world.browser();
    browser.get("/sign-in").await;
    let fields = [("email", LINA), ("password", "cheval pile")];
    let tries = (0..15).map(|_| browser.post("/sign-in", &fields));
    let answers = futures_util::future::join_all(tries).await;
    let made = answers.iter().filter(|got| got.status == 422).count();
    assert!(
        made <= 10 && answers.iter().all(|got| matches!(got.status, 422 | 429)),
        "{made}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_brought_along_is_never_taken() {
    let world = with_lina().await;
    world.create("Omar Sy", "omar@exemple.org", Role::Learner).await;
    let link = world.password_link(LINA).await;
    let browser = world.browser();
    let planted = "ab".repeat(32);
    browser.plant("guichet", &planted);
    browser.sets_password(&link, PASSWORD).await;
    browser.signs_in(LINA, PASSWORD).await.leads_to("/account");
    assert_ne!(browser.cookie("guichet").unwrap(), planted);
    let attacker = world.browser();
    attacker.plant("guichet", &planted);
    attacker.get("/account").await.leads_to("/sign-in");
    // Somebody else's own session, planted, ends when its new holder signs in as themselves.
    let omar = world.signed_in("omar@exemple.org", PASSWORD).await;
    let victim = copy(&world, &omar);
    victim.get("/forgot").await;
    let form = world.browser();
    form.get("/sign-in").await;
    form.plant("guichet", &omar.cookie("guichet").unwrap());
    form.post("/sign-in", &[("email", LINA), ("password", PASSWORD)])
        .await
        .leads_to("/account");
    form.get("/account").await.shows(200, "Lina Ndiaye");
    omar.get("/account").await.leads_to("/sign-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_with_time_and_when_it_must() {
    let world = with_lina().await;
    let browser = world.signed_in(LINA, PASSWORD).await;
    // Twelve hours without a page, seven days in any case.
    for _ in 0..14 {
        world.clock.advance(TimeDelta::hours(11) + TimeDelta::minutes(59));
        browser.get("/account").await.shows(200, "Lina Ndiaye");
    }
    world.clock.advance(TimeDelta::minutes(14));
    browser.get("/account").await.leads_to("/sign-in");
    browser.signs_in(LINA, PASSWORD).await.leads_to("/account");
    let before = copy(&world, &browser);
    world.clock.advance(TimeDelta::hours(12));
    browser.get("/account").await.leads_to("/sign-in");
    before.get("/account").await.leads_to("/sign-in");

    // Everywhere.
    browser.signs_in(LINA, PASSWORD).await.leads_to("/account");
    let other = world.browser();
    other.signs_in(LINA, PASSWORD).await.leads_to("/account");
    browser.get("/account").await;
    browser
        .post("/sign-out/everywhere", &[])
        .await
        .leads_to("/sign-in?done=out");
    other.get("/account").await.leads_to("/sign-in");

    // When the account is disabled, for good: enabling it brings no session back.
    browser.signs_in(LINA, PASSWORD).await.leads_to("/account");
    let thief = copy(&world, &browser);
    disable(&world, LINA).await;
    thief.get("/account").await.leads_to("/sign-in");
    assert_eq!(world.count("sessions").await, 0);
    enable(&world, LINA).await;
    thief.get("/account").await.leads_to("/sign-in");
    browser.signs_in(LINA, PASSWORD).await.leads_to("/account");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_changed_and_whoever_was_in_is_out() {
    let world = World::open().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let browser = world.signed_in(LINA, PASSWORD).await;
    lina.private
        .sees("Le mot de passe de votre compte vient d'être changé")
        .await;
    let other = world.browser();
    other.signs_in(LINA, PASSWORD).await.leads_to("/account");
    let thief = copy(&world, &browser);
    let reset = world.password_link(LINA).await;
    browser.get("/password").await.shows(200, "Mot de passe actuel");
    let change = async |current: &str, new: &str, again: &str| {
        let fields = [("current", current), ("new", new), ("again", again)];
        browser.post("/password", &fields).await
    };
    change("wrong", "un autre mot", "un autre mot")
        .await
        .shows(422, "mot de passe actuel. Recommencez");
    change(PASSWORD, "un autre mot", "un autre mon")
        .await
        .shows(422, "pas le même que le premier");
    change(PASSWORD, "court", "court")
        .await
        .shows(422, "il faut au moins 8 caractères");
    change(PASSWORD, LINA, LINA)
        .await
        .shows(422, "votre nom ou votre adresse");
    change(PASSWORD, "motdepasse", "motdepasse")
        .await
        .shows(422, "Beaucoup de gens ont celui-ci");
    let long = "é".repeat(1_001);
    let got = change(PASSWORD, &long, &long)
        .await
        .shows(422, "1000 caractères au plus");
    assert!(!got.text.contains(PASSWORD) && !got.text.contains("éé"), "{}", got.text);
    thief.get("/account").await.shows(200, "Lina Ndiaye");
    world.new_code(LINA).await;
    change(PASSWORD, "un autre mot", "un autre mot")
        .await
        .leads_to("/account?done=password");
    assert_eq!(world.count("link_codes WHERE used_at IS NULL").await, 0);
    browser
        .get("/account?done=password")
        .await
        .shows(200, "nouveau mot de passe est enregistré");
    for gone in [&thief, &other] {
        gone.get("/account").await.leads_to("/sign-in");
    }
    world.browser().get(&reset).await.shows(410, "Ce lien ne sert plus");
    let told = || {
        lina.private
            .times("Le mot de passe de votre compte vient d'être changé")
            == 2
    };
    world.until("both changes told", told).await;
    other.signs_in(LINA, PASSWORD).await.shows(422, "ne vont pas ensemble");
    other.signs_in(LINA, "un autre mot").await.leads_to("/account");
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_sets_a_password_once_within_an_hour() {
    let world = with_lina().await;
    let link = world.password_link(LINA).await;
    // Looking at it does nothing, however often; what is refused does not use it up either.
    for _ in 0..3 {
        world.browser().get(&link).await.shows(200, "Lina Ndiaye");
    }
    world
        .browser()
        .sets_password(&link, "12345678")
        .await
        .shows(422, "Beaucoup de gens ont celui-ci");
    world
        .browser()
        .sets_password(&link, PASSWORD)
        .await
        .leads_to("/sign-in?done=password");
    world
        .browser()
        .sets_password(&link, "un autre mot")
        .await
        .shows(410, "Ce lien ne sert plus");
    let browser = world.browser();
    browser.signs_in(LINA, PASSWORD).await.leads_to("/account");

    // Of two at once, one sets it.
    let link = world.password_link(LINA).await;
    let (one, two) = (world.browser(), world.browser());
    let (first, second) = tokio::join!(
        one.sets_password(&link, "le premier"),
        two.sets_password(&link, "le second")
    );
    let mut both = [first.status, second.status];
    both.sort_unstable();
    assert_eq!(both, [303, 410]);
    browser.get("/account").await.leads_to("/sign-in");

    // A newer one voids it; time does; and so does disabling, for good.
    let older = world.password_link(LINA).await;
    let newer = world.password_link(LINA).await;
    world.browser().get(&older).await.shows(410, "Ce lien ne sert plus");
    let form = world.browser();
    form.get(&newer).await.shows(200, "Lina Ndiaye");
    world.clock.advance(TimeDelta::hours(1));
    form.post(&newer, &[("new", "trop tard ici"), ("again", "trop tard ici")])
        .await
        .shows(410, "Ce lien ne sert plus");
    let link = world.password_link(LINA).await;
    disable(&world, LINA).await;
    world
        .browser()
        .sets_password(&link, PASSWORD)
        .await
        .shows(410, "Ce lien ne sert plus");
    enable(&world, LINA).await;
    world.browser().get(&link).await.shows(410, "Ce lien ne sert plus");
    for wrong in ["x", "%FF", "%00", &"0".repeat(64), &format!("{}%20", "0".repeat(63))] {
        let got = world.browser().get(&format!("/password/link/{wrong}")).await;
        got.shows(410, "Ce lien ne sert plus");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_hands_a_link_over() {
    let world = with_lina().await;
    let browser = world.signed_in(LINA, PASSWORD).await;
    let public = [("GUICHET_WEB__PUBLIC_URL", "https://desk.exemple.org/aide/")];
    let (done, said) = Program::runs(&world, &["admin", "reset", LINA], &public).await;
    let (_, link) = said.split_once("https://desk.exemple.org/aide").expect("an address");
    assert!(
        done && said.starts_with("For Lina Ndiaye (learner): ") && said.contains("within 60 minutes"),
        "{said}"
    );
    world
        .browser()
        .get(&link[..link.find('\n').unwrap()])
        .await
        .shows(200, "Lina Ndiaye");
    let (done, said) = Program::runs(&world, &["admin", "reset", "1"], &[]).await;
    let (_, link) = said.split_once("(learner): ").expect("a link");
    assert!(done && said.contains("set web.public_url"), "{said}");
    // Whoever is in stays in until it is used.
    browser.get("/account").await.shows(200, "Lina Ndiaye");
    let link = &link[..link.find('\n').unwrap()];
    world
        .browser()
        .sets_password(link, "un autre mot")
        .await
        .leads_to("/sign-in?done=password");
    browser.get("/account").await.leads_to("/sign-in");
    disable(&world, LINA).await;
    for (account, words) in [
        ("nobody@exemple.org", "No account is identified by"),
        (LINA, "is disabled"),
    ] {
        let (done, said) = Program::runs(&world, &["admin", "reset", account], &[]).await;
        assert!(!done && said.contains(words), "{said}");
    }
    world
        .tables
        .change("UPDATE accounts SET email = NULL, disabled_at = NULL")
        .await;
    let (done, said) = Program::runs(&world, &["admin", "reset", "1"], &[]).await;
    assert!(!done && said.contains("was only stated"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_tried_too_often_comes_back_by_a_link() {
    let world = with_lina().await;
    world.signed_in(LINA, PASSWORD).await;
    guess(&world, "127.0.0.1", LINA, 10).await;
    let browser = world.browser();
    browser.signs_in(LINA, PASSWORD).await.shows(429, "Trop d'essais");
    let link = world.password_link(LINA).await;
    browser
        .sets_password(&link, "un autre mot")
        .await
        .leads_to("/sign-in?done=password");
    browser.signs_in(LINA, "un autre mot").await.leads_to("/account");
    // Elsewhere it is as it was.
    world
        .browser()
        .signs_in(LINA, "un autre mot")
        .await
        .shows(429, "Trop d'essais");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weaker_hash_is_renewed_when_its_owner_signs_in() {
    let world = with_lina().await;
    world.signed_in(LINA, PASSWORD).await;
    let weak = argon2_of(PASSWORD);
    world
        .tables
        .change(&format!(
            "UPDATE accounts SET password = '{weak}' WHERE email = '{LINA}'"
        ))
        .await;
    world
        .browser()
        .signs_in(LINA, "cheval pile")
        .await
        .shows(422, "ne vont pas ensemble");
    let hash = async || {
        world
            .tables
            .texts("SELECT password FROM accounts WHERE password IS NOT NULL")
            .await
            .remove(0)
    };
    assert_eq!(hash().await, weak);
    let browser = world.browser();
    browser.signs_in(LINA, PASSWORD).await.leads_to("/account");
    browser.get("/account").await.shows(200, "Lina Ndiaye");
    assert!(hash().await.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    world.browser().signs_in(LINA, PASSWORD).await.leads_to("/account");
}

/// A hash that costs less than ours do now.
fn argon2_of(password: &str) -> String {
    use argon2::password_hash::{PasswordHasher, SaltString};
    use argon2::{Algorithm, Argon2, Params, Version};
    let weak = Argon2::new(
        Algorithm::Argon2id,
        Version::V0x13,
        Params::new(1024, 1, 1, None).unwrap(),
    );
    let salt = SaltString::encode_b64(b"0123456789abcdef").unwrap();
    weak.hash_password(password.as_bytes(), &salt).unwrap().to_string()
}

/// The code on a page.
fn code_on(page: &str) -> String {
    let (_, rest) = page.split_once("/link ").expect("a code");
    rest[..9].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_from_the_page_links_a_chat_and_the_page_unlinks_it() {
    let world = World::open().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    let browser = world.signed_in(LINA, PASSWORD).await;
    browser
        .get("/account")
        .await
        .shows(200, "Telegram · <bdi>Lina Ndiaye</bdi>");
    let code = code_on(
        &browser
            .post("/account/code", &[])
            .await
            .shows(200, "pendant 10 minutes")
            .text,
    );
    let there = Learner::new(&world, "ln-75", Platform::Discord, "fr").private;
    there.says_secretly(&format!("/link {code}"), "/link (the code)").await;
    let asked = there.sees("à Lina Ndiaye (l…@…) ?").await;
    there.presses(&asked, "Relier").await;
    there.sees("Encore un pas, sur la page").await;
    browser.confirms_link("yes").await.leads_to("/account?done=linked");
    there.sees("vous êtes Lina Ndiaye").await;
    lina.private
        .sees("Une messagerie vient d'être reliée à votre compte")
        .await;
    let page = browser.get("/account").await.shows(200, "Discord · <bdi>ln-75</bdi>");

    let unlink = page.text.split("/account/unlink/").nth(2).expect("two chats");
    let unlink = format!("/account/unlink/{}", &unlink[..unlink.find('"').unwrap()]);
    browser
        .get(&unlink)
        .await
        .shows(200, "iront dans vos autres messageries")
        .shows(200, "ln-75");
    browser.get("/account").await.shows(200, "ln-75");
    browser.post(&unlink, &[]).await.leads_to("/account?done=unlinked");
    there
        .sees("vient d'être déliée de votre compte depuis votre page")
        .await;
    lina.private
        .sees("Une messagerie vient d'être déliée de votre compte depuis votre page")
        .await;
    let page = browser
        .get("/account?done=unlinked")
        .await
        .shows(200, "plus reliée à votre compte");
    assert!(!page.text.contains("ln-75"), "{}", page.text);

    // The last one, with a warning; and the code shown before is void.
    let code = code_on(&browser.post("/account/code", &[]).await.text);
    let last = page.text.split("/account/unlink/").nth(1).expect("a chat");
    let last = format!("/account/unlink/{}", &last[..last.find('"').unwrap()]);
    browser.get(&last).await.shows(200, "votre seule messagerie");
    browser.post(&last, &[]).await.leads_to("/account?done=unlinked");
    lina.private
        .sees("Cette messagerie vient d'être déliée de votre compte")
        .await;
    browser.get("/account").await.shows(200, "Aucune messagerie");
    there.says_secretly(&format!("/link {code}"), "/link (the code)").await;
    there.sees("Ce code n'est pas bon").await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_shown_only_to_who_gave_their_password_just_now() {
    let world = with_lina().await;
    let browser = world.signed_in(LINA, PASSWORD).await;
    world.clock.advance(TimeDelta::minutes(6));
    browser.get("/account").await;
    browser.get("/account/code").await.leads_to("/account");
    let got = browser
        .post("/account/code", &[])
        .await
        .shows(200, "tapez votre mot de passe");
    assert!(!got.text.contains("/link "), "{}", got.text);
    browser
        .post("/account/code", &[("password", "wrong")])
        .await
        .shows(422, "pas votre mot de passe actuel");
    assert_eq!(
        world
            .count("link_codes WHERE used_at IS NULL AND expires_at > '2026-09-14 07:11:00'")
            .await,
        0
    );
    browser
        .post("/account/code", &[("password", PASSWORD)])
        .await
        .shows(200, "/link ");
    world.clock.advance(TimeDelta::minutes(4));
    browser.post("/account/code", &[]).await.shows(200, "/link ");
    // Each voids the one before, and none is kept as it is.
    assert_eq!(world.count("link_codes WHERE used_at IS NULL").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_speak_the_language_of_whoever_reads_them() {
    let world = with_lina().await;
    let mut browser = world.browser();
    browser
        .get("/sign-in")
        .await
        .shows(200, "<html lang=\"fr\">")
        .shows(200, "Se connecter");
    browser.headers = vec![("Accept-Language", "de-CH, en;q=0.5".to_owned())];
    browser
        .get("/sign-in")
        .await
        .shows(200, "<html lang=\"en\">")
        .shows(200, "Sign in");
    browser.get("/forgot?lang=fr").await.shows(200, "Mot de passe oublié");
    browser.get("/sign-in").await.shows(200, "Se connecter");
    browser
        .get("/sign-in?lang=en")
        .await
        .shows(200, "href=\"/sign-in?lang=fr\"");
    browser.get("/sign-in?lang=klingon").await.shows(200, "Sign in");
    browser.headers.clear();
    world.browser().get("/account?lang=en").await.leads_to("/sign-in");
}
