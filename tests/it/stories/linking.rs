//! One-time codes and the staff's place: who may, where, how often, and what is told to those who may not.

use chrono::TimeDelta;
use guichet::domain::account::Role;
use guichet::domain::platform::Platform;
use guichet::sandbox::Seat as _;

use crate::harness::{AnySeat, Chair, Learner, StaffOn, World, office};

const OTHER_CODE: &str = "/link 0000-0000";

async fn links(chair: &Chair, code: &str) {
    chair.says_secretly(&format!("/link {code}"), "/link (the code)").await;
}

async fn linked(world: &World) -> i64 {
    world.count("identities WHERE account_id IS NOT NULL").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_read_as_people_type_it_and_used_once() {
    for on in [Platform::Telegram, Platform::Discord] {
        let mut world = World::open().await;
        let code = world.create("Lina Ndiaye", "lina@exemple.org", Role::Learner).await;
        let lina = Learner::new(&world, "lina.nd", on, "fr").private;
        lina.says("/link").await;
        lina.sees("7KQ2-M9XD").await;
        lina.says(OTHER_CODE).await;
        lina.sees("Ce code n'est pas bon").await;
        lina.says("/link mon code ?").await;
        lina.sees("Ce code n'est pas bon").await;
        let typed = format!(" {} ", code.to_lowercase().replace('-', " "));
        links(&lina, &typed).await;
        let asked = lina.sees("Relier ce compte").await;
        lina.presses(&asked, "Ce n'est pas moi").await;
        lina.sees("rien n'a changé").await;
        assert_eq!(linked(&world).await, 0);
        links(&lina, &typed).await;
        let asked = lina.sees("Relier ce compte").await;
        lina.presses(&asked, "Relier").await;
        lina.sees("vous êtes Lina Ndiaye").await;
        assert_eq!(linked(&world).await, 1);
        lina.says(OTHER_CODE).await;
        lina.sees("déjà reliée").await;
        let eve = Learner::new(&world, "Eve", on, "fr").private;
        links(&eve, &code).await;
        eve.sees("Ce code n'est pas bon").await;
        assert_eq!(linked(&world).await, 1);
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("a_code_is_read_as_people_type_it", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_code_links_nobody_not_even_when_it_was_asked_about_in_time() {
    let mut world = World::open().await;
    let code = world.create("Lina Ndiaye", "lina@exemple.org", Role::Learner).await;
    let lina = Learner::new(&world, "lina.nd", Platform::Telegram, "fr").private;
    links(&lina, &code).await;
    let asked = lina.sees("Relier ce compte").await;
    world.clock.advance(TimeDelta::minutes(11));
    lina.presses(&asked, "Relier").await;
    lina.sees("Ce code n'est pas bon").await;
    links(&lina, &code).await;
    lina.sees("Ce code n'est pas bon").await;
    assert_eq!(linked(&world).await, 0);
    world.close().await;
    insta::assert_snapshot!("an_expired_code", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn after_five_tries_even_a_good_code_has_to_wait() {
    let mut world = World::open().await;
    let code = world.create("Lina Ndiaye", "lina@exemple.org", Role::Learner).await;
    let lina = Learner::new(&world, "lina.nd", Platform::Telegram, "fr").private;
    for wrong in ["1111-1111", "2222-2222", "3333-3333", "4444-4444", "what"] {
        lina.says(&format!("/link {wrong}")).await;
        lina.sees("Ce code n'est pas bon").await;
    }
    links(&lina, &code).await;
    lina.sees("Trop d'essais").await;
    // Somebody else is not held up.
    let omar = Learner::new(&world, "Omar", Platform::Telegram, "fr").private;
    omar.says(OTHER_CODE).await;
    omar.sees("Ce code n'est pas bon").await;
    world.clock.advance(TimeDelta::minutes(11));
    let code = world.create("Lina Bis", "bis@exemple.org", Role::Learner).await;
    links(&lina, &code).await;
    lina.sees("Relier ce compte").await;
    world.close().await;
    insta::assert_snapshot!("after_five_tries", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_others_could_read_is_burnt() {
    let mut world = World::open().await;
    let code = world.create("Lina Ndiaye", "lina@exemple.org", Role::Learner).await;
    let lina = world.telegram.user("lina.nd", "fr");
    let eve = world.telegram.user("Eve", "fr");
    let group = world.telegram.group("Promo 12", &[&lina, &eve], false);
    let (in_group, private) = (lina.in_group(&group), lina.private());
    let in_group = world.chair("lina.nd", "Promo 12", in_group);
    let private = world.chair("lina.nd", "private", private);
    // The bot may not write to somebody who never wrote to it.
    links(&in_group, &code).await;
    in_group.sees("ouvrez une conversation").await;
    links(&private, &code).await;
    private.sees("Ce code n'est pas bon").await;
    let second = world.create("Lina Bis", "bis@exemple.org", Role::Learner).await;
    links(&in_group, &second).await;
    private.sees("Un code se tape en privé").await;
    let eve = world.chair("Eve", "private", eve.private());
    links(&eve, &second).await;
    eve.sees("Ce code n'est pas bon").await;
    assert_eq!(linked(&world).await, 0);
    world.close().await;
    insta::assert_snapshot!("a_code_that_others_could_read", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn on_discord_a_typed_code_is_burnt_and_a_slash_command_is_seen_by_nobody() {
    let mut world = World::open().await;
    let user = world.discord.user("lina.nd", "fr");
    let omar = world.discord.user("Omar", "fr");
    let general = world.discord.channel("general");
    let lina = world.chair("lina.nd", "#general", user.in_channel(&general));
    let private = world.chair("lina.nd", "private", user.dm());
    let code = world.create("Lina Ndiaye", "lina@exemple.org", Role::Learner).await;
    links(&lina, &code).await;
    private.sees("Un code se tape en privé").await;
    let code = world.create("Lina Bis", "bis@exemple.org", Role::Learner).await;
    let AnySeat::Discord(seat) = &lina.seat else {
        unreachable!();
    };
    seat.uses("link", &[("code", &code)]).await.expect("an answer");
    let asked = lina.sees("Relier ce compte").await;
    lina.presses(&asked, "Relier").await;
    lina.sees("vous êtes Lina Bis").await;
    let history = omar.in_channel(&general).history();
    assert!(!history.contains("Bis"), "{history}");
    assert_eq!(linked(&world).await, 1);
    world.close().await;
    insta::assert_snapshot!("on_discord_a_typed_code_is_burnt", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_admin_sets_a_place_up_and_only_where_staff_work() {
    for on in [StaffOn::TelegramGroup, StaffOn::Discord] {
        let mut world = World::open().await;
        let staff = office(&world, on, "fr").await;
        world.script.forget();
        staff.awa.private.uses("setup", &[]).await;
        staff.awa.private.sees("dans le salon ou le groupe").await;
        let private = &staff.moussa.private;
        let aside = if on == StaffOn::Discord {
            &staff.moussa.channel
        } else {
            private
        };
        staff.moussa.channel.uses("setup", &[]).await;
        aside.sees("Seuls les administrateurs").await;
        private.uses("setup", &[]).await;
        private.sees("dans le salon ou le groupe").await;
        assert_eq!(world.count("places").await, 1);
        world.close().await;
        insta::with_settings!({ snapshot_suffix => format!("{on:?}") }, {
            insta::assert_snapshot!("only_an_admin_sets_a_place_up", world.script.text());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_in_a_shared_place_is_sent_to_the_private_chat() {
    let mut world = World::open().await;
    let user = world.telegram.user("Eve", "fr");
    let group = world.telegram.group("Promo 12", &[&user], false);
    let eve = world.chair("Eve", "Promo 12", user.in_group(&group));
    let private = world.chair("Eve", "private", user.private());
    private.says("/start").await;
    private.sees("Ici le guichet").await;
    eve.says("Mon chargeur ne marche plus").await;
    for command in ["/setup", "/tickets", "/prendre 1"] {
        eve.says(command).await;
        private.sees("Écrivez-moi en privé").await;
    }
    eve.says("/ticket").await;
    private.sees("Écrivez-moi en privé").await;
    eve.sees_nothing_else();
    let user = world.discord.user("Mallory", "en-US");
    let general = world.discord.channel("general");
    let mallory = world.chair("Mallory", "#general", user.in_channel(&general));
    mallory.says("My charger is broken").await;
    for command in ["setup", "tickets"] {
        mallory.uses(command, &[]).await;
        mallory.sees("I don't know you yet").await;
    }
    mallory.sees_nothing_else();
    assert_eq!(world.count("tickets").await, 0);
    world.close().await;
    insta::assert_snapshot!("a_stranger_in_a_shared_place", world.script.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_in_the_middle_of_signing_up_answers_who_it_is() {
    let world = World::open().await;
    let code = world
        .create("Moussa Sarr", "moussa@exemple.org", Role::Technician)
        .await;
    let moussa = Learner::new(&world, "Moussa", Platform::Telegram, "fr");
    moussa.private.says("Rien ne marche").await;
    moussa.private.sees("Quel est votre nom").await;
    moussa.private.says(&format!("/link {code}")).await;
    let asked = moussa.private.sees("Relier ce compte Telegram").await;
    moussa.private.presses(&asked, "Relier").await;
    moussa.private.sees("vous êtes Moussa Sarr").await;
    moussa.private.says("et mon écran est noir").await;
    let draft = moussa.private.sees("et mon écran est noir").await;
    assert!(draft.text.contains("Rien ne marche"), "{}", draft.text);
    assert_eq!(world.count("accounts").await, 1);
}

/// The question that is answered is the one whose button is pressed.
#[tokio::test(flavor = "multi_thread")]
async fn a_yes_to_one_question_is_none_to_a_later_one() {
    for on in [Platform::Telegram, Platform::Discord] {
        let world = World::open().await;
        let hers = world.create("Lina Ndiaye", "lina@exemple.org", Role::Learner).await;
        let his = world.create("Mallory", "mallory@exemple.org", Role::Learner).await;
        let lina = Learner::new(&world, "lina.nd", on, "fr").private;
        links(&lina, &hers).await;
        let own = lina.sees("à Lina Ndiaye").await;
        links(&lina, &his).await;
        let others = lina.sees("à Mallory").await;
        lina.told(&own, "Relier", "Il n'y a rien à relier").await;
        assert_eq!(linked(&world).await, 0);
        links(&lina, &hers).await;
        let own = lina.sees("à Lina Ndiaye").await;
        lina.told(&others, "Relier", "Il n'y a rien à relier").await;
        lina.presses(&own, "Relier").await;
        lina.sees("vous êtes Lina Ndiaye").await;
        assert_eq!(linked(&world).await, 1);
    }
}
