//! What must hold of everything that Guichet says, whatever people made it say: each platform takes it, nobody is
//! pinged, and nothing that people write formats.

use chrono::{DateTime, Utc};
use guichet::chat::reply::{Block, Fact, Form, Message, Reply};
use guichet::sandbox;
use guichet::{discord, telegram};
use serde_json::{Value, json};

use crate::is_unwanted;

const NOW: DateTime<Utc> = DateTime::from_timestamp_nanos(1_789_000_000_000_000_000);

/// Checks an answer as both platforms would get it.
///
/// # Panics
/// When one of them would refuse it.
pub fn reply(reply: &Reply) {
    match reply {
        Reply::Message(message) | Reply::Aside(message) | Reply::Update(message) => {
            on_telegram(message);
            on_discord(message);
        }
        Reply::Toast(text) => {
            let toast = telegram::fuzzing::cut(text, 200);
            assert!(toast.encode_utf16().count() <= 200);
            on_discord(&Message::text(text.clone()));
        }
        Reply::Form(form) => modal(form),
        Reply::Quiet | Reply::Receipt(_) => {}
    }
}

/// Checks a message as Telegram gets it: as a text and as a caption, with its keyboard.
///
/// # Panics
/// When Telegram would refuse it, somebody would be pinged, or a text would format.
pub fn on_telegram(message: &Message) {
    for (limit, plain) in [(4096, false), (1024, false), (4096, true)] {
        let (html, shortened) = telegram::fuzzing::text(message, NOW, limit, plain);
        let shown = match sandbox::telegram::fuzzing::shown(&html, plain) {
            Ok(shown) => shown,
            Err(refused) => panic!("{refused} of {html:?}"),
        };
        assert!(shown.text.encode_utf16().count() <= limit, "too long: {html:?}");
        assert!(!shown.text.is_empty(), "empty: {html:?}");
        assert!(shown.pings.is_empty(), "{:?} of {html:?}", shown.pings);
        assert!(!shown.text.contains(is_unwanted), "{html:?}");
        for kind in &shown.entities {
            assert!(
                matches!(kind.as_str(), "bold" | "blockquote" | "pre"),
                "{kind} in {html:?}"
            );
        }
        assert!(shown.entities.len() <= message.blocks.len().min(100));
        if !shortened && let Some(words) = words(message) {
            assert_eq!(seen(&shown.text), seen(&words), "{html:?}");
        }
    }
    if let Some(markup) = telegram::fuzzing::markup(message)
        && let Err(refused) = sandbox::telegram::fuzzing::keyboard(markup.clone())
    {
        panic!("{refused} of {markup}");
    }
}

/// Checks a message as Discord gets it.
///
/// # Panics
/// When Discord would refuse it, somebody would be pinged, or a text would format.
pub fn on_discord(message: &Message) {
    for plain in [false, true] {
        body_on_discord(message, &discord::fuzzing::body(message, plain));
    }
}

fn body_on_discord(message: &Message, body: &Value) {
    if let Err(refused) = sandbox::discord::fuzzing::message(body) {
        panic!("{refused} of {body}");
    }
    assert_eq!(body["allowed_mentions"], json!({"parse": []}));
    let content = body["content"].as_str().unwrap_or_default();
    assert!(!content.is_empty() || !message.files.is_empty());
    text_on_discord(content);
    let read = sandbox::discord::fuzzing::read(content);
    if let Some(words) = words(message)
        && content.encode_utf16().count() < 1900
        // Discord finds addresses before it looks for marks, and the simulated one does not.
        && !content.contains("://")
        && !content.contains('…')
    {
        assert_eq!(seen(&read), seen(&words), "{content:?}");
    }
}

/// Checks a text as Discord gets it.
///
/// # Panics
/// When it is too long, or somebody would be pinged.
pub fn text_on_discord(content: &str) {
    assert!(content.chars().count() <= 2000, "too long: {content:?}");
    assert!(!sandbox::discord::fuzzing::pings(content), "{content:?}");
    assert!(!content.contains(is_unwanted), "{content:?}");
}

/// Checks a form as Discord gets it.
///
/// # Panics
/// When Discord would refuse it.
pub fn modal(form: &Form) {
    let modal = discord::fuzzing::modal(form);
    assert_eq!(modal["type"], 9);
    if let Err(refused) = sandbox::discord::fuzzing::form(&modal["data"]) {
        panic!("{refused} of {modal}");
    }
}

/// The words of a message, unless it shows a moment, which every platform shows its own way.
fn words(message: &Message) -> Option<String> {
    let mut all = Vec::new();
    for block in &message.blocks {
        match block {
            Block::Title(text) | Block::Text(text) | Block::Quote(text) | Block::Verbatim(text) => {
                all.push(text.clone())
            }
            Block::Once { shown, lost } | Block::OnceLink { shown, lost } => all.push(shown.or(lost).to_owned()),
            Block::Facts(facts) => {
                for fact in facts {
                    match fact {
                        Fact::Text(text) if text.chars().count() <= 200 => all.push(text.clone()),
                        _ => return None,
                    }
                }
            }
        }
    }
    Some(all.join("\n"))
}

/// What can be seen of a text: all but white space, what has no width, the dots between facts, and the dots that
/// stand where there is nothing else.
fn seen(text: &str) -> String {
    let unseen = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || is_unwanted(c)
            || matches!(c, '·' | '…')
            || matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
                | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
                | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFC}' | '\u{1D159}'
                | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
    };
    text.chars().filter(|c| !unseen(*c)).collect()
}
