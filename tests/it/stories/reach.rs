//! People and places that can't be written to: who is told what, and what comes when there is a way again.

use chrono::TimeDelta;
use guichet::domain::obstacle::Obstacle;
use guichet::domain::permission::Permit;
use guichet::domain::platform::Platform;
use guichet::domain::text::Email;
use guichet::sandbox::discord::Fault as DiscordFault;
use guichet::sandbox::telegram::Fault as TelegramFault;
use guichet::service::roles;
use guichet::store::accounts::find_by_email;
use serde_json::json;

use crate::harness::{Chair, Learner, Office, Person, Place, StaffOn, World, link, office};

const WORDS: [&str; 3] = ["Premier mot", "Deuxième mot", "Troisième mot"];

/// Lina has a ticket that Moussa took.
async fn a_ticket_taken(learner_on: Platform, staff_on: StaffOn) -> (World, Office, Learner) {
    let world = World::open().await;
    let staff = office(&world, staff_on, "fr").await;
    let lina = Learner::known(&world, "Lina Ndiaye", learner_on).await;
    lina.opens("Le wifi tombe", 1).await;
    let card = staff.moussa.channel.sees("N° 1 · ").await;
    staff.moussa.channel.presses(&card, "Prendre").await;
    lina.private.sees("s'occupe de votre demande").await;
    world.quiet().await;
    (world, staff, lina)
}

async fn replies(staff: &Office, text: &str) {
    let private = &staff.moussa.private;
    private.uses("reply", &[("number", "1"), ("text", text)]).await;
}

fn in_order(chair: &Chair, words: &[&str]) {
    let history = chair.history();
    let at: Vec<_> = words.iter().map(|words| history.find(words)).collect();
    assert!(at.iter().all(Option::is_some) && at.is_sorted(), "{at:?}\n{history}");
    for words in words {
        assert_eq!(chair.times(words), 1, "{words}\n{history}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_blocked_the_bot_on_telegram_gets_what_is_missing_once_they_write() {
    shut_out(Platform::Telegram, "le bot est bloqué").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_closed_their_messages_on_discord_gets_what_is_missing_once_they_write() {
    shut_out(Platform::Discord, "messages privés fermés").await;
}

async fn shut_out(on: Platform, why: &str) {
    let (world, staff, lina) = a_ticket_taken(on, StaffOn::Discord).await;
    lina.person.shuts_bot_out();
    world.quiet().await;
    replies(&staff, "Premier mot").await;
    let thread = staff.moussa.thread(&world, 1);
    let told = thread.sees("n'a pas reçu ce message").await;
    assert!(told.text.contains(why), "{told:?}");
    let private = &staff.moussa.private;
    // Telegram tells at once who blocks the bot, Discord does not.
    let first = match on {
        Platform::Telegram => "rien n'arrive plus à Lina Ndiaye ici",
        Platform::Discord => "C'est envoyé à Lina",
    };
    private.sees(first).await;
    for word in ["Deuxième mot", "Troisième mot"] {
        replies(&staff, word).await;
        private.sees("rien n'arrive plus à Lina Ndiaye ici").await;
    }
    world.tables.until("dead_letters", 3).await;
    world.quiet().await;
    // Told once, and tried once at most.
    assert_eq!(thread.times("n'a pas reçu ce message"), 1);
    let known = "dead_letters WHERE cause LIKE '%known, and not tried'";
    assert!(world.count(known).await >= 2);
    lina.person.lets_bot_in();
    lina.private.says("Me revoilà").await;
    lina.private.sees("Troisième mot").await;
    world.tables.all_went_well().await;
    in_order(&lina.private, &WORDS);
    replies(&staff, "Quatrième mot").await;
    lina.private.sees("Quatrième mot").await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_missed_very_much_gets_it_a_part_at_a_time() {
    let world = World::open().await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    world.quiet().await;
    let id = world.tables.number("SELECT CAST(id AS SIGNED) FROM identities").await;
    // About tickets that are gone, so that nothing gets through but what Lina writes.
    let letter = |number: i64| {
        let notice = json!({"person": {"identity": id, "ticket": 900_000, "seq": 1}});
        format!("({number}, 'person:{id}', '{notice}', 1, 'blocked', '2026-01-01', 'blocked', 900000, {id})")
    };
    let letters: Vec<_> = (1_000_000..1_001_200).map(letter).collect();
    let columns = "id, dest, notice, attempts, cause, died_at, reason, ticket_id, identity_id";
    let sql = format!("INSERT INTO dead_letters ({columns}) VALUES {}", letters.join(", "));
    world.tables.change(&sql).await;
    let mark = "UPDATE identities SET unreachable_at = '2026-01-01', unreachable_cause = 'blocked'";
    world.tables.change(mark).await;
    for (left, marked) in [(700, 1), (200, 1), (0, 0)] {
        lina.private.says("/language fr").await;
        world.tables.until("dead_letters", left).await;
        world.quiet().await;
        assert_eq!(world.count("identities WHERE unreachable_at IS NOT NULL").await, marked);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_unblocks_the_bot_need_not_even_write() {
    let (world, staff, lina) = a_ticket_taken(Platform::Telegram, StaffOn::Discord).await;
    lina.person.shuts_bot_out();
    replies(&staff, "Premier mot").await;
    world.tables.until("dead_letters", 1).await;
    let Person::Telegram(user) = &lina.person else { panic!() };
    user.unblocks_bot();
    lina.private.sees("Premier mot").await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_is_told_to_staff() {
    let (world, staff, lina) = a_ticket_taken(Platform::Telegram, StaffOn::Discord).await;
    let Person::Telegram(user) = &lina.person else { panic!() };
    user.deletes_account();
    replies(&staff, "Êtes-vous là ?").await;
    let told = staff.moussa.thread(&world, 1).sees("n'a pas reçu ce message").await;
    assert!(told.text.contains("ce compte n'existe plus"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_left_the_server_is_told_to_staff_and_tried_again_after_a_while() {
    let (world, staff, lina) = a_ticket_taken(Platform::Discord, StaffOn::TelegramGroup).await;
    let Person::Discord(user) = &lina.person else { panic!() };
    user.leaves();
    replies(&staff, "Premier mot").await;
    let told = staff.moussa.channel.sees("n'a pas reçu ce message").await;
    assert!(told.text.contains("plus de serveur en commun"), "{told:?}");
    // Nobody tells that somebody came back: the next notice finds out.
    user.returns();
    world.clock.advance(TimeDelta::minutes(31));
    replies(&staff, "Deuxième mot").await;
    lina.private.sees("Deuxième mot").await;
    lina.private.sees("Premier mot").await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_can_t_be_reached_in_one_chat_is_told_in_the_other() {
    let (world, staff, lina) = a_ticket_taken(Platform::Telegram, StaffOn::Discord).await;
    let elsewhere = Learner::new(&world, "Lina Ndiaye", Platform::Discord, "fr");
    let code = world.new_code("lina.ndiaye@exemple.org").await;
    link(&elsewhere.private, &code, "fr").await;
    lina.private.says("/me").await;
    lina.private.sees("Telegram (Lina Ndiaye), celle-ci").await;
    lina.person.shuts_bot_out();
    world.quiet().await;
    // The mark comes with Telegram's word; taken away, the delivery itself finds out.
    world
        .tables
        .change("UPDATE identities SET unreachable_at = NULL, unreachable_cause = NULL")
        .await;
    replies(&staff, "Premier mot").await;
    let first = elsewhere.private.sees("Premier mot").await;
    assert!(
        first.text.contains("Je n'arrive plus à vous écrire sur Telegram"),
        "{first:?}"
    );
    replies(&staff, "Deuxième mot").await;
    let second = elsewhere.private.sees("Deuxième mot").await;
    assert!(!second.text.contains("Je n'arrive plus"), "{second:?}");
    elsewhere.private.replies(&second, "Je vous lis ici").await;
    let thread = staff.moussa.thread(&world, 1);
    thread.sees("Je vous lis ici").await;
    world.tables.all_went_well().await;
    assert_eq!(thread.times("n'a pas reçu ce message"), 0);
    // Back on Telegram, she gets nothing twice.
    lina.private.says("/tickets").await;
    lina.private.sees("Vos demandes en cours").await;
    replies(&staff, "Troisième mot").await;
    lina.private.sees("Troisième mot").await;
    world.tables.all_went_well().await;
    assert_eq!(lina.private.times("Premier mot"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_threw_the_bot_out_is_told_to_admins_and_catches_up() {
    thrown_out(StaffOn::TelegramGroup, "je n'en suis plus membre").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_with_topics_that_threw_the_bot_out_is_told_to_admins_and_catches_up() {
    thrown_out(StaffOn::TelegramTopics, "je n'en suis plus membre").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_shut_the_bot_out_is_told_to_admins_and_catches_up() {
    thrown_out(StaffOn::Discord, "je n'y ai plus accès").await;
}

async fn thrown_out(on: StaffOn, why: &str) {
    let (world, staff, lina) = a_ticket_taken(Platform::Telegram, on).await;
    staff.place.throws_bot_out();
    replies(&staff, "Premier mot").await;
    lina.private.sees("Premier mot").await;
    let told = staff.awa.private.sees("Je ne peux plus écrire dans").await;
    assert!(told.text.contains(why) && told.text.contains("upport"), "{told:?}");
    let omar = Learner::known(&world, "Omar Fall", Platform::Telegram).await;
    omar.opens("Plus de son", 2).await;
    staff.awa.private.sees("Plus de son").await;
    world.quiet().await;
    assert_eq!(staff.awa.private.times("Je ne peux plus écrire dans"), 1);
    staff.place.takes_bot_back();
    if on == StaffOn::Discord {
        staff.awa.channel.uses("setup", &[]).await;
    }
    staff.fatou.channel.sees("Plus de son").await;
    staff.fatou.thread(&world, 1).sees("Premier mot").await;
    world.tables.all_went_well().await;
    assert_eq!(staff.fatou.thread(&world, 1).times("Premier mot"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_in_which_the_bot_may_not_write_is_told_to_admins_and_catches_up() {
    muted(StaffOn::TelegramGroup).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_in_which_the_bot_may_not_write_is_told_to_admins_and_catches_up() {
    muted(StaffOn::Discord).await;
}

async fn muted(on: StaffOn) {
    let (world, staff, lina) = a_ticket_taken(Platform::Telegram, on).await;
    staff.place.mutes_bot();
    replies(&staff, "Premier mot").await;
    lina.private.sees("Premier mot").await;
    let told = staff.awa.private.sees("il me manque le droit").await;
    assert!(told.text.contains("/setup"), "{told:?}");
    staff.place.takes_bot_back();
    if on == StaffOn::Discord {
        staff.awa.channel.uses("setup", &[]).await;
    }
    staff.fatou.thread(&world, 1).sees("Premier mot").await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_without_the_right_to_open_threads_gets_the_words_below_the_card() {
    no_threads(StaffOn::Discord).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_without_the_right_to_open_topics_gets_the_words_below_the_card() {
    no_threads(StaffOn::TelegramTopics).await;
}

async fn no_threads(on: StaffOn) {
    let world = World::open().await;
    let staff = office(&world, on, "fr").await;
    let description = "Bad Request: not enough rights to create a topic";
    let body = json!({"ok": false, "error_code": 400, "description": description});
    let refusal = TelegramFault::Answer { status: 400, body };
    world.telegram.faults().all("CreateForumTopic", refusal);
    if let Place::Channel(channel) = &staff.place {
        let body = json!({"code": 50013, "message": "Missing Permissions"});
        let refusal = DiscordFault::Reply { status: 403, body };
        let threads = format!("POST /channels/{}/messages/", channel.id());
        world.discord.faults().all(&threads, refusal);
    }
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    for (number, text) in [(1, "Le wifi tombe"), (2, "Plus de son")] {
        lina.opens(text, number).await;
        staff.moussa.channel.sees(text).await;
    }
    lina.private
        .uses("reply", &[("number", "1"), ("text", "Depuis ce matin")])
        .await;
    let relayed = staff.moussa.channel.sees("Depuis ce matin").await;
    staff.moussa.channel.replies(&relayed, "Je passe vous voir").await;
    lina.private.sees("Je passe vous voir").await;
    world.tables.all_went_well().await;
    staff.awa.private.sees("Je ne peux plus ouvrir de fils").await;
    assert_eq!(staff.awa.private.times("Je ne peux plus ouvrir de fils"), 1);
    world.telegram.faults().clear();
    world.discord.faults().clear();
    staff.awa.channel.uses("setup", &[]).await;
    lina.private
        .uses("reply", &[("number", "1"), ("text", "Et ce soir")])
        .await;
    staff.moussa.thread(&world, 1).sees("Et ce soir").await;
    world.tables.all_went_well().await;
    assert_eq!(world.count("places WHERE lost_at IS NOT NULL").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_channel_is_told_to_admins_and_another_takes_its_place() {
    let (world, staff, lina) = a_ticket_taken(Platform::Telegram, StaffOn::Discord).await;
    staff.place.channel().delete();
    replies(&staff, "Premier mot").await;
    lina.private.sees("Premier mot").await;
    staff.awa.private.sees("ce salon n'existe plus").await;
    world.quiet().await;
    let dead = world.count("dead_letters").await;
    let awa = world.discord.user("Awa Bis", "fr");
    let other = world.discord.channel_for("secours", &[&awa]);
    let code = world.new_code("awa@exemple.org").await;
    link(&world.chair("Awa Bis", "private", awa.dm()), &code, "fr").await;
    let channel = world.chair("Awa Bis", "#secours", awa.in_channel(&other));
    channel.uses("setup", &[]).await;
    channel.sees("Le wifi tombe").await;
    // Of what happens from now on, nothing is kept for what is no more.
    replies(&staff, "Deuxième mot").await;
    world
        .chair("Awa Bis", "thread", awa.in_thread("1 · "))
        .sees("Deuxième mot")
        .await;
    world.quiet().await;
    assert_eq!(world.count("dead_letters").await, dead);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_deleted_together_with_its_thread_is_posted_again_with_the_words() {
    let (world, staff, lina) = a_ticket_taken(Platform::Telegram, StaffOn::Discord).await;
    let card = staff.fatou.channel.sees("En cours").await;
    staff.place.deletes_thread(1);
    staff.fatou.channel.deletes(&card);
    lina.private
        .uses("reply", &[("number", "1"), ("text", "Depuis ce matin")])
        .await;
    staff.fatou.thread(&world, 1).sees("Depuis ce matin").await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archived_thread_is_opened_for_what_comes() {
    let (world, staff, lina) = a_ticket_taken(Platform::Telegram, StaffOn::Discord).await;
    staff.place.channel().archives_threads();
    lina.private
        .uses("reply", &[("number", "1"), ("text", "Depuis ce matin")])
        .await;
    staff.fatou.thread(&world, 1).sees("Depuis ce matin").await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_gives_its_topics_up_gets_the_words_below_the_card() {
    let (world, staff, lina) = a_ticket_taken(Platform::Telegram, StaffOn::TelegramTopics).await;
    staff.place.group().drops_topics();
    lina.private
        .uses("reply", &[("number", "1"), ("text", "Depuis ce matin")])
        .await;
    let relayed = staff.fatou.channel.sees("Depuis ce matin").await;
    staff.fatou.channel.replies(&relayed, "Je passe vous voir").await;
    lina.private.sees("Je passe vous voir").await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_turned_supergroup_says_so_and_goes_on() {
    upgraded(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_turned_supergroup_that_could_not_say_so_goes_on_too() {
    upgraded(false).await;
}

async fn upgraded(heard: bool) {
    let (world, staff, lina) = a_ticket_taken(Platform::Discord, StaffOn::TelegramGroup).await;
    if !heard {
        world.telegram.faults().all("getUpdates", TelegramFault::Status(502));
    }
    let new = staff.place.group().upgrades();
    lina.private
        .uses("reply", &[("number", "1"), ("text", "Depuis ce matin")])
        .await;
    staff.fatou.channel.sees("Depuis ce matin").await;
    let chats = format!("places WHERE chat = '{new}'");
    assert_eq!(world.count(&chats).await, 1);
    world.telegram.faults().clear();
    let card = staff.moussa.channel.sees("En cours").await;
    staff.moussa.channel.presses(&card, "Rendre à l'équipe").await;
    staff.fatou.channel.sees("En attente ·").await;
    world.quiet().await;
    world.tables.all_went_well().await;
    assert_eq!(staff.fatou.channel.times("Depuis ce matin"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_is_listed_and_sent_again_from_telegram() {
    resent(Platform::Discord, StaffOn::TelegramGroup, "livraison").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_is_listed_and_sent_again_from_discord() {
    resent(Platform::Telegram, StaffOn::Discord, "delivery").await;
}

async fn resent(learner_on: Platform, staff_on: StaffOn, command: &str) {
    let (world, staff, lina) = a_ticket_taken(learner_on, staff_on).await;
    let awa = &staff.awa.private;
    awa.uses(command, &[]).await;
    awa.sees("Tout a été remis").await;
    // Whatever goes to Lina's platform is refused, whichever way it is put.
    let body = json!({"ok": false, "error_code": 400, "description": "Bad Request: BUTTON_DATA_INVALID"});
    let refusal = TelegramFault::Answer { status: 400, body };
    world.telegram.faults().all("SendMessage", refusal);
    let body = json!({"code": 50035, "message": "Invalid Form Body"});
    let refusal = DiscordFault::Reply { status: 400, body };
    world.discord.faults().all("POST /channels", refusal);
    match learner_on {
        Platform::Discord => world.telegram.faults().clear(),
        Platform::Telegram => world.discord.faults().clear(),
    }
    for (at, word) in WORDS.iter().enumerate() {
        replies(&staff, word).await;
        world.tables.until("dead_letters", i64::try_from(at + 1).unwrap()).await;
    }
    world.telegram.faults().clear();
    world.discord.faults().clear();
    world.quiet().await;
    awa.uses(command, &[]).await;
    let list = awa.sees("Messages non remis (3)").await;
    assert_eq!(
        list.text.matches("message refusé par la messagerie").count(),
        3,
        "{list:?}"
    );
    let to = format!("Lina Ndiaye ({})", learner_on.name());
    assert!(list.text.contains(&to), "{list:?}");
    // The newest first: the last line is the first word.
    awa.presses(&list, "Renvoyer 3").await;
    lina.private.sees("Premier mot").await;
    let left = awa.sees("Messages non remis (2)").await;
    assert!(left.text.contains("C'est renvoyé"), "{left:?}");
    awa.presses(&left, "Tout renvoyer").await;
    awa.sees("Tout a été remis").await;
    lina.private.sees("Troisième mot").await;
    world.tables.all_went_well().await;
    in_order(&lina.private, &WORDS);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_any_length_loses_nothing() {
    let (world, staff, lina) = a_ticket_taken(Platform::Telegram, StaffOn::Discord).await;
    world.telegram.faults().all("SendMessage", TelegramFault::Status(502));
    replies(&staff, "Premier mot").await;
    // One destination alone that fails says nothing about the platform: each try of it is written down.
    for tries in 1..=12 {
        let put_off = format!("outbox WHERE attempts >= {tries} AND faults = 0");
        world.tables.until(&put_off, 1).await;
        world.clock.advance(TimeDelta::seconds(30));
    }
    let tries = || {
        let requests = world.telegram.requests();
        requests.iter().filter(|one| one.status == 502).count()
    };
    world.until("twelve tries", || tries() >= 12).await;
    world.telegram.faults().clear();
    lina.private.sees("Premier mot").await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_with_two_chats_is_pinged_where_they_can_be_reached() {
    let (world, staff, _) = a_ticket_taken(Platform::Discord, StaffOn::Discord).await;
    let elsewhere = Learner::new(&world, "Awa Diop", Platform::Telegram, "fr");
    let code = world.new_code("awa@exemple.org").await;
    link(&elsewhere.private, &code, "fr").await;
    elsewhere.person.shuts_bot_out();
    world.quiet().await;
    let omar = Learner::known(&world, "Omar Fall", Platform::Discord).await;
    omar.opens("Plus de son", 2).await;
    let ping = staff.awa.private.sees("Plus de son").await;
    assert!(ping.text.contains("Nouvelle demande"), "{ping:?}");
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_words_the_team_can_t_read_is_told_once_for_a_ticket() {
    for on in [Platform::Telegram, Platform::Discord] {
        let (mut world, staff, lina) = a_ticket_taken(on, StaffOn::Discord).await;
        staff.place.throws_bot_out();
        let number = ("number", "1");
        for words in ["Depuis ce matin", "Et ce soir"] {
            lina.private.uses("reply", &[number, ("text", words)]).await;
            let kept = format!("dead_letters d JOIN comments c ON c.body = '{words}' WHERE d.notice LIKE '%thread%'");
            world
                .tables
                .until_number(&format!("SELECT COUNT(*) > 0 FROM {kept}"), 1)
                .await;
            world.quiet().await;
        }
        lina.private.sees("L'équipe ne peut pas encore lire").await;
        assert_eq!(lina.private.times("L'équipe ne peut pas encore lire"), 1);
        // Of what the team writes meanwhile she is told as ever.
        replies(&staff, "Premier mot").await;
        lina.private.sees("Premier mot").await;
        staff.place.takes_bot_back();
        staff.awa.channel.uses("setup", &[]).await;
        staff.fatou.thread(&world, 1).sees("Et ce soir").await;
        world.tables.all_went_well().await;
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_the_team_has_in_another_place_are_not_told_of() {
    for is_without_threads in [false, true] {
        let (mut world, staff, lina) = a_ticket_taken(Platform::Telegram, StaffOn::Discord).await;
        let other = world.discord.channel("secours");
        let there = staff.awa.beside(&world, &other);
        there.uses("setup", &[]).await;
        there.sees("Le wifi tombe").await;
        world.quiet().await;
        if is_without_threads {
            let now = world.clock.now().format("%F %T");
            let cause = Obstacle::NoThreads.code();
            let mark =
                format!("UPDATE places SET lost_at = '{now}', lost_cause = '{cause}' WHERE name LIKE '%secours%'");
            world.tables.change(&mark).await;
            world.tables.until("places WHERE lost_at IS NOT NULL", 1).await;
        }
        staff.place.throws_bot_out();
        lina.private
            .uses("reply", &[("number", "1"), ("text", "Depuis ce matin")])
            .await;
        staff.awa.private.sees("Je ne peux plus écrire dans").await;
        world.quiet().await;
        assert_eq!(lina.private.times("ne peut pas encore lire"), 0);
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_to_somebody_that_is_disabled_reads_that_nothing_arrives() {
    for (learner_on, staff_on) in [
        (Platform::Telegram, StaffOn::Discord),
        (Platform::Discord, StaffOn::TelegramTopics),
    ] {
        let (mut world, staff, lina) = a_ticket_taken(learner_on, staff_on).await;
        replies(&staff, "Où êtes-vous ?").await;
        let asked = lina.private.sees("Où êtes-vous ?").await;
        lina.private.replies(&asked, "Salle 3").await;
        let thread = staff.moussa.thread(&world, 1);
        let relayed = thread.sees("Salle 3").await;
        let email = Email::parse("lina.ndiaye@exemple.org").unwrap();
        let mut tx = world.store.begin().await.unwrap();
        let account = find_by_email(&mut tx, &email).await.unwrap().expect("an account");
        let permit = Permit::of_the_operator();
        roles::disable(&mut tx, permit, &account).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        let nothing = "rien n'arrive plus à Lina Ndiaye ici";
        thread.replies(&relayed, "J'arrive").await;
        thread.sees(nothing).await;
        replies(&staff, "Je suis là").await;
        staff.moussa.private.sees(nothing).await;
        let private = &staff.moussa.private;
        private.uses("ask", &[("number", "1"), ("text", "Quel étage ?")]).await;
        private.sees("La question est gardée").await;
        world.quiet().await;
        assert!(!lina.private.history().contains("J'arrive"));
        world.tables.all_went_well().await;
        world.close().await;
    }
}
