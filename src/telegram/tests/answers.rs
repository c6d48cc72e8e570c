//! What people see when they write and press.

use tokio::io::AsyncReadExt;

use super::{PNG, Scene, scene, text, with_button};
use crate::chat::intent::Intent;
use crate::chat::reply::{Form, Message, Reply};
use crate::domain::receipt::Receipt;
use crate::intake::front::{FetchError, Front};
use crate::outbox::courier::DeliveryError;
use crate::sandbox::{Answer, Seat, Upload};

#[tokio::test]
async fn a_message_is_answered_where_it_was_written() {
    let mut s = scene().await;
    let lina = s.lina.private();
    lina.says("Mon chargeur <b>ne</b> marche plus").await;
    let sent = s
        .answer(Reply::Message(text("1 < 2 & <b>non</b>")))
        .await
        .unwrap()
        .unwrap();
    let seen = lina.sees("1 < 2 & <b>non</b>").await.unwrap();
    assert_eq!(
        (sent.message_id, sent.spot.chat),
        (seen.message_id.to_string(), s.lina.id().to_string())
    );
    let call = &s.calls("sendMessage")[0];
    assert!(call.get("reply_parameters").is_none());
    assert_eq!(call["disable_notification"], false);
}

#[tokio::test]
async fn in_a_topic_the_answer_is_there_silent_and_to_the_message() {
    let mut s = scene().await;
    s.desk.makes_topic(&s.moussa, "N° 1");
    let moussa = s.moussa.in_topic(&s.desk, "N° 1");
    let written = moussa.says("/voir").await;
    s.answer(Reply::Message(text("N° 1"))).await.unwrap();
    moussa.sees("N° 1").await.unwrap();
    let call = &s.calls("sendMessage")[0];
    assert_eq!(call["reply_parameters"]["message_id"], written);
    assert_eq!(call["disable_notification"], true);
}

/// A message with a button of Lina's, and what pressing it gets when it is answered like this.
async fn pressed(s: &mut Scene, reply: Reply) -> (Answer, Result<(), DeliveryError>) {
    let lina = s.lina.private();
    lina.says("/start").await;
    s.answer(Reply::Message(with_button("Envoyer ?", "Envoyer")))
        .await
        .unwrap();
    let seen = lina.sees("Envoyer ?").await.unwrap();
    let (answer, outcome) = tokio::join!(lina.presses(&seen, "Envoyer"), s.answer(reply));
    (answer.unwrap(), outcome.map(|_| ()))
}

#[tokio::test]
async fn every_press_is_released_exactly_once() {
    let form = Form {
        title: String::new(),
        action: String::new(),
        fields: Vec::new(),
    };
    for (reply, refused) in [
        (Reply::Quiet, false),
        (Reply::Toast("é".repeat(500)), false),
        (Reply::Update(text("Envoyé")), false),
        (Reply::Message(text("Envoyé")), false),
        (Reply::Aside(text("Envoyé")), false),
        (Reply::Receipt(Receipt::Sent), false),
        (Reply::Form(form), true),
    ] {
        let mut s = scene().await;
        let (_, outcome) = pressed(&mut s, reply.clone()).await;
        assert_eq!(outcome.is_err(), refused, "{reply:?}: {outcome:?}");
        assert_eq!(s.calls("answerCallbackQuery").len(), 1, "{reply:?}");
    }
}

#[tokio::test]
async fn an_update_takes_the_place_of_what_was_pressed() {
    let mut s = scene().await;
    pressed(&mut s, Reply::Update(text("N° 1 · envoyé"))).await.1.unwrap();
    let seen = s.lina.private().sees("N° 1 · envoyé").await.unwrap();
    assert_eq!((seen.edits, seen.buttons.len()), (1, 0));
}

#[tokio::test]
async fn an_update_that_changes_nothing_is_no_failure() {
    let mut s = scene().await;
    pressed(&mut s, Reply::Update(with_button("Envoyer ?", "Envoyer")))
        .await
        .1
        .unwrap();
}

#[tokio::test]
async fn an_update_of_a_message_that_is_gone_is_a_new_message() {
    let mut s = scene().await;
    let gone = r#"{"ok":false,"error_code":400,"description":"Bad Request: message to edit not found"}"#;
    let fault = crate::sandbox::telegram::Fault::Answer {
        status: 400,
        body: serde_json::from_str(gone).unwrap(),
    };
    s.world.faults().next("editMessageText", fault, 1);
    pressed(&mut s, Reply::Update(text("N° 1 · envoyé"))).await.1.unwrap();
    assert_eq!(s.lina.private().sees("N° 1 · envoyé").await.unwrap().edits, 0);
}

#[tokio::test]
async fn old_buttons_are_taken_away_once_the_new_message_is_there() {
    let mut s = scene().await;
    let lina = s.lina.private();
    lina.says("un").await;
    let old = s
        .answer(Reply::Message(with_button("Brouillon un", "Envoyer")))
        .await
        .unwrap()
        .unwrap();
    lina.says("deux").await;
    let new = Message {
        retires: Some(old.message_id.clone()),
        ..with_button("Brouillon deux", "Envoyer")
    };
    s.answer(Reply::Message(new)).await.unwrap();
    let seen = lina.sees("Brouillon un").await.unwrap();
    assert_eq!((seen.message_id.to_string(), seen.buttons.len()), (old.message_id, 0));
    assert_eq!(lina.sees("Brouillon deux").await.unwrap().buttons, ["Envoyer"]);
}

#[tokio::test]
async fn an_aside_goes_to_the_private_chat() {
    let mut s = scene().await;
    s.moussa.private().says("/start").await;
    s.next().await;
    s.moussa.in_group(&s.desk).says("/aide").await;
    let sent = s
        .answer(Reply::Aside(text("Seulement pour vous")))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(sent.spot.chat, s.moussa.id().to_string());
    s.moussa.private().sees("Seulement pour vous").await.unwrap();
}

#[tokio::test]
async fn who_never_wrote_to_the_bot_is_told_to_in_the_group() {
    let mut s = scene().await;
    let moussa = s.moussa.in_group(&s.desk);
    moussa.says("/aide").await;
    assert_eq!(s.answer(Reply::Aside(text("Seulement pour vous"))).await, Ok(None));
    assert_eq!(s.calls("sendMessage").len(), 2);
    assert_eq!(moussa.unread().len(), 1);
    assert!(!moussa.history().contains("Seulement"));
}

#[tokio::test]
async fn who_never_wrote_and_presses_is_told_by_a_toast() {
    let mut s = scene().await;
    let moussa = s.moussa.in_group(&s.desk);
    moussa.says("/aide").await;
    s.answer(Reply::Message(with_button("N° 1", "Détails"))).await.unwrap();
    let seen = moussa.sees("N° 1").await.unwrap();
    let aside = s.answer(Reply::Aside(text("Seulement pour vous")));
    let (answer, outcome) = tokio::join!(moussa.presses(&seen, "Détails"), aside);
    assert_eq!(outcome, Ok(None));
    assert!(matches!(answer.unwrap(), Answer::Toast(_)));
}

#[tokio::test]
async fn a_receipt_stands_on_what_they_wrote() {
    let mut s = scene().await;
    for (receipt, emoji) in [(Receipt::Sent, "🕊"), (Receipt::Delivered, "👀"), (Receipt::Noted, "✍")] {
        let id = s.lina.private().says("Un ThinkPad").await;
        s.answer(Reply::Receipt(receipt)).await.unwrap();
        let call = s.calls("setMessageReaction").pop().unwrap();
        assert_eq!(
            (&call["message_id"], &call["reaction"][0]["emoji"]),
            (&id.into(), &emoji.into())
        );
    }
}

#[tokio::test]
async fn a_photo_is_fetched_with_its_bytes() {
    let mut s = scene().await;
    let photo = Upload {
        name: "photo.png".to_owned(),
        media_type: "image/png".to_owned(),
        bytes: PNG.to_vec(),
    };
    s.lina.private().sends(&[photo], "Voilà").await;
    let (_, inbound) = s.next().await;
    let Intent::Message(written) = inbound.intent else {
        panic!("a message")
    };
    assert_eq!((written.text.as_str(), written.files.len()), ("Voilà", 1));
    let mut bytes = Vec::new();
    s.bot
        .fetch(&written.files[0])
        .await
        .unwrap()
        .read_to_end(&mut bytes)
        .await
        .unwrap();
    assert_eq!(bytes, PNG);
}

#[tokio::test]
async fn a_file_that_is_too_large_or_unknown_is_told_apart() {
    let mut s = scene().await;
    let large = Upload {
        name: "film.mkv".to_owned(),
        media_type: "video/x-matroska".to_owned(),
        bytes: vec![0; 21 * 1024 * 1024],
    };
    s.lina.private().sends(&[large], "").await;
    let (_, inbound) = s.next().await;
    let Intent::Message(written) = inbound.intent else {
        panic!("a message")
    };
    let mut file = written.files[0].clone();
    assert!(matches!(s.bot.fetch(&file).await, Err(FetchError::TooLarge)));
    file.size = None;
    assert!(matches!(s.bot.fetch(&file).await, Err(FetchError::TooLarge)));
    file.locator = "nobody knows".to_owned();
    assert!(matches!(s.bot.fetch(&file).await, Err(FetchError::Failed(_))));
}
