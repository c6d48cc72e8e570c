//! One's account: who one is here, one's chats, a code for another.

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use maud::{Markup, html};

use super::form::Form;
use super::layout::{Field, Page, banner, form, submit};
use super::proof::{Refusal, prove};
use super::visit::Visit;
use super::{Answer, Shared, Site, Stop};
use crate::domain::code::Code;
use crate::domain::ids::IdentityId;
use crate::service::people::unlink as unlink_chat;
use crate::service::{codes, sessions};
use crate::store::people::{self, Identity};
use crate::store::sessions::Session;

/// Leads to the account's page.
pub(super) async fn lead(State(site): State<Shared>) -> Response {
    site.go("/account")
}

pub(super) async fn show(
    State(site): State<Shared>,
    Extension(visit): Extension<Arc<Visit>>,
    request: Request,
) -> Answer {
    let (session, token) = visit.session(&site).await?;
    let chats = chats_of(&site, &session).await?;
    let done = match request.uri().query() {
        Some("done=password") => Some("web-done-password"),
        Some("done=unlinked") => Some("web-done-unlinked"),
        _ => None,
    };
    let page = Page {
        site: &site,
        visit: &visit,
        title: "web-account",
        here: "/account",
    };
    let forms = token.for_forms();
    Ok(page.show(&html! {
        @if let Some(done) = done { (banner(&page.say(done))) }
        (who(&page, &session))
        h2 { (page.say("web-chats")) }
        (list(&page, &chats))
        p { (page.say("web-link-what")) }
        (form(&site, "/account/code", &forms, &submit(&page.say("web-link"))))
        h2 { (page.say("web-security")) }
        div.row {
            a.button.plain href=(site.path("/password")) { (page.say("web-change-password")) }
            (form(&site, "/sign-out", &forms, &html! {
                button.plain type="submit" { (page.say("web-sign-out")) }
            }))
            (form(&site, "/sign-out/everywhere", &forms, &html! {
                button.plain type="submit" { (page.say("web-sign-out-everywhere")) }
            }))
        }
    }))
}

fn who(page: &Page<'_>, session: &Session) -> Markup {
    html! {
        dl {
            dt { (page.say("web-name")) }
            dd { bdi { (session.name) } }
            dt { (page.say("web-email")) }
            dd { bdi { (session.email) } }
            dt { (page.say("web-role")) }
            dd { (page.say(&format!("role-{}", session.role.code()))) }
        }
    }
}

fn list(page: &Page<'_>, chats: &[Identity]) -> Markup {
    html! {
        @if chats.is_empty() { p { (page.say("web-no-chats")) } }
        @else {
            ul {
                @for chat in chats {
                    li {
                        span { (chat.platform.name()) " · " bdi { (chat.display_name) } }
                        a.button.danger href={ (page.site.path("/account/unlink/")) (chat.id) }
                            aria-label={ (page.say("web-unlink")) " : " (chat.platform.name()) " · " (chat.display_name) } {
                            (page.say("web-unlink"))
                        }
                    }
                }
            }
        }
    }
}

async fn chats_of(site: &Site, session: &Session) -> Result<Vec<Identity>, Stop> {
    let mut view = site.passwords.store.look().await?;
    Ok(people::list_of(&mut view, session.account).await?)
}

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
    };
    let minutes = [("minutes", codes::VALID_FOR.num_minutes().into())];
    page.show(&html! {
        p { (page.say("web-code-where")) }
        p.code { "/link " (code) }
        p { (visit.language.say("web-code-once", &minutes)) }
        p { (page.say("web-code-then")) }
        p { a.button href=(site.path("/account")) { (page.say("web-code-done")) } }
    })
}

/// Asks before a chat is unlinked, and says so where it is the last.
pub(super) async fn ask_unlink(
    State(site): State<Shared>,
    Extension(visit): Extension<Arc<Visit>>,
    chat: Result<Path<u64>, PathRejection>,
) -> Answer {
    let (session, token) = visit.session(&site).await?;
    let chats = chats_of(&site, &session).await?;
    let found = chats
        .iter()
        .find(|one| chat.as_ref().is_ok_and(|chat| one.id.0 == chat.0));
    let Some(chat) = found else { return Err(Stop::NotFound) };
    let to = format!("/account/unlink/{}", chat.id);
    let page = Page {
        site: &site,
        visit: &visit,
        title: "web-unlink-title",
        here: &to,
    };
    let sentence = if chats.len() == 1 {
        "web-unlink-last"
    } else {
        "web-unlink-surely"
    };
    let buttons = html! {
        div.row {
            button.danger type="submit" { (page.say("web-unlink")) }
            a.button.plain href=(site.path("/account")) { (page.say("web-keep")) }
        }
    };
    Ok(page.show(&html! {
        p { strong { (chat.platform.name()) " · " bdi { (chat.display_name) } } }
        p { (page.say(sentence)) }
        (form(&site, &to, &token.for_forms(), &buttons))
    }))
}

pub(super) async fn unlink(
    State(site): State<Shared>,
    Extension(visit): Extension<Arc<Visit>>,
    chat: Result<Path<u64>, PathRejection>,
    request: Request,
) -> Answer {
    let (session, token) = visit.session(&site).await?;
    Form::read(request, &visit, token).await?;
    let Ok(Path(chat)) = chat else {
        return Err(Stop::NotFound);
    };
    let context = (session.account, IdentityId(chat));
    let unlinked = site.passwords.store.transact(&context, |tx, (account, chat)| {
        Box::pin(unlink_chat(tx, *account, None, *chat))
    });
    // One that was not theirs, or is theirs no more, is not in the list that they see now.
    if unlinked.await? {
        site.outbox.notify_one();
    }
    Ok(site.go("/account?done=unlinked"))
}
