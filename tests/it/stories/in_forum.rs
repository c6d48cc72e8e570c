//! The team works in a forum on Discord: each ticket is a post, which begins with its card.

use guichet::domain::account::Role;
use guichet::domain::language::Language;
use guichet::domain::platform::Platform;
use guichet::outbox::pacing::Pacing;
use guichet::sandbox::Seen;
use guichet::sandbox::discord::Fault;
use guichet::sandbox::discord::{Channel, DiscordUser};

use super::crowds::come_in;
use crate::harness::{Chair, Learner, Person, World};

/// An admin and a technician, a forum that only they see, and a channel where they talk.
struct Team {
    forum: Channel,
    awa: Learner,
    moussa: DiscordUser,
    talk: Chair,
    language: Language,
}

impl Team {
    /// The forum is the team's.
    async fn bound(world: &World, language: Language) -> Self {
        let team = Self::new(world, language).await;
        team.binds().await;
        team
    }

    async fn new(world: &World, language: Language) -> Self {
        let on = |name, role| Learner::with_role(world, name, Platform::Discord, language.code(), role);
        let awa = on("Awa Diop", Role::Admin).await;
        let Person::Discord(moussa) = on("Moussa Sarr", Role::Technician).await.person else {
            panic!("on Discord")
        };
        let Person::Discord(user) = &awa.person else {
            panic!("on Discord")
        };
        let forum = world.discord.forum_for("demandes", &[user, &moussa]);
        let talk = awa.person.beside(world, &world.discord.channel("équipe"));
        Self {
            forum,
            awa,
            moussa,
            talk,
            language,
        }
    }

    async fn binds(&self) {
        self.talk.uses("setup", &[("channel", "demandes")]).await;
        let done = self.language.say("setup-done-forum", &[("place", "#demandes".into())]);
        self.talk.sees(&done).await;
    }

    /// Moussa in the post of the ticket with that number.
    fn post(&self, world: &World, number: u32) -> Chair {
        let post = self.moussa.in_thread(&format!("{number} · "));
        world.chair("Moussa Sarr", "post", post)
    }

    /// Somebody opens the first ticket: its post, and the card in it.
    async fn gets(&self, world: &World, lina: &Learner) -> (Chair, Seen) {
        lina.opens("Le wifi tombe", 1).await;
        let post = self.post(world, 1);
        let card = post.sees("Le wifi tombe").await;
        world.quiet().await;
        (post, card)
    }

    /// A sentence about the first ticket.
    fn about(&self, id: &str) -> String {
        self.language
            .say(id, &[("number", "1".into()), ("title", "Le wifi tombe".into())])
    }

    fn say(&self, id: &str) -> String {
        self.language.say(id, &[])
    }
}

/// A team that works in a forum, and somebody who has written to the desk before, all French-speaking.
async fn with_a_learner(world: &World) -> (Team, Learner) {
    let team = Team::bound(world, Language::Fr).await;
    (team, Learner::known(world, "Lina Ndiaye", Platform::Telegram).await)
}

async fn opens(lina: &Chair, language: Language, words: &str) -> Seen {
    lina.says(words).await;
    let draft = lina.sees(words).await;
    lina.presses(&draft, &language.say("button-send", &[])).await;
    lina.sees(" · ").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_lives_in_a_post_that_is_archived_with_it() {
    for learner_on in [Platform::Telegram, Platform::Discord] {
        for language in [Language::Fr, Language::En] {
            lives_in_a_post(learner_on, language).await;
        }
    }
}

async fn lives_in_a_post(learner_on: Platform, language: Language) {
    let mut world = World::open().await;
    let lina = Learner::with_role(&world, "Lina Ndiaye", learner_on, language.code(), Role::Learner).await;
    let lina = lina.private;
    let team = Team::new(&world, language).await;
    world.script.forget();
    team.binds().await;
    let post = team.post(&world, 1);
    opens(&lina, language, "Le wifi tombe").await;
    let card = post.sees("Le wifi tombe").await;
    assert_eq!(team.forum.threads().len(), 1, "{:?}", team.forum.threads());
    post.presses(&card, &team.say("button-take")).await;
    lina.sees("Moussa Sarr").await;
    world.quiet().await;
    post.says("Entre nous : encore la borne 3").await;
    post.presses_and_writes(&card, &team.say("button-ask"), "Dans quelle salle ?")
        .await;
    let asked = lina.sees("Dans quelle salle ?").await;
    lina.replies(&asked, "La salle 12").await;
    let relayed = post.sees("La salle 12").await;
    post.replies(&relayed, "J'arrive").await;
    lina.sees("J'arrive").await;
    assert!(!lina.history().contains("borne 3"));
    world.quiet().await;
    post.presses_and_writes(&card, &team.say("button-resolve"), "Borne remplacée")
        .await;
    let resolved = lina.sees("Borne remplacée").await;
    lina.presses(&resolved, &team.say("button-confirm")).await;
    post.looks_at(&card, &team.say("status-closed")).await;
    world.quiet().await;
    assert_eq!(team.forum.threads(), Vec::<String>::new());
    // The card is edited in the archived post, which stays so.
    team.awa.private.uses("delete", &[("number", "1")]).await;
    let sure = team.awa.private.sees(&team.about("delete-sure")).await;
    team.awa.private.presses(&sure, &team.say("button-delete-yes")).await;
    post.looks_at(&card, "🗑️").await;
    world.quiet().await;
    assert_eq!(team.forum.threads(), Vec::<String>::new());
    world.tables.all_went_well().await;
    world.close().await;
    insta::with_settings!({ snapshot_suffix => format!("{learner_on:?}_{}", language.code()) }, {
        insta::assert_snapshot!("forum", world.script.text());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_or_a_post_that_somebody_deleted_is_there_again() {
    let world = World::open().await;
    let (team, lina) = with_a_learner(&world).await;
    let (post, card) = team.gets(&world, &lina).await;

    post.deletes(&card);
    let number = ("number", "1");
    team.talk.uses("urgency", &[number, ("urgency", "high")]).await;
    let card = post.sees("Haute").await;
    assert!(card.text.contains("Le wifi tombe"), "{card:?}");
    post.presses(&card, "Prendre").await;
    lina.private.sees("Moussa Sarr").await;
    world.quiet().await;
    assert_eq!(team.forum.threads().len(), 1);

    // The card asks for it, and so do words.
    for (words, asks) in [
        ("Depuis ce matin", ("urgency", ("urgency", "low"))),
        ("Et ce soir", ("note", ("text", "La borne 3"))),
    ] {
        assert!(team.forum.delete_thread("1 · "));
        let (command, option) = asks;
        team.talk.uses(command, &[number, option]).await;
        lina.private.uses("reply", &[number, ("text", words)]).await;
        let post = team.post(&world, 1);
        let card = post.sees("Le wifi tombe").await;
        post.sees(words).await;
        post.looks_at(&card, "Faible").await;
        world.quiet().await;
        assert_eq!(team.forum.threads().len(), 1);
    }
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forum_that_wants_tags_is_told_to_admins_and_catches_up() {
    let world = World::open().await;
    let (team, lina) = with_a_learner(&world).await;
    team.forum.needs_tags(true);
    lina.opens("Le wifi tombe", 1).await;
    let told = team.awa.private.sees("étiquette").await;
    assert!(
        told.text.contains("/setup") && told.text.contains("#demandes"),
        "{told:?}"
    );
    team.forum.needs_tags(false);
    team.binds().await;
    team.post(&world, 1).sees("Le wifi tombe").await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_forum_is_told_to_admins() {
    let world = World::open().await;
    let (team, lina) = with_a_learner(&world).await;
    team.gets(&world, &lina).await;
    team.forum.delete();
    lina.private
        .uses("reply", &[("number", "1"), ("text", "Depuis ce matin")])
        .await;
    team.awa.private.sees("ce salon n'existe plus").await;
    world.quiet().await;
    team.talk.uses("setup", &[]).await;
    team.talk.sees("Le wifi tombe").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forum_without_rights_is_told_to_admins_and_catches_up() {
    let world = World::open().await;
    let (team, lina) = with_a_learner(&world).await;
    team.forum.shuts_out_bot();
    lina.opens("Le wifi tombe", 1).await;
    let told = team
        .awa
        .private
        .sees("Je ne peux plus publier dans le forum #demandes")
        .await;
    assert!(told.text.contains("choisissez ce forum"), "{told:?}");
    team.forum.lets_bot_in();
    team.binds().await;
    team.post(&world, 1).sees("Le wifi tombe").await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_whose_answer_was_lost_is_found_again() {
    let world = World::open().await;
    let (team, lina) = with_a_learner(&world).await;
    let lost = Fault::Cut { after_effect: true };
    let requests = format!("POST /channels/{}/threads", team.forum.id());
    world.discord.faults().next(&requests, lost, 1);
    let (post, card) = team.gets(&world, &lina).await;
    assert_eq!(team.forum.threads().len(), 1);
    post.presses(&card, "Prendre").await;
    lina.private.sees("Moussa Sarr").await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purged_ticket_leaves_no_post() {
    let world = World::open().await;
    let (team, lina) = with_a_learner(&world).await;
    team.gets(&world, &lina).await;
    let awa = &team.awa.private;
    awa.uses("delete", &[("number", "1")]).await;
    let sure = awa.sees(&team.about("delete-sure")).await;
    awa.presses(&sure, &team.say("button-delete-yes")).await;
    awa.uses("deleted", &[]).await;
    let list = awa.sees(&team.say("deleted-heading")).await;
    awa.presses(&list, "n° 1").await;
    let details = awa.sees(&team.say("status-deleted")).await;
    awa.presses(&details, &team.say("button-purge")).await;
    let sure = awa.sees(&team.about("purge-sure")).await;
    awa.presses(&sure, &team.say("button-purge-yes")).await;
    world.quiet().await;
    assert!(!team.forum.delete_thread("1 · "), "the post is there");
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_in_a_forum_is_told_together_in_a_post() {
    let mut world = World::open().await;
    let team = Team::bound(&world, Language::Fr).await;
    let _lina = Learner::known(&world, "Lina Ndiaye", Platform::Telegram).await;
    world.quiet().await;
    world.kill();
    come_in(&world, 60).await;
    world.pacing = Pacing::platforms();
    world.start().await;
    let post = team.moussa.in_thread("nouvelles demandes à la fois");
    let post = world.chair("Moussa Sarr", "post", post);
    let list = post.sees("nouvelles demandes à la fois").await;
    world.quiet().await;
    let cards = usize::try_from(world.count("cards").await).expect("few cards");
    assert!(
        list.text.contains(&format!("{} nouvelles demandes", 60 - cards)),
        "{list:?}"
    );
    assert_eq!(team.forum.threads().len(), cards + 1);
    let number = list.buttons.first().expect("a ticket").clone();
    post.presses(&list, &number).await;
    world.tables.all_went_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn setup_wants_a_channel_and_an_admin() {
    let world = World::open().await;
    let team = Team::bound(&world, Language::Fr).await;
    let lina = Learner::known(&world, "Lina Ndiaye", Platform::Discord).await;
    lina.opens("Le wifi tombe", 1).await;
    let post = team.post(&world, 1);
    post.sees("Le wifi tombe").await;
    post.uses("setup", &[]).await;
    post.sees("pas dans un fil").await;
    post.uses("setup", &[("channel", "équipe")]).await;
    post.sees("administrateur").await;
    assert_eq!(world.count("places").await, 1);
    // A channel that was chosen elsewhere has cards as any other.
    team.awa.private.uses("setup", &[("channel", "équipe")]).await;
    team.awa.private.sees("pas ici").await;
    team.talk.uses("setup", &[("channel", "équipe")]).await;
    team.talk.sees("arriveront dans #équipe").await;
    team.talk.sees("Le wifi tombe").await;
    world.tables.all_went_well().await;
}
