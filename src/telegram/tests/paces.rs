//! Telegram's limits, which the simulated one enforces: kept rather than met, and obeyed when they are met.

use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;

use super::{NOTICE, Scene, scene, text};
use crate::domain::platform::Spot;
use crate::outbox::courier::{Address, Courier, Delivery, DeliveryError, Errand};
use crate::outbox::pacing::Pass;
use crate::sandbox::Seat;
use crate::sandbox::telegram::{Fault, TelegramUser};

impl Scene {
    /// How many messages were sent, and how many were refused for their number.
    fn sent(&self) -> (usize, usize) {
        let requests = self.world.requests();
        let sent = requests.iter().filter(|call| call.method == "sendMessage");
        let refused = sent.clone().filter(|call| call.status == 429).count();
        (sent.count(), refused)
    }

    /// Limits what comes next.
    fn asks_to_wait(&self, seconds: u64) {
        let body = json!({"ok": false, "error_code": 429, "description": "Too Many Requests",
            "parameters": {"retry_after": seconds}});
        self.world
            .faults()
            .next("sendMessage", Fault::Answer { status: 429, body }, 1);
    }
}

fn private(user: &TelegramUser) -> Spot {
    Spot::chat(user.id().to_string())
}

fn a_post(to: Spot) -> Delivery {
    Delivery {
        nonce: "1".to_owned(),
        errand: Errand::Post {
            to: Address::Spot(to),
            message: text("Bonjour"),
            reply_to: None,
        },
    }
}

#[tokio::test]
async fn many_messages_to_one_person_are_spread() {
    let s = scene().await;
    s.lina.private().says("/start").await;
    for id in 0..7 {
        s.post(id, private(&s.lina), text("Bonjour")).await.unwrap();
    }
    assert_eq!(s.sent(), (7, 0));
}

#[tokio::test]
async fn a_group_takes_a_burst_and_the_rest_is_for_later() {
    let s = scene().await;
    let mut later = 0;
    for id in 0..25 {
        match s.post(id, s.desk_spot(), text("N° 1")).await {
            Ok(_) => {}
            Err(DeliveryError::RetryAfter(wait)) => {
                assert!(wait > Duration::from_secs(2), "{wait:?}");
                later += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((s.sent(), later), ((15, 0), 10));
}

#[tokio::test]
async fn many_people_get_theirs_at_the_rate_of_all() {
    let s = scene().await;
    let people: Vec<_> = (0..50).map(|n| s.world.user(&format!("P{n}"), "fr")).collect();
    let mut posts = JoinSet::new();
    for user in &people {
        user.private().says("/start").await;
        for _ in 0..2 {
            let (bot, delivery) = (s.bot.clone(), a_post(private(user)));
            posts.spawn(async move { bot.deliver(&delivery, NOTICE).await });
        }
    }
    let outcomes = posts.join_all().await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(s.sent(), (100, 0));
}

#[tokio::test]
async fn a_wait_that_telegram_asks_for_is_the_whole_chats() {
    let s = scene().await;
    s.lina.private().says("/start").await;
    s.asks_to_wait(30);
    for _ in 0..2 {
        let outcome = s.post(1, private(&s.lina), text("Bonjour")).await;
        let Err(DeliveryError::RetryAfter(wait)) = outcome else {
            panic!("{outcome:?}")
        };
        assert!(wait > Duration::from_secs(28), "{wait:?}");
    }
    assert_eq!(s.sent(), (1, 1));
    s.post(2, s.desk_spot(), text("N° 1")).await.unwrap();
}

#[tokio::test]
async fn a_wait_that_two_chats_are_asked_for_is_everybodys() {
    let s = scene().await;
    for user in [&s.lina, &s.moussa] {
        user.private().says("/start").await;
        s.asks_to_wait(30);
        assert!(s.post(1, private(user), text("Bonjour")).await.is_err());
    }
    let outcome = s.post(2, s.desk_spot(), text("N° 1")).await;
    assert!(matches!(outcome, Err(DeliveryError::RetryAfter(_))), "{outcome:?}");
    assert_eq!(s.sent(), (2, 2));
}

#[tokio::test]
async fn nothing_goes_out_without_the_right_to_send() {
    let s = scene().await;
    let pass = Pass {
        may_send: &|| false,
        ..NOTICE
    };
    let outcome = s.bot.deliver(&a_post(s.desk_spot()), pass).await;
    assert_eq!((outcome, s.sent()), (Err(DeliveryError::NotOurs), (0, 0)));
}

#[tokio::test]
async fn a_plain_message_has_no_markup() {
    let s = scene().await;
    let mut delivery = a_post(s.desk_spot());
    let Errand::Post { message, .. } = &mut delivery.errand else {
        unreachable!()
    };
    message.blocks = vec![crate::chat::reply::Block::Title("1 < 2 & <b>".to_owned())];
    s.bot.deliver(&delivery, Pass { plain: true, ..NOTICE }).await.unwrap();
    s.moussa.in_group(&s.desk).sees("1 < 2 & <b>").await.unwrap();
    assert_eq!(s.calls("sendMessage")[0]["parse_mode"], serde_json::Value::Null);
}
