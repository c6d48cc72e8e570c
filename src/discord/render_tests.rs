//! What hostile words look like once they are rendered.

use chrono::DateTime;
use serde_json::{Value, json};

use crate::chat::reply::FormField;

use super::*;

fn shown(blocks: Vec<Block>) -> String {
    content(
        &Message {
            blocks,
            ..Message::default()
        },
        "",
        false,
    )
}

fn text(of: &str) -> String {
    shown(vec![Block::Text(of.to_owned())])
}

#[test]
fn a_card_reads_top_to_bottom() {
    let moment = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    let card = shown(vec![
        Block::Title("N° 1 · Mon chargeur".to_owned()),
        Block::Facts(vec![Fact::Text("⏳ En attente".to_owned()), Fact::Moment(moment)]),
        Block::Quote("Il fume.\nVraiment.".to_owned()),
        Block::Verbatim("7KQ2-M9XD".to_owned()),
    ]);
    assert_eq!(
        card,
        "**N° 1 · Mon chargeur**\n⏳ En attente · <t:1700000000:R>\n> Il fume.\n> Vraiment.\n```\n7KQ2-M9XD\n```"
    );
}

#[test]
fn a_quote_can_neither_leave_its_bar_nor_format() {
    let quote = shown(vec![Block::Quote("a\n# b\n@everyone\n```".to_owned())]);
    assert_eq!(quote, "> a\n> \\# b\n> \\@everyone\n> \\`\\`\\`");
}

#[test]
fn a_title_stays_bold_and_on_one_line() {
    assert_eq!(shown(vec![Block::Title("a**\nb\u{202e}".to_owned())]), "**a\\*\\* b**");
    assert_eq!(shown(vec![Block::Title(" \n".to_owned())]), "");
}

#[test]
fn a_fence_can_not_be_closed_from_inside() {
    for inside in ["```", "a``", "`````\n# x", "`"] {
        let drawn = shown(vec![Block::Verbatim(inside.to_owned())]);
        assert_eq!(drawn.matches("```").count(), 2, "{drawn:?}");
        assert!(drawn.starts_with("```\n") && drawn.ends_with("\n```"), "{drawn:?}");
    }
}

#[test]
fn nothing_is_ever_too_long_or_half_open() {
    let hostile = [
        "a",
        "*",
        "`",
        "👩‍👩‍👧‍👦",
        "é\n",
        "> # [",
        "\u{202e}@everyone ",
        "https://a.example/_ ",
    ];
    for unit in hostile {
        let long = unit.repeat(10_000 / unit.len() + 1);
        let blocks = [
            Block::Title(long.clone()),
            Block::Text(long.clone()),
            Block::Quote(long.clone()),
            Block::Verbatim(long.clone()),
            Block::Facts(vec![Fact::Text(long.clone()); 3]),
        ];
        for block in &blocks {
            let drawn = shown(vec![block.clone(), Block::Text("fin".to_owned())]);
            assert!(length(&drawn) <= CONTENT, "{unit:?}: {}", length(&drawn));
            assert!(drawn.ends_with("fin") && drawn.contains('…'), "{unit:?}");
            let before_the_dots = drawn.split('…').next().unwrap_or_default();
            let escapes = before_the_dots.len() - before_the_dots.trim_end_matches('\\').len();
            assert_eq!(escapes % 2, 0, "{unit:?} is cut after a backslash");
        }
        assert!(length(&shown(blocks.to_vec())) <= CONTENT, "{unit:?}");
    }
}

#[test]
fn the_longest_block_pays_for_what_is_too_much() {
    let drawn = shown(vec![
        Block::Title("court".to_owned()),
        Block::Quote("x".repeat(3000)),
        Block::Text("y".repeat(300)),
    ]);
    assert!(drawn.contains(&"y".repeat(300)) && drawn.contains("court"));
    assert!((1990..=CONTENT).contains(&length(&drawn)), "{}", length(&drawn));
}

#[test]
fn many_facts_are_dropped_from_the_end_but_the_last_line_stands() {
    let message = Message {
        blocks: vec![Block::Facts(vec![Fact::Text("f".repeat(150))]); 40],
        ..Message::default()
    };
    let drawn = content(&message, "📎 film.mov", false);
    assert!(length(&drawn) <= CONTENT && drawn.ends_with("📎 film.mov"));
}

#[test]
fn emoji_that_are_joined_stay_joined() {
    let drawn = text(&"👩‍👩‍👧‍👦".repeat(400));
    let bare = drawn.trim_end_matches('…');
    assert_eq!(bare, "👩‍👩‍👧‍👦".repeat(bare.len() / "👩‍👩‍👧‍👦".len()));
}

fn button(label: &str, action: &str) -> Button {
    Button {
        label: label.to_owned(),
        action: action.to_owned(),
        look: Look::Danger,
    }
}

#[test]
fn buttons_stay_within_what_discord_takes() {
    let many: Vec<Button> = (0..40).map(|n| button(&"é".repeat(200), &format!("do:{n}"))).collect();
    let drawn: Value = serde_json::to_value(rows(&[many])).unwrap();
    assert_eq!(drawn.as_array().unwrap().len(), 5);
    assert_eq!(drawn[0]["components"].as_array().unwrap().len(), 5);
    assert_eq!(drawn[0]["components"][0]["style"], 4);
    assert_eq!(length(drawn[0]["components"][0]["label"].as_str().unwrap()), 80);

    let odd = rows(&[
        vec![button("", "a"), button("twice", "a"), button("x", &"y".repeat(101))],
        vec![],
    ]);
    let drawn = serde_json::to_value(odd).unwrap();
    assert_eq!(drawn.as_array().unwrap().len(), 1);
    assert_eq!(drawn[0]["components"].as_array().unwrap().len(), 1);
}

#[test]
fn a_form_is_a_modal_of_text_inputs() {
    let field = FormField {
        id: "title".to_owned(),
        label: "x".repeat(60),
        value: "y".repeat(300),
        required: true,
        long: false,
        max_chars: 200,
    };
    let form = Form {
        title: "Nouvelle demande".to_owned(),
        action: "open".to_owned(),
        fields: vec![field],
    };
    let drawn = serde_json::to_value(modal(&form)).unwrap();
    assert_eq!(
        (&drawn["type"], &drawn["data"]["custom_id"]),
        (&json!(9), &json!("open"))
    );
    let input = &drawn["data"]["components"][0]["components"][0];
    assert_eq!((&input["style"], &input["max_length"]), (&json!(1), &json!(200)));
    assert_eq!(length(input["value"].as_str().unwrap()), 200);
    assert_eq!(length(input["label"].as_str().unwrap()), 45);
}

#[test]
fn what_stands_in_a_form_is_neither_marked_nor_cut_by_units() {
    let field = |label: &str, value: String| FormField {
        id: label.to_owned(),
        label: label.to_owned(),
        value,
        required: true,
        long: true,
        max_chars: 4_000,
    };
    let form = Form {
        title: " ".to_owned(),
        action: "edit".to_owned(),
        fields: vec![field("a", "🙂".repeat(4_000)), field("", "b".repeat(4_001))],
    };
    let drawn = serde_json::to_value(modal(&form)).unwrap();
    let input = |row: usize, key: &str| drawn["data"]["components"][row]["components"][0][key].clone();
    // It is sent off again as it stands.
    assert_eq!(input(0, "value"), json!("🙂".repeat(4_000)));
    assert_eq!(input(1, "value"), json!("b".repeat(4_000)));
    // What would be empty is refused.
    assert_eq!((&drawn["data"]["title"], input(1, "label")), (&json!("…"), json!("…")));
}

#[test]
fn a_plain_message_has_no_markup_of_ours() {
    let moment = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    let blocks = vec![
        Block::Title("N° 1".to_owned()),
        Block::Facts(vec![Fact::Moment(moment)]),
        Block::Quote("a\nb".to_owned()),
    ];
    let message = Message {
        blocks,
        ..Message::default()
    };
    assert_eq!(content(&message, "", true), "N° 1\n2023-11-14 22:13 UTC\na\nb");
}
