//! Markdown as it reads, and the mentions in it.

use super::super::markdown::{self, Mentions, Names};

struct Nobody;

impl Names for Nobody {
    fn person(&self, _: u64) -> Option<String> {
        Some("Lina".to_owned())
    }

    fn channel(&self, _: u64) -> Option<String> {
        None
    }

    fn role(&self, _: u64) -> Option<String> {
        None
    }
}

#[test]
fn markdown_reads_as_on_the_screen() {
    let cases = [
        (
            "**gras** *it* __sous__ ~~non~~ ||secret|| _it_",
            "gras it sous non secret it",
        ),
        ("***les deux***", "les deux"),
        ("**gras *et* plus**", "gras et plus"),
        (r"\*\*pas gras\*\* \_ \\ \d", r"**pas gras** _ \ \d"),
        ("snake_case_name et 2 * 3 * 4", "snake_case_name et 2 * 3 * 4"),
        ("`**code**` ``a ` b``", "**code** a ` b"),
        ("```rust\nlet x = 1;\n```", "let x = 1;"),
        ("```\n**x**```fin", "**x**fin"),
        (r"\```pas du code", "```pas du code"),
        ("> cité\n### Titre\n-# petit", "cité\nTitre\npetit"),
        (">>> tout\nle reste", "tout\nle reste"),
        (
            "<@1> <@!1> <#2> <t:1790000000:R> <t:1790000000>",
            "@Lina @Lina #unknown 16:13 2026-09-21 16:13",
        ),
        (
            "[clic](https://a.b) [pas](rien) <https://c.d>",
            "clic (https://a.b) [pas](rien) https://c.d",
        ),
        (r"\<@1> <@x> <3 a < b", "<@1> <@x> <3 a < b"),
        ("**pas fini", "**pas fini"),
        ("", ""),
    ];
    for (text, read) in cases {
        assert_eq!(markdown::plain(text, &Nobody), read, "{text}");
    }
}

#[test]
fn mentions_are_found_as_the_server_finds_them() {
    let people = |ids: &[u64]| Mentions {
        people: ids.iter().copied().collect(),
        ..Mentions::default()
    };
    assert_eq!(
        markdown::mentions(r"<@1> \<@2> \\<@3> `<@4>` <@!5>"),
        people(&[1, 3, 5])
    );
    assert_eq!(markdown::mentions("```<@1>``` <@\u{200b}2> ` <@3>"), people(&[3]));
    assert!(
        markdown::mentions(r"\@everyone").everyone,
        "a backslash does not protect"
    );
    assert!(!markdown::mentions("@\u{200b}everyone").everyone);
}
