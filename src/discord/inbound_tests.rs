//! Updates as Discord sends them, and as nobody should.

use serde_json::json;

use crate::chat::grammar::Command;

use super::*;

fn message(change: impl FnOnce(&mut Value)) -> Option<Inbound> {
    let mut data = json!({
        "id": "1200000000000000001", "channel_id": "300", "type": 0, "content": "Mon chargeur ne marche plus",
        "author": {"id": "42", "username": "lina.nd", "global_name": "Lina", "discriminator": "0", "avatar": null},
        "attachments": [], "embeds": [], "mentions": [], "timestamp": "2026-11-20T09:02:00Z", "flags": 0
    });
    change(&mut data);
    read(&json!({"t": "MESSAGE_CREATE", "d": data}).to_string(), None).unwrap()
}

fn interaction(change: impl FnOnce(&mut Value)) -> Option<Inbound> {
    let mut data = json!({
        "id": "9", "application_id": "7", "type": 2, "token": "tok", "channel_id": "300", "guild_id": "5",
        "locale": "fr", "channel": {"id": "300", "name": "support", "type": 0}, "version": 1,
        "member": {"nick": "Moussa S.", "user": {"id": "43", "username": "moussa"}, "roles": []},
        "data": {"id": "1", "name": "note", "type": 1, "options": [
            {"name": "number", "type": 4, "value": 12}, {"name": "text", "type": 3, "value": "câble\u{202e}"}]}
    });
    change(&mut data);
    read(&json!({"t": "INTERACTION_CREATE", "d": data}).to_string(), None).unwrap()
}

fn written(inbound: Option<Inbound>) -> Written {
    match inbound.map(|inbound| inbound.intent) {
        Some(Intent::Message(written)) => written,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_private_message_is_a_message() {
    let inbound = message(|_| {}).unwrap();
    assert!(inbound.place.is_private() && !inbound.can_open_form);
    assert_eq!(
        (inbound.who.user_id.as_str(), inbound.who.name.as_str()),
        ("42", "Lina")
    );
    assert_eq!(inbound.who.language, None);
    assert_eq!(written(Some(inbound)).text, "Mon chargeur ne marche plus");
}

#[test]
fn a_slash_in_a_private_message_is_a_command() {
    let inbound = message(|m| m["content"] = json!("/prendre 3")).unwrap();
    assert!(matches!(inbound.intent, Intent::Command(call) if call.command == Command::Take));
    let path = written(message(|m| m["content"] = json!("/etc/hosts ?")));
    assert_eq!(path.text, "/etc/hosts ?");
}

#[test]
fn a_note_written_under_a_file_stays_a_note() {
    let inbound = message(|m| {
        m["content"] = json!("/note 12 il ment");
        m["attachments"] = json!([{"id": "1", "filename": "a.png", "size": 5,
            "url": "https://cdn.discordapp.com/attachments/1/1/a.png"}]);
    });
    let Some(Intent::Command(call)) = inbound.map(|inbound| inbound.intent) else {
        panic!("no command")
    };
    assert_eq!((call.command, call.text.as_str()), (Command::Note, "il ment"));
    assert_eq!(call.files, ["a.png"], "so that its author can be told");
}

#[test]
fn a_message_in_a_thread_is_shared_and_knows_what_it_answers() {
    let inbound = message(|m| {
        m["guild_id"] = json!("5");
        m["type"] = json!(19);
        m["message_reference"] = json!({"message_id": "77", "channel_id": "300"});
    })
    .unwrap();
    assert!(!inbound.place.is_private());
    assert_eq!(written(Some(inbound)).reply_to.as_deref(), Some("77"));
}

#[test]
fn a_forwarded_message_answers_nothing() {
    let forwarded = message(|m| m["message_reference"] = json!({"message_id": "77", "type": 1}));
    assert_eq!(written(forwarded).reply_to, None);
}

#[test]
fn what_can_not_be_read_is_told_from_what_is_not_for_us() {
    assert!(message(|m| m["author"]["bot"] = json!(true)).is_none());
    assert!(message(|m| m["webhook_id"] = json!("8")).is_none());
    assert!(message(|m| m["type"] = json!(7)).is_none());
    let without_the_intent = message(|m| {
        m["guild_id"] = json!("5");
        m["content"] = json!("");
    });
    assert!(without_the_intent.is_none());
    let sticker = message(|m| {
        m["content"] = json!("");
        m["sticker_items"] = json!([{"id": "1", "name": "hi", "format_type": 1}]);
    });
    assert!(matches!(sticker.unwrap().intent, Intent::Unreadable));
}

#[test]
fn an_edit_whose_words_discord_withholds_changes_nothing() {
    let edited = |change: fn(&mut Value)| {
        let mut data = json!({
            "id": "1200000000000000001", "channel_id": "300", "guild_id": "5", "content": "", "attachments": [],
            "author": {"id": "42", "username": "lina.nd"}, "edited_timestamp": "2026-11-20T09:03:00Z"
        });
        change(&mut data);
        match read(&json!({"t": "MESSAGE_UPDATE", "d": data}).to_string(), None)
            .unwrap()?
            .intent
        {
            Intent::Edited(edited) => Some(edited.text),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(edited(|_| {}), None);
    assert_eq!(edited(|data| data["content"] = json!(" Salle 4 ")).unwrap(), "Salle 4");
    let emptied = edited(|data| data["attachments"] = json!([{"id": "1", "filename": "a.pdf"}]));
    assert_eq!(emptied.unwrap(), "");
    assert_eq!(edited(|data| data["guild_id"] = Value::Null).unwrap(), "");
}

#[test]
fn only_discords_own_files_are_taken() {
    let from =
        |url: &str| json!({"id": "1", "filename": "a/b.png", "size": 10, "content_type": "image/png", "url": url});
    let hostile = [
        "https://cdn.discordapp.com/attachments/1/2/b.png?ex=1",
        "http://cdn.discordapp.com/x",
        "https://cdn.discordapp.com.evil.example/x",
        "https://cdn.discordapp.com@evil.example/x",
        "https://evil@cdn.discordapp.com/x",
        "https://cdn.discordapp.com:8443/x",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "",
    ];
    let files = written(message(|m| {
        m["attachments"] = hostile.iter().map(|url| from(url)).collect();
    }))
    .files;
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(
        (files[0].name.as_str(), files[0].media_type.as_str()),
        ("a_b.png", "image/png")
    );
    let proxy = Url::parse("http://127.0.0.1:4000").unwrap();
    assert!(file_address("http://127.0.0.1:4000/attachments/1", Some(&proxy)).is_some());
    assert!(file_address("http://127.0.0.1:4001/attachments/1", Some(&proxy)).is_none());
    assert!(file_address("https://cdn.discordapp.com/x", Some(&proxy)).is_none());
}

#[test]
fn the_name_of_an_unknown_command_is_a_clean_line() {
    let inbound = interaction(|data| data["data"]["name"] = "fly\0\u{202E}".into()).unwrap();
    assert!(matches!(inbound.intent, Intent::UnknownCommand(name) if name == "/fly"));
}

#[test]
fn a_slash_command_brings_its_options_as_text() {
    let inbound = interaction(|_| {}).unwrap();
    assert!(inbound.can_open_form);
    assert_eq!(
        (inbound.who.user_id.as_str(), inbound.who.name.as_str()),
        ("43", "Moussa S.")
    );
    assert_eq!(inbound.who.language, Some(Language::Fr));
    let name = "#support".to_owned();
    let (topics, is_thread) = (false, false);
    assert_eq!(
        inbound.place.kind,
        PlaceKind::Shared {
            name,
            topics,
            is_thread
        }
    );
    let Intent::Command(call) = inbound.intent else {
        panic!("no command")
    };
    assert_eq!(
        (call.command, call.number.as_deref(), call.text.as_str()),
        (Command::Note, Some("12"), "câble")
    );
}

#[test]
fn a_button_a_choice_and_a_form_bring_their_action() {
    let pressed = |values: Value| {
        let inbound = interaction(|i| {
            i["type"] = json!(3);
            i["message"] = json!({"id": "88", "channel_id": "300", "content": "", "flags": 64});
            i["data"] = json!({"custom_id": "take:1", "component_type": 2, "values": values});
        });
        match inbound.unwrap().intent {
            Intent::Press { action, message_id } => (action, message_id),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(pressed(Value::Null), ("take:1".to_owned(), "88".to_owned()));
    assert_eq!(pressed(json!(["high"])).0, "take:1:high");

    let inbound = interaction(|i| {
        i["type"] = json!(5);
        i["data"] = json!({"custom_id": "open", "components": [
            {"type": 1, "components": [{"type": 4, "custom_id": "title", "value": " Écran \u{0} noir "}]},
            {"type": 18, "id": 4}]});
    })
    .unwrap();
    assert!(!inbound.can_open_form);
    let Intent::Submit { action, fields } = inbound.intent else {
        panic!("no form")
    };
    assert_eq!(
        (action.as_str(), fields),
        ("open", vec![("title".to_owned(), "Écran  noir".to_owned())])
    );
}

#[test]
fn other_interactions_and_events_are_not_for_us() {
    assert!(interaction(|i| i["type"] = json!(4)).is_none());
    assert!(interaction(|i| i["type"] = json!(1)).is_none());
    assert!(read(r#"{"t":"TYPING_START","d":{}}"#, None).unwrap().is_none());
}

#[test]
fn a_malformed_update_is_set_aside_and_its_words_are_not_repeated() {
    let malformed = [
        "",
        "null",
        "[]",
        "{",
        r#"{"t":1}"#,
        r#"{"t":"MESSAGE_CREATE","d":"secret"}"#,
        r#"{"t":"MESSAGE_CREATE","d":{"id":"secret","channel_id":"1"}}"#,
        r#"{"t":"INTERACTION_CREATE","d":{"id":0}}"#,
        r#"{"t":"MESSAGE_CREATE","d":{"id":"1","channel_id":"99999999999999999999999"}}"#,
    ];
    for raw in malformed {
        let error = read(raw, None).unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
