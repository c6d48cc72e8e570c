//! A chat linked with a code from a page: the bot asks, then the page does; and what comes of attackers, of races, and of
//! pages that don't answer.

use chrono::TimeDelta;
use guichet::domain::account::Role;
use guichet::domain::platform::Platform;

use crate::harness::{Browser, Chair, Learner, World};

const LINA: &str = "lina.ndiaye@exemple.org";
const EVE: &str = "eve@exemple.org";
const PASSWORD: &str = "cheval pile agrafe";

/// Lina signed in on the page, and somebody's chat that is nobody's yet.
async fn lina_and_a_chat(on: Platform) -> (World, Browser, Learner) {
    let world = World::open().await;
    world.create("Lina Ndiaye", LINA, Role::Learner).await;
    let browser = world.signed_in(LINA, PASSWORD).await;
    let there = Learner::new(&world, "ln-75", on, "fr");
    (world, browser, there)
}

/// Types a code in a chat and says yes to the bot.
async fn says_yes(chat: &Chair, code: &str) {
    chat.says_secretly(&format!("/link {code}"), "/link (the code)").await;
    let asked = chat.sees("Relier ce compte").await;
    chat.presses(&asked, "Relier").await;
    chat.sees("Encore un pas, sur la page").await;
}

async fn id_of(world: &World, chat: &str) -> i64 {
    let sql = format!("SELECT CAST(id AS SIGNED) FROM identities WHERE display_name = '{chat}'");
    world.tables.number(&sql).await
}

async fn linked(world: &World) -> i64 {
    world.count("identities WHERE account_id IS NOT NULL").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_is_linked_once_the_bot_and_the_page_were_told_yes() {
    for (on, language) in [
        (Platform::Telegram, "fr"),
        (Platform::Discord, "fr"),
        (Platform::Telegram, "en"),
        (Platform::Discord, "en"),
    ] {
        let mut world = World::open().await;
        world.create("Lina Ndiaye", LINA, Role::Learner).await;
        let mut browser = world.signed_in(LINA, PASSWORD).await;
        browser.headers = vec![("Accept-Language", language.to_owned())];
        let there = Learner::new(&world, "ln-75", on, language).private;
        let code = browser.shows_code().await;
        let fr = language == "fr";
        let say = |french: &'static str, english: &'static str| if fr { french } else { english };
        browser
            .get("/account/link")
            .await
            .shows(200, "<meta http-equiv=\"refresh\" content=\"5\">")
            .shows(200, say("On attend votre messagerie", "Waiting for your chat"));
        // Discord tells its language with a command.
        there.uses("me", &[]).await;
        there
            .sees(say("Je ne vous connais pas encore", "I don't know you yet"))
            .await;
        there.says(say("Mon écran est noir", "My screen is black")).await;
        there.sees(say("Quel est votre nom", "What is your name")).await;
        there.says_secretly(&format!("/link {code}"), "/link (the code)").await;
        let asked = there
            .sees(say("à Lina Ndiaye (l…@…) ?", "to Lina Ndiaye (l…@…)?"))
            .await;
        there.presses(&asked, say("Relier", "Link")).await;
        let waits = there
            .sees(say("Encore un pas, sur la page", "One more step, on the page"))
            .await;

        // Looking changes nothing, as often as it is done.
        let user = world
            .tables
            .texts("SELECT user_id FROM identities WHERE display_name = 'ln-75'")
            .await
            .remove(0);
        assert!(waits.text.contains(&user), "{waits:?}");
        for _ in 0..3 {
            browser
                .get("/account/link")
                .await
                .shows(200, on.name())
                .shows(200, "<bdi>ln-75</bdi>")
                .shows(200, &user);
        }
        browser.get("/account").await.shows(200, "href=\"/account/link\"");
        let id = id_of(&world, "ln-75").await;
        browser
            .get(&format!("/account/link/{id}?answer=yes"))
            .await
            .leads_to("/account");
        assert_eq!(linked(&world).await, 0);

        browser.confirms_link("yes").await.leads_to("/account?done=linked");
        let done = there.sees(say("vous êtes Lina Ndiaye", "you are Lina Ndiaye")).await;
        there.presses(&done, say("Voir ma demande", "See my request")).await;
        there.sees(say("Mon écran est noir", "My screen is black")).await;
        browser
            .get("/account?done=linked")
            .await
            .shows(200, say("La messagerie est reliée", "The chat is linked"))
            .shows(200, say("reliée le 14/09/2026", "linked on 2026-09-14"))
            .shows(200, say("<strong>récente</strong>", "<strong>new</strong>"));
        world.clock.advance(TimeDelta::days(8));
        let browser = world.signed_in(LINA, PASSWORD).await;
        let page = browser.get("/account").await.shows(200, "ln-75");
        assert!(!page.text.contains("<strong>"), "{}", page.text);

        // What was answered is over.
        browser.get("/account/link").await.shows(409, "rien à confirmer");
        world.tables.all_went_well().await;
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}_{language}") }, {
            insta::assert_snapshot!("both_were_told_yes", world.script.text().replace(&user, "(the id)"));
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_refuses_and_the_chat_hears_so() {
    for on in Platform::ALL {
        let (mut world, browser, there) = lina_and_a_chat(on).await;
        let code = browser.shows_code().await;
        says_yes(&there.private, &code).await;
        browser.confirms_link("no").await.leads_to("/account?done=refused");
        browser.get("/account?done=refused").await.shows(200, "pas reliée");
        there.private.sees("Sur la page, la réponse est non").await;
        let to = format!("/account/link/{}", id_of(&world, "ln-75").await);
        browser
            .post(&to, &[("answer", "yes")])
            .await
            .shows(409, "rien à confirmer");
        there
            .private
            .says_secretly(&format!("/link {code}"), "/link (the code)")
            .await;
        there.private.sees("Ce code n'est pas bon").await;
        assert_eq!(linked(&world).await, 0);
        // Nor is anything told later.
        world.clock.advance(TimeDelta::minutes(11));
        world.tables.all_went_well().await;
        assert_eq!(there.private.times("à temps"), 0);
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_does_not_answer_in_time_links_nobody() {
    for on in Platform::ALL {
        let (mut world, browser, there) = lina_and_a_chat(on).await;
        let code = browser.shows_code().await;
        world.clock.advance(TimeDelta::minutes(4));
        says_yes(&there.private, &code).await;
        browser.get("/account/link").await.shows(200, "ln-75");
        let to = format!("/account/link/{}", id_of(&world, "ln-75").await);
        world.clock.advance(TimeDelta::minutes(7));
        browser.post(&to, &[("answer", "yes")]).await.shows(409, "trop ancien");
        there.private.sees("La page n'a pas confirmé à temps").await;
        assert_eq!(linked(&world).await, 0);
        browser.get("/account").await;
        browser.post("/account/code", &[("password", PASSWORD)]).await;
        let second = browser.shows_code().await;
        says_yes(&there.private, &second).await;
        browser.confirms_link("yes").await.leads_to("/account?done=linked");
        there.private.sees("vous êtes Lina Ndiaye").await;
        world.tables.all_went_well().await;
        assert_eq!(there.private.times("à temps"), 1);
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_session_that_showed_the_code_answers() {
    let (world, browser, there) = lina_and_a_chat(Platform::Telegram).await;
    let code = browser.shows_code().await;
    says_yes(&there.private, &code).await;
    let to = format!("/account/link/{}", id_of(&world, "ln-75").await);
    world.create("Eve", EVE, Role::Admin).await;
    let eve = world.signed_in(EVE, PASSWORD).await;
    let other = world.browser();
    other.signs_in(LINA, PASSWORD).await.leads_to("/account");
    for wrong in [&eve, &other] {
        wrong.get("/account/link").await.shows(409, "rien à confirmer");
        wrong.get("/account").await;
        wrong
            .post(&to, &[("answer", "yes")])
            .await
            .shows(409, "rien à confirmer");
        wrong
            .post(&to, &[("answer", "no")])
            .await
            .shows(409, "rien à confirmer");
    }
    world.browser().get("/account/link").await.leads_to("/sign-in");
    browser.carry(Some(&"0".repeat(64)));
    browser
        .post(&to, &[("answer", "yes")])
        .await
        .shows(403, "rien n'a été fait");
    browser.get("/account").await;
    browser.post(&to, &[]).await.shows(400, "illisible");
    for wrong in ["/account/link/0", "/account/link/18446744073709551615"] {
        browser
            .post(wrong, &[("answer", "yes")])
            .await
            .shows(409, "rien à confirmer");
    }
    browser
        .post("/account/link/x", &[("answer", "yes")])
        .await
        .shows(404, "rien à cette adresse");
    assert_eq!(linked(&world).await, 0);
    browser.confirms_link("yes").await.leads_to("/account?done=linked");
    // The same once more, as a second press sends it.
    browser
        .post(&to, &[("answer", "yes")])
        .await
        .leads_to("/account?done=linked");
    there.private.sees("vous êtes Lina Ndiaye").await;
    assert_eq!(linked(&world).await, 1);
    world.tables.all_went_well().await;
    assert_eq!(world.count("account_history WHERE event = 'linked-page'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attackers_code_says_whose_it_is_and_does_nothing_without_the_victims_yes() {
    for on in Platform::ALL {
        let mut world = World::open().await;
        world.create("Eve Dupont", EVE, Role::Learner).await;
        let eve = world.signed_in(EVE, PASSWORD).await;
        let victim = Learner::new(&world, "Lina", on, "fr").private;
        victim.says("/start").await;
        victim.sees("Ici le guichet").await;
        let code = eve.shows_code().await;
        let to = format!("/account/link/{}", id_of(&world, "Lina").await);
        // On Telegram by a link, which types it.
        let typed = match on {
            Platform::Telegram => format!("/start {code}"),
            Platform::Discord => format!("/link {code}"),
        };
        victim.says_secretly(&typed, "(what Eve sent)").await;
        let asked = victim.sees("à Eve Dupont (e…@…) ?").await;
        assert!(asked.text.contains("irait sinon à quelqu'un d'autre"), "{asked:?}");
        // Eve can't go on without the victim.
        eve.get("/account/link").await.shows(200, "On attend votre messagerie");
        eve.post(&to, &[("answer", "yes")]).await.shows(409, "rien à confirmer");
        victim.presses(&asked, "Ce n'est pas moi").await;
        victim.sees("rien n'a changé").await;
        eve.get("/account").await;
        eve.post(&to, &[("answer", "yes")]).await.shows(409, "rien à confirmer");
        assert_eq!(linked(&world).await, 0);
        // Whoever says yes in spite of the warning gives their chat away, to her who has the session, and reads it.
        victim.says_secretly(&typed, "(what Eve sent)").await;
        let asked = victim.sees("à Eve Dupont (e…@…) ?").await;
        victim.presses(&asked, "Relier").await;
        victim.sees("Encore un pas, sur la page").await;
        eve.confirms_link("yes").await.leads_to("/account?done=linked");
        victim.sees("vous êtes Eve Dupont").await;
        world.tables.all_went_well().await;
        world.close().await;
        let id = world.tables.texts("SELECT user_id FROM identities").await.remove(0);
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("an_attackers_code", world.script.text().replace(&id, "(the id)"));
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_chats_that_claim_a_code_at_once_the_page_sees_one() {
    let (world, browser, there) = lina_and_a_chat(Platform::Telegram).await;
    let eve = Learner::new(&world, "Eve", Platform::Discord, "fr");
    let chats = [&there.private, &eve.private];
    for round in 0..5 {
        let code = browser.shows_code().await;
        let mut questions = Vec::new();
        for chat in chats {
            chat.says_secretly(&format!("/link {code}"), "/link (the code)").await;
            questions.push(chat.sees("Relier ce compte").await);
        }
        tokio::join!(
            chats[0].presses(&questions[0], "Relier"),
            chats[1].presses(&questions[1], "Relier")
        );
        let claimed = "link_codes WHERE claimed_by IS NOT NULL AND used_at IS NULL";
        world.tables.until(claimed, 1).await;
        world.tables.until("inbox WHERE answered_at IS NULL", 0).await;
        let page = browser.get("/account/link").await;
        let first = usize::from(!page.text.contains("ln-75"));
        chats[first].sees("Encore un pas, sur la page").await;
        chats[1 - first].sees("Ce code n'est pas bon").await;
        if round < 4 {
            browser.confirms_link("no").await.leads_to("/account?done=refused");
            chats[first].sees("la réponse est non").await;
            world.clock.advance(TimeDelta::minutes(11));
        } else {
            let page = browser.get("/account/link").await;
            let (_, rest) = page.text.split_once("action=\"").unwrap();
            let to = &rest[..rest.find('"').unwrap()];
            // Yes and no at the same moment: one counts.
            let (yes, no) = tokio::join!(
                browser.post(to, &[("answer", "yes")]),
                browser.post(to, &[("answer", "no")])
            );
            let is_linked = linked(&world).await;
            assert_eq!(is_linked == 1, yes.header("location") == "/account?done=linked");
            assert_eq!(is_linked == 0, no.header("location") == "/account?done=refused");
        }
        let browser = &browser;
        browser.get("/account").await;
        browser.post("/account/code", &[("password", PASSWORD)]).await;
    }
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_the_session_or_voids_the_code_ends_the_question() {
    let (world, browser, there) = lina_and_a_chat(Platform::Telegram).await;
    let to = async || format!("/account/link/{}", id_of(&world, "ln-75").await);

    // Signed out: neither the old cookie nor the next session has it.
    let code = browser.shows_code().await;
    says_yes(&there.private, &code).await;
    browser.get("/account").await;
    browser.post("/sign-out", &[]).await.leads_to("/sign-in?done=out");
    browser
        .post(&to().await, &[("answer", "yes")])
        .await
        .leads_to("/sign-in");
    browser.signs_in(LINA, PASSWORD).await.leads_to("/account");
    browser.get("/account").await;
    browser
        .post(&to().await, &[("answer", "yes")])
        .await
        .shows(409, "rien à confirmer");
    world.clock.advance(TimeDelta::minutes(11));
    there.private.sees("La page n'a pas confirmé à temps").await;

    // A code whose session has ended is not even asked about.
    browser.post("/account/code", &[("password", PASSWORD)]).await;
    let code = browser.shows_code().await;
    browser.get("/account").await;
    browser.post("/sign-out", &[]).await.leads_to("/sign-in?done=out");
    there
        .private
        .says_secretly(&format!("/link {code}"), "/link (the code)")
        .await;
    there.private.sees("Ce code n'est pas bon").await;

    // Another code, and another password.
    browser.signs_in(LINA, PASSWORD).await.leads_to("/account");
    let code = browser.shows_code().await;
    says_yes(&there.private, &code).await;
    let second = browser.shows_code().await;
    browser
        .post(&to().await, &[("answer", "yes")])
        .await
        .shows(409, "rien à confirmer");
    says_yes(&there.private, &second).await;
    let link = world.password_link(LINA).await;
    world
        .browser()
        .sets_password(&link, "un autre mot")
        .await
        .leads_to("/sign-in?done=password");
    browser
        .post(&to().await, &[("answer", "yes")])
        .await
        .leads_to("/sign-in");
    browser.signs_in(LINA, "un autre mot").await.leads_to("/account");
    browser.get("/account").await;
    browser
        .post(&to().await, &[("answer", "yes")])
        .await
        .shows(409, "rien à confirmer");
    assert_eq!(linked(&world).await, 0);

    // Disabled: nobody is asked, and nobody is linked.
    let code = browser.shows_code().await;
    says_yes(&there.private, &code).await;
    browser.get("/account/link").await.shows(200, "ln-75");
    world.tables.change("UPDATE accounts SET disabled_at = NOW(6)").await;
    browser
        .post(&to().await, &[("answer", "yes")])
        .await
        .leads_to("/sign-in");
    assert_eq!(linked(&world).await, 0);
    world.clock.advance(TimeDelta::minutes(11));
    world.tables.quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_come_with_a_link_to_telegram_where_one_is_not_on_telegram_already() {
    let world = World::open().await;
    world.bot_is_there().await;
    let start = format!("https://t.me/{}?start=", world.telegram.bot_username());
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Discord).await;
    let browser = world.signed_in(LINA, PASSWORD).await;
    browser.get("/account").await;
    let page = browser
        .post("/account/code", &[])
        .await
        .shows(200, &format!("href=\"{start}"));
    let (_, code) = page.text.split_once("?start=").unwrap();
    assert!(page.text.contains(&format!("/link {}", &code[..9])), "{}", page.text);

    lina.private.uses("link", &[]).await;
    let shown = lina.private.sees("écrivez-moi ceci en privé").await.text;
    let (_, code) = shown.split_once(&start).expect("a link");
    let there = Learner::new(&world, "ln-75", Platform::Telegram, "fr").private;
    there
        .says_secretly(&format!("/start {}", &code[..9]), "(the link)")
        .await;
    let asked = there.sees("à Lina Ndiaye (l…@…) ?").await;
    there.presses(&asked, "Relier").await;
    there.sees("vous êtes Lina Ndiaye").await;
    there.says("/link").await;
    let shown = there.sees("écrivez-moi ceci en privé").await.text;
    assert!(!shown.contains("t.me"), "{shown}");
    world.tables.all_went_well().await;
    let kept = format!("inbox WHERE answer LIKE '%{}%'", &code[..9]);
    assert_eq!(world.count(&kept).await, 0);
}
