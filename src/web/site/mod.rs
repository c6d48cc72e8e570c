//! The pages for people: sign in, the password, one's chats and codes that link another. Plain HTML: no script is
//! needed, and none would run.
//!
//! Reading order: `guard` (what holds for every page), `visit` (who asks, and in which language), `form` (what they
//! send), `layout` (what all pages look like), then a file for each group of pages. What is decided here is only what
//! to show: rights, passwords and sessions are `service`'s. GET changes nothing; a POST carries a word that only our own
//! form in the same browser has. To add a page, give it a route in [`routes`].

mod account;
mod forgot;
mod form;
mod guard;
mod layout;
mod linking;
mod password;
mod proof;
mod sign_in;
mod visit;

use std::sync::Arc;

use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tokio::sync::Notify;
use url::Url;

use crate::clock::Clock;
use crate::domain::language::Language;
use crate::domain::platform::BotName;
use crate::service::codes::CodeKey;
use crate::service::hasher::{HashError, Hasher};
use crate::service::passwords::{Passwords, Trouble};
use crate::store::{Fault, Store};

/// What the pages are made of.
pub struct Setup {
    /// The database.
    pub store: Store,
    /// The key of one-time codes.
    pub key: CodeKey,
    /// The time.
    pub clock: Clock,
    /// The language of people whose browser asks for none.
    pub language: Language,
    /// The address under which people reach the pages; without one, that at which they are served.
    pub public_url: Option<Url>,
    /// The bot on Telegram, to which links with codes lead.
    pub bot: BotName,
    /// The zone of the dates shown.
    pub timezone: Tz,
    /// Whether a link by which a password is set can be mailed.
    pub mails_links: bool,
    /// Wakes what sends notices.
    pub outbox: Arc<Notify>,
}

struct Site {
    passwords: Passwords,
    clock: Clock,
    language: Language,
    public_url: Option<Url>,
    bot: BotName,
    timezone: Tz,
    mails_links: bool,
    outbox: Arc<Notify>,
}

type Shared = Arc<Site>;

/// A page, or why there is none.
type Answer = Result<Response, Stop>;

/// Why a page is not shown.
#[derive(Debug)]
enum Stop {
    /// There is none.
    NotFound,
    /// It does not take what was done to it.
    NotAllowed,
    /// Whoever asks is not signed in.
    SignedOut,
    /// The form is not one that we showed to this browser.
    Forged,
    /// What was sent is too large.
    TooLarge,
    /// What was sent is no text.
    Unreadable,
    /// No chat waits for an answer in this session, or not any more.
    NothingToConfirm,
    /// Too many people are at it.
    Crowded,
    /// Our fault.
    Trouble(Trouble),
    /// Our fault, and a worse one.
    Panicked,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Trouble(fault.into())
    }
}

impl From<HashError> for Stop {
    fn from(error: HashError) -> Self {
        Self::Trouble(error.into())
    }
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// What is shown where a page stops; [`guard`] makes it.
#[derive(Clone, Copy, Debug)]
enum Instead {
    /// A page with this sentence.
    Problem(&'static str),
    /// The page to sign in on.
    SignIn,
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        use Instead::{Problem, SignIn};
        let (status, instead) = match self {
            Self::NotFound => (StatusCode::NOT_FOUND, Problem("web-not-found")),
            Self::NotAllowed => (StatusCode::METHOD_NOT_ALLOWED, Problem("web-not-found")),
            Self::SignedOut => (StatusCode::SEE_OTHER, SignIn),
            Self::Forged => (StatusCode::FORBIDDEN, Problem("web-forged")),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, Problem("web-too-large")),
            Self::Unreadable => (StatusCode::BAD_REQUEST, Problem("web-unreadable")),
            Self::NothingToConfirm => (StatusCode::CONFLICT, Problem("web-link-over")),
            Self::Crowded => (StatusCode::SERVICE_UNAVAILABLE, Problem("web-crowded")),
            Self::Trouble(trouble) => {
                tracing::error!(cause = %trouble, "a page can't be shown");
                (StatusCode::SERVICE_UNAVAILABLE, Problem("web-our-fault"))
            }
            Self::Panicked => (StatusCode::INTERNAL_SERVER_ERROR, Problem("web-our-fault")),
        };
        let mut response = status.into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response.extensions_mut().insert(instead);
        response
    }
}

impl Site {
    /// Where a page is for the browser: behind the path of the public address, if it has one.
    fn path(&self, page: &str) -> String {
        let before = self
            .public_url
            .as_ref()
            .map_or("", |url| url.path().trim_end_matches('/'));
        format!("{before}{page}")
    }

    /// Sends the browser to another page.
    fn go(&self, page: &str) -> Response {
        let mut response = StatusCode::SEE_OTHER.into_response();
        if let Ok(path) = HeaderValue::from_str(&self.path(page)) {
            response.headers_mut().insert(LOCATION, path);
        }
        response
    }

    fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }

    /// The whole minutes until then, at least one.
    fn minutes_until(&self, then: DateTime<Utc>) -> i64 {
        let left = (then - self.clock.now()).num_milliseconds();
        ((left + 59_999) / 60_000).max(1)
    }
}

/// The pages for people; every path that nobody else has is theirs.
pub fn routes(setup: Setup) -> Router {
    let site = Arc::new(Site {
        passwords: Passwords {
            store: setup.store.with_part_of_the_connections(),
            hasher: Hasher::new(),
            key: setup.key,
        },
        clock: setup.clock,
        language: setup.language,
        public_url: setup.public_url,
        bot: setup.bot,
        timezone: setup.timezone,
        mails_links: setup.mails_links,
        outbox: setup.outbox,
    });
    let pages = Router::new()
        .route("/", get(account::lead))
        .route("/style.css", get(layout::style))
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/sign-out/everywhere", post(sign_in::sign_out_everywhere))
        .route("/account", get(account::show))
        .route("/account/code", get(account::lead).post(linking::code))
        .route("/account/link", get(linking::show))
        .route("/account/link/{chat}", get(account::lead).post(linking::confirm))
        .route("/account/unlink/{chat}", get(account::ask_unlink).post(account::unlink))
        .route("/password", get(password::show).post(password::change))
        .route(
            "/password/link/{link}",
            get(password::show_link).post(password::use_link),
        )
        .route("/forgot", get(forgot::show).post(forgot::ask));
    guarded(pages, &site)
}

fn guarded(pages: Router<Shared>, site: &Shared) -> Router {
    pages
        .fallback(async || Stop::NotFound)
        .method_not_allowed_fallback(async || Stop::NotAllowed)
        .layer(middleware::from_fn_with_state(Arc::clone(site), guard::guard))
        .with_state(Arc::clone(site))
}
