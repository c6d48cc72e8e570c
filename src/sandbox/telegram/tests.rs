//! The simulated Telegram, through the real teloxide `Bot`.

mod delivery;
mod hostile;

use chrono::{TimeZone, Utc};
use serde_json::{Value, json};
use teloxide::{
    ApiError, RequestError,
    net::Download,
    payloads::{
        AnswerCallbackQuerySetters, CreateForumTopicSetters, EditMessageTextSetters, GetUpdatesSetters,
        SendDocumentSetters, SendMessageSetters, SendPhotoSetters, SetMessageReactionSetters,
    },
    requests::{Request, Requester},
    types::{
        ChatId, ForceReply, ForumTopic, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, InputMedia,
        InputMediaDocument, MessageId, ParseMode, ReactionType, Rgb, Update, UpdateKind, UserId,
    },
};

use super::{Group, Telegram, TelegramUser};
use crate::{
    clock::Clock,
    sandbox::{Answer, Seat, Transcript, Upload, What},
};

type Bot = teloxide::Bot;

struct Scene {
    telegram: Telegram,
    transcript: Transcript,
    bot: Bot,
    lina: TelegramUser,
    moussa: TelegramUser,
    desk: Group,
}

async fn scene() -> Scene {
    let transcript = Transcript::default();
    let clock = Clock::set_to(Utc.with_ymd_and_hms(2026, 8, 3, 9, 0, 0).unwrap());
    let telegram = Telegram::start(clock, transcript.clone()).await.unwrap();
    let bot = Bot::new(telegram.token()).set_api_url(telegram.url());
    let lina = telegram.user("Lina Moreau", "fr");
    let moussa = telegram.user("Moussa Diallo", "en");
    let desk = telegram.group("Guichet", &[&moussa], true);
    Scene {
        telegram,
        transcript,
        bot,
        lina,
        moussa,
        desk,
    }
}

fn chat(user: &TelegramUser) -> ChatId {
    ChatId(user.id())
}

fn button(label: &str, data: &str) -> InlineKeyboardMarkup {
    InlineKeyboardMarkup::new([[InlineKeyboardButton::callback(label, data)]])
}

fn texts(updates: &[Update]) -> Vec<&str> {
    let text = |u| match u {
        &Update {
            kind: UpdateKind::Message(ref m),
            ..
        } => m.text(),
        _ => None,
    };
    updates.iter().filter_map(text).collect()
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, RequestError>) -> String {
    match result {
        Err(RequestError::Api(error)) => match error {
            ApiError::Unknown(sentence) => sentence,
            known => known.to_string(),
        },
        other => panic!("{other:?} is no refusal"),
    }
}

/// Posts as no library would.
async fn raw(telegram: &Telegram, method: &str, body: Value) -> (u16, Value) {
    let url = format!("{}bot{}/{method}", telegram.url(), telegram.token());
    let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn the_bot_knows_itself_and_a_wrong_token_is_nobodys() {
    let s = scene().await;
    assert_eq!(s.bot.get_me().await.unwrap().username(), s.telegram.bot_username());
    let stranger = Bot::new("123456789:wrong").set_api_url(s.telegram.url());
    assert!(matches!(
        stranger.get_me().await,
        Err(RequestError::Api(ApiError::InvalidToken))
    ));
    let (status, body) = raw(&s.telegram, "sendPigeon", json!({})).await;
    assert_eq!((status, &body["ok"]), (404, &json!(false)));
}

#[tokio::test]
async fn broken_html_is_refused_and_good_html_is_read_as_text() {
    let s = scene().await;
    let seat = s.lina.private();
    seat.says("/start").await;
    let html = |text: &str| {
        s.bot
            .send_message(chat(&s.lina), text)
            .parse_mode(ParseMode::Html)
            .send()
    };
    assert!(refused(html("a < b").await).contains("Unsupported start tag \"\" at byte offset 2"));
    assert!(refused(html("<b>a").await).contains("Can't find end tag corresponding to start tag \"b\""));
    html("Bonjour <b>Lina</b> &amp; co").await.unwrap();
    let seen = seat.sees("Bonjour Lina & co").await.unwrap();
    assert!(seat.unread().is_empty(), "{seen:?} was read");
}

#[tokio::test]
async fn what_is_too_long_or_empty_or_unknown_is_refused() {
    let s = scene().await;
    s.lina.private().says("/start").await;
    let to = chat(&s.lina);
    let send = |text: &str| s.bot.send_message(to, text).send();
    assert_eq!(refused(send("").await), ApiError::MessageTextIsEmpty.to_string());
    assert_eq!(
        refused(send(&"é".repeat(4097)).await),
        ApiError::MessageIsTooLong.to_string()
    );
    send(&"é".repeat(4096)).await.unwrap();
    assert_eq!(
        refused(s.bot.send_message(ChatId(5), "x").await),
        ApiError::ChatNotFound.to_string()
    );
    let long = button("Prendre", &"x".repeat(65));
    assert_eq!(
        refused(s.bot.send_message(to, "x").reply_markup(long).await),
        ApiError::ButtonDataInvalid.to_string()
    );
    let (status, body) = raw(&s.telegram, "SENDMESSAGE", json!({ "chat_id": to.0, "text": 5 })).await;
    assert_eq!(status, 400, "{body}");
}

#[tokio::test]
async fn an_edit_that_changes_nothing_is_refused_and_one_that_does_is_unread_again() {
    let s = scene().await;
    let seat = s.lina.private();
    seat.says("/start").await;
    let card = s
        .bot
        .send_message(chat(&s.lina), "N° 1")
        .reply_markup(button("Prendre", "take:1"))
        .await
        .unwrap();
    seat.sees("N° 1").await.unwrap();
    let edit = |text: &str| s.bot.edit_message_text(chat(&s.lina), card.id, text);
    let same = edit("N° 1").reply_markup(button("Prendre", "take:1")).await;
    assert_eq!(refused(same), ApiError::MessageNotModified.to_string());
    edit("N° 1, pris").await.unwrap();
    let seen = seat.sees("pris").await.unwrap();
    assert_eq!((seen.edits, seen.buttons.len()), (1, 0));
    let asked = s
        .bot
        .send_message(chat(&s.lina), "Pourquoi ?")
        .reply_markup(ForceReply::new())
        .await
        .unwrap();
    let fixed = s.bot.edit_message_text(chat(&s.lina), asked.id, "x").await;
    assert_eq!(refused(fixed), ApiError::MessageCantBeEdited.to_string());
    let gone = s.bot.edit_message_text(chat(&s.lina), MessageId(99), "x").await;
    assert_eq!(refused(gone), ApiError::MessageToEditNotFound.to_string());
}

#[tokio::test]
async fn a_button_is_answered_once() {
    let s = scene().await;
    let seat = s.moussa.in_group(&s.desk);
    s.bot
        .send_message(ChatId(s.desk.id()), "N° 1")
        .reply_markup(button("Prendre", "take:1"))
        .await
        .unwrap();
    let card = seat.sees("N° 1").await.unwrap();
    let bot = s.bot.clone();
    let answering = tokio::spawn(async move {
        let updates = bot.get_updates().timeout(15).await.unwrap();
        let UpdateKind::CallbackQuery(query) = &updates[0].kind else {
            panic!("{updates:?}")
        };
        assert_eq!(query.data.as_deref(), Some("take:1"));
        bot.answer_callback_query(query.id.clone())
            .text("À vous")
            .await
            .unwrap();
        refused(bot.answer_callback_query(query.id.clone()).await)
    });
    assert_eq!(
        seat.presses(&card, "Prendre").await.unwrap(),
        Answer::Toast("À vous".to_owned())
    );
    assert!(answering.await.unwrap().contains("query is too old"));
    let missed = seat.presses(&card, "Rendre").await.unwrap_err();
    assert!(missed.to_string().contains("[Prendre]"), "{missed}");
}

#[tokio::test]
async fn files_go_both_ways() {
    let s = scene().await;
    s.telegram.faults().limits(false);
    let seat = s.lina.private();
    let upload = |name: &str, media_type: &str, bytes: &[u8]| Upload {
        name: name.to_owned(),
        media_type: media_type.to_owned(),
        bytes: bytes.to_vec(),
    };
    let album = [
        upload("a.txt", "text/plain", b"un"),
        upload("b.txt", "text/plain", b"deux"),
    ];
    seat.sends(&album, "voilà").await;
    let updates = s.bot.get_updates().await.unwrap();
    let messages: Vec<_> = updates
        .iter()
        .map(|u| match &u.kind {
            UpdateKind::Message(m) => m,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(messages.len(), 2);
    assert!(messages[0].media_group_id().is_some());
    assert_eq!((messages[0].caption(), messages[1].caption()), (Some("voilà"), None));
    let document = messages[1].document().unwrap();
    let file = s.bot.get_file(document.file.id.clone()).await.unwrap();
    let mut bytes = Vec::new();
    s.bot.download_file(&file.path, &mut bytes).await.unwrap();
    assert_eq!(bytes, b"deux");

    let own = InputFile::memory("rapport").file_name("r.pdf");
    let posted = s
        .bot
        .send_document(chat(&s.lina), own)
        .caption("Le rapport")
        .await
        .unwrap();
    assert_eq!(seat.sees("Le rapport").await.unwrap().files, ["r.pdf"]);
    let again = InputFile::file_id(posted.document().unwrap().file.id.clone());
    s.bot.send_document(chat(&s.lina), again.clone()).await.unwrap();
    assert!(refused(s.bot.send_photo(chat(&s.lina), again).await).contains("can't use file of type Document as Photo"));
    let noise = InputFile::memory("no picture");
    assert_eq!(
        refused(s.bot.send_photo(chat(&s.lina), noise).await),
        ApiError::ImageProcessFailed.to_string()
    );
    let png = InputFile::memory(&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03"[..]).file_name("x.png");
    let photo = s.bot.send_photo(chat(&s.lina), png).caption("carte").await.unwrap();
    assert_eq!(photo.photo().unwrap().last().unwrap().height, 3);
    let album = ["1", "2"].map(|b| InputMedia::Document(InputMediaDocument::new(InputFile::memory(b).file_name(b))));
    assert_eq!(s.bot.send_media_group(chat(&s.lina), album).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_topic_is_made_written_in_closed_and_lost() {
    let s = scene().await;
    let desk = ChatId(s.desk.id());
    let seat = s.moussa.in_topic(&s.desk, "N° 1");
    let waiting = tokio::spawn(async move { (seat.says("Je regarde").await, seat) });
    let color = Rgb::from_u32(7_322_096);
    let ForumTopic { thread_id, .. } = s
        .bot
        .create_forum_topic(desk, "N° 1 · Chargeur")
        .icon_color(color)
        .await
        .unwrap();
    let (written, seat) = waiting.await.unwrap();
    let updates = s.bot.get_updates().await.unwrap();
    let UpdateKind::Message(message) = &updates[0].kind else {
        panic!("{updates:?}")
    };
    assert_eq!((message.thread_id, i64::from(message.id.0)), (Some(thread_id), written));
    let send = || s.bot.send_message(desk, "Merci").message_thread_id(thread_id).send();
    send().await.unwrap();
    seat.sees("Merci").await.unwrap();
    assert!(s.moussa.in_group(&s.desk).unread().is_empty());
    s.bot.close_forum_topic(desk, thread_id).await.unwrap();
    assert_eq!(s.desk.topic_closed("N° 1"), Some(true));
    assert!(refused(s.bot.close_forum_topic(desk, thread_id).await).contains("TOPIC_NOT_MODIFIED"));
    s.desk.delete_topic("N° 1");
    assert!(refused(send().await).contains("message thread not found"));
    let saw = s
        .transcript
        .lines()
        .into_iter()
        .find(|l| matches!(l.what, What::Saw { .. }))
        .unwrap();
    assert_eq!(
        (saw.person.as_str(), saw.place.as_str()),
        ("Moussa Diallo", "Guichet › N° 1 · Chargeur")
    );
}

#[tokio::test]
async fn nobody_is_written_to_before_they_start_or_after_they_block() {
    let s = scene().await;
    let send = || s.bot.send_message(chat(&s.lina), "Bonjour").send();
    assert!(refused(send().await).contains("bot can't initiate conversation with a user"));
    s.lina.private().says("/start").await;
    send().await.unwrap();
    s.lina.blocks_bot();
    assert_eq!(refused(send().await), ApiError::BotBlocked.to_string());
    let updates = s.bot.get_updates().await.unwrap();
    assert!(matches!(&updates[1].kind, UpdateKind::MyChatMember(m) if m.new_chat_member.is_banned()));
}

#[tokio::test]
async fn a_group_that_moves_says_where_and_one_that_kicks_says_so() {
    let s = scene().await;
    let old = ChatId(s.desk.id());
    let new = s.desk.upgrades();
    let moved = s.bot.send_message(old, "x").await;
    assert!(
        matches!(moved, Err(RequestError::MigrateToChatId(ChatId(id))) if id == new),
        "{moved:?}"
    );
    s.bot.send_message(ChatId(new), "Bonjour").await.unwrap();
    s.moussa.in_group(&s.desk).sees("Bonjour").await.unwrap();
    let admins = s.bot.get_chat_administrators(ChatId(new)).await.unwrap();
    assert_eq!(admins.len(), 2);
    assert!(s.bot.get_chat(ChatId(new)).await.unwrap().is_supergroup());
    let bot_id = s.bot.get_me().await.unwrap().id;
    assert!(
        s.bot
            .get_chat_member(ChatId(new), bot_id)
            .await
            .unwrap()
            .can_manage_chat()
    );
    assert!(s.bot.get_chat_member(ChatId(new), UserId(1)).await.is_err());
    s.desk.kicks_bot();
    assert_eq!(
        refused(s.bot.send_message(ChatId(new), "x").await),
        ApiError::BotKickedFromSupergroup.to_string()
    );
    assert!(
        s.bot
            .get_updates()
            .await
            .unwrap()
            .iter()
            .all(|u| !matches!(u.kind, UpdateKind::Error(_)))
    );
}

#[tokio::test]
async fn a_reaction_is_seen_by_the_author() {
    let s = scene().await;
    let seat = s.lina.private();
    let id = seat.says("Mon chargeur").await;
    let message = MessageId(i32::try_from(id).unwrap());
    let with = |emoji: &str| {
        let emoji = emoji.to_owned();
        s.bot
            .set_message_reaction(chat(&s.lina), message)
            .reaction([ReactionType::Emoji { emoji }])
            .send()
    };
    assert!(refused(with("✅").await).contains("REACTION_INVALID"));
    with("👀").await.unwrap();
    seat.sees_reaction(id, "👀").await.unwrap();
    assert_eq!(seat.reactions(id), ["👀"]);
}

#[tokio::test]
async fn everything_a_person_can_send_is_understood_by_the_library() {
    let s = scene().await;
    let seat = s.lina.private();
    let id = seat.says("/ticket https://a.fr @moussa").await;
    seat.edits(id, "/ticket autre");
    seat.sends_sticker("🙂").await;
    seat.sends_location(48.8, 2.3).await;
    seat.sends_voice(b"OggS").await;
    let picture = Upload {
        name: "x.jpg".to_owned(),
        media_type: "image/jpeg".to_owned(),
        bytes: vec![0xff, 0xd8, 0xff],
    };
    seat.sends(&[picture], "").await;
    seat.presses_stale(99, "old:1");
    s.moussa
        .in_group(&s.desk)
        .uses("setup", &[("purpose", "staff")])
        .await
        .unwrap();
    let made = s.desk.makes_topic(&s.moussa, "Pauses");
    let updates = s.bot.get_updates().await.unwrap();
    assert_eq!(updates.len(), 9, "{updates:?}");
    for update in &updates {
        assert!(!matches!(update.kind, UpdateKind::Error(_)), "{update:?}");
    }
    assert!(made > 0);
    let hostile = s.telegram.inject(json!({ "message": { "nonsense": true } }));
    assert_eq!(hostile, s.telegram.last_update_id());
    assert!(seat.submits(&[]).await.is_err());
}

#[tokio::test]
async fn a_mention_in_the_bots_words_pings_a_member_and_nobody_else() {
    let s = scene().await;
    let group = ChatId(s.desk.id());
    let words = "@MoussaDiallo, @linamoreau : <code>@moussadiallo</code>";
    let sent = s.bot.send_message(group, words).parse_mode(ParseMode::Html);
    let message_id = i64::from(sent.await.unwrap().id.0);
    let who = s.moussa.name().to_owned();
    assert_eq!(s.telegram.pings(), [super::Ping { who, message_id }]);
}
