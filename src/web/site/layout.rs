//! What all pages look like. Every word from outside is escaped by `maud`; a person's own stands in `bdi`, so that its
//! direction stays its own.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use super::Site;
use super::visit::Visit;
use crate::domain::language::Language;

const STYLE: &str = include_str!("style.css");
/// Another version may look different.
const STYLE_PATH: &str = concat!("/style.css?", env!("CARGO_PKG_VERSION"));

pub(super) async fn style() -> ([(HeaderName, &'static str); 2], &'static str) {
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, STYLE)
}

/// A page: `title` above, and where a link to switch languages leads.
pub(super) struct Page<'a> {
    pub site: &'a Site,
    pub visit: &'a Visit,
    /// The sentence over it.
    pub title: &'static str,
    /// What is shown, by GET, when the language is switched.
    pub here: &'a str,
    /// After how many seconds it is loaded again.
    pub again: Option<u32>,
}

impl Page<'_> {
    /// A sentence without variables, in the language of whoever reads the page.
    pub(super) fn say(&self, id: &str) -> String {
        self.visit.language.say(id, &[])
    }

    pub(super) fn show(&self, body: &Markup) -> Response {
        let language = self.visit.language;
        let title = self.visit.language.say(self.title, &[]);
        let page = html! {
            (DOCTYPE)
            html lang=(language.code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex";
                    @if let Some(seconds) = self.again { meta http-equiv="refresh" content=(seconds); }
                    title { (title) " · Guichet" }
                    link rel="stylesheet" href=(self.site.path(STYLE_PATH));
                }
                body {
                    header {
                        a.brand href=(self.site.path("/")) { "Guichet" }
                        nav aria-label=(self.say("web-languages")) {
                            @for other in Language::ALL.into_iter().filter(|other| *other != language) {
                                @let name = other.say(language_name(other), &[]);
                                a lang=(other.code()) hreflang=(other.code())
                                    href={ (self.site.path(self.here)) "?lang=" (other.code()) } { (name) }
                            }
                        }
                    }
                    main {
                        h1 { (title) }
                        (body)
                    }
                }
            }
        };
        Html(page.into_string()).into_response()
    }
}

fn language_name(language: Language) -> &'static str {
    match language {
        Language::Fr => "language-fr",
        Language::En => "language-en",
    }
}

/// A page with one sentence, and the way back.
pub(super) fn problem(site: &Site, visit: &Visit, sentence: &'static str) -> Response {
    let page = Page {
        site,
        visit,
        title: "web-problem",
        here: "/account",
        again: None,
    };
    page.show(&html! {
        p { (page.say(sentence)) }
        p { a.button href=(site.path("/account")) { (page.say("web-back")) } }
    })
}

/// A form that posts to a page; `token` is what its holder's forms carry.
pub(super) fn form(site: &Site, to: &str, token: &str, inner: &Markup) -> Markup {
    html! {
        form method="post" action=(site.path(to)) {
            input type="hidden" name="token" value=(token);
            (inner)
        }
    }
}

/// One field of a form.
pub(super) struct Field<'a> {
    pub name: &'static str,
    pub label: String,
    pub kind: &'static str,
    /// How the browser knows what to fill in.
    pub autocomplete: &'static str,
    /// What was typed before; never a password.
    pub value: &'a str,
    pub hint: Option<String>,
    pub error: Option<String>,
}

impl Field<'_> {
    /// A password: of those at hand, or a new one.
    pub(super) fn password(name: &'static str, label: String, autocomplete: &'static str) -> Self {
        Self {
            name,
            label,
            kind: "password",
            autocomplete,
            value: "",
            hint: None,
            error: None,
        }
    }

    pub(super) fn show(&self) -> Markup {
        let hint = self.hint.as_ref().map(|_| format!("{}_hint", self.name));
        let error = self.error.as_ref().map(|_| format!("{}_error", self.name));
        let described: Vec<_> = [&error, &hint].into_iter().flatten().map(String::as_str).collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        html! {
            div.field {
                label for=(self.name) { (self.label) }
                @if let (Some(id), Some(text)) = (&hint, &self.hint) {
                    p.hint id=(id) { (text) }
                }
                @if let (Some(id), Some(text)) = (&error, &self.error) {
                    p.error id=(id) { (text) }
                }
                input id=(self.name) name=(self.name) type=(self.kind) autocomplete=(self.autocomplete)
                    value=(self.value) required autocapitalize="none" spellcheck="false"
                    inputmode=[(self.autocomplete == "username").then_some("email")]
                    aria-describedby=[described] aria-invalid=[error.as_ref().map(|_| "true")]
                    autofocus[self.error.is_some()];
            }
        }
    }
}

/// A button that sends its form.
pub(super) fn submit(label: &str) -> Markup {
    html! { button type="submit" { (label) } }
}

/// What was just done.
pub(super) fn banner(text: &str) -> Markup {
    html! { p.banner role="status" { (text) } }
}
