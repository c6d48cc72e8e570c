//! Sign in and out.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use maud::html;

use super::form::Form;
use super::layout::{Field, Page, banner, form, submit};
use super::proof::{Refusal, prove};
use super::visit::{self, Visit};
use super::{Answer, Shared, Site, Stop};
use crate::service::passwords::Proved;
use crate::service::sessions;
use crate::service::tokens::Token;

pub(super) async fn show(
    State(site): State<Shared>,
    Extension(visit): Extension<Arc<Visit>>,
    request: Request,
) -> Answer {
    match visit.session(&site).await {
        Ok(_) => return Ok(site.go("/account")),
        Err(Stop::SignedOut) => {}
        Err(stop) => return Err(stop),
    }
    let done = match request.uri().query() {
        Some("done=password") => Some("web-done-password"),
        Some("done=out") => Some("web-done-out"),
        _ => None,
    };
    Ok(page(&site, &visit, done, "", None))
}

fn page(site: &Site, visit: &Visit, done: Option<&str>, email: &str, refusal: Option<&Refusal>) -> Response {
    let page = Page {
        site,
        visit,
        title: "web-sign-in",
        here: "/sign-in",
        again: None,
    };
    let address = Field {
        kind: "text",
        value: email,
        ..Field::password("email", page.say("web-email"), "username")
    };
    let password = Field {
        error: refusal.map(|refusal| refusal.error.clone()),
        ..Field::password("password", page.say("web-password"), "current-password")
    };
    let fields = html! {
        (address.show())
        (password.show())
        (submit(&page.say("web-sign-in")))
    };
    page.show(&html! {
        @if let Some(done) = done { (banner(&page.say(done))) }
        (form(site, "/sign-in", &visit.forms.for_forms(), &fields))
        p.after { a href=(site.path("/forgot")) { (page.say("web-forgot")) } }
    })
}

pub(super) async fn sign_in(
    State(site): State<Shared>,
    Extension(visit): Extension<Arc<Visit>>,
    request: Request,
) -> Answer {
    let form = Form::read(request, &visit, &visit.forms).await?;
    let email = form.field("email");
    let refusal = match prove(&site, &visit, (email, form.field("password")), "web-wrong").await? {
        Ok(proved) => match sessions::begin(&site.passwords.store, &proved).await? {
            Some(token) => return begun(&site, &visit, &token, &proved).await,
            // Its owner was disabled, or changed it, in this moment.
            None => Refusal::plain(visit.language.say("web-wrong", &[])),
        },
        Err(refusal) => refusal,
    };
    Ok(refusal.on(page(&site, &visit, None, email, Some(&refusal))))
}

/// Leads somebody who is signed in from now on to their account; what their browser was signed in to before ends.
async fn begun(site: &Site, visit: &Visit, token: &Token, proved: &Proved) -> Answer {
    if let Some(former) = visit.claimed_session() {
        sessions::end(&site.passwords.store, former).await?;
    }
    let response = with_session(site, site.go("/account"), token);
    Ok(known(site, response, proved))
}

/// An answer that gives the browser its session.
pub(super) fn with_session(site: &Site, mut response: Response, token: &Token) -> Response {
    if let Some(cookie) = visit::session_cookie(site, token) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// The same for an answer by which a browser is known as that of an account's owner.
pub(super) fn known(site: &Site, mut response: Response, proved: &Proved) -> Response {
    let device = site.passwords.device(proved);
    response
        .headers_mut()
        .extend(visit::device_cookie(site, &device).map(|cookie| (SET_COOKIE, cookie)));
    response
}

pub(super) async fn sign_out(
    State(site): State<Shared>,
    Extension(visit): Extension<Arc<Visit>>,
    request: Request,
) -> Answer {
    let (_, token) = visit.session(&site).await?;
    Form::read(request, &visit, token).await?;
    sessions::end(&site.passwords.store, token).await?;
    Ok(out(&site))
}

pub(super) async fn sign_out_everywhere(
    State(site): State<Shared>,
    Extension(visit): Extension<Arc<Visit>>,
    request: Request,
) -> Answer {
    let (session, token) = visit.session(&site).await?;
    Form::read(request, &visit, token).await?;
    sessions::end_all(&site.passwords.store, &session).await?;
    Ok(out(&site))
}

fn out(site: &Site) -> Response {
    let mut response = site.go("/sign-in?done=out");
    if let Some(none) = visit::no_session(site) {
        response.headers_mut().append(SET_COOKIE, none);
    }
    response
}
