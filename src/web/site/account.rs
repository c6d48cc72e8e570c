//! One's account: who one is here, one's chats, and how one is unlinked.

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use chrono::TimeDelta;
use maud::{Markup, html};

use super::form::Form;
use super::layout::{Page, banner, form, submit};
use super::visit::Visit;
use super::{Answer, Shared, Site, Stop};
use crate::domain::ids::IdentityId;
use crate::service::linking::{self, Shown};
use crate::service::people::unlink as unlink_chat;
use crate::store::outbox::Whence;
use crate::store::people::{self, Identity, Linking};
use crate::store::sessions::Session;

/// For how long a chat is marked as linked lately.
const LATELY: TimeDelta = TimeDelta::days(7);

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
    let (chats, linkings) = with_linkings(&site, &session).await?;
    let is_asked = matches!(linking::look(&site.passwords.store, token).await?, Shown::Asks(_));
    let done = match request.uri().query() {
        Some("done=password") => Some("web-done-password"),
        Some("done=unlinked") => Some("web-done-unlinked"),
        Some("done=linked") => Some("web-done-linked"),
        Some("done=refused") => Some("web-done-refused"),
        _ => None,
    };
    let page = Page {
        site: &site,
        visit: &visit,
        title: "web-account",
        here: "/account",
        again: None,
    };
    let forms = token.for_forms();
    Ok(page.show(&html! {
        @if let Some(done) = done { (banner(&page.say(done))) }
        @if is_asked {
            p.banner { (page.say("web-link-asked")) " "
                a href=(site.path("/account/link")) { (page.say("web-link-answer")) } }
        }
        (who(&page, &session))
        h2 { (page.say("web-chats")) }
        (list(&page, &chats, &linkings))
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

fn list(page: &Page<'_>, chats: &[Identity], linkings: &[Linking]) -> Markup {
    let since = page.site.clock.now() - LATELY;
    let lately = linkings.iter().any(|linking| linking.at > since);
    html! {
        @if chats.is_empty() { p { (page.say("web-no-chats")) } }
        @else {
            ul {
                @for chat in chats {
                    @let linking = linkings.iter().find(|linking| linking.chat == chat.id);
                    li {
                        span {
                            (chat.platform.name()) " · " bdi { (chat.display_name) }
                            @if let Some(linking) = linking {
                                span.hint {
                                    (linked_on(page, linking))
                                    @if linking.at > since { " " strong { (page.say("web-linked-lately")) } }
                                }
                            }
                        }
                        a.button.danger href={ (page.site.path("/account/unlink/")) (chat.id) }
                            aria-label={ (page.say("web-unlink")) " : " (chat.platform.name()) " · " (chat.display_name) } {
                            (page.say("web-unlink"))
                        }
                    }
                }
            }
            @if lately { p { (page.say("web-linked-hint")) } }
        }
    }
}

fn linked_on(page: &Page<'_>, linking: &Linking) -> String {
    let at = linking.at.with_timezone(&page.site.timezone);
    let part = |name, format| (name, at.format(format).to_string().into());
    let date = [part("day", "%d"), part("month", "%m"), part("year", "%Y")];
    page.visit.language.say("web-linked-on", &date)
}

async fn with_linkings(site: &Site, session: &Session) -> Result<(Vec<Identity>, Vec<Linking>), Stop> {
    let mut view = site.passwords.store.look().await?;
    let chats = people::list_of(&mut view, session.account).await?;
    Ok((chats, people::list_linkings(&mut view, session.account).await?))
}

async fn chats_of(site: &Site, session: &Session) -> Result<Vec<Identity>, Stop> {
    let mut view = site.passwords.store.look().await?;
    Ok(people::list_of(&mut view, session.account).await?)
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
        again: None,
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
        Box::pin(unlink_chat(tx, *account, Whence::Page, *chat))
    });
    // One that was not theirs, or is theirs no more, is not in the list that they see now.
    if unlinked.await?.is_ok() {
        site.outbox.notify_one();
    }
    Ok(site.go("/account?done=unlinked"))
}
