//! What holds for every page: its headers, its language, and an end that is a page too, even where we fail.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, SET_COOKIE, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;

use super::visit::{self, Visit};
use super::{Instead, Shared, Stop, layout};

/// Nothing is loaded but our style, nothing is sent but to us, and nobody shows us in a frame of theirs.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/// What every answer has.
const HEADERS: [(HeaderName, &str); 3] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    // A link that sets a password stands in an address.
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
];
/// For a year, browsers come by https only.
const HTTPS_ONLY: &str = "max-age=31536000";

pub(super) async fn guard(State(site): State<Shared>, mut request: Request, next: Next) -> Response {
    let visit = Arc::new(Visit::of(&site, &request));
    request.extensions_mut().insert(Arc::clone(&visit));
    let mut response = caught(next.run(request)).await;
    match response.extensions().get().copied() {
        Some(Instead::Problem(sentence)) => response = with_page(response, layout::problem(&site, &visit, sentence)),
        Some(Instead::SignIn) => {
            response = site.go("/sign-in");
            // What it held is good for nothing.
            response
                .headers_mut()
                .extend(visit::no_session(&site).map(|none| (SET_COOKIE, none)));
        }
        None => {}
    }
    let is_page = !response.headers().contains_key(CACHE_CONTROL);
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if is_page {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for cookie in visit.new_cookies(&site) {
            headers.append(SET_COOKIE, cookie);
        }
    }
    if site.is_https() {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HTTPS_ONLY));
    }
    response
}

/// An answer, whatever happens.
async fn caught(answer: impl Future<Output = Response>) -> Response {
    let answered = AssertUnwindSafe(answer).catch_unwind().await;
    answered.unwrap_or_else(|_| {
        tracing::error!("a page panicked");
        Stop::Panicked.into_response()
    })
}

/// The same answer, with a page for people to read.
fn with_page(bare: Response, page: Response) -> Response {
    let (bare, _) = bare.into_parts();
    let (mut parts, body) = page.into_parts();
    parts.status = bare.status;
    for (name, value) in bare.headers {
        if let Some(name) = name {
            parts.headers.entry(name).or_insert(value);
        }
    }
    Response::from_parts(parts, body)
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    #[tokio::test]
    async fn a_page_that_panics_is_answered() {
        let answered = caught(async { panic!("as the test wants") }).await;
        assert_eq!(answered.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(answered.extensions().get::<Instead>().is_some());
    }
}
