//! Updates on their way to the bot, and what goes wrong between it and Telegram.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use axum::{Router, http::HeaderMap, routing::post};
use serde_json::{Value, json};
use teloxide::{
    ApiError, RequestError,
    payloads::GetUpdatesSetters,
    requests::{Request, Requester},
    types::{AllowedUpdate, ChatId, UpdateKind},
};
use tokio::sync::mpsc;

use super::{chat, raw, refused, scene, texts};
use crate::sandbox::{
    Seat,
    telegram::{Fault, PATIENCE},
};

#[tokio::test]
async fn updates_come_again_until_a_higher_offset_confirms_them() {
    let s = scene().await;
    s.lina.private().says("un").await;
    s.lina.private().says("deux").await;
    let first = s.bot.get_updates().await.unwrap();
    assert_eq!(texts(&first), ["un", "deux"]);
    assert_eq!(texts(&s.bot.get_updates().await.unwrap()), ["un", "deux"]);
    let offset = i32::try_from(first[0].id.0).unwrap() + 1;
    assert_eq!(texts(&s.bot.get_updates().offset(offset).await.unwrap()), ["deux"]);
    assert!(s.bot.get_updates().offset(offset + 1).await.unwrap().is_empty());
    s.telegram.confirmed().await.unwrap();
}

#[tokio::test]
async fn a_long_poll_answers_as_soon_as_somebody_writes() {
    let s = scene().await;
    let poll = tokio::spawn(s.bot.get_updates().timeout(15).send());
    s.lina.private().says("Bonjour").await;
    assert_eq!(texts(&poll.await.unwrap().unwrap()), ["Bonjour"]);
}

#[tokio::test]
async fn an_update_can_be_delivered_again_after_it_was_confirmed() {
    let s = scene().await;
    s.lina.private().says("une fois").await;
    let id = s.telegram.last_update_id();
    let past = i32::try_from(id).unwrap() + 1;
    assert!(s.bot.get_updates().offset(past).await.unwrap().is_empty());
    s.telegram.redeliver(id);
    assert_eq!(texts(&s.bot.get_updates().offset(past).await.unwrap()), ["une fois"]);
    assert!(s.bot.get_updates().offset(past).await.unwrap().is_empty());
}

#[tokio::test]
async fn of_two_pollers_the_older_is_turned_away() {
    let s = scene().await;
    let older = tokio::spawn(s.bot.get_updates().timeout(15).send());
    s.telegram
        .inner
        .until(PATIENCE, |w| (w.queue.poller == 1).then_some(()))
        .await
        .unwrap();
    let newer = tokio::spawn(s.bot.get_updates().timeout(15).send());
    assert_eq!(
        refused(older.await.unwrap()),
        ApiError::TerminatedByOtherGetUpdates.to_string(),
    );
    s.lina.private().says("Bonjour").await;
    assert_eq!(texts(&newer.await.unwrap().unwrap()), ["Bonjour"]);
}

#[tokio::test]
async fn reactions_come_only_when_asked_for() {
    let s = scene().await;
    let at_desk = s.moussa.in_group(&s.desk);
    at_desk.reacts(1, "👍");
    assert!(s.bot.get_updates().await.unwrap().is_empty());
    let kinds = [AllowedUpdate::Message, AllowedUpdate::MessageReaction];
    s.bot.get_updates().allowed_updates(kinds).await.unwrap();
    at_desk.reacts(1, "👍");
    let updates = s.bot.get_updates().await.unwrap();
    assert!(matches!(updates[0].kind, UpdateKind::MessageReaction(_)));
}

#[tokio::test]
async fn the_webhook_gets_updates_in_order_until_it_takes_them() {
    let s = scene().await;
    let (heard, mut inbox) = mpsc::unbounded_channel();
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let calls = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let hook = move |headers: HeaderMap, axum::Json(update): axum::Json<Value>| async move {
        let call = calls.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let secret = headers["X-Telegram-Bot-Api-Secret-Token"].to_str().unwrap().to_owned();
        heard
            .send((secret, update["message"]["text"].as_str().unwrap().to_owned()))
            .unwrap();
        if call == 0 {
            axum::http::StatusCode::INTERNAL_SERVER_ERROR
        } else {
            axum::http::StatusCode::OK
        }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/hook", post(hook))).await });
    let (status, _) = raw(
        &s.telegram,
        "setWebhook",
        json!({ "url": url, "secret_token": "s3cret" }),
    )
    .await;
    assert_eq!(status, 200);
    assert!(refused(s.bot.get_updates().await).contains("while webhook is active"));
    s.lina.private().says("un").await;
    s.lina.private().says("deux").await;
    let mut got = Vec::new();
    for _ in 0..3 {
        got.push(inbox.recv().await.unwrap());
    }
    assert_eq!(
        got.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(),
        ["un", "un", "deux"]
    );
    assert_eq!(got[0].0, "s3cret");
    s.telegram.confirmed().await.unwrap();
}

#[tokio::test]
async fn a_hurried_bot_is_told_how_long_to_wait() {
    let s = scene().await;
    s.lina.private().says("/start").await;
    let hurry = || async {
        for n in 0..8 {
            if let Err(error) = s.bot.send_message(chat(&s.lina), format!("{n}")).await {
                return Some((n, error));
            }
        }
        None
    };
    let (sent, error) = hurry().await.unwrap();
    assert!((5..8).contains(&sent), "{sent}");
    assert!(
        matches!(error, RequestError::RetryAfter(wait) if wait.seconds() >= 1),
        "{error:?}"
    );
    s.telegram.faults().limits(false);
    assert!(hurry().await.is_none());
}

#[tokio::test]
async fn a_group_takes_twenty_a_minute_with_its_edits() {
    let s = scene().await;
    let desk = ChatId(s.desk.id());
    let card = s.bot.send_message(desk, "0").await.unwrap();
    for n in 1..20 {
        s.bot.edit_message_text(desk, card.id, format!("{n}")).await.unwrap();
    }
    assert!(matches!(
        s.bot.send_message(desk, "x").await,
        Err(RequestError::RetryAfter(_))
    ));
}

#[tokio::test]
async fn connections_are_cut_before_or_after_the_effect() {
    let s = scene().await;
    let seat = s.lina.private();
    seat.says("/start").await;
    let send = |text: &str| s.bot.send_message(chat(&s.lina), text).send();
    s.telegram
        .faults()
        .next("sendMessage", Fault::Cut { after_effect: false }, 1);
    assert!(matches!(send("un").await, Err(RequestError::Network(_))));
    s.telegram
        .faults()
        .next("sendMessage", Fault::Cut { after_effect: true }, 1);
    assert!(matches!(send("deux").await, Err(RequestError::Network(_))));
    seat.sees("deux").await.unwrap();
    send("trois").await.unwrap();
    seat.sees("trois").await.unwrap();
    assert!(seat.unread().is_empty());
    s.telegram.faults().all("*", Fault::Status(429));
    assert!(matches!(send("quatre").await, Err(RequestError::RetryAfter(_))));
    s.telegram.faults().clear();
    send("cinq").await.unwrap();
    let statuses: Vec<u16> = s.telegram.requests().iter().map(|r| r.status).collect();
    assert_eq!(statuses, [0, 0, 200, 429, 200]);
}

#[tokio::test]
async fn a_lost_confirmation_brings_the_update_again() {
    let s = scene().await;
    s.lina.private().says("un").await;
    let past = i32::try_from(s.telegram.last_update_id()).unwrap() + 1;
    s.telegram.faults().next("getUpdates", Fault::DropConfirmation, 1);
    assert_eq!(texts(&s.bot.get_updates().offset(past).await.unwrap()), ["un"]);
    assert!(s.bot.get_updates().offset(past).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_hung_request_ends_with_the_world() {
    let s = scene().await;
    s.telegram.faults().all("getMe", Fault::Hang);
    let bot = s.bot.clone();
    let hung = tokio::spawn(async move { bot.get_me().await });
    s.telegram
        .inner
        .until(PATIENCE, |w| (!w.recorded.is_empty()).then_some(()))
        .await;
    drop(s);
    let ended = tokio::time::timeout(Duration::from_secs(10), hung)
        .await
        .unwrap()
        .unwrap();
    assert!(matches!(ended, Err(RequestError::Network(_))));
}
