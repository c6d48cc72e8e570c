//! What people may write, shown without harm and within the limits.

use chrono::{TimeZone, Utc};

use super::{CAPTION_LIMIT, LocalTime, Style, TEXT_LIMIT, render};
use crate::chat::reply::{Block, Fact};
use crate::domain::text::is_visible;
use crate::telegram::text::units;

fn noon() -> LocalTime {
    LocalTime {
        now: Utc.with_ymd_and_hms(2026, 3, 12, 12, 0, 0).unwrap(),
        timezone: chrono_tz::Europe::Paris,
    }
}

fn shown(blocks: &[Block]) -> String {
    render(blocks, noon(), TEXT_LIMIT, Style::Html).text
}

/// What is left once Telegram has parsed it: our four tags and three references, nothing else.
fn parsed(html: &str) -> String {
    let mut plain = html.to_owned();
    for tag in ["b", "blockquote", "pre"] {
        assert_eq!(
            plain.matches(&format!("<{tag}>")).count(),
            plain.matches(&format!("</{tag}>")).count()
        );
        plain = plain.replace(&format!("<{tag}>"), "").replace(&format!("</{tag}>"), "");
    }
    assert!(!plain.contains(['<', '>']), "foreign markup in {plain:?}");
    plain = plain.replace("&lt;", "<").replace("&gt;", ">");
    let lonely = plain.replace("&amp;", "");
    assert!(!lonely.contains('&'), "half a reference in {plain:?}");
    plain.replace("&amp;", "&")
}

#[test]
fn a_card_reads_as_in_the_conversations() {
    let sent = Utc.with_ymd_and_hms(2026, 3, 12, 8, 2, 0).unwrap();
    let card = [
        Block::Title("N° 1 · Mon chargeur ne marche plus".to_owned()),
        Block::Facts(vec![Fact::Text("⏳ En attente".to_owned()), Fact::Moment(sent)]),
        Block::Text("Un technicien va s'en occuper.".to_owned()),
        Block::Quote("1 < 2 & 3".to_owned()),
        Block::Verbatim("a\n  b".to_owned()),
    ];
    assert_eq!(
        shown(&card),
        "<b>N° 1 · Mon chargeur ne marche plus</b>\n⏳ En attente · 09:02\n\nUn technicien va s'en \
         occuper.\n<blockquote>1 &lt; 2 &amp; 3</blockquote>\n<pre>a\n  b</pre>"
    );
}

#[test]
fn other_days_carry_their_date_in_local_time() {
    let at = |y, m, d, h| Block::Facts(vec![Fact::Moment(Utc.with_ymd_and_hms(y, m, d, h, 30, 0).unwrap())]);
    assert_eq!(shown(&[at(2026, 3, 11, 23)]), "00:30");
    assert_eq!(shown(&[at(2026, 3, 10, 23)]), "11/03 00:30");
    assert_eq!(shown(&[at(2025, 12, 1, 9)]), "01/12/2025 10:30");
}

#[test]
fn nothing_to_show_becomes_a_placeholder() {
    for blocks in [
        vec![],
        vec![Block::Text("  \n ".to_owned())],
        vec![Block::Title("\0\u{202E}".to_owned()), Block::Facts(vec![])],
        vec![Block::Quote("\u{200B}".to_owned())],
    ] {
        assert_eq!(shown(&blocks), "…");
    }
}

#[test]
fn hostile_texts_stay_within_the_limits() {
    let hostile = [
        "<b onclick=\"x\">&amp;</b>".repeat(1000),
        vec!["👩"; 10_000].join("\u{200D}"),
        "👨‍👩‍👧".repeat(2000),
        format!("\u{202E}{}", "txt.exe ".repeat(5000)),
        "e".to_owned() + &"\u{301}".repeat(9000),
        " ".repeat(10_000),
        "\0".repeat(10_000),
        "&".repeat(10_000),
        "a\n".repeat(10_000),
    ];
    for text in &hostile {
        for limit in [TEXT_LIMIT, CAPTION_LIMIT] {
            let blocks = [
                Block::Title(text.clone()),
                Block::Facts(vec![Fact::Text("n° 1".to_owned())]),
                Block::Text(text.clone()),
                Block::Quote(text.clone()),
                Block::Verbatim(text.clone()),
            ];
            let plain = parsed(&render(&blocks, noon(), limit, Style::Html).text);
            assert!(units(&plain) <= limit, "{} units", units(&plain));
            assert!(is_visible(&plain) && plain.contains("n° 1"));
            assert!(!plain.contains(['\0', '\u{202E}']));
        }
    }
}

#[test]
fn the_longest_words_are_cut_and_the_rest_stays_whole() {
    let blocks = [
        Block::Title("N° 1".to_owned()),
        Block::Quote("x".repeat(9000)),
        Block::Text("Répondez à ce message.".to_owned()),
    ];
    let rendered = render(&blocks, noon(), TEXT_LIMIT, Style::Html);
    assert!(rendered.shortened);
    assert!(rendered.text.ends_with("x…</blockquote>\nRépondez à ce message."));
    assert!(units(&parsed(&rendered.text)) > TEXT_LIMIT - 10);
}

#[test]
fn thousands_of_blocks_fit_too() {
    let blocks = vec![Block::Quote("x".repeat(100)); 5000];
    let plain = parsed(&shown(&blocks));
    assert!(units(&plain) <= TEXT_LIMIT && is_visible(&plain));
}

#[test]
fn plain_text_pings_nobody_either() {
    let blocks = [Block::Verbatim("voir @lina_n".to_owned())];
    let plain = render(&blocks, noon(), TEXT_LIMIT, Style::Plain).text;
    assert_eq!(plain, "voir @\u{2060}lina_n");
    assert_eq!(parsed(&shown(&blocks)), "voir @lina_n");
}
