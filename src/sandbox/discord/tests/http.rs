//! What needs only the API: refusals, limits, faults, lists.

use serde_json::json;
use serenity::all::{
    ApplicationFlags, ChannelId, CreateAllowedMentions, CreateForumPost, CreateMessage, EditMessage, UserId,
};

use super::super::{Fault, Ping};
use super::{code, http, world};
use crate::sandbox::Seat;

#[tokio::test]
async fn a_forum_post_comes_with_its_first_message_and_tags() {
    let world = world().await;
    let lina = world.discord.user("Lina", "fr");
    let forum = world.discord.forum("tickets");
    let tags = forum.tags(&["ouvert", "résolu"]);
    let first = CreateMessage::new().content("Chargeur cassé");
    let post = serenity::all::CreateForumPost::new("N° 3", first).add_applied_tag(tags[0].into());
    let post = ChannelId::new(forum.id())
        .create_forum_post(&world.http, post)
        .await
        .expect("a post");
    assert_eq!(
        post.applied_tags.iter().map(|tag| tag.get()).collect::<Vec<_>>(),
        [tags[0]]
    );
    lina.in_thread("N° 3").sees("Chargeur cassé").await.expect("seen");
    let unknown = serenity::all::EditThread::new().applied_tags([1_u64.into()]);
    let refused = post
        .id
        .edit_thread(&world.http, unknown)
        .await
        .expect_err("no such tag");
    assert_eq!(code(&refused), 50035);
}

#[tokio::test]
async fn what_discord_refuses_is_refused_with_its_code() {
    let world = world().await;
    let (lina, desk) = (world.discord.user("Lina", "fr"), world.discord.channel("desk"));
    world.discord.faults().limits(false);
    let raw = async |body: serde_json::Value| {
        let sent = world.http.send_message(desk.id().into(), vec![], &body).await;
        code(&sent.expect_err("refused"))
    };
    assert_eq!(raw(json!({"content": "é".repeat(2001)})).await, 50035);
    assert_eq!(raw(json!({"content": "  "})).await, 50006);
    assert_eq!(
        raw(json!({"content": "x", "embeds": [{"title": "t".repeat(257)}]})).await,
        50035
    );
    let twice = json!([{"type": 1, "components": [
        {"type": 2, "style": 1, "label": "a", "custom_id": "same"},
        {"type": 2, "style": 1, "label": "b", "custom_id": "same"},
    ]}]);
    assert_eq!(raw(json!({"content": "x", "components": twice})).await, 50035);

    let dm = lina.dm().room().await.expect("a room");
    lina.closes_dms();
    let closed = ChannelId::new(dm).say(&world.http, "coucou").await.expect_err("closed");
    assert_eq!(code(&closed), 50007);
    lina.opens_dms();
    UserId::new(lina.id())
        .create_dm_channel(&world.http)
        .await
        .expect("a channel")
        .say(&world.http, "coucou")
        .await
        .expect("open");

    let theirs = lina.in_channel(&desk).says("à moi").await;
    let id = ChannelId::new(desk.id());
    let edit = id
        .edit_message(
            &world.http,
            theirs.cast_unsigned(),
            EditMessage::new().content("à nous"),
        )
        .await;
    assert_eq!(code(&edit.expect_err("not the bot's")), 50005);
    assert_eq!(
        code(&id.message(&world.http, 1).await.expect_err("no such message")),
        10008
    );
    desk.shuts_out_bot();
    assert_eq!(code(&id.say(&world.http, "x").await.expect_err("no access")), 50001);
    desk.delete();
    assert_eq!(code(&id.say(&world.http, "x").await.expect_err("deleted")), 10003);

    let stranger = http(&world.discord, "MTIz.wrong.token");
    let refused = stranger.get_current_user().await.expect_err("a wrong token");
    assert!(refused.to_string().contains("401"), "{refused}");
}

#[tokio::test]
async fn only_what_is_allowed_pings() {
    let world = world().await;
    let lina = world.discord.user("Lina", "fr");
    let desk = world.discord.channel("desk");
    let text = format!("<@{}> @everyone", lina.id());
    let none = CreateMessage::new()
        .content(&text)
        .allowed_mentions(CreateAllowedMentions::new());
    world.say(&desk, none).await.expect("posted");
    world
        .say(
            &desk,
            CreateMessage::new().content(format!(r"\<@{}> `@everyone`", lina.id())),
        )
        .await
        .expect("posted");
    assert_eq!(world.discord.pings(), []);
    let her = CreateAllowedMentions::new().users([lina.id()]);
    let sent = world
        .say(&desk, CreateMessage::new().content(&text).allowed_mentions(her))
        .await
        .expect("posted");
    let message_id = sent.id.get().cast_signed();
    let ping = |who: &str, message_id| Ping {
        who: who.to_owned(),
        message_id,
    };
    assert_eq!(world.discord.pings(), [ping("Lina", message_id)]);
    let sent = world
        .say(&desk, CreateMessage::new().content(&text))
        .await
        .expect("posted");
    let all = sent.id.get().cast_signed();
    assert_eq!(world.discord.pings()[1..], [ping("Lina", all), ping("everyone", all)]);
    lina.in_channel(&desk)
        .sees("@Lina @everyone")
        .await
        .expect("shown by name");
}

#[tokio::test]
async fn too_many_messages_are_refused_for_a_while() {
    let world = world().await;
    let desk = world.discord.channel("desk");
    for _ in 0..5 {
        world
            .say(&desk, CreateMessage::new().content("x"))
            .await
            .expect("within the limit");
    }
    let client = reqwest::Client::new();
    let post = || {
        let url = format!("{}/api/v10/channels/{}/messages", world.discord.url(), desk.id());
        let authorization = format!("Bot {}", world.discord.token());
        client
            .post(url)
            .header("Authorization", authorization)
            .json(&json!({"content": "x"}))
            .send()
    };
    let refused = post().await.expect("an answer");
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(refused.headers()["x-ratelimit-remaining"], "0");
    let body: serde_json::Value = refused.json().await.expect("JSON");
    assert!(
        body["retry_after"]
            .as_f64()
            .is_some_and(|wait| wait > 0.0 && wait <= 5.0),
        "{body}"
    );
    world.discord.faults().limits(false);
    assert_eq!(post().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn faults_strike_before_or_after_the_effect() {
    let world = world().await;
    let lina = world.discord.user("Lina", "fr");
    let desk = world.discord.channel("desk");
    let faults = world.discord.faults();
    let send = |text: &str| world.say(&desk, CreateMessage::new().content(text));
    faults.next("POST /channels", Fault::Cut { after_effect: false }, 1);
    send("perdu").await.expect_err("cut");
    faults.next("POST /channels", Fault::Cut { after_effect: true }, 1);
    send("arrivé").await.expect_err("cut");
    faults.all("*", Fault::Status(502));
    send("jamais").await.expect_err("a bad gateway");
    faults.clear();
    send("enfin").await.expect("sent");
    assert_eq!(lina.in_channel(&desk).history(), "Guichet: arrivé\nGuichet: enfin");
    let statuses: Vec<u16> = world.discord.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [200, 502, 200]);
}

#[tokio::test]
async fn missed_messages_are_listed_after_the_last_one_known() {
    let world = world().await;
    let begun = world.clock.now().timestamp();
    let lina = world.discord.user("Lina", "fr");
    let seat = lina.dm();
    let first = seat.says("un").await.cast_unsigned();
    seat.says("deux").await;
    seat.says("trois").await;
    let room = ChannelId::new(seat.room().await.expect("a room"));
    let after = serenity::all::GetMessages::new().after(first).limit(100);
    let missed = room.messages(&world.http, after).await.expect("a list");
    assert_eq!(
        missed
            .iter()
            .map(|message| message.content.as_str())
            .collect::<Vec<_>>(),
        ["trois", "deux"]
    );
    let while_written = begun..=world.clock.now().timestamp();
    assert!(
        while_written.contains(&missed[0].timestamp.unix_timestamp()),
        "{:?}",
        missed[0].timestamp
    );
    world
        .http
        .create_reaction(room, first.into(), &'👀'.into())
        .await
        .expect("a reaction");
    seat.sees_reaction(first.cast_signed(), "👀").await.expect("seen");
}

#[tokio::test]
async fn serenity_understands_everything_that_it_is_shown() {
    let world = world().await;
    let lina = world.discord.user("Lina", "fr");
    let forum = world.discord.forum_for("tickets", &[&lina]);
    let (guild, there) = (world.discord.guild_id().into(), ChannelId::new(forum.id()));
    let post = CreateForumPost::new("N° 1", CreateMessage::new().content("Bonjour"));
    let post = there.create_forum_post(&world.http, post).await.expect("a post");
    let created = world.discord.world.look(|state| state.guild_create());
    let created: serenity::all::Guild = serde_json::from_value(created).expect("a guild as the gateway gives it");
    assert_eq!(
        (created.channels.len(), created.threads.len(), created.member_count),
        (1, 1, 2)
    );
    world.http.get_guild(guild).await.expect("a guild");
    world.http.get_channels(guild).await.expect("its channels");
    world.http.get_member(guild, lina.id().into()).await.expect("a member");
    world.http.get_user(lina.id().into()).await.expect("a person");
    let application = world
        .http
        .get_current_application_info()
        .await
        .expect("the application");
    assert!(
        application
            .flags
            .expect("flags")
            .contains(ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED)
    );
    world.http.get_guild_active_threads(guild).await.expect("threads");
    post.id.pin(&world.http, post.id.get()).await.expect("pinned");
    assert_eq!(post.id.pins(&world.http).await.expect("a list").len(), 1);
    post.id.broadcast_typing(&world.http).await.expect("typing");
    post.id
        .add_thread_member(&world.http, lina.id().into())
        .await
        .expect("added");
    post.id
        .delete_message(&world.http, post.id.get())
        .await
        .expect("deleted");
    post.id.delete(&world.http).await.expect("deleted");
    assert_eq!(forum.threads(), Vec::<String>::new());

    world.http.set_application_id(world.discord.application_id().into());
    let bad = json!([{"name": "Ticket", "description": "Majuscule"}]);
    assert_eq!(
        code(
            &world
                .http
                .create_global_commands(&bad)
                .await
                .expect_err("not lower case")
        ),
        50035
    );
    let many: Vec<_> = (0..16)
        .map(|number| json!({"name": format!("Menu {number}"), "type": 3}))
        .collect();
    for (bad, expected) in [
        (json!(many), 30032),
        (
            json!([{"name": "Ouvrir ici", "type": 3, "description": "Ouvre"}]),
            50035,
        ),
        (
            json!([{"name": "Ouvrir ici", "type": 3, "name_localizations": {"fr": "x".repeat(33)}}]),
            50035,
        ),
    ] {
        let refused = world.http.create_global_commands(&bad).await;
        assert_eq!(code(&refused.expect_err("more than there may be")), expected);
    }
    let good = json!([{"name": "ouvrir", "description": "Ouvre"}, {"name": "Répondre ici", "type": 3}]);
    assert_eq!(
        world
            .http
            .create_global_commands(&good)
            .await
            .expect("registered")
            .len(),
        2
    );
    assert_eq!(world.http.get_global_commands().await.expect("a list").len(), 2);
}
