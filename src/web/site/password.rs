//! The password: changed by somebody who is signed in, or set by a link that was handed to them.

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use secrecy::ExposeSecret;

use super::form::Form;
use super::layout::{Field, Page, form, submit};
use super::proof::{Refusal, prove};
use super::sign_in::{known, with_session};
use super::visit::Visit;
use super::{Answer, Shared, Site, Stop};
use crate::domain::password::Password;
use crate::service::passwords::{Chosen, choose};
use crate::service::sessions;
use crate::service::tokens::Token;
use crate::store::sessions::Session;
use crate::store::{accounts, passwords};

/// What was wrong, and at which field.
type Wrong<'a> = Option<(&'static str, &'a Refusal)>;

pub(super) async fn show(State(site): State<Shared>, Extension(visit): Extension<Arc<Visit>>) -> Answer {
    let (session, token) = visit.session(&site).await?;
    Ok(page(&site, &visit, &session, token, None))
}

fn page(site: &Site, visit: &Visit, session: &Session, token: &Token, wrong: Wrong<'_>) -> Response {
    let page = Page {
        site,
        visit,
        title: "web-change-password",
        here: "/password",
        again: None,
    };
    let current = Field {
        error: error_at("current", wrong),
        ..Field::password("current", page.say("web-password-current"), "current-password")
    };
    let fields = html! {
        // For the browser's own list of passwords.
        input type="hidden" name="email" autocomplete="username" value=(session.email);
        (current.show())
        (new_fields(&page, wrong))
        div.row {
            (submit(&page.say("web-change-password")))
            a.button.plain href=(site.path("/account")) { (page.say("web-back")) }
        }
    };
    page.show(&html! {
        p { (page.say("web-password-what")) }
        (form(site, "/password", &token.for_forms(), &fields))
    })
}

fn new_fields(page: &Page<'_>, wrong: Wrong<'_>) -> Markup {
    let min = [("min", Password::MIN.into())];
    let new = Field {
        hint: Some(page.visit.language.say("web-password-hint", &min)),
        error: error_at("new", wrong),
        ..Field::password("new", page.say("web-password-new"), "new-password")
    };
    let again = Field {
        error: error_at("again", wrong),
        ..Field::password("again", page.say("web-password-repeat"), "new-password")
    };
    html! { (new.show()) (again.show()) }
}

fn error_at(field: &str, wrong: Wrong<'_>) -> Option<String> {
    let (at, refusal) = wrong?;
    (at == field).then(|| refusal.error.clone())
}

/// What was typed twice, unless it is not the same.
fn typed_twice(visit: &Visit, form: &Form) -> Result<String, Refusal> {
    if form.field("new") == form.field("again") {
        Ok(form.field("new").to_owned())
    } else {
        Err(Refusal::plain(visit.language.say("web-password-differs", &[])))
    }
}

pub(super) async fn change(
    State(site): State<Shared>,
    Extension(visit): Extension<Arc<Visit>>,
    request: Request,
) -> Answer {
    let (session, token) = visit.session(&site).await?;
    let form = Form::read(request, &visit, token).await?;
    let again = |field, refusal: &Refusal| refusal.on(page(&site, &visit, &session, token, Some((field, refusal))));
    let new = match typed_twice(&visit, &form) {
        Ok(new) => new,
        Err(refusal) => return Ok(again("again", &refusal)),
    };
    let new = match choose(new, &session.name, &session.email) {
        Ok(new) => new,
        Err(error) => return Ok(again("new", &Refusal::of_choice(&visit, error))),
    };
    let current = (session.email.as_str(), form.field("current"));
    let proved = match prove(&site, &visit, current, "web-password-wrong").await? {
        Ok(proved) if proved.account() == session.account => proved,
        Ok(_) => return Err(Stop::SignedOut),
        Err(refusal) => return Ok(again("current", &refusal)),
    };
    match site.passwords.change(&proved, &new).await? {
        Chosen::Set(proved) => {
            site.outbox.notify_one();
            let begun = sessions::begin(&site.passwords.store, &proved).await?;
            let token = begun.ok_or(Stop::SignedOut)?;
            let response = with_session(&site, site.go("/account?done=password"), &token);
            Ok(known(&site, response, &proved))
        }
        Chosen::Refused(error) => Ok(again("new", &Refusal::of_choice(&visit, error))),
        Chosen::Gone => Err(Stop::SignedOut),
        Chosen::Crowded => Err(Stop::Crowded),
    }
}

/// What is in the address, if it can be a link's.
fn read(link: Result<Path<String>, PathRejection>) -> Option<Token> {
    Token::parse(&link.ok()?.0)
}

pub(super) async fn show_link(
    State(site): State<Shared>,
    Extension(visit): Extension<Arc<Visit>>,
    link: Result<Path<String>, PathRejection>,
) -> Answer {
    match read(link) {
        Some(link) => link_page(&site, &visit, &link, None).await,
        None => Ok(gone(&site, &visit)),
    }
}

async fn link_page(site: &Site, visit: &Visit, link: &Token, wrong: Wrong<'_>) -> Answer {
    let mut view = site.passwords.store.look().await?;
    let Some(account) = passwords::find_link(&mut view, &link.hash()).await? else {
        return Ok(gone(site, visit));
    };
    let address = accounts::find_address(&mut view, account.id).await?;
    drop(view);
    let to = format!("/password/link/{}", link.to_hex().expose_secret());
    let page = Page {
        site,
        visit,
        title: "web-set-password",
        here: &to,
        again: None,
    };
    let fields = html! {
        input type="hidden" name="email" autocomplete="username" value=[address.map(|address| address.email)];
        (new_fields(&page, wrong))
        (submit(&page.say("web-set-password")))
    };
    Ok(page.show(&html! {
        p { (page.say("web-password-for")) " " strong { bdi { (account.name) } } }
        p { (page.say("web-password-what")) }
        (form(site, &to, &visit.forms.for_forms(), &fields))
    }))
}

pub(super) async fn use_link(
    State(site): State<Shared>,
    Extension(visit): Extension<Arc<Visit>>,
    link: Result<Path<String>, PathRejection>,
    request: Request,
) -> Answer {
    let form = Form::read(request, &visit, &visit.forms).await?;
    let Some(link) = read(link) else {
        return Ok(gone(&site, &visit));
    };
    let new = match typed_twice(&visit, &form) {
        Ok(new) => new,
        Err(refusal) => {
            let page = link_page(&site, &visit, &link, Some(("again", &refusal))).await?;
            return Ok(refusal.on(page));
        }
    };
    match site.passwords.set_by_link(&link, new).await? {
        Chosen::Set(proved) => {
            site.outbox.notify_one();
            Ok(known(&site, site.go("/sign-in?done=password"), &proved))
        }
        Chosen::Refused(error) => {
            let refusal = Refusal::of_choice(&visit, error);
            let page = link_page(&site, &visit, &link, Some(("new", &refusal))).await?;
            Ok(refusal.on(page))
        }
        Chosen::Gone => Ok(gone(&site, &visit)),
        Chosen::Crowded => Err(Stop::Crowded),
    }
}

/// The link is good for nothing: unknown, used, too old, or of an account that is disabled.
fn gone(site: &Site, visit: &Visit) -> Response {
    let page = Page {
        site,
        visit,
        title: "web-set-password",
        here: "/forgot",
        again: None,
    };
    let mut response = page.show(&html! {
        p { (page.say("web-link-gone")) }
        p { a.button href=(site.path("/forgot")) { (page.say("web-link-other")) } }
    });
    *response.status_mut() = StatusCode::GONE;
    response
}
