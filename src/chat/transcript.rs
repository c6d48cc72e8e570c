//! A ticket as a page that needs nothing but itself: no script, no address to load anything from, the files within.
//!
//! Every word is escaped by `maud`; what was written by people stands in elements of its own, with its own direction.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::build::{ticket_args, who};
use super::cards;
use super::past::in_facts;
use super::reply::Fact;
use crate::domain::file::StoredFile;
use crate::domain::ids::CommentId;
use crate::domain::language::Language;
use crate::domain::rating::Rating;
use crate::domain::ticket::Ticket;
use crate::service::transcript::Record;
use crate::store::comments::{CommentKind, Words};
use crate::store::ticket_links::Page;
use crate::store::{Fault, View};

/// How many bytes the comments take at most, as they are written in the page.
pub const MOST_WORDS: usize = 1_000_000;
/// What stands around a comment or a file, at most.
const AROUND: usize = 500;
/// How much of what was changed a line of history shows.
const LINE: usize = 200;
const STYLE: &str = include_str!("transcript.css");
/// Nothing is loaded and nothing is run, whatever somebody may have smuggled in.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/// The content of a file, as the page has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// It is within the page, in base64.
    Here(String),
    /// There is no room for it.
    TooLarge,
    /// We don't have it any more.
    Lost,
}

/// A ticket in words, which lacks only the content of its files.
#[derive(Debug)]
pub struct Transcript {
    language: Language,
    timezone: Tz,
    made_at: DateTime<Utc>,
    ticket: Ticket,
    is_for_staff: bool,
    facts: Vec<(&'static str, String)>,
    moments: Vec<(&'static str, DateTime<Utc>)>,
    rating: Option<Rating>,
    files: Vec<StoredFile>,
    /// Comments too old for the page are left out.
    is_cut: bool,
    entries: Vec<Entry>,
    links: Vec<String>,
    pages: Vec<Page>,
    answers: Vec<(String, String)>,
    /// The number of the first line of history that is shown.
    from_line: u32,
    lines: Vec<Vec<Fact>>,
}

#[derive(Debug)]
struct Entry {
    words: Words,
    files: Vec<StoredFile>,
}

impl Transcript {
    /// Puts what somebody may read of a ticket into words of their language.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn read(view: &mut View, language: Language, timezone: Tz, record: Record) -> Result<Self, Fault> {
        let ticket = record.ticket;
        let nobody = || language.say("event-nobody", &[]);
        let technician = record.technician.as_ref();
        let technician = technician.map_or_else(nobody, |named| who(language, named));
        let facts = vec![
            ("transcript-status", cards::status(language, ticket.state.status())),
            ("transcript-requester", who(language, &record.requester)),
            ("transcript-technician", technician),
            (
                "transcript-category",
                cards::category_of(view, language, &ticket).await?,
            ),
            ("transcript-urgency", cards::urgency(language, ticket.urgency)),
        ];
        let opened = ("transcript-opened", ticket.opened_at);
        let closed = record.closed_at.map(|at| ("transcript-closed", at));
        let mut lines = Vec::new();
        for line in &record.lines {
            lines.push(in_facts(view, language, line, LINE).await?);
        }
        let number = |id: u64| [("number", id.to_string().into())];
        let before = record
            .around
            .follows
            .map(|older| language.say("follows", &number(older.0)));
        let after = record.around.followed_by;
        let after = after.map(|newer| language.say("followed-by", &number(newer.0)));
        let related = record.around.links.iter();
        let related = related.map(|link| cards::linked_to(language, link.relation, link.ticket));
        let files_of = |of: Option<CommentId>| {
            let files = record.files.iter().filter(|(comment, _)| *comment == of);
            files.map(|(_, file)| file.clone()).collect::<Vec<_>>()
        };
        let (comments, is_cut) = newest(record.comments, record.is_cut);
        let entries = comments.into_iter().map(|(id, words)| Entry {
            files: files_of(Some(id)),
            words,
        });
        Ok(Self {
            language,
            timezone,
            made_at: view.now(),
            is_for_staff: record.is_for_staff,
            facts,
            moments: std::iter::once(opened).chain(closed).collect(),
            answers: record.answers,
            rating: record.rating,
            files: files_of(None),
            is_cut,
            entries: entries.collect(),
            links: before.into_iter().chain(after).chain(related).collect(),
            pages: record.pages,
            from_line: record.lines.first().map_or(1, |line| line.seq),
            lines,
            ticket,
        })
    }

    /// The files, in the order in which [`page`](Self::page) needs their content.
    pub fn files(&self) -> impl Iterator<Item = &StoredFile> {
        let of_comments = self.entries.iter().flat_map(|entry| &entry.files);
        self.files.iter().chain(of_comments)
    }

    /// What is said where the page is sent.
    #[must_use]
    pub fn caption(&self) -> String {
        self.language.say("transcript-here", &ticket_args(&self.ticket))
    }

    /// The page, with the content of its files.
    #[must_use]
    pub fn page(&self, contents: &[Content]) -> String {
        let (own, others) = contents.split_at(self.files.len().min(contents.len()));
        let mut others = others.iter();
        let mut entries = Vec::new();
        for entry in &self.entries {
            let contents: Vec<&Content> = others.by_ref().take(entry.files.len()).collect();
            entries.push(self.entry(entry, &contents));
        }
        let own: Vec<&Content> = own.iter().collect();
        let number = [("number", self.ticket.id.to_string().into())];
        let number = self.language.say("number", &number);
        let page = html! {
            (DOCTYPE)
            html lang=(self.language.code()) {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="referrer" content="no-referrer";
                    title { (number) " · " (self.ticket.title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    main {
                        p.number { (number) }
                        h1 { bdi { (self.ticket.title) } }
                        @if self.is_for_staff { p.warning { (self.say("transcript-for-staff")) } }
                        (self.head())
                        h2 { (self.say("transcript-description")) }
                        p.words dir="auto" { (self.ticket.description) }
                        @for (asked, text) in &self.answers {
                            p.soft dir="auto" { (asked) }
                            p.words dir="auto" { (text) }
                        }
                        (self.attached(&self.files, &own))
                        h2 { (self.say("transcript-exchange")) }
                        @if self.is_cut { p.soft { (self.say("transcript-cut")) } }
                        @if entries.is_empty() { p.soft { (self.say("transcript-no-words")) } }
                        @for entry in &entries { (entry) }
                        h2 { (self.say("transcript-history")) }
                        @if self.from_line > 1 { p.soft { (self.say("transcript-cut-lines")) } }
                        ul.lines { @for line in &self.lines { li { (self.line(line)) } } }
                    }
                    footer { (self.footer()) }
                }
            }
        };
        page.into_string()
    }

    fn say(&self, id: &str) -> String {
        self.language.say(id, &[])
    }

    fn head(&self) -> Markup {
        html! {
            dl {
                @for (label, value) in &self.facts {
                    div { dt { (self.say(label)) } dd { bdi { (value) } } }
                }
                @for (label, at) in &self.moments {
                    div { dt { (self.say(label)) } dd { (self.moment(*at)) } }
                }
                @if !self.links.is_empty() {
                    div { dt { (self.say("transcript-links")) } dd { (self.links.join(" · ")) } }
                }
                @if !self.pages.is_empty() {
                    div {
                        dt { (self.say("transcript-pages")) }
                        @for page in &self.pages { dd { a href=(page.url) rel="noreferrer noopener" { (page.url) } } }
                    }
                }
                @if let Some(rating) = &self.rating {
                    div {
                        dt { (self.say("transcript-rating")) }
                        dd {
                            (rating.stars.drawn()) " " (rating.stars) "/5"
                            @if let Some(words) = &rating.words { span.words dir="auto" { (words) } }
                        }
                    }
                }
            }
        }
    }

    fn entry(&self, entry: &Entry, contents: &[&Content]) -> Markup {
        let words = &entry.words;
        let author = who(self.language, &words.author);
        let heading = format!("words-{}", words.kind.code());
        let heading = self.language.say(&heading, &[("name", author.into())]);
        html! {
            article.note[words.kind == CommentKind::Note] {
                header { strong { bdi { (heading) } } " " (self.moment(words.at)) }
                @if !words.body.is_empty() { p.words dir="auto" { (words.body) } }
                (self.attached(&entry.files, contents))
            }
        }
    }

    fn attached(&self, files: &[StoredFile], contents: &[&Content]) -> Markup {
        html! {
            @for (file, content) in files.iter().zip(contents) {
                @match content {
                    Content::Here(base64) if file.is_picture() => figure {
                        img alt=(file.name) src={ "data:" (file.media_type) ";base64," (base64) };
                        figcaption { bdi { (file.name) } }
                    },
                    // What it is called tells what opens it: by itself, the browser shall not.
                    Content::Here(base64) => p {
                        a download=(file.name) href={ "data:application/octet-stream;base64," (base64) } {
                            (self.named("transcript-file", file))
                        }
                    },
                    Content::TooLarge => p.soft { (self.named("transcript-file-too-large", file)) },
                    Content::Lost => p.soft { (self.named("transcript-file-lost", file)) },
                }
            }
        }
    }

    fn named(&self, sentence: &str, file: &StoredFile) -> String {
        let size = file.size.div_ceil(1024).to_string();
        let args = [("name", file.name.clone().into()), ("size", size.into())];
        self.language.say(sentence, &args)
    }

    fn line(&self, facts: &[Fact]) -> Markup {
        html! {
            @for (at, fact) in facts.iter().enumerate() {
                @if at > 0 { " · " }
                @match fact {
                    Fact::Text(text) => bdi { (text) },
                    Fact::Moment(at) => (self.moment(*at)),
                }
            }
        }
    }

    fn footer(&self) -> Markup {
        let args = [("zone", self.timezone.name().into())];
        html! {
            (self.say("transcript-made")) " " (self.moment(self.made_at)) " · " (self.language.say("transcript-zone", &args))
        }
    }

    fn moment(&self, at: DateTime<Utc>) -> Markup {
        let local = at.with_timezone(&self.timezone);
        let shown = match self.language {
            Language::Fr => local.format("%d/%m/%Y %H:%M"),
            Language::En => local.format("%Y-%m-%d %H:%M"),
        };
        html! { time datetime=(at.format("%Y-%m-%dT%H:%MZ")) { (shown) } }
    }
}

/// The newest of the comments, as many as there is room for, and whether others are left out.
fn newest(mut comments: Vec<(CommentId, Words)>, is_cut: bool) -> (Vec<(CommentId, Words)>, bool) {
    let mut used = 0;
    let fit = comments.iter().rev().take_while(|(_, words)| {
        used += AROUND + written(&words.body);
        used <= MOST_WORDS
    });
    let left_out = comments.len() - fit.count();
    comments.drain(..left_out);
    (comments, is_cut || left_out > 0)
}

/// How many bytes a text takes once it is escaped.
fn written(text: &str) -> usize {
    let byte = |byte| match byte {
        b'"' => 6,
        b'&' => 5,
        b'<' | b'>' => 4,
        _ => 1,
    };
    text.bytes().map(byte).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::Named;

    #[test]
    fn of_very_many_words_the_newest_fit() {
        let at = DateTime::UNIX_EPOCH;
        let long = |id| {
            let words = Words {
                kind: CommentKind::Comment,
                author: Named::read(None),
                at,
                body: "\"".repeat(4_000),
            };
            (CommentId(id), words)
        };
        let (kept, is_cut) = newest((1..=100).map(long).collect(), false);
        let room = kept
            .iter()
            .map(|(_, words)| html! { (words.body) }.into_string().len() + AROUND);
        assert!(room.sum::<usize>() <= MOST_WORDS && is_cut);
        assert_eq!((kept.len(), kept.last().map(|(id, _)| *id)), (40, Some(CommentId(100))));
        assert!(!newest((1..=40).map(long).collect(), false).1);
    }
}
