//! A code that links a chat, for somebody who gave their password just now; and once a chat has it, the question whether
//! it is theirs, in the same session alone.

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use maud::html;

use super::form::Form;
use super::layout::{Field, Page, form, submit};
use super::proof::{Refusal, prove};
use super::visit::Visit;
use super::{Answer, Shared, Site, Stop};
use crate::domain::code::Code;
use crate::domain::ids::IdentityId;
use crate::service::linking::{Answered, Shown, answer, look};
use crate::service::{codes, sessions};
use crate::store::people::Identity;

/// After how many seconds the page looks again whether a chat asks.
const AGAIN: u32 = 5;

/// Shows a code that links a chat, to somebody who gave their password a moment ago; others are asked for it.
pub(super) async fn code(
    State(site): State<Shared>,
    Extension(visit): Extension<Arc<Visit>>,
    request: Request,
) -> Answer {
    let (session, token) = visit.session(&site).await?;
    let form = Form::read(request, &visit, token).await?;
    if let Some(typed) = form.find("password") {
        let proved = prove(&site, &visit, (&session.email, typed), "web-password-wrong").await?;
        match proved {
            Ok(proved) if proved.account() == session.account => {
                sessions::confirm(&site.passwords.store, token).await?;
            }
            Ok(_) => return Err(Stop::SignedOut),
            Err(refusal) => return Ok(refusal.on(ask_password(&site, &visit, &token.for_forms(), Some(&refusal)))),
        }
    } else if !sessions::is_fresh(&session, site.clock.now()) {
        return Ok(ask_password(&site, &visit, &token.for_forms(), None));
    }
    let issued = sessions::issue_code(&site.passwords.store, &site.passwords.key, token).await?;
    let code = issued.ok_or(Stop::SignedOut)?;
    Ok(show_code(&site, &visit, &code))
}

fn ask_password(site: &Site, visit: &Visit, forms: &str, refusal: Option<&Refusal>) -> Response {
    let page = Page {
        site,
        visit,
        title: "web-link",
        here: "/account/code",
        again: None,
    };
    let password = Field {
        hint: Some(page.say("web-password-again")),
        error: refusal.map(|refusal| refusal.error.clone()),
        ..Field::password("password", page.say("web-password"), "current-password")
    };
    let fields = html! {
        (password.show())
        div.row {
            (submit(&page.say("web-show-code")))
            a.button.plain href=(site.path("/account")) { (page.say("web-back")) }
        }
    };
    page.show(&form(site, "/account/code", forms, &fields))
}

fn show_code(site: &Site, visit: &Visit, code: &Code) -> Response {
    let page = Page {
        site,
        visit,
        title: "web-link",
        here: "/account/code",
        again: None,
    };
    let minutes = [("minutes", codes::VALID_FOR.num_minutes().into())];
    page.show(&html! {
        p { (page.say("web-code-where")) }
        p.code { "/link " (code) }
        @if let Some(link) = site.bot.start_link(code) {
            p { a.button.plain href=(link) target="_blank" rel="noopener noreferrer" { (page.say("web-code-telegram")) } }
        }
        p { (visit.language.say("web-code-once", &minutes)) }
        p { (page.say("web-code-then")) }
        p { a.button href=(site.path("/account/link")) { (page.say("web-code-done")) } }
    })
}

/// The chat that asks to be linked, as this session's page sees it.
pub(super) async fn show(State(site): State<Shared>, Extension(visit): Extension<Arc<Visit>>) -> Answer {
    let (_, token) = visit.session(&site).await?;
    match look(&site.passwords.store, token).await? {
        Shown::Asks(chat) => Ok(ask(&site, &visit, &token.for_forms(), &chat)),
        Shown::Unused => Ok(wait(&site, &visit)),
        Shown::Gone => Err(Stop::NothingToConfirm),
    }
}

fn ask(site: &Site, visit: &Visit, forms: &str, chat: &Identity) -> Response {
    let page = Page {
        title: "web-link-title",
        ..waiting(site, visit)
    };
    let buttons = html! {
        div.row {
            button type="submit" name="answer" value="yes" { (page.say("web-link-yes")) }
            button.danger type="submit" name="answer" value="no" { (page.say("web-link-no")) }
        }
    };
    page.show(&html! {
        dl {
            dt { (page.say("web-link-platform")) }
            dd { (chat.platform.name()) }
            dt { (page.say("web-link-chat")) }
            dd { bdi { (chat.display_name) } }
            dt { (page.say("web-link-id")) }
            dd { (chat.user_id) }
        }
        p { (page.say("web-link-surely")) }
        (form(site, &format!("/account/link/{}", chat.id), forms, &buttons))
    })
}

fn wait(site: &Site, visit: &Visit) -> Response {
    let page = Page {
        again: Some(AGAIN),
        ..waiting(site, visit)
    };
    page.show(&html! {
        p { (page.say("web-link-not-yet")) }
        div.row {
            a.button href=(site.path("/account/link")) { (page.say("web-link-reload")) }
            a.button.plain href=(site.path("/account")) { (page.say("web-back")) }
        }
    })
}

fn waiting<'a>(site: &'a Site, visit: &'a Visit) -> Page<'a> {
    Page {
        site,
        visit,
        title: "web-link-waiting",
        here: "/account/link",
        again: None,
    }
}

/// Yes or no, to the chat that the page named.
pub(super) async fn confirm(
    State(site): State<Shared>,
    Extension(visit): Extension<Arc<Visit>>,
    chat: Result<Path<u64>, PathRejection>,
    request: Request,
) -> Answer {
    let (_, token) = visit.session(&site).await?;
    let form = Form::read(request, &visit, token).await?;
    let Ok(Path(chat)) = chat else {
        return Err(Stop::NotFound);
    };
    let yes = match form.field("answer") {
        "yes" => true,
        "no" => false,
        _ => return Err(Stop::Unreadable),
    };
    let answered = answer(&site.passwords.store, token, IdentityId(chat), yes).await?;
    site.outbox.notify_one();
    match answered {
        Answered::Linked => Ok(site.go("/account?done=linked")),
        Answered::Refused => Ok(site.go("/account?done=refused")),
        Answered::Gone => Err(Stop::NothingToConfirm),
    }
}
