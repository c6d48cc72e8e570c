//! What the outbox has carried.

use std::time::Duration;

use super::{NOTICE, PNG, Scene, scene, text, with_button};
use crate::chat::reply::{Block, Fact, Message};
use crate::domain::platform::Spot;
use crate::outbox::courier::{Address, Courier, Delivery, DeliveryError, Errand, Sent};
use crate::sandbox::Seat;
use crate::sandbox::telegram::Fault;

impl Scene {
    async fn deliver(&self, id: u64, errand: Errand) -> Result<Option<Sent>, DeliveryError> {
        let nonce = id.to_string();
        self.bot.deliver(&Delivery { nonce, errand }, NOTICE).await
    }

    pub(super) async fn post(&self, id: u64, to: Spot, message: Message) -> Result<Sent, DeliveryError> {
        let errand = Errand::Post {
            to: Address::Spot(to),
            message,
            reply_to: None,
        };
        self.deliver(id, errand).await.map(Option::unwrap)
    }

    async fn post_to_lina(&self) -> Result<Option<Sent>, DeliveryError> {
        let to = Address::Person {
            user_id: self.lina.id().to_string(),
            chat: None,
        };
        let (message, reply_to) = (text("Bonjour"), None);
        self.deliver(1, Errand::Post { to, message, reply_to }).await
    }

    async fn edit(&self, sent: &Sent, message: Message) -> Result<Option<Sent>, DeliveryError> {
        let (spot, message_id) = (sent.spot.clone(), sent.message_id.clone());
        let errand = Errand::Edit {
            spot,
            message_id,
            message,
        };
        self.deliver(2, errand).await
    }
}

#[tokio::test]
async fn a_person_who_never_wrote_or_left_is_unreachable() {
    let s = scene().await;
    assert!(matches!(s.post_to_lina().await, Err(DeliveryError::Unreachable(_))));
    s.lina.private().says("/start").await;
    assert!(s.post_to_lina().await.is_ok());
    s.lina.blocks_bot();
    assert!(matches!(s.post_to_lina().await, Err(DeliveryError::Unreachable(_))));
}

#[tokio::test]
async fn a_card_is_edited_and_a_lost_card_is_told() {
    let s = scene().await;
    let sent = s
        .post(1, s.desk_spot(), with_button("N° 1 · en attente", "Prendre"))
        .await
        .unwrap();
    s.edit(&sent, text("N° 1 · en cours")).await.unwrap();
    let seen = s.moussa.in_group(&s.desk).sees("N° 1 · en cours").await.unwrap();
    assert_eq!((seen.edits, seen.buttons.len()), (1, 0));
    s.edit(&sent, text("N° 1 · en cours")).await.unwrap();
    let lost = Sent {
        message_id: "999999".to_owned(),
        ..sent
    };
    assert!(matches!(
        s.edit(&lost, text("x")).await,
        Err(DeliveryError::MessageGone(_))
    ));
}

#[tokio::test]
async fn a_picture_carries_its_words_and_they_can_be_edited() {
    let s = scene().await;
    let message = Message {
        files: vec![s.file(PNG, "écran.png", "image/png").await],
        ..with_button("N° 1", "Prendre")
    };
    let sent = s.post(1, s.desk_spot(), message).await.unwrap();
    let moussa = s.moussa.in_group(&s.desk);
    let seen = moussa.sees("N° 1").await.unwrap();
    assert_eq!(
        (seen.files.len(), seen.buttons.as_slice()),
        (1, &["Prendre".to_owned()][..])
    );
    s.edit(&sent, text("N° 1 · pris")).await.unwrap();
    assert_eq!(moussa.sees("N° 1 · pris").await.unwrap().files.len(), 1);
}

#[tokio::test]
async fn what_is_no_picture_after_all_goes_as_a_document() {
    let s = scene().await;
    let message = Message {
        files: vec![s.file(b"not a picture", "photo.png", "image/png").await],
        ..text("N° 1")
    };
    s.post(1, s.desk_spot(), message).await.unwrap();
    assert_eq!(
        s.moussa.in_group(&s.desk).sees("N° 1").await.unwrap().files,
        ["photo.png"]
    );
    assert_eq!(s.calls("sendDocument").len(), 1);
}

#[tokio::test]
async fn several_files_come_below_as_albums_of_a_kind() {
    let s = scene().await;
    let long = "x".repeat(2000);
    let message = Message {
        files: vec![
            s.file(PNG, "un.png", "image/png").await,
            s.file(b"%PDF", "devis \"été\".pdf", "application/pdf").await,
            s.file(PNG, "deux.png", "image/png").await,
        ],
        ..with_button(&long, "Prendre")
    };
    let sent = s.post(1, s.desk_spot(), message).await.unwrap();
    let moussa = s.moussa.in_group(&s.desk);
    let seen = moussa.sees(&long).await.unwrap();
    assert_eq!(seen.message_id.to_string(), sent.message_id);
    let album = &s.calls("sendMediaGroup")[0];
    assert_eq!(album["media"].as_array().map(Vec::len), Some(2));
    assert_eq!(album["reply_parameters"]["message_id"].to_string(), sent.message_id);
    let files: Vec<String> = moussa.unread().into_iter().flat_map(|seen| seen.files).collect();
    assert_eq!(files.len(), 3);
    assert!(files.contains(&"devis _été_.pdf".to_owned()), "{files:?}");
}

#[tokio::test]
async fn files_that_have_to_wait_do_not_bring_the_message_twice() {
    let s = scene().await;
    let message = Message {
        files: vec![
            s.file(PNG, "un.png", "image/png").await,
            s.file(b"%PDF", "devis.pdf", "application/pdf").await,
        ],
        ..text("N° 1")
    };
    s.world.faults().next("sendDocument", Fault::Status(502), 1);
    let first = s.post(7, s.desk_spot(), message.clone()).await;
    assert!(matches!(first, Err(DeliveryError::Transient(_))), "{first:?}");
    s.post(7, s.desk_spot(), message).await.unwrap();
    let count = |method| s.calls(method).len();
    assert_eq!(
        (count("sendMessage"), count("sendPhoto"), count("sendDocument")),
        (1, 1, 2)
    );
}

#[tokio::test]
async fn a_file_that_is_lost_does_not_hold_the_words_back() {
    let s = scene().await;
    let mut file = s.file(PNG, "un.png", "image/png").await;
    file.sha256 = "0".repeat(64);
    let message = Message {
        files: vec![file],
        ..text("N° 1")
    };
    s.post(1, s.desk_spot(), message).await.unwrap();
    s.moussa.in_group(&s.desk).sees("N° 1").await.unwrap();
}

#[tokio::test]
async fn a_topic_is_opened_written_in_and_closed_once_and_for_all() {
    let s = scene().await;
    let (spot, message_id) = (s.desk_spot(), "1".to_owned());
    let name = format!("N° 1 · {}", "chargeur ".repeat(50));
    let errand = Errand::OpenThread { spot, message_id, name };
    let topic = s.deliver(1, errand).await.unwrap().unwrap();
    assert_eq!(topic.spot.topic.as_ref(), Some(&topic.message_id));
    s.post(2, topic.spot.clone(), text("Bonjour")).await.unwrap();
    s.moussa.in_topic(&s.desk, "N° 1").sees("Bonjour").await.unwrap();
    for id in [3, 4] {
        let spot = topic.spot.clone();
        assert_eq!(s.deliver(id, Errand::CloseThread { spot }).await, Ok(None));
    }
    let mut nowhere = topic.spot.clone();
    nowhere.topic = Some("424242".to_owned());
    assert!(matches!(
        s.post(5, nowhere.clone(), text("x")).await,
        Err(DeliveryError::PlaceGone(_))
    ));
    let closing = s.deliver(6, Errand::CloseThread { spot: nowhere }).await;
    assert!(matches!(closing, Err(DeliveryError::PlaceGone(_))));
    let general: Spot = format!("{}/1", s.desk.id()).parse().unwrap();
    s.post(7, general, text("Dans le général")).await.unwrap();
}

#[tokio::test]
async fn a_group_that_moved_or_threw_the_bot_out_is_gone() {
    let s = scene().await;
    let old = s.desk_spot();
    s.desk.kicks_bot();
    assert!(matches!(
        s.post(1, old.clone(), text("x")).await,
        Err(DeliveryError::PlaceGone(_))
    ));
    s.desk.readmits_bot();
    s.desk.upgrades();
    assert!(matches!(s.post(2, old, text("x")).await, Err(DeliveryError::Moved(_))));
}

#[tokio::test]
async fn an_outage_is_for_later_and_comes_back_at_once() {
    let s = scene().await;
    for fault in [Fault::Status(502), Fault::Cut { after_effect: false }] {
        s.world.faults().next("sendMessage", fault, 1);
        let outcome = s.post(1, s.desk_spot(), text("x")).await;
        let Err(DeliveryError::Transient(why)) = outcome else {
            panic!("{outcome:?}")
        };
        assert!(!why.contains(s.world.token()) && !why.contains("127.0.0.1"), "{why}");
    }
    s.world.faults().next("sendMessage", Fault::Status(429), 1);
    let outcome = s.post(1, s.desk_spot(), text("x")).await;
    assert_eq!(outcome, Err(DeliveryError::RetryAfter(Duration::from_secs(1))));
}

#[tokio::test]
async fn whoever_is_named_in_what_people_write_is_not_pinged() {
    let s = scene().await;
    let words = "@moussasarr, (@MoussaSarr) ou moussasarr@exemple.org".to_owned();
    let message = Message {
        blocks: vec![
            Block::Title(words.clone()),
            Block::Facts(vec![Fact::Text("@moussasarr".to_owned())]),
            Block::Text(words.clone()),
            Block::Quote(words.clone()),
            Block::Verbatim(words),
        ],
        ..Message::default()
    };
    s.post(1, s.desk_spot(), message).await.unwrap();
    let seen = s.moussa.in_group(&s.desk).sees("ou moussasarr@exemple.org").await;
    assert!(seen.is_ok() && s.world.pings().is_empty(), "{:?}", s.world.pings());
}

#[tokio::test]
async fn telegram_takes_whatever_people_write() {
    let s = scene().await;
    s.world.faults().limits(false);
    for hostile in [
        "<b onclick=\"x\">",
        &"👩\u{200D}".repeat(10_000),
        "\u{202E}",
        "   ",
        "\0",
        "&amp;lt;<",
        "",
    ] {
        let words = hostile.to_owned();
        let blocks = vec![
            Block::Title(words.clone()),
            Block::Quote(words.clone()),
            Block::Verbatim(words),
        ];
        let message = Message {
            blocks,
            ..Message::default()
        };
        let sent = s.post(1, s.desk_spot(), message).await;
        assert!(sent.is_ok(), "{hostile:?}: {sent:?}");
    }
}

#[tokio::test]
async fn an_answer_without_end_is_no_answer() {
    let s = scene().await;
    let endless = Fault::Answer {
        status: 200,
        body: serde_json::json!("x".repeat(17 << 20)),
    };
    s.world.faults().next("SendMessage", endless, 1);
    let outcome = s.post(1, s.desk_spot(), text("Bonjour")).await;
    assert!(matches!(outcome, Err(DeliveryError::Transient(_))), "{outcome:?}");
}
