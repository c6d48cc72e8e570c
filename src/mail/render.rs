//! A letter as a message: the same words as plain text and as HTML, every one of them escaped.

use std::fmt::Write as _;
use std::time::SystemTime;

use lettre::Message;
use lettre::address::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};

use crate::chat::letters::{Letter, Part};
use crate::outbox::courier::Envelope;

/// The message, ready to be handed over.
pub(super) fn message(envelope: &Envelope, from: &Mailbox, to: &Address) -> Result<Vec<u8>, lettre::error::Error> {
    let Letter { subject, .. } = &envelope.letter;
    let message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to.clone()))
        // A name may have come with line breaks; here none can begin another header.
        .subject(subject.replace(['\r', '\n'], " "))
        .message_id(Some(format!("<{}@{}>", envelope.id, from.email.domain())))
        .date(SystemTime::from(envelope.at))
        // So that whoever is away does not answer by machine (RFC 3834).
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .multipart(MultiPart::alternative_plain_html(
            text(&envelope.letter),
            html(&envelope.letter),
        ))?;
    Ok(message.formatted())
}

fn text(letter: &Letter) -> String {
    let parts = letter.parts.iter().map(|part| match part {
        Part::Text(text) | Part::Code(text) | Part::Link(text) => text.as_str(),
    });
    format!("{}\r\n", parts.collect::<Vec<_>>().join("\r\n\r\n"))
}

fn html(letter: &Letter) -> String {
    let mut html = format!(
        "<!DOCTYPE html>\r\n<html lang=\"{}\">\r\n<body style=\"font-family: sans-serif\">\r\n",
        letter.language.code()
    );
    for part in &letter.parts {
        // Writing to a string can't fail.
        let _ = match part {
            Part::Text(text) => write!(html, "<p>{}</p>\r\n", escaped(text)),
            Part::Code(code) => write!(
                html,
                "<p style=\"font-size: 2em; letter-spacing: 0.1em\">{}</p>\r\n",
                escaped(code)
            ),
            Part::Link(link) => {
                let link = escaped(link);
                write!(html, "<p><a href=\"{link}\">{link}</a></p>\r\n")
            }
        };
    }
    html.push_str("</body>\r\n</html>\r\n");
    html
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::{Envelope, Letter, Mailbox, Part, html, message, text};
    use crate::domain::language::Language;
    use crate::domain::text::Email;

    /// What is handed over when somebody is called so.
    fn handed_over(name: &str) -> String {
        let envelope = Envelope {
            id: "7.1".to_owned(),
            to: Email::parse("lina@exemple.org").unwrap(),
            at: Utc.with_ymd_and_hms(2026, 9, 14, 7, 0, 0).unwrap(),
            letter: Letter {
                language: Language::Fr,
                subject: format!("Bonjour {name}"),
                parts: vec![Part::Text(format!("Bonjour {name}")), Part::Code("042 137".to_owned())],
            },
        };
        let from: Mailbox = "Guichet <guichet@example.org>".parse().unwrap();
        let bytes = message(&envelope, &from, &"lina@exemple.org".parse().unwrap()).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_letter_is_text_and_html_with_a_mark_of_its_own() {
        let text = handed_over("Lina");
        for part in [
            "From: Guichet <guichet@example.org>\r\n",
            "To: lina@exemple.org\r\n",
            "Subject: Bonjour Lina\r\n",
            "Message-ID: <7.1@example.org>\r\n",
            "Date: Mon, 14 Sep 2026 07:00:00 +0000\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "multipart/alternative",
            "text/plain; charset=utf-8",
            "text/html; charset=utf-8",
            "<p>Bonjour Lina</p>",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(text.matches("042 137").count(), 2, "{text}");
    }

    #[test]
    fn a_link_can_be_opened_and_holds_no_markup() {
        let letter = Letter {
            language: Language::Fr,
            subject: String::new(),
            parts: vec![Part::Link("https://exemple.org/?a=1&b='\"><b>".to_owned())],
        };
        assert_eq!(text(&letter), "https://exemple.org/?a=1&b='\"><b>\r\n");
        let link = "https://exemple.org/?a=1&amp;b=&#39;&quot;&gt;&lt;b&gt;";
        assert!(html(&letter).contains(&format!("<a href=\"{link}\">{link}</a>")));
    }

    #[test]
    fn a_name_can_neither_add_a_header_nor_markup() {
        let text = handed_over("Lina\r\nBcc: mallory@exemple.org\r\n\r\n<b onclick='x()'>hop</b>");
        let (headers, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(!headers.lines().any(|line| line.starts_with("Bcc")), "{headers}");
        let html = &body[body.find("text/html").unwrap()..];
        assert!(!html.contains("<b ") && html.contains("&lt;b onclick"), "{html}");
    }
}
