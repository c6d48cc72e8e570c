//! Text and its entities: HTML as Telegram reads it, and the commands, mentions and links that it finds by itself.
//!
//! Offsets and lengths are in UTF-16 units, as everywhere in the Bot API. Only the HTML mode is simulated: the
//! Markdown modes are refused as unknown.

use serde_json::{Value, json};

use super::{params::Params, refusal::Refusal};

/// A text with its formatting taken out of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Formatted {
    pub(super) text: String,
    pub(super) entities: Vec<Value>,
}

/// Its length as Telegram counts it.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The text of a request: parsed as its `parse_mode` says, or with the entities given in `entities`.
pub(super) fn formatted(params: &Params, text: &str, entities: &str) -> Result<Formatted, Refusal> {
    let raw = params.text(text)?.unwrap_or_default();
    let given = params.array(entities)?;
    if given.iter().flatten().any(|e| !e.is_object()) {
        return Err(Refusal::bad(
            "can't parse MessageEntity: MessageEntity must be an Object",
        ));
    }
    let found = match params.text("parse_mode")?.unwrap_or_default() {
        "" => Formatted {
            text: raw.to_owned(),
            entities: given.unwrap_or_default(),
        },
        mode if mode.eq_ignore_ascii_case("html") => {
            html(raw).map_err(|e| Refusal::bad(format!("can't parse entities: {e}")))?
        }
        _ => return Err(Refusal::bad("unsupported parse_mode")),
    };
    Ok(found.trimmed())
}

impl Formatted {
    /// Telegram drops the white space around a text.
    fn trimmed(mut self) -> Self {
        let lead = self.text.len() - self.text.trim_start().len();
        let shift = units(&self.text[..lead]);
        self.text = self.text.trim().to_owned();
        let end = units(&self.text);
        for entity in &mut self.entities {
            let number = |key: &str| {
                entity[key]
                    .as_u64()
                    .and_then(|n| usize::try_from(n).ok())
                    .unwrap_or_default()
            };
            let (start, stop) = (number("offset"), number("offset").saturating_add(number("length")));
            let (start, stop) = (
                start.saturating_sub(shift).min(end),
                stop.saturating_sub(shift).min(end),
            );
            entity["offset"] = json!(start);
            entity["length"] = json!(stop - start);
        }
        self.entities.retain(|e| e["length"] != json!(0));
        self
    }
}

/// What Telegram finds by itself in what a person types.
pub(super) fn detect(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    for (at, word) in words(text) {
        let word = word.trim_end_matches(['.', ',', '!', '?', ';', ':', ')']);
        let body = word.get(1..).unwrap_or_default();
        let named = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let kind = if word.starts_with('/') && named(body.split('@').next().unwrap_or_default()) {
            "bot_command"
        } else if word.starts_with('@') && named(body) {
            "mention"
        } else if word.starts_with("http://") || word.starts_with("https://") {
            "url"
        } else if word
            .split_once('@')
            .is_some_and(|(who, host)| !who.is_empty() && host.contains('.'))
        {
            "email"
        } else {
            continue;
        };
        found.push(json!({ "type": kind, "offset": units(&text[..at]), "length": units(word) }));
    }
    found
}

/// The `@usernames` in a text of the bot that notify whoever has them, without the `@`: those that don't stand in
/// a word, nor in code.
pub(super) fn mentions(content: &Formatted) -> Vec<&str> {
    let text = content.text.as_str();
    let in_code = |at: usize| {
        content.entities.iter().any(|entity| {
            let number = |key: &str| {
                entity[key]
                    .as_u64()
                    .and_then(|n| usize::try_from(n).ok())
                    .unwrap_or_default()
            };
            let start = number("offset");
            (entity["type"] == "pre" || entity["type"] == "code") && (start..start + number("length")).contains(&at)
        })
    };
    let is_part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let signs = text.match_indices('@').filter(|(at, _)| {
        let before = text[..*at].chars().next_back();
        !before.is_some_and(is_part_of_word) && !in_code(units(&text[..*at]))
    });
    let named = signs.filter_map(|(at, _)| {
        let rest = &text[at + 1..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
        let whole = !after.chars().next().is_some_and(is_part_of_word);
        (whole && (4..=32).contains(&name.len())).then_some(name)
    });
    named.collect()
}

fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_whitespace()
        .map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

const TAGS: [(&str, &str); 15] = [
    ("b", "bold"),
    ("strong", "bold"),
    ("i", "italic"),
    ("em", "italic"),
    ("u", "underline"),
    ("ins", "underline"),
    ("s", "strikethrough"),
    ("strike", "strikethrough"),
    ("del", "strikethrough"),
    ("code", "code"),
    ("pre", "pre"),
    ("a", "text_link"),
    ("blockquote", "blockquote"),
    ("tg-spoiler", "spoiler"),
    ("span", "spoiler"),
];

struct Open {
    tag: String,
    kind: &'static str,
    argument: String,
    /// Where it starts, in UTF-16 units and in bytes of the result.
    at: usize,
    byte: usize,
}

/// Parses Telegram's HTML. The error is the sentence behind `can't parse entities: `.
pub(super) fn html(source: &str) -> Result<Formatted, String> {
    let mut out = Formatted::default();
    let mut open: Vec<Open> = Vec::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let offset = source.len() - rest.len();
        if c == '&' {
            let (decoded, after) = reference(rest);
            out.text.push(decoded);
            rest = after;
        } else if c != '<' {
            out.text.push(c);
            rest = &rest[c.len_utf8()..];
        } else if let Some(end_tag) = rest.strip_prefix("</") {
            rest = close(end_tag, offset, &mut open, &mut out)?;
        } else {
            let (tag, after) = start_tag(&rest[1..], offset)?;
            open.push(Open {
                at: units(&out.text),
                byte: out.text.len(),
                ..tag
            });
            rest = after;
        }
    }
    if let Some(tag) = open.pop() {
        return Err(format!("Can't find end tag corresponding to start tag \"{}\"", tag.tag));
    }
    out.entities
        .sort_by_key(|e| (e["offset"].as_u64(), std::cmp::Reverse(e["length"].as_u64())));
    Ok(out)
}

/// One of the four named references or a numeric one; any other `&` stands for itself.
fn reference(rest: &str) -> (char, &str) {
    for (name, c) in [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"')] {
        if let Some(after) = rest.strip_prefix(name) {
            return (c, after);
        }
    }
    let numeric = || {
        let (number, after) = rest.strip_prefix("&#")?.split_once(';')?;
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        Some((char::from_u32(code).filter(|c| *c != '\0')?, after))
    };
    numeric().unwrap_or(('&', &rest[1..]))
}

fn start_tag(rest: &str, offset: usize) -> Result<(Open, &str), String> {
    let unclosed = || format!("Unclosed start tag at byte offset {offset}");
    let end = rest
        .find(|c: char| c.is_ascii_whitespace() || c == '>')
        .ok_or_else(unclosed)?;
    let tag = rest[..end].to_ascii_lowercase();
    let kind = TAGS
        .iter()
        .find(|(name, _)| *name == tag)
        .map(|(_, kind)| *kind)
        .ok_or_else(|| format!("Unsupported start tag \"{tag}\" at byte offset {offset}"))?;
    let mut rest = &rest[end..];
    let mut argument = String::new();
    loop {
        rest = rest.trim_ascii_start();
        if let Some(after) = rest.strip_prefix('>') {
            rest = after;
            break;
        }
        let (name, value, after) = attribute(rest, &tag, offset)?;
        rest = after;
        match (tag.as_str(), name) {
            ("a", "href") | ("span", "class") => argument = value,
            ("code", "class") => value
                .strip_prefix("language-")
                .unwrap_or_default()
                .clone_into(&mut argument),
            _ => {}
        }
    }
    if tag == "span" && argument != "tg-spoiler" {
        return Err(format!(
            "Tag \"span\" must have class \"tg-spoiler\" at byte offset {offset}"
        ));
    }
    let open = Open {
        tag,
        kind,
        argument,
        at: 0,
        byte: 0,
    };
    Ok((open, rest))
}

fn attribute<'a>(rest: &'a str, tag: &str, offset: usize) -> Result<(&'a str, String, &'a str), String> {
    let unclosed = || format!("Unclosed start tag at byte offset {offset}");
    let end = rest
        .find(|c: char| c.is_ascii_whitespace() || c == '=' || c == '>')
        .ok_or_else(unclosed)?;
    let name = &rest[..end];
    if name.is_empty() {
        return Err(format!(
            "Empty attribute name in the tag \"{tag}\" at byte offset {offset}"
        ));
    }
    let after = rest[end..].trim_ascii_start();
    let Some(after) = after.strip_prefix('=') else {
        if name == "expandable" {
            return Ok((name, String::new(), after));
        }
        return Err(format!(
            "Expected equal sign in declaration of an attribute of the tag \"{tag}\" at byte offset {offset}"
        ));
    };
    let after = after.trim_ascii_start();
    let quote = after.chars().next().ok_or_else(unclosed)?;
    if quote != '"' && quote != '\'' {
        let end = after
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-'))
            .ok_or_else(unclosed)?;
        if !after[end..].starts_with(|c: char| c.is_ascii_whitespace() || c == '>') {
            return Err(format!("Unexpected end of name token at byte offset {offset}"));
        }
        return Ok((name, after[..end].to_ascii_lowercase(), &after[end..]));
    }
    let mut rest = &after[1..];
    let mut value = String::new();
    loop {
        match rest.chars().next().ok_or_else(unclosed)? {
            c if c == quote => return Ok((name, value, &rest[1..])),
            '&' => {
                let (decoded, after) = reference(rest);
                value.push(decoded);
                rest = after;
            }
            c => {
                value.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
}

fn close<'a>(rest: &'a str, offset: usize, open: &mut Vec<Open>, out: &mut Formatted) -> Result<&'a str, String> {
    let Some(last) = open.pop() else {
        return Err(format!("Unexpected end tag at byte offset {offset}"));
    };
    let (name, after) = rest
        .split_once('>')
        .ok_or_else(|| format!("Unclosed end tag at byte offset {offset}"))?;
    let name = name.trim_ascii_end().to_ascii_lowercase();
    if !name.is_empty() && name != last.tag {
        return Err(format!(
            "Unmatched end tag at byte offset {offset}, expected \"</{}>\", found \"</{name}>\"",
            last.tag
        ));
    }
    let length = units(&out.text) - last.at;
    if length == 0 {
        return Ok(after);
    }
    let mut entity = json!({ "type": last.kind, "offset": last.at, "length": length });
    if last.kind == "text_link" {
        let target = if last.argument.is_empty() {
            &out.text[last.byte..]
        } else {
            &last.argument
        };
        // A link that leads nowhere is left as plain text.
        match url::Url::parse(target) {
            Ok(url) => entity["url"] = json!(url.as_str()),
            Err(_) => return Ok(after),
        }
    }
    if last.kind == "code" && !last.argument.is_empty() && open.last().is_some_and(|o| o.kind == "pre") {
        if let Some(outer) = open.last_mut() {
            outer.argument = last.argument;
        }
        return Ok(after);
    }
    if last.kind == "pre" && !last.argument.is_empty() {
        entity["language"] = json!(last.argument);
    }
    out.entities.push(entity);
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::{detect, html, mentions};

    #[test]
    fn formatting_is_taken_out_and_counted_in_utf16() {
        let parsed = html("🙂 <b>Prix &lt; 5 &amp; <i>plus</i></b> <a href=\"https://a.fr\">ici</a>").unwrap();
        assert_eq!(parsed.text, "🙂 Prix < 5 & plus ici");
        let seen: Vec<String> = parsed
            .entities
            .iter()
            .map(|e| format!("{} {} {}", e["type"].as_str().unwrap(), e["offset"], e["length"]))
            .collect();
        assert_eq!(seen, ["bold 3 15", "italic 14 4", "text_link 19 3"]);
    }

    #[test]
    fn broken_html_is_refused_in_telegrams_words() {
        for (source, error) in [
            ("a <p>b</p>", "Unsupported start tag \"p\" at byte offset 2"),
            ("a <b>b", "Can't find end tag corresponding to start tag \"b\""),
            ("a </b>", "Unexpected end tag at byte offset 2"),
            (
                "<b>a</i>",
                "Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\"",
            ),
            ("1 < 2", "Unsupported start tag \"\" at byte offset 2"),
            ("1 <2", "Unclosed start tag at byte offset 2"),
        ] {
            assert_eq!(html(source).unwrap_err(), error);
        }
    }

    #[test]
    fn a_mention_notifies_outside_words_and_code() {
        let text = "@lina_n (@moussa): a@exemple.fr, @\u{2060}fatou, @ab <b>@awa_d</b> <pre>@ibou</pre> é@ndeye";
        assert_eq!(mentions(&html(text).unwrap()), ["lina_n", "moussa", "awa_d"]);
    }

    #[test]
    fn commands_mentions_and_links_are_found() {
        let found = detect("/take@guichet_bot 12, voir https://a.fr/x. @lina");
        let seen: Vec<String> = found.iter().map(|e| e["type"].as_str().unwrap().to_owned()).collect();
        assert_eq!(seen, ["bot_command", "url", "mention"]);
        assert_eq!(found[0]["length"], 17);
    }
}
