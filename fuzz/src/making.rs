//! Messages and forms made of a few bytes, of what has been hard to show.

use arbitrary::{Result, Unstructured};
use chrono::DateTime;
use guichet::chat::reply::{Block, Button, Fact, Form, FormField, Look, Message};
use guichet::domain::file::StoredFile;
use guichet::domain::text::Description;

/// Pieces of text that mean something to a platform, or take more room than they seem to.
const PIECES: [&str; 48] = [
    "mot ",
    "a",
    "é",
    "İ",
    " ",
    "\n",
    "\t",
    "\r\n",
    "\0",
    "\u{7}",
    "\u{200B}",
    "\u{2060}",
    "\u{202E}",
    "\u{2066}",
    "\u{2028}",
    "\u{301}",
    "\u{200D}",
    "👩‍👩‍👧",
    "🙂",
    "\u{FE0F}",
    "@everyone",
    "@here",
    "@lina_n",
    "lina@exemple.org",
    "<@1>",
    "<@&1>",
    "<#1>",
    "<t:1:R>",
    "<b>",
    "</b>",
    "<",
    ">",
    "> ",
    "&",
    "&lt;",
    "*",
    "**",
    "_",
    "~~",
    "||",
    "`",
    "```",
    "\\",
    "[x](https://a.fr)",
    "https://a.fr/b_c",
    "# ",
    "-# ",
    "1. ",
];

/// Some text: pieces, each a number of times, or what the fuzzer likes.
pub fn text(u: &mut Unstructured<'_>) -> Result<String> {
    let mut text = String::new();
    for _ in 0..u.int_in_range(0..=6)? {
        if u.ratio(1, 4)? {
            text.push_str(u.arbitrary::<&str>()?);
            continue;
        }
        let piece = u.choose(&PIECES)?;
        let times = if u.ratio(1, 8)? {
            u.int_in_range(1..=3000_usize)?
        } else {
            1
        };
        text.push_str(&piece.repeat(times));
    }
    // Nothing longer is ever kept.
    let end = text
        .char_indices()
        .nth(Description::MAX)
        .map_or(text.len(), |(at, _)| at);
    text.truncate(end);
    Ok(text)
}

fn fact(u: &mut Unstructured<'_>) -> Result<Fact> {
    if u.ratio(1, 5)?
        && let Some(moment) = DateTime::from_timestamp_micros(u.arbitrary()?)
    {
        return Ok(Fact::Moment(moment));
    }
    Ok(Fact::Text(text(u)?))
}

fn several<T>(u: &mut Unstructured<'_>, most: usize, one: fn(&mut Unstructured<'_>) -> Result<T>) -> Result<Vec<T>> {
    let count = u.int_in_range(0..=most)?;
    (0..count).map(|_| one(u)).collect()
}

fn block(u: &mut Unstructured<'_>) -> Result<Block> {
    Ok(match u.int_in_range(0..=4)? {
        0 => Block::Title(text(u)?),
        1 => Block::Text(text(u)?),
        2 => Block::Facts(several(u, 4, fact)?),
        3 => Block::Quote(text(u)?),
        _ => Block::Verbatim(text(u)?),
    })
}

fn button(u: &mut Unstructured<'_>) -> Result<Button> {
    Ok(Button {
        label: text(u)?,
        action: text(u)?,
        look: *u.choose(&[Look::Main, Look::Plain, Look::Danger])?,
    })
}

fn row(u: &mut Unstructured<'_>) -> Result<Vec<Button>> {
    several(u, 12, button)
}

fn file(u: &mut Unstructured<'_>) -> Result<StoredFile> {
    Ok(StoredFile {
        sha256: "0".repeat(64),
        name: text(u)?,
        media_type: text(u)?,
        size: u.arbitrary()?,
    })
}

/// Of many blocks, none is long.
fn shorten(block: &mut Block) {
    if let Block::Title(text) | Block::Text(text) | Block::Quote(text) | Block::Verbatim(text) = block {
        let end = text.char_indices().nth(100).map_or(text.len(), |(at, _)| at);
        text.truncate(end);
    }
}

/// A message. It now and then has a great many blocks.
pub fn message(u: &mut Unstructured<'_>) -> Result<Message> {
    let mut blocks = several(u, 8, block)?;
    if u.ratio(1, 16)? && blocks.len() <= 2 {
        let times = u.int_in_range(1..=150_usize)?;
        blocks = blocks.iter().cycle().take(blocks.len() * times).cloned().collect();
        blocks.iter_mut().for_each(shorten);
    }
    Ok(Message {
        blocks,
        buttons: several(u, 8, row)?,
        files: several(u, 2, file)?,
        rings: u.arbitrary()?,
        ..Message::default()
    })
}

fn field(u: &mut Unstructured<'_>) -> Result<FormField> {
    Ok(FormField {
        id: u
            .choose(&["name", "email", "title", "description", "body"])?
            .to_string(),
        label: text(u)?,
        value: text(u)?,
        required: u.arbitrary()?,
        long: u.arbitrary()?,
        max_chars: u.arbitrary()?,
    })
}

/// A form. What it carries is Guichet's own, and always fits.
pub fn form(u: &mut Unstructured<'_>) -> Result<Form> {
    let mut fields = several(u, 8, field)?;
    if fields.is_empty() {
        fields.push(field(u)?);
    }
    fields.sort_by(|a, b| a.id.cmp(&b.id));
    fields.dedup_by(|a, b| a.id == b.id);
    Ok(Form {
        title: text(u)?,
        action: "open:high:1:new".to_owned(),
        fields,
    })
}
