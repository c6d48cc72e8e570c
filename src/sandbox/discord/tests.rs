//! The real serenity client against the simulated Discord: here what needs its gateway, below what does not.

mod http;
mod markdown;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use serde_json::json;
use serenity::all::{
    ActionRowComponent, AutoArchiveDuration, ButtonStyle, ChannelId, CommandOptionType, Context, CreateActionRow,
    CreateAttachment, CreateButton, CreateCommand, CreateCommandOption, CreateEmbed, CreateInputText,
    CreateInteractionResponse, CreateInteractionResponseFollowup, CreateInteractionResponseMessage, CreateMessage,
    CreateModal, CreateThread, EditInteractionResponse, EditMessage, EventHandler, GatewayIntents, Http, HttpBuilder,
    HttpError, InputTextStyle, Interaction, Message, Ready,
};
use serenity::async_trait;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;

use super::{Channel, Discord};
use crate::clock::Clock;
use crate::sandbox::{Answer, Seat, Seen, Transcript, Upload, What};

struct World {
    discord: Discord,
    http: Arc<Http>,
    clock: Clock,
    transcript: Transcript,
}

async fn world() -> World {
    let start = DateTime::from_timestamp(1_790_000_000, 0).expect("a date");
    let (clock, transcript) = (Clock::set_to(start), Transcript::default());
    let discord = Discord::start(clock.clone(), transcript.clone())
        .await
        .expect("a loopback port");
    let http = Arc::new(http(&discord, discord.token()));
    World {
        discord,
        http,
        clock,
        transcript,
    }
}

fn http(discord: &Discord, token: &str) -> Http {
    HttpBuilder::new(token)
        .proxy(discord.url())
        .ratelimiter_disabled(true)
        .build()
}

impl World {
    async fn say(&self, channel: &Channel, message: CreateMessage) -> Result<Message, serenity::Error> {
        ChannelId::new(channel.id()).send_message(&self.http, message).await
    }

    /// Runs the bot until the test ends, and gives the messages that it hears.
    async fn bot(&self) -> UnboundedReceiver<Message> {
        let (heard, messages) = unbounded_channel();
        let intents = GatewayIntents::non_privileged() | GatewayIntents::MESSAGE_CONTENT;
        let http = http(&self.discord, self.discord.token());
        let mut client = serenity::client::ClientBuilder::new_with_http(http, intents)
            .event_handler(Bot { heard })
            .await
            .expect("a client");
        tokio::spawn(async move { client.start().await });
        self.discord.connected().await;
        messages
    }
}

/// A bot that answers each command, button and form in its own way.
struct Bot {
    heard: UnboundedSender<Message>,
}

#[async_trait]
impl EventHandler for Bot {
    async fn ready(&self, context: Context, ready: Ready) {
        context.http.set_application_id(ready.application.id);
        let option = CreateCommandOption::new(CommandOptionType::String, "urgency", "How urgent")
            .name_localized("fr", "urgence")
            .required(true)
            .add_string_choice_localized("high", "high", [("fr", "haute")]);
        let who = CreateCommandOption::new(CommandOptionType::User, "who", "Who");
        let commands = [
            CreateCommand::new("ticket")
                .description("Open a ticket")
                .add_option(option)
                .add_option(who),
            CreateCommand::new("slow").description("Thinks first"),
            CreateCommand::new("mute").description("Never answers"),
        ];
        for command in commands {
            serenity::all::Command::create_global_command(&context, command)
                .await
                .expect("registered");
        }
    }

    async fn message(&self, _: Context, message: Message) {
        let _ = self.heard.send(message);
    }

    async fn interaction_create(&self, context: Context, interaction: Interaction) {
        let quiet = |text: &str| {
            let message = CreateInteractionResponseMessage::new().content(text).ephemeral(true);
            CreateInteractionResponse::Message(message)
        };
        match interaction {
            Interaction::Command(command) if command.data.name == "ticket" => {
                let title = CreateInputText::new(InputTextStyle::Short, "Titre", "title").min_length(3);
                let modal =
                    CreateModal::new("open", "Nouveau ticket").components(vec![CreateActionRow::InputText(title)]);
                command
                    .create_response(&context, CreateInteractionResponse::Modal(modal))
                    .await
                    .expect("a modal");
                let again = command.create_response(&context, quiet("encore")).await;
                assert_eq!(code(&again.expect_err("the second answer is refused")), 40060);
            }
            Interaction::Command(command) if command.data.name == "slow" => {
                command.defer(&context).await.expect("deferred");
                let edit = EditInteractionResponse::new().content("Enfin");
                command.edit_response(&context, edit).await.expect("edited");
                let more = CreateInteractionResponseFollowup::new()
                    .content("Et aussi")
                    .ephemeral(true);
                command.create_followup(&context, more).await.expect("a follow-up");
            }
            Interaction::Modal(modal) => {
                let ActionRowComponent::InputText(input) = &modal.data.components[0].components[0] else {
                    panic!("an input is expected")
                };
                let title = input.value.clone().unwrap_or_default();
                let text = format!("Ticket ouvert : {title} ({})", modal.locale);
                modal.create_response(&context, quiet(&text)).await.expect("answered");
            }
            Interaction::Component(component) => {
                component
                    .create_response(&context, CreateInteractionResponse::Acknowledge)
                    .await
                    .expect("deferred");
                let edit = EditInteractionResponse::new().content(format!("Pris par {}", component.user.name));
                component
                    .edit_response(&context, edit.components(vec![]))
                    .await
                    .expect("edited");
            }
            _ => {}
        }
    }
}

fn code(error: &serenity::Error) -> isize {
    match error {
        serenity::Error::Http(HttpError::UnsuccessfulRequest(response)) => response.error.code,
        other => panic!("not refused by Discord: {other}"),
    }
}

fn take_button() -> CreateActionRow {
    CreateActionRow::Buttons(vec![
        CreateButton::new("take:1").label("Prendre").style(ButtonStyle::Primary),
    ])
}

#[tokio::test]
async fn a_slash_command_opens_a_form_and_the_form_is_answered_for_one_person_only() {
    let world = world().await;
    let (lina, moussa) = (world.discord.user("Lina", "fr"), world.discord.user("Moussa", "en-US"));
    let support = world.discord.channel("support");
    let (lina_there, moussa_there) = (lina.in_channel(&support), moussa.in_channel(&support));
    let _heard = world.bot().await;
    world.discord.registered("mute").await;

    let unknown = lina_there.uses("tickets", &[]).await.expect_err("not registered");
    assert!(unknown.to_string().contains("/tickets is not registered"), "{unknown}");
    let bad = lina_there
        .uses("ticket", &[("urgence", "immense")])
        .await
        .expect_err("not a choice");
    assert!(bad.to_string().contains("not one of the choices"), "{bad}");
    lina_there
        .uses("ticket", &[])
        .await
        .expect_err("a required option is missing");

    let form = lina_there
        .uses("ticket", &[("urgence", "haute"), ("who", "Moussa")])
        .await
        .expect("a form");
    assert!(
        matches!(form, Answer::Form { ref title, .. } if title == "Nouveau ticket"),
        "{form:?}"
    );
    let short = lina_there.submits(&[("Titre", "ab")]).await.expect_err("too short");
    assert!(short.to_string().contains("3 to"), "{short}");
    lina_there.submits(&[("Titre", "")]).await.expect_err("it is required");
    lina_there
        .submits(&[("Titre", "Mon chargeur")])
        .await
        .expect("an answer");
    lina_there
        .sees("Ticket ouvert : Mon chargeur (fr)")
        .await
        .expect("seen");
    assert_eq!(lina_there.unread(), []);
    assert_eq!(moussa_there.history(), "", "what is ephemeral is not for Moussa");

    let saw = world
        .transcript
        .lines()
        .into_iter()
        .filter(|line| matches!(line.what, What::Saw { only_them: true, .. }));
    assert_eq!(
        saw.map(|line| (line.person, line.place)).collect::<Vec<_>>(),
        [("Lina".into(), "#support".into())]
    );
}

#[tokio::test]
async fn a_button_is_deferred_and_its_message_edited() {
    let world = world().await;
    let moussa = world.discord.user("Moussa", "fr");
    let desk = world.discord.channel("desk");
    let there = moussa.in_channel(&desk);
    let _heard = world.bot().await;

    let embed = CreateEmbed::new()
        .title("N° 1")
        .description(r"\*\*Chargeur\*\* **cassé**")
        .field("Depuis", "<t:1790000000:t>", true);
    world
        .say(&desk, CreateMessage::new().embed(embed).components(vec![take_button()]))
        .await
        .expect("posted");
    let card = there.sees("N° 1").await.expect("the card");
    assert_eq!(
        (card.text.as_str(), card.buttons.as_slice()),
        ("N° 1\n**Chargeur** cassé\nDepuis\n16:13", &["Prendre".to_owned()][..])
    );
    assert!(there.sees_nothing());

    assert_eq!(there.presses(&card, "Prendre").await.expect("answered"), Answer::Quiet);
    let taken = there.sees("Pris par moussa").await.expect("edited");
    assert_eq!(
        (taken.message_id, taken.edits, taken.buttons.len()),
        (card.message_id, 1, 0)
    );
    let gone = there.presses(&card, "Prendre").await.expect_err("the button is gone");
    assert!(gone.to_string().contains("the button \"Prendre\""), "{gone}");
}

trait SeesNothing: Seat {
    fn sees_nothing(&self) -> bool {
        self.unread().is_empty()
    }
}

impl<S: Seat> SeesNothing for S {}

#[tokio::test]
async fn a_deferred_answer_and_a_follow_up_come_in_private_too() {
    let world = world().await;
    let lina = world.discord.user("Lina", "fr");
    let _heard = world.bot().await;
    world.discord.registered("mute").await;
    let answer = lina.dm().uses("slow", &[]).await.expect("an answer");
    assert!(
        matches!(answer, Answer::Message(Seen { ref text, edits: 0, .. }) if text == "Enfin"),
        "{answer:?}"
    );
    lina.dm().sees("Et aussi").await.expect("the follow-up");
    world.discord.set_answer_within(Duration::from_millis(10));
    let late = lina.dm().uses("mute", &[]).await.expect_err("never answered");
    assert!(late.to_string().contains("interaction failed"), "{late}");
    let tokens = world
        .discord
        .requests()
        .into_iter()
        .filter(|request| request.path.starts_with("/webhooks/"));
    assert_eq!(tokens.count(), 2);
}

#[tokio::test]
async fn an_interaction_is_refused_when_it_is_unknown_late_or_expired() {
    let world = world().await;
    let lina = world.discord.user("Lina", "fr");
    let dm = lina.dm().room().await.expect("a room");
    let ask = || {
        world.discord.world.change(|state| {
            let id = state.ask(3, lina.id(), dm, None, &json!({"custom_id": "x", "component_type": 2}));
            (id, state.interactions[&id].token.clone())
        })
    };
    let (id, token) = ask();
    let answer = json!({"type": 4, "data": {"content": "tard"}});
    world.discord.world.change(|state| {
        let interaction = state.interactions.get_mut(&id).expect("it is there");
        interaction.since = Instant::now().checked_sub(Duration::from_secs(4)).expect("a while ago");
    });
    let late = world
        .http
        .create_interaction_response(id.into(), &token, &answer, vec![])
        .await;
    assert_eq!(code(&late.expect_err("late")), 10062);

    let (id, token) = ask();
    world
        .http
        .create_interaction_response(id.into(), &token, &answer, vec![])
        .await
        .expect("in time");
    world.clock.advance(TimeDelta::minutes(16));
    world.http.set_application_id(world.discord.application_id().into());
    let expired = world.http.get_original_interaction_response(&token).await;
    assert_eq!(code(&expired.expect_err("expired")), 50027);
}

#[tokio::test]
async fn a_thread_starts_from_a_message_and_people_write_in_it() {
    let world = world().await;
    let lina = world.discord.user("Lina", "fr");
    let desk = world.discord.channel("desk");
    let mut heard = world.bot().await;
    let card = world
        .say(&desk, CreateMessage::new().content("N° 7"))
        .await
        .expect("posted");
    let start = || CreateThread::new("N° 7 · Chargeur").auto_archive_duration(AutoArchiveDuration::OneDay);
    let seat = lina.in_thread("N° 7");
    let thread = ChannelId::new(desk.id())
        .create_thread_from_message(&world.http, card.id, start())
        .await
        .expect("a thread");
    let again = ChannelId::new(desk.id())
        .create_thread_from_message(&world.http, card.id, start())
        .await;
    assert_eq!(code(&again.expect_err("there is one")), 160_004);
    assert_eq!(thread.id.get(), card.id.get());

    seat.says("Bonjour").await;
    let message = loop {
        let message = heard.recv().await.expect("a message");
        if !message.author.bot {
            break message;
        }
    };
    assert_eq!((message.content.as_str(), message.channel_id), ("Bonjour", thread.id));
    thread.id.say(&world.http, "Bien reçu").await.expect("posted");
    seat.sees("Bien reçu").await.expect("seen");
    assert_eq!(
        world.transcript.lines().last().map(|line| line.place.clone()),
        Some("#desk › N° 7 · Chargeur".into())
    );

    thread
        .id
        .edit_thread(&world.http, serenity::all::EditThread::new().archived(true))
        .await
        .expect("archived");
    let edited = thread
        .id
        .edit_message(
            &world.http,
            seat.history_id("Bien reçu"),
            EditMessage::new().content("x"),
        )
        .await;
    assert_eq!(code(&edited.expect_err("archived")), 50083);
    seat.says("Encore moi").await;
    let open = world
        .http
        .get_channel(thread.id)
        .await
        .expect("the thread")
        .guild()
        .expect("in a guild");
    assert!(
        !open.thread_metadata.expect("a thread").archived,
        "a message opens the thread again"
    );
}

impl super::DiscordSeat {
    fn history_id(&self, text: &str) -> u64 {
        self.user.world.look(|state| {
            let found = state.messages.values().find(|message| message.content.contains(text));
            found.map(|message| message.id).expect("the message")
        })
    }
}

#[tokio::test]
async fn a_dropped_gateway_is_resumed_and_nothing_is_lost() {
    let world = world().await;
    let lina = world.discord.user("Lina", "fr");
    let mut heard = world.bot().await;
    world.discord.drop_gateway();
    lina.dm().says("pendant la coupure").await;
    world.discord.connected().await;
    let message = heard.recv().await.expect("replayed");
    assert_eq!(
        (message.content.as_str(), message.guild_id),
        ("pendant la coupure", None)
    );
    world.discord.redeliver_last_event();
    assert_eq!(heard.recv().await.expect("once more").id, message.id);
}

#[tokio::test]
async fn without_the_content_intent_plain_messages_come_empty_and_private_ones_do_not() {
    let world = world().await;
    let lina = world.discord.user("Lina", "fr");
    let hall = world.discord.channel("hall");
    let mut heard = world.bot().await;
    world.discord.set_message_content_intent(false);
    lina.in_channel(&hall).says("secret").await;
    assert_eq!(heard.recv().await.expect("a message").content, "");
    lina.in_channel(&hall)
        .says(&format!("<@{}> bonjour", world.discord.application_id()))
        .await;
    assert!(heard.recv().await.expect("a message").content.ends_with("bonjour"));
    lina.dm().says("en privé").await;
    assert_eq!(heard.recv().await.expect("a message").content, "en privé");

    let intents = GatewayIntents::non_privileged() | GatewayIntents::MESSAGE_CONTENT;
    let http = http(&world.discord, world.discord.token());
    let mut refused = serenity::client::ClientBuilder::new_with_http(http, intents)
        .await
        .expect("a client");
    let why = refused.start().await.expect_err("the intent is not granted");
    assert!(why.to_string().to_lowercase().contains("disallowed"), "{why}");
}

#[tokio::test]
async fn files_go_round_and_a_nonce_is_sent_once() {
    let world = world().await;
    let lina = world.discord.user("Lina", "fr");
    let mut heard = world.bot().await;
    let photo = Upload {
        name: "photo 1.png".into(),
        media_type: "image/png".into(),
        bytes: vec![1, 2, 3],
    };
    lina.dm().sends(&[photo], "voici").await;
    let message = heard.recv().await.expect("a message");
    assert_eq!(message.attachments[0].filename, "photo_1.png");
    assert_eq!(message.attachments[0].download().await.expect("downloaded"), [1, 2, 3]);

    let file = CreateAttachment::bytes(vec![7; 9], "rapport.pdf");
    let build = || {
        let nonce = serenity::all::Nonce::String("outbox-1".into());
        CreateMessage::new()
            .content("Rapport")
            .add_file(file.clone())
            .nonce(nonce)
            .enforce_nonce(true)
    };
    let first = message
        .channel_id
        .send_message(&world.http, build())
        .await
        .expect("sent");
    let second = message
        .channel_id
        .send_message(&world.http, build())
        .await
        .expect("not sent again");
    assert_eq!(first.id, second.id);
    let report = lina.dm().sees("Rapport").await.expect("seen");
    assert_eq!(report.files, ["rapport.pdf"]);
    assert!(lina.dm().sees_nothing());
}

#[tokio::test]
async fn an_option_of_a_select_is_pressed_like_a_button() {
    let world = world().await;
    let desk = world.discord.channel("desk");
    let there = world.discord.user("Moussa", "fr").in_channel(&desk);
    let _heard = world.bot().await;
    let options = json!([{"label": "Haute", "value": "high"}, {"label": "Basse", "value": "low"}]);
    let select = json!([{"type": 1, "components": [{"type": 3, "custom_id": "urgency", "options": options}]}]);
    let body = json!({"content": "Urgence ?", "components": select});
    world
        .http
        .send_message(desk.id().into(), vec![], &body)
        .await
        .expect("posted");
    let asked = there.sees("Urgence ?").await.expect("seen");
    assert_eq!(asked.buttons, ["Haute", "Basse"]);
    assert_eq!(there.presses(&asked, "Basse").await.expect("answered"), Answer::Quiet);
    let sent = world
        .discord
        .world
        .look(|state| state.last_event.as_ref().map(|event| event.data["data"].clone()));
    assert_eq!(sent.expect("an interaction")["values"], json!(["low"]));
    there.sees("Pris par moussa").await.expect("edited");
    there
        .presses_raw(asked.message_id, "take:999; forged")
        .await
        .expect("answered like any other");
}
