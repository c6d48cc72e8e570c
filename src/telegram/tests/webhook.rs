//! The webhook, from the bot's side: set, kept, and out of the way of polling.

use std::time::Duration;

use secrecy::SecretString;
use teloxide::payloads::DeleteWebhook;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::scene;
use crate::clock::Clock;
use crate::intake::front::RawUpdate;
use crate::outbox::pacing::Pacing;
use crate::sandbox::Seat;
use crate::telegram::Telegram;

/// Serves the bot's webhook; gives its address, and the updates that come.
async fn serves(bot: &Telegram) -> (Url, mpsc::UnboundedReceiver<RawUpdate>) {
    let (into, updates) = mpsc::unbounded_channel();
    let routes = bot.webhook(move |batch: Vec<RawUpdate>| {
        let kept = batch.into_iter().try_for_each(|update| into.send(update));
        std::future::ready(kept)
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/telegram/webhook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (url.parse().unwrap(), updates)
}

#[tokio::test]
async fn a_webhook_that_somebody_removes_is_set_again() {
    let s = scene().await;
    s.stop.cancel();
    let (url, mut updates) = serves(&s.bot).await;
    let stop = CancellationToken::new();
    let keeping = tokio::spawn({
        let (bot, url, stop) = (s.bot.clone(), url.clone(), stop.clone());
        async move { bot.keep_webhook_looking(&url, Duration::from_millis(20), stop).await }
    });
    for words in ["un", "deux"] {
        s.lina.private().says(words).await;
        let update = updates.recv().await.unwrap();
        assert!(update.raw.contains(words) && update.lane == s.lina.id().to_string());
        let _: bool = s.bot.client().call(&DeleteWebhook::new()).await.unwrap();
    }
    stop.cancel();
    keeping.await.unwrap().unwrap();
    let sets = s.calls("setWebhook");
    assert_eq!(sets[0]["allowed_updates"].as_array().map(Vec::len), Some(5));
    assert_eq!(sets[0]["secret_token"], sets[1]["secret_token"]);
}

#[tokio::test]
async fn polling_removes_a_webhook_that_is_in_its_way_and_loses_nothing() {
    let mut s = scene().await;
    let nowhere = "http://127.0.0.1:1/telegram/webhook".parse().unwrap();
    s.bot.set_webhook(&nowhere).await.unwrap();
    s.lina.private().says("un").await;
    let (raw, _) = s.next().await;
    assert!(raw.contains("un"));
    s.stop.cancel();
    s.polling.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_check_says_what_is_the_matter_with_a_webhook() {
    let s = scene().await;
    s.stop.cancel();
    let problems = async |wanted: Option<&Url>| {
        let findings = s.bot.check(wanted).await;
        assert!(findings.iter().all(|finding| !finding.fatal));
        let problems: Vec<_> = findings.into_iter().map(|finding| finding.problem).collect();
        problems.join("\n")
    };
    let nowhere: Url = "http://127.0.0.1:1/telegram/webhook".parse().unwrap();
    assert!(!problems(None).await.contains("webhook"));
    assert!(problems(Some(&nowhere)).await.contains("the webhook is not set"));
    s.bot.set_webhook(&nowhere).await.unwrap();
    assert!(problems(None).await.contains("a webhook is set"));
    s.lina.private().says("un").await;
    while s.bot.webhook_info().await.unwrap().last_error_message.is_none() {
        tokio::task::yield_now().await;
    }
    let told = problems(Some(&nowhere)).await;
    assert!(
        told.contains("the webhook failed (Connection refused), and 1 updates wait"),
        "{told}"
    );
}

#[tokio::test]
async fn the_secret_is_the_same_on_every_replica_and_another_for_another_bot() {
    let s = scene().await;
    let bot = |token: &str| {
        let (token, files) = (SecretString::from(token), s.files.clone());
        let (zone, clock) = (chrono_tz::UTC, Clock::system());
        Telegram::new(&token, s.world.url(), files, zone, clock, Pacing::unlimited()).unwrap()
    };
    let secret = bot(s.world.token()).webhook_secret();
    assert_eq!(secret, s.bot.webhook_secret());
    assert_ne!(secret, bot("123456789:other").webhook_secret());
}
