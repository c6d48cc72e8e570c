//! Discord's Markdown: what a person reads of a text, and whom the text would ping.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;

/// Names for what a text mentions.
pub(super) trait Names {
    /// The display name of a person.
    fn person(&self, id: u64) -> Option<String>;
    /// The name of a channel or thread.
    fn channel(&self, id: u64) -> Option<String>;
    /// The name of a role.
    fn role(&self, id: u64) -> Option<String>;
}

/// What a text mentions, before anybody asked whether it may.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Mentions {
    pub(super) people: BTreeSet<u64>,
    pub(super) roles: BTreeSet<u64>,
    pub(super) everyone: bool,
}

/// The text as a person reads it.
pub(super) fn plain(text: &str, names: &dyn Names) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = find_unescaped(rest, "```") {
        let Some(length) = rest[start + 3..].find("```") else {
            break;
        };
        lines(&rest[..start], names, &mut out);
        out.push_str(fenced(&rest[start + 3..start + 3 + length]));
        rest = &rest[start + length + 6..];
    }
    lines(rest, names, &mut out);
    out
}

/// What the server would ping for: code is skipped, a backslash protects `<@…>` but not `@everyone`.
pub(super) fn mentions(text: &str) -> Mentions {
    let mut found = Mentions::default();
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        let rest = &text[at..];
        let step = match next {
            '\\' => {
                let escaped = rest[1..].chars().next();
                1 + escaped
                    .filter(|&c| c == '<' || c == '`' || c == '\\')
                    .map_or(0, char::len_utf8)
            }
            '`' => code(rest).map_or_else(|| run(rest, '`'), |(_, length)| length),
            '@' if rest.starts_with("@everyone") || rest.starts_with("@here") => {
                found.everyone = true;
                1
            }
            '<' => match token(rest) {
                Some((Token::Person(id), length)) => {
                    found.people.insert(id);
                    length
                }
                Some((Token::Role(id), length)) => {
                    found.roles.insert(id);
                    length
                }
                _ => 1,
            },
            other => other.len_utf8(),
        };
        at += step;
    }
    found
}

fn fenced(inside: &str) -> &str {
    match inside.split_once('\n') {
        Some((language, code))
            if language
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-._#".contains(c))
                && !code.is_empty() =>
        {
            code.strip_suffix('\n').unwrap_or(code)
        }
        _ => inside.trim_matches('\n'),
    }
}

fn find_unescaped(text: &str, needle: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        if text[at..].starts_with(needle) {
            return Some(at);
        }
        at += next.len_utf8();
        if next == '\\' {
            at += text[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    None
}

fn lines(text: &str, names: &dyn Names, out: &mut String) {
    let mut bare = String::with_capacity(text.len());
    let mut quoting = false;
    for (i, line) in text.split('\n').enumerate() {
        if i > 0 {
            bare.push('\n');
        }
        let mut line = line;
        if !quoting && let Some(quoted) = line.strip_prefix(">>> ") {
            quoting = true;
            line = quoted;
        } else if !quoting && let Some(quoted) = line.strip_prefix("> ") {
            line = quoted;
        }
        let marker = ["# ", "## ", "### ", "-# "]
            .iter()
            .find_map(|marker| line.strip_prefix(marker));
        bare.push_str(marker.unwrap_or(line));
    }
    inline(&bare, names, out);
}

/// Delimiters, longest first, so that `**` is tried before `*`.
const DELIMITERS: [&str; 6] = ["**", "__", "~~", "||", "*", "_"];

fn inline(text: &str, names: &dyn Names, out: &mut String) {
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        let rest = &text[at..];
        at += match next {
            '\\' => escape(rest, out),
            '`' => match code(rest) {
                Some((inside, length)) => {
                    out.push_str(inside);
                    length
                }
                None => push(rest, run(rest, '`'), out),
            },
            '<' => match token(rest) {
                Some((token, length)) => {
                    out.push_str(&token.shown(names));
                    length
                }
                None => push(rest, 1, out),
            },
            '[' => match link(rest) {
                Some((label, url, length)) => {
                    inline(label, names, out);
                    out.push_str(" (");
                    out.push_str(url);
                    out.push(')');
                    length
                }
                None => push(rest, 1, out),
            },
            '*' | '_' | '~' | '|' => match DELIMITERS.iter().find_map(|mark| Some((mark, marked(rest, mark)?))) {
                Some((mark, inside)) => {
                    inline(inside, names, out);
                    inside.len() + 2 * mark.len()
                }
                None => push(rest, 1, out),
            },
            other => push(rest, other.len_utf8(), out),
        };
    }
}

fn push(rest: &str, length: usize, out: &mut String) -> usize {
    out.push_str(&rest[..length]);
    length
}

/// A backslash hides itself before punctuation only.
fn escape(rest: &str, out: &mut String) -> usize {
    match rest[1..].chars().next() {
        Some(escaped) if escaped.is_ascii_punctuation() => {
            out.push(escaped);
            2
        }
        _ => push(rest, 1, out),
    }
}

fn run(text: &str, of: char) -> usize {
    text.len() - text.trim_start_matches(of).len()
}

/// The inside and the whole length of a code span at the start of the text.
fn code(text: &str) -> Option<(&str, usize)> {
    let ticks = run(text, '`');
    let mut at = ticks;
    while let Some(found) = text[at..].find('`') {
        at += found;
        let closing = run(&text[at..], '`');
        if closing == ticks {
            return Some((&text[ticks..at], at + ticks));
        }
        at += closing;
    }
    None
}

/// The inside of a marked span at the start of the text.
fn marked<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let body = text.strip_prefix(mark)?;
    if mark == "*" && body.starts_with(char::is_whitespace) {
        return None;
    }
    let mut at = 0;
    while let Some(next) = body[at..].chars().next() {
        let rest = &body[at..];
        if next == '`'
            && let Some((_, length)) = code(rest)
        {
            at += length;
        } else if next == '\\' {
            at += 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
        } else if at > 0 && rest.starts_with(mark) && closes(body, at, mark) {
            return Some(&body[..at]);
        } else if mark.len() == 1 && rest.starts_with(&mark.repeat(2)) {
            at += 2;
        } else {
            at += next.len_utf8();
        }
    }
    None
}

fn closes(body: &str, at: usize, mark: &str) -> bool {
    let after = body[at + mark.len()..].chars().next();
    match mark {
        "_" => !after.is_some_and(|c| c.is_alphanumeric() || c == '_'),
        "*" => after != Some('*') && !body[..at].ends_with(char::is_whitespace),
        // `**bold*and more***` closes at the last pair.
        "**" | "__" => !body[at + 2..].starts_with(&mark[..1]),
        _ => true,
    }
}

/// Label, address and length of a masked link at the start of the text.
fn link(text: &str) -> Option<(&str, &str, usize)> {
    let close = find_unescaped(text, "](")?;
    let label = &text[1..close];
    let rest = &text[close + 2..];
    let end = rest.find(')')?;
    let url = rest[..end].trim_start_matches('<').trim_end_matches('>');
    let masked = !label.is_empty() && !label.contains('\n') && is_address(url);
    masked.then_some((label, url, close + 2 + end + 1))
}

fn is_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace)
}

/// What stands between angle brackets.
enum Token<'a> {
    Person(u64),
    Role(u64),
    Channel(u64),
    Time(DateTime<Utc>, &'a str),
    Emoji(&'a str),
    Command(&'a str),
    Address(&'a str),
}

impl Token<'_> {
    fn shown(&self, names: &dyn Names) -> String {
        match self {
            Self::Person(id) => format!("@{}", names.person(*id).unwrap_or_else(|| "unknown-user".to_owned())),
            Self::Role(id) => format!("@{}", names.role(*id).unwrap_or_else(|| "unknown-role".to_owned())),
            Self::Channel(id) => format!("#{}", names.channel(*id).unwrap_or_else(|| "unknown".to_owned())),
            // Everybody's clock is set to Paris here. What is relative on Discord ("2 hours ago") is shown as the
            // hour, so that what was seen does not depend on when one looks.
            Self::Time(at, "R" | "t" | "T") => at.with_timezone(&Paris).format("%H:%M").to_string(),
            Self::Time(at, "d" | "D") => at.with_timezone(&Paris).format("%Y-%m-%d").to_string(),
            Self::Time(at, _) => at.with_timezone(&Paris).format("%Y-%m-%d %H:%M").to_string(),
            Self::Emoji(name) => format!(":{name}:"),
            Self::Command(name) => format!("/{name}"),
            Self::Address(url) => (*url).to_owned(),
        }
    }
}

fn token(text: &str) -> Option<(Token<'_>, usize)> {
    let end = text.find('>')?;
    let inside = &text[1..end];
    let id = |digits: &str| digits.parse::<u64>().ok();
    let token = if let Some(person) = inside.strip_prefix("@!") {
        Token::Person(id(person)?)
    } else if let Some(role) = inside.strip_prefix("@&") {
        Token::Role(id(role)?)
    } else if let Some(person) = inside.strip_prefix('@') {
        Token::Person(id(person)?)
    } else if let Some(channel) = inside.strip_prefix('#') {
        Token::Channel(id(channel)?)
    } else if let Some(time) = inside.strip_prefix("t:") {
        let (seconds, style) = time.split_once(':').unwrap_or((time, "f"));
        Token::Time(DateTime::from_timestamp(seconds.parse().ok()?, 0)?, style)
    } else if let Some(command) = inside.strip_prefix('/') {
        Token::Command(command.rsplit_once(':').filter(|(_, digits)| id(digits).is_some())?.0)
    } else if is_address(inside) {
        Token::Address(inside)
    } else {
        let emoji = inside.strip_prefix("a:").or_else(|| inside.strip_prefix(':'))?;
        Token::Emoji(emoji.rsplit_once(':').filter(|(_, digits)| id(digits).is_some())?.0)
    };
    Some((token, end + 1))
}
