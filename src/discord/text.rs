//! Text on its way in and out: what is taken out of it, how it is escaped and how it is cut.

use unicode_segmentation::UnicodeSegmentation;

/// How long Discord finds a text. It counts characters; counting UTF-16 units never finds it shorter.
pub(super) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The text without what deceives or disturbs: control characters other than line ends and tabs, and the
/// marks that turn the direction of what follows (<https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing>).
pub(super) fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' | '\t' => Some(c),
            '\u{2028}' | '\u{2029}' => Some('\n'),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect()
}

/// The same on one line.
pub(super) fn clean_line(text: &str) -> String {
    clean(text).replace(['\n', '\t'], " ").trim().to_owned()
}

/// A name under which a file can be stored, sent and shown: no path, no control characters, at most 100.
pub(super) fn safe_file_name(name: &str) -> String {
    let line = clean_line(name).replace(['/', '\\', ':', '*', '?', '"', '<', '>', '|'], "_");
    let line = line.trim_start_matches('.').trim();
    if length(line) <= 100 {
        return line.to_owned();
    }
    // The end tells what kind of file it is.
    let extension = line.rsplit_once('.').map_or("", |(_, end)| end);
    let extension = if extension.len() <= 10 { extension } else { "" };
    format!("{}.{extension}", prefix(line, 98 - length(extension)))
        .trim_end_matches('.')
        .to_owned()
}

/// The longest beginning of whole graphemes that Discord finds no longer than `most`.
pub(super) fn prefix(text: &str, most: usize) -> &str {
    let mut used = 0;
    let mut end = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += length(grapheme);
        if used > most {
            break;
        }
        end = at + grapheme.len();
    }
    &text[..end]
}

/// The text, or a beginning of it with `…`, no longer than `most`.
pub(super) fn cut(text: &str, most: usize) -> String {
    if length(text) <= most {
        return text.to_owned();
    }
    format!("{}…", prefix(text, most.saturating_sub(1)).trim_end())
}

/// Escapes what Discord would read as Markdown or as a mention, line by line.
///
/// A web address is left as it is, since a backslash would become a part of it; it is only taken for one when
/// nothing in it can format.
pub(super) fn escape(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(escape_line).collect();
    lines.join("\n")
}

fn escape_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let start = line.len() - line.trim_start().len();
    out.push_str(&line[..start]);
    let mut rest = escape_marker(&line[start..], &mut out);
    let mut before = ' ';
    while let Some(next) = rest.chars().next() {
        if matches!(before, ' ' | '\t' | '(')
            && let Some(length) = address(rest)
        {
            out.push_str(&rest[..length]);
            rest = &rest[length..];
            before = '/';
            continue;
        }
        if matches!(
            next,
            '\\' | '*' | '_' | '~' | '`' | '|' | '<' | '>' | '[' | ']' | '(' | ')' | '@'
        ) {
            out.push('\\');
        }
        out.push(next);
        before = next;
        rest = &rest[next.len_utf8()..];
    }
    out
}

/// Escapes what makes a heading, a list or a small line when a line begins with it; gives what follows it.
fn escape_marker<'a>(line: &'a str, out: &mut String) -> &'a str {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = line.split_at(digits);
    let is_marker = match rest.chars().next() {
        Some('.') => digits > 0,
        Some('#' | '-' | '+') => digits == 0,
        _ => false,
    };
    if !is_marker {
        return line;
    }
    out.push_str(number);
    out.push('\\');
    out.push_str(&rest[..1]);
    &rest[1..]
}

/// The length of the web address at the start of the text.
fn address(text: &str) -> Option<usize> {
    let after = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let end = after.find(char::is_whitespace).unwrap_or(after.len());
    let inside = &after[..end];
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._/?#&=%+,;:!$'".contains(c);
    (inside.starts_with(|c: char| c.is_ascii_alphanumeric()) && inside.chars().all(plain))
        .then_some(text.len() - after.len() + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deceives_is_taken_out() {
        assert_eq!(clean("a\0b\u{202e}c\u{2066}d\r\n\te\u{7}"), "abcd\n\te");
        assert_eq!(clean("👩‍🔧 é"), "👩‍🔧 é");
        assert_eq!(clean_line(" a\nb "), "a b");
    }

    #[test]
    fn file_names_are_made_safe() {
        assert_eq!(safe_file_name("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(safe_file_name("a\r\nContent-Type: x\0.png"), "a Content-Type_ x.png");
        let long = safe_file_name(&format!("{}.jpeg", "é".repeat(400)));
        assert!(length(&long) <= 100 && long.ends_with("é.jpeg"), "{long}");
        assert_eq!(safe_file_name(".."), "");
    }

    #[test]
    fn markdown_and_mentions_mean_nothing() {
        assert_eq!(
            escape("**a** _b_ ~~c~~ ||d|| `e`"),
            r"\*\*a\*\* \_b\_ \~\~c\~\~ \|\|d\|\| \`e\`"
        );
        assert_eq!(escape("@everyone <@&1> <t:1:R>"), r"\@everyone \<\@&1\> \<t:1:R\>");
        assert_eq!(escape("[x](javascript:alert)"), r"\[x\]\(javascript:alert\)");
        assert_eq!(escape(r"\*"), r"\\\*");
    }

    #[test]
    fn headings_lists_and_quotes_at_a_line_start_mean_nothing() {
        let text = "# a\n## b\n-# c\n- d\n  + e\n1. f\n> g\n>>> h\n2 i\n-";
        let escaped = "\\# a\n\\## b\n\\-# c\n\\- d\n  \\+ e\n1\\. f\n\\> g\n\\>\\>\\> h\n2 i\n\\-";
        assert_eq!(escape(text), escaped);
    }

    #[test]
    fn a_plain_address_stays_usable_and_a_formatting_one_does_not_format() {
        assert_eq!(
            escape("voir https://a.example/b_c?d=1."),
            "voir https://a.example/b_c?d=1."
        );
        assert_eq!(escape("https://a.example/**b**"), r"https://a.example/\*\*b\*\*");
        assert_eq!(escape("[x](https://a.example)"), r"\[x\]\(https://a.example\)");
    }

    #[test]
    fn joined_emoji_are_never_cut_apart() {
        let text = "ab👩‍👩‍👧‍👦cd";
        assert_eq!(cut(text, 8), "ab…");
        assert_eq!(cut(text, 100), text);
        assert_eq!(prefix("👍🏽👍🏽", 5), "👍🏽");
    }
}
