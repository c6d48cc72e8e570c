//! Updates as Telegram sends them, and as nobody should.

use super::{Cause, parse, translate};
use crate::chat::grammar::Command;
use crate::chat::intent::{Inbound, Intent, PlaceKind, Standing, Written};
use crate::domain::language::Language;
use crate::domain::obstacle::Obstacle;

fn read(raw: &str) -> Option<Inbound> {
    translate(parse(raw).unwrap(), Some("GuichetBot"))
}

/// A private message of Lina's with these further fields.
fn private(fields: &str) -> String {
    format!(
        r#"{{"update_id":1,"message":{{"message_id":10,"date":1700000000,
        "from":{{"id":7,"is_bot":false,"first_name":"Lina","last_name":"Ndiaye","language_code":"fr-SN"}},
        "chat":{{"id":7,"type":"private","first_name":"Lina"}},{fields}}}}}"#
    )
}

/// The same in a topic of the staff's group.
fn in_topic(fields: &str) -> String {
    format!(
        r#"{{"update_id":1,"message":{{"message_id":10,"date":1700000000,"message_thread_id":3,
        "is_topic_message":true,"from":{{"id":8,"is_bot":false,"first_name":"Moussa"}},
        "chat":{{"id":-1001,"type":"supergroup","title":"Support","is_forum":true}},{fields}}}}}"#
    )
}

fn written(raw: &str) -> Written {
    match read(raw).map(|inbound| inbound.intent) {
        Some(Intent::Message(written)) => written,
        other => panic!("{other:?}"),
    }
}

fn is_unreadable(raw: &str) -> bool {
    matches!(read(raw).map(|inbound| inbound.intent), Some(Intent::Unreadable))
}

#[test]
fn a_private_message_tells_who_where_and_what() {
    let inbound = read(&private(r#""text":"Mon chargeur ne marche plus""#)).unwrap();
    assert_eq!(
        (inbound.who.user_id.as_str(), inbound.who.name.as_str()),
        ("7", "Lina Ndiaye")
    );
    assert_eq!(inbound.who.language, Some(Language::Fr));
    assert!(inbound.place.is_private() && !inbound.can_open_form);
    assert_eq!(inbound.place.spot.to_string(), "7");
    assert!(
        matches!(inbound.intent, Intent::Message(w) if w.text == "Mon chargeur ne marche plus" && w.message_id == "10")
    );
}

#[test]
fn an_entity_of_a_kind_nobody_knows_takes_no_text_away() {
    let raw = private(r#""text":"bonjour","entities":[{"type":"hologram","offset":"?","length":{}}]"#);
    assert_eq!(written(&raw).text, "bonjour");
}

#[test]
fn half_a_surrogate_pair_takes_no_text_away() {
    assert!(written(&private(r#""text":"ok \ud83d fin""#)).text.starts_with("ok "));
}

#[test]
fn marks_that_turn_or_hide_text_are_stripped() {
    assert_eq!(
        written(&private(r#""text":"a\u0000b\u202ec\u2066d\n\te""#)).text,
        "abcd\n\te"
    );
}

#[test]
fn commands_are_read_in_both_languages() {
    for text in ["/take 12", "/prendre@guichetbot 12"] {
        let intent = read(&in_topic(&format!(r#""text":"{text}""#))).unwrap().intent;
        assert!(
            matches!(intent, Intent::Command(call) if call.command == Command::Take && call.number.as_deref() == Some("12"))
        );
    }
    assert!(matches!(
        read(&private(r#""text":"/fly""#)).unwrap().intent,
        Intent::UnknownCommand(_)
    ));
    assert_eq!(written(&private(r#""text":"voir /help""#)).text, "voir /help");
}

#[test]
fn a_command_for_another_bot_is_not_for_us() {
    assert!(read(&in_topic(r#""text":"/take@OtherBot 12""#)).is_none());
    let unknown_self = translate(parse(&in_topic(r#""text":"/take@GuichetBot 12""#)).unwrap(), None);
    assert!(unknown_self.is_none());
}

#[test]
fn a_note_written_as_a_caption_stays_a_note() {
    let raw = in_topic(r#""caption":"/note 12 il ment","photo":[{"file_id":"a","width":1,"height":1}]"#);
    let Intent::Command(call) = read(&raw).unwrap().intent else {
        panic!("no command")
    };
    assert_eq!(
        (call.command, call.number.as_deref(), call.text.as_str()),
        (Command::Note, Some("12"), "il ment")
    );
    assert_eq!(call.files, ["photo.jpg"], "so that its author can be told");
    // Neither does a slip of the finger make it a message.
    let raw = in_topic(r#""caption":"/notes 12 il ment","photo":[{"file_id":"a","width":1,"height":1}]"#);
    assert!(matches!(read(&raw).unwrap().intent, Intent::UnknownCommand(_)));
    let raw = private(r#""caption":"/note 12 il ment","document":{"file_id":"a"}"#);
    assert!(matches!(read(&raw).unwrap().intent, Intent::Command(_)));
}

#[test]
fn the_largest_photo_that_may_be_fetched_is_taken() {
    let raw = private(
        r#""caption":"voilà","media_group_id":"1","photo":[
        {"file_id":"s","file_unique_id":"s","width":90,"height":90,"file_size":1000},
        {"file_id":"m","file_unique_id":"m","width":800,"height":800,"file_size":90000},
        {"file_id":"xl","file_unique_id":"xl","width":9000,"height":9000,"file_size":30000000}]"#,
    );
    let written = written(&raw);
    let [file] = &written.files[..] else { panic!("one file") };
    assert_eq!(
        (file.locator.as_str(), file.name.as_str(), file.media_type.as_str()),
        ("m", "photo.jpg", "image/jpeg")
    );
    assert_eq!(written.text, "voilà");
}

#[test]
fn every_kind_of_file_has_a_safe_name() {
    for (kind, fields, name) in [
        ("document", r#","file_name":"../x\r\ny.pdf""#, "_x y.pdf"),
        ("document", r#","file_name":"""#, "document"),
        ("video", "", "video.mp4"),
        ("video_note", "", "video.mp4"),
        ("audio", r#","file_name":"son.mp3""#, "son.mp3"),
        ("voice", "", "voice.ogg"),
    ] {
        let written = written(&private(&format!(
            r#""{kind}":{{"file_id":"f","file_size":5{fields}}}"#
        )));
        assert_eq!((written.files[0].name.as_str(), written.files[0].size), (name, Some(5)));
    }
}

#[test]
fn an_animation_is_a_file_with_words_and_a_gesture_without() {
    let media = r#""animation":{"file_id":"a"},"document":{"file_id":"a"}"#;
    assert!(is_unreadable(&private(media)));
    assert_eq!(
        written(&private(&format!(r#"{media},"caption":"l'écran fait ça""#)))
            .files
            .len(),
        1
    );
}

#[test]
fn what_is_neither_words_nor_file_is_unreadable() {
    for field in ["sticker", "location", "contact", "venue", "dice", "poll", "story"] {
        assert!(
            is_unreadable(&private(&format!(r#""{field}":{{"anything":[1,"\ud83d"]}}"#))),
            "{field}"
        );
    }
    assert!(is_unreadable(&private(r#""text":"\u200b\u2060""#)));
}

#[test]
fn telegrams_own_notes_and_other_bots_are_passed_over() {
    for fields in [
        r#""new_chat_members":[{"id":5}]"#,
        r#""pinned_message":{"message_id":1}"#,
        r#""forum_topic_created":{"name":"x"}"#,
        r#""forum_topic_edited":{}"#,
        r#""migrate_from_chat_id":-100"#,
        r#""sender_chat":{"id":-1001},"text":"anonyme""#,
        r#""something_new":{}"#,
    ] {
        assert!(read(&in_topic(fields)).is_none(), "{fields}");
    }
    let bot = private(r#""text":"x""#).replace(r#""is_bot":false"#, r#""is_bot":true"#);
    assert!(read(&bot).is_none());
    let channel = private(r#""text":"x""#).replace(r#""type":"private""#, r#""type":"channel""#);
    assert!(read(&channel).is_none());
}

#[test]
fn other_kinds_of_update_mean_nothing_yet() {
    for raw in [
        r#"{"update_id":1}"#,
        r#"{"update_id":1,"edited_message":{"message_id":1,"chat":{"id":5,"type":"private"},"edit_date":9,"text":"a"}}"#,
        r#"{"update_id":1,"chat_member":{}}"#,
        r#"{"update_id":1,"channel_post":{"text":"\ud83d"}}"#,
    ] {
        assert!(read(raw).is_none());
    }
}

#[test]
fn an_edit_tells_what_the_message_says_since_when() {
    let raw = r#"{"update_id":1,"edited_message":{"message_id":4,"chat":{"id":5,"type":"private"},
        "from":{"id":5,"is_bot":false,"first_name":"Lina"},"edit_date":1700000000,"caption":"rouge"}}"#;
    let Some(Intent::Edited(edited)) = read(raw).map(|inbound| inbound.intent) else {
        panic!("no edit")
    };
    assert_eq!((edited.message_id.as_str(), edited.text.as_str()), ("4", "rouge"));
    assert_eq!(edited.at.timestamp(), 1_700_000_000);
}

#[test]
fn what_becomes_of_the_bot_is_told() {
    let standing = |chat: &str, member: &str| {
        let raw = format!(
            r#"{{"update_id":1,"my_chat_member":{{"chat":{chat},"from":{{"id":7,"is_bot":true}},"date":0,
                "new_chat_member":{member}}}}}"#
        );
        match read(&raw).unwrap().intent {
            Intent::Standing(standing) => standing,
            other => panic!("{other:?}"),
        }
    };
    let (private, group) = (r#"{"id":7,"type":"private"}"#, r#"{"id":-1001,"type":"supergroup"}"#);
    for (chat, member, expected) in [
        (private, r#"{"status":"kicked"}"#, Standing::Out(Obstacle::Blocked)),
        (private, r#"{"status":"member"}"#, Standing::In),
        (group, r#"{"status":"kicked"}"#, Standing::Out(Obstacle::Removed)),
        (group, r#"{"status":"left"}"#, Standing::Out(Obstacle::Removed)),
        (
            group,
            r#"{"status":"restricted","is_member":true,"can_send_messages":false}"#,
            Standing::Out(Obstacle::NotAllowed),
        ),
        (
            group,
            r#"{"status":"restricted","is_member":true,"can_send_messages":true}"#,
            Standing::In,
        ),
        (group, r#"{"status":"administrator"}"#, Standing::In),
    ] {
        assert_eq!(standing(chat, member), expected, "{chat} {member}");
    }
    let moved = in_topic(r#""migrate_to_chat_id":-1009"#);
    assert!(matches!(read(&moved).unwrap().intent, Intent::Standing(Standing::Moved(to)) if to == "-1009"));
}

#[test]
fn a_topic_is_part_of_the_place_and_its_first_note_is_no_question() {
    let note = r#""reply_to_message":{"message_id":3,"forum_topic_created":{"name":"N° 1"}}"#;
    let raw = in_topic(&format!(r#""text":"je regarde",{note}"#));
    let inbound = read(&raw).unwrap();
    assert_eq!(inbound.place.spot.to_string(), "-1001/3");
    assert_eq!(
        inbound.place.kind,
        PlaceKind::Shared {
            name: "Support".to_owned(),
            topics: true,
            is_thread: false,
        }
    );
    assert_eq!(written(&raw).reply_to, None);
    let answer = in_topic(r#""text":"oui","reply_to_message":{"message_id":9,"text":"?"}"#);
    assert_eq!(written(&answer).reply_to.as_deref(), Some("9"));
}

#[test]
fn a_thread_of_replies_is_no_topic() {
    let raw = in_topic(r#""text":"oui""#).replace(r#""is_topic_message":true"#, r#""is_topic_message":false"#);
    assert_eq!(read(&raw).unwrap().place.spot.topic, None);
}

const PRESS: &str = r#"{"update_id":2,"callback_query":{"id":"4382","chat_instance":"1","data":"take:12",
    "from":{"id":8,"is_bot":false,"first_name":"Moussa","language_code":"en"},
    "message":{"message_id":44,"date":0,"chat":{"id":-1001,"type":"supergroup","title":"Support"}}}}"#;

#[test]
fn a_button_tells_its_action_and_its_message_even_when_that_is_old() {
    let inbound = read(PRESS).unwrap();
    assert_eq!(
        (inbound.who.user_id.as_str(), inbound.who.language),
        ("8", Some(Language::En))
    );
    assert!(
        matches!(inbound.intent, Intent::Press { action, message_id } if action == "take:12" && message_id == "44")
    );
    let cause = Cause::from(parse(PRESS).unwrap());
    assert_eq!(
        (cause.query.as_deref(), cause.message_id.as_deref()),
        (Some("4382"), Some("44"))
    );
}

#[test]
fn a_button_without_message_or_action_is_passed_over() {
    assert!(read(&PRESS.replace(r#""data""#, r#""game_short_name""#)).is_none());
    assert!(read(&PRESS.replace(r#""message":"#, r#""was":"#)).is_none());
}

#[test]
fn what_is_no_update_is_an_error_that_tells_nothing_of_it() {
    let huge = private(r#""text":"secret""#).replace(r#""id":7"#, r#""id":99999999999999999999"#);
    for raw in [
        "",
        "[]",
        "null",
        "{}",
        r#"{"update_id":"secret"}"#,
        "{\"update_id\":1,",
        huge.as_str(),
    ] {
        let error = parse(raw).err().unwrap_or_else(|| panic!("{raw:?} was read"));
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[test]
fn somebody_without_a_name_has_one_all_the_same() {
    let raw = private(r#""text":"x""#).replace(r#""Lina","last_name":"Ndiaye""#, r#""\u200b\u202e","username":"lina""#);
    assert_eq!(read(&raw).unwrap().who.name, "lina");
}
