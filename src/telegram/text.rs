//! Text as Telegram counts and shows it: what may not stand in it is taken out, what is too long is cut.

use unicode_segmentation::UnicodeSegmentation;

/// Stands where something was cut off, or where nothing is left to show.
pub(super) const ELLIPSIS: &str = "…";

/// Its length as Telegram counts it: in UTF-16 units.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Without control characters (line breaks and tabs stay), and without the marks that make later text run the
/// other way: with those, a name can rewrite the sentence around it.
pub(super) fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| matches!(c, '\n' | '\t') || !(c.is_control() || turns_text(*c)))
        .collect()
}

/// The same on one line.
pub(super) fn clean_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Embeddings, overrides and isolates; not the plain marks, which right-to-left languages need.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// With a WORD JOINER, which nobody sees, in every `@name` that Telegram would take for a mention: what people
/// write must not ping who reads along. An `@` within a word, as in an e-mail address, mentions nobody.
pub(super) fn without_mentions(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    for (at, c) in text.char_indices() {
        out.push(c);
        if c == '@' && !before.is_some_and(is_in_word) && is_username(&text[at + 1..]) {
            out.push('\u{2060}');
        }
        before = Some(c);
    }
    out
}

/// The characters that e-mail addresses end their first part with. Telegram counts more as part of a word.
fn is_in_word(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric() || (('À'..='ɏ').contains(&c) && c.is_alphabetic())
}

/// Whether it starts with the least that can be a username.
fn is_username(text: &str) -> bool {
    let name = text.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_');
    name.take(4).count() == 4
}

/// Cuts to at most `limit` units, the ellipsis included, between two characters as people see them.
pub(super) fn cut(text: &str, limit: usize) -> String {
    if units(text) <= limit {
        return text.to_owned();
    }
    let room = limit.saturating_sub(units(ELLIPSIS));
    let mut kept = fitting(text.graphemes(true), room);
    if kept == 0 {
        // One "character" larger than the whole message, such as a thousand joined emoji.
        kept = fitting(text.split_inclusive(|_| true), room);
    }
    let mut short = text[..kept].trim_end().to_owned();
    if limit > 0 {
        short.push_str(ELLIPSIS);
    }
    short
}

/// How many bytes of the pieces, from the first on, fit in that many units.
fn fitting<'a>(pieces: impl Iterator<Item = &'a str>, room: usize) -> usize {
    let mut used = 0;
    pieces
        .take_while(|piece| {
            used += units(piece);
            used <= room
        })
        .map(str::len)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::{clean, clean_line, cut, units, without_mentions};

    #[test]
    fn a_cut_never_splits_what_reads_as_one_character() {
        let family = "👨‍👩‍👧";
        assert_eq!(cut(&family.repeat(3), units(family) + 1), format!("{family}…"));
        assert_eq!(cut("e\u{301}e\u{301}", 3), "e\u{301}…");
        assert_eq!(cut("court", 5), "court");
    }

    #[test]
    fn one_endless_character_is_cut_all_the_same() {
        let endless = vec!["🙂"; 10_000].join("\u{200D}");
        let short = cut(&endless, 4096);
        assert!(units(&short) <= 4096 && units(&short) > 4000);
        assert!(short.ends_with('…'));
    }

    #[test]
    fn controls_and_turned_text_are_taken_out() {
        assert_eq!(clean("a\0b\u{202E}c\u{2066}d\n\te\r\u{7f}"), "abcd\n\te");
        assert_eq!(clean_line("  a\n\nb\tc "), "a b c");
    }

    #[test]
    fn a_mention_is_broken_and_an_address_is_not() {
        for (text, broken) in [
            ("@lina", "@\u{2060}lina"),
            ("voir (@Moussa_S), merci", "voir (@\u{2060}Moussa_S), merci"),
            ("/@lina @@lina", "/@\u{2060}lina @@\u{2060}lina"),
            ("你好@lina ²@lina", "你好@\u{2060}lina ²@\u{2060}lina"),
        ] {
            assert_eq!(without_mentions(text), broken);
        }
        for text in [
            "lina@exemple.org",
            "zoé@exemple.org",
            "_@exemple.org",
            "12 @ 3 €",
            "@abc",
            "@\u{2060}lina",
            "@",
        ] {
            assert_eq!(without_mentions(text), text);
        }
    }
}
