//! Fetching updates: none lost, none confirmed too early; and the rest of the bot's own business.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use super::{Poll, SHORT_RESTS, scene};
use crate::clock::Clock;
use crate::intake::front::RawUpdate;
use crate::outbox::pacing::Pacing;
use crate::sandbox::Seat;
use crate::sandbox::telegram::Fault;
use crate::telegram::Telegram;

#[tokio::test]
async fn updates_come_in_order_and_are_confirmed_at_the_end() {
    let mut s = scene().await;
    let lina = s.lina.private();
    for words in ["un", "deux", "trois"] {
        lina.says(words).await;
    }
    let mut ids = Vec::new();
    for _ in 0..3 {
        let update = s.updates.recv().await.unwrap();
        assert_eq!(update.lane, s.lina.id().to_string());
        ids.push(update.update_id.parse::<i64>().unwrap());
    }
    assert!(ids.is_sorted());
    s.stop.cancel();
    s.polling.await.unwrap().unwrap();
    s.world.confirmed().await.unwrap();
    let calls = s
        .world
        .requests()
        .into_iter()
        .filter(|call| call.method == "getUpdates");
    let offsets: Vec<bool> = calls.map(|call| call.parameters.get("offset").is_some()).collect();
    assert_eq!((offsets.first(), offsets.last()), (Some(&false), Some(&true)));
}

#[tokio::test]
async fn what_could_not_be_stored_comes_again() {
    let mut s = scene().await;
    s.stop.cancel();
    s.polling.await.unwrap().unwrap();
    s.updates.close();
    s.lina.private().says("un").await;
    let (tries, stored) = (AtomicU32::new(0), Mutex::new(Vec::new()));
    let stop = CancellationToken::new();
    let receive = |batch: Vec<RawUpdate>| {
        let first = tries.fetch_add(1, Ordering::SeqCst) == 0;
        if !first {
            stored
                .lock()
                .unwrap()
                .extend(batch.into_iter().map(|update| update.update_id));
            stop.cancel();
        }
        std::future::ready(if first { Err("the database is away") } else { Ok(()) })
    };
    let poll = Poll::resting(SHORT_RESTS);
    s.bot.poll_from(poll, receive, stop.clone()).await.unwrap();
    assert_eq!(stored.lock().unwrap().len(), 1);
    s.world.confirmed().await.unwrap();
}

#[tokio::test]
async fn an_outage_and_a_second_poller_are_survived() {
    let mut s = scene().await;
    let lina = s.lina.private();
    s.world.faults().next("getUpdates", Fault::Status(409), 1);
    s.world.faults().next("getUpdates", Fault::Status(502), 1);
    lina.says("un").await;
    s.next().await;
    lina.says("deux").await;
    s.next().await;
    s.stop.cancel();
    tokio::time::timeout(Duration::from_secs(5), s.polling)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_wrong_token_ends_the_polling_and_is_not_told() {
    let s = scene().await;
    let token = SecretString::from("123456789:wrong");
    let clock = Clock::system();
    let stranger = Telegram::new(
        &token,
        s.world.url(),
        s.files.clone(),
        chrono_tz::UTC,
        clock,
        Pacing::platforms(),
    )
    .unwrap();
    let receive = |_| std::future::ready(Ok::<(), String>(()));
    let failure = stranger.poll(receive, CancellationToken::new()).await.unwrap_err();
    assert!(failure.is_bad_token() && !failure.to_string().contains("wrong"));
    assert!(stranger.identify().await.is_err());
    assert!(stranger.check(None).await[0].fatal);
}

#[tokio::test]
async fn the_bot_knows_its_name_and_fills_its_menus() {
    let s = scene().await;
    assert_eq!(s.bot.username(), Some(s.world.bot_username()));
    s.bot.register_commands().await.unwrap();
    let menus = s.calls("setMyCommands");
    let french: Vec<_> = menus.iter().filter(|menu| menu["language_code"] == "fr").collect();
    assert_eq!((menus.len(), french.len()), (4, 2));
    assert_eq!(french[1]["commands"][0]["command"], "prendre");
    assert!(s.bot.check(None).await.iter().all(|finding| !finding.fatal));
}

#[tokio::test]
async fn a_stopped_poll_ends_at_once() {
    let s = scene().await;
    s.stop.cancel();
    tokio::time::timeout(Duration::from_secs(2), s.polling)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
}
