//! A message's blocks as Telegram's HTML, never longer than Telegram takes.
//!
//! Every block is plain text until the very end, where it is escaped as a whole: nothing that people write can
//! become markup, nor a mention, and a cut can't fall within an entity. To add a kind of block, give it a [`Frame`].

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use teloxide::types::ParseMode;

use super::text::{ELLIPSIS, clean, clean_line, cut, units, without_mentions};
use crate::chat::reply::{Block, Fact};
use crate::domain::text::is_visible;

/// The longest text, in UTF-16 units after parsing.
pub(super) const TEXT_LIMIT: usize = 4096;
/// The longest caption of a file.
pub(super) const CAPTION_LIMIT: usize = 1024;
/// Telegram ignores the formatting behind the hundredth; nobody reads that many blocks either.
const MOST_BLOCKS: usize = 100;

/// Whether there is markup in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Html,
    Plain,
}

/// A text ready to be sent.
#[derive(Debug)]
pub(super) struct Rendered {
    /// The text, with its markup.
    pub(super) text: String,
    /// Which markup.
    pub(super) parse_mode: Option<ParseMode>,
    /// Something had to be left out.
    pub(super) shortened: bool,
}

/// The present moment where the readers are.
#[derive(Clone, Copy, Debug)]
pub(super) struct LocalTime {
    pub(super) now: DateTime<Utc>,
    pub(super) timezone: Tz,
}

impl LocalTime {
    fn show(self, moment: DateTime<Utc>) -> String {
        let moment = moment.with_timezone(&self.timezone);
        let now = self.now.with_timezone(&self.timezone);
        let format = if moment.date_naive() == now.date_naive() {
            "%H:%M"
        } else if moment.year() == now.year() {
            "%d/%m %H:%M"
        } else {
            "%d/%m/%Y %H:%M"
        };
        moment.format(format).to_string()
    }
}

/// Renders the blocks in at most `limit` units.
pub(super) fn render(blocks: &[Block], time: LocalTime, limit: usize, style: Style) -> Rendered {
    let mut pieces: Vec<Piece> = blocks
        .iter()
        .filter_map(|block| Piece::of(block, time, style))
        .collect();
    let shortened = shorten(&mut pieces, limit);
    if pieces.is_empty() {
        pieces.push(Piece {
            frame: Frame::Text,
            text: ELLIPSIS.to_owned(),
        });
    }
    Rendered {
        text: write(&pieces, style),
        parse_mode: (style == Style::Html).then_some(ParseMode::Html),
        shortened,
    }
}

/// What stands around a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frame {
    Title,
    Text,
    Facts,
    Quote,
    Verbatim,
}

/// A block, as plain text.
#[derive(Debug)]
struct Piece {
    frame: Frame,
    text: String,
}

impl Piece {
    fn of(block: &Block, time: LocalTime, style: Style) -> Option<Self> {
        let (frame, text) = match block {
            Block::Title(title) => (Frame::Title, clean_line(title)),
            Block::Text(text) => (Frame::Text, clean(text).trim().to_owned()),
            Block::Facts(facts) => (Frame::Facts, join(facts, time)),
            Block::Quote(words) => (Frame::Quote, clean(words).trim().to_owned()),
            Block::Once { shown, lost } => (Frame::Verbatim, clean(shown.or(lost)).trim_end().to_owned()),
            Block::OnceLink { shown, lost } => (Frame::Text, clean(shown.or(lost)).trim().to_owned()),
            Block::Verbatim(text) => (Frame::Verbatim, clean(text).trim_matches('\n').trim_end().to_owned()),
        };
        // Telegram looks for no mentions in code, which is there to be copied as it is.
        let text = match frame {
            Frame::Verbatim if style == Style::Html => text,
            _ => without_mentions(&text),
        };
        is_visible(&text).then_some(Self { frame, text })
    }
}

fn join(facts: &[Fact], time: LocalTime) -> String {
    let facts = facts.iter().map(|fact| match fact {
        Fact::Text(text) => clean_line(text),
        Fact::Moment(moment) => time.show(*moment),
    });
    facts.filter(|fact| is_visible(fact)).collect::<Vec<_>>().join(" · ")
}

/// What stands between two blocks.
fn gap(above: Frame, below: Frame) -> &'static str {
    match (above, below) {
        (Frame::Title, _) => "\n",
        (_, Frame::Title) | (Frame::Facts, Frame::Text) => "\n\n",
        _ => "\n",
    }
}

fn length(pieces: &[Piece]) -> usize {
    let texts: usize = pieces.iter().map(|piece| units(&piece.text)).sum();
    let gaps: usize = pieces
        .windows(2)
        .map(|pair| gap(pair[0].frame, pair[1].frame).len())
        .sum();
    texts + gaps
}

/// Takes from the longest block what is too much; tells whether anything was taken.
fn shorten(pieces: &mut Vec<Piece>, limit: usize) -> bool {
    let dropped = pieces.len() > MOST_BLOCKS;
    pieces.truncate(MOST_BLOCKS);
    let mut total = length(pieces);
    if total <= limit {
        return dropped;
    }
    // Facts are Guichet's own and short; they go last.
    let longest = |pieces: &[Piece]| {
        let mut order: Vec<usize> = (0..pieces.len()).collect();
        order.sort_by_cached_key(|&at| (pieces[at].frame == Frame::Facts, usize::MAX - units(&pieces[at].text)));
        order
    };
    for at in longest(pieces) {
        let whole = units(&pieces[at].text);
        let room = whole.saturating_sub(total - limit);
        pieces[at].text = cut(&pieces[at].text, room.max(units(ELLIPSIS)));
        total -= whole - units(&pieces[at].text);
        if total <= limit {
            return true;
        }
    }
    while length(pieces) > limit {
        pieces.pop();
    }
    true
}

fn write(pieces: &[Piece], style: Style) -> String {
    let mut out = String::new();
    let mut above = None;
    for piece in pieces {
        if let Some(above) = above {
            out.push_str(gap(above, piece.frame));
        }
        above = Some(piece.frame);
        if style == Style::Plain {
            out.push_str(&piece.text);
            continue;
        }
        let (open, close) = match piece.frame {
            Frame::Title => ("<b>", "</b>"),
            Frame::Text | Frame::Facts => ("", ""),
            Frame::Quote => ("<blockquote>", "</blockquote>"),
            Frame::Verbatim => ("<pre>", "</pre>"),
        };
        out.push_str(open);
        escape(&piece.text, &mut out);
        out.push_str(close);
    }
    out
}

/// The three characters that mean something in Telegram's HTML.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests;
