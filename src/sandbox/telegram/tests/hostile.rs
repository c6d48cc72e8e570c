//! Requests that make no sense: refused, whatever is wrong with them.

use serde_json::{Value, json};

use super::scene;
use crate::sandbox::{
    Seat,
    telegram::{methods::METHODS, params::Params},
};

#[tokio::test]
async fn a_parameter_of_any_wrong_kind_is_refused_or_ignored() {
    let s = scene().await;
    s.lina.private().says("/start").await;
    let thread = s.desk.makes_topic(&s.moussa, "Pauses");
    let nonsense = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(""),
        json!("é<&>&#x0;</"),
        json!("attach://nothing"),
        json!([]),
        json!([null]),
        json!([5]),
        json!([[5]]),
        json!({}),
        json!({ "inline_keyboard": [5] }),
        json!({ "inline_keyboard": [[{ "text": "" }]] }),
        json!([{ "offset": u64::MAX, "length": u64::MAX }]),
        json!([{ "offset": -5, "length": "x", "type": [] }]),
    ];
    for (chat, mode) in [(s.lina.id(), ""), (s.desk.id(), ""), (s.desk.id(), "HTML")] {
        let sound = json!({
            "chat_id": chat, "from_chat_id": chat, "message_id": 1, "message_thread_id": thread, "text": "un",
            "caption": "un", "parse_mode": mode, "entities": [], "caption_entities": [], "reply_markup": {},
            "reply_parameters": { "message_id": 1 }, "media": [], "photo": "x", "document": "x", "voice": "x",
            "reaction": [], "commands": [], "scope": {}, "language_code": "fr", "description": "d",
            "short_description": "d", "name": "n", "url": "", "secret_token": "", "max_connections": 5,
            "allowed_updates": [], "drop_pending_updates": false, "callback_query_id": "1", "action": "typing",
            "file_id": "x", "user_id": 1, "icon_color": 7_322_096, "icon_custom_emoji_id": "",
        });
        let Value::Object(sound) = sound else {
            unreachable!("it is written as an object")
        };
        for method in METHODS.iter().filter(|m| **m != "leaveChat") {
            for name in sound.keys() {
                for value in &nonsense {
                    let mut values = sound.clone();
                    values.insert(name.clone(), value.clone());
                    let params = Params {
                        values,
                        ..Params::default()
                    };
                    // Nothing is asserted but that an answer comes at all.
                    let _ = s.telegram.inner.look(|world| world.carry_out(method, &params));
                }
            }
        }
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused() {
    let s = scene().await;
    let url = format!("{}bot{}/sendMessage", s.telegram.url(), s.telegram.token());
    let client = reqwest::Client::new();
    for (kind, body) in [
        ("application/json", "{"),
        ("application/json", "[]"),
        ("multipart/form-data", "x"),
        ("multipart/form-data; boundary=b", "--b\r\nx"),
        ("text/plain", "%ff%00"),
    ] {
        let post = client.post(&url).header("Content-Type", kind).body(body);
        assert_eq!(post.send().await.unwrap().status().as_u16(), 400, "{kind}: {body}");
    }
}
