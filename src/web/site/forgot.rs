//! A forgotten password: where a link can be mailed, a form that asks for the address; else whom to ask.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request, State};
use axum::response::Response;
use maud::html;

use super::form::Form;
use super::layout::{Field, Page, banner, form, submit};
use super::proof::Refusal;
use super::visit::Visit;
use super::{Answer, Shared, Site, Stop};
use crate::domain::text::Email;
use crate::service::recovery;

pub(super) async fn show(
    State(site): State<Shared>,
    Extension(visit): Extension<Arc<Visit>>,
    request: Request,
) -> Response {
    if request.uri().query() == Some("done=asked") && site.mails_links {
        return asked(&site, &visit);
    }
    page(&site, &visit, "", None)
}

fn page(site: &Site, visit: &Visit, typed: &str, refusal: Option<&Refusal>) -> Response {
    let page = Page {
        site,
        visit,
        title: "web-forgot",
        here: "/forgot",
        again: None,
    };
    let back = html! { a.button.plain href=(site.path("/sign-in")) { (page.say("web-back")) } };
    if !site.mails_links {
        return page.show(&html! {
            p { (page.say("web-forgot-how")) }
            p { (page.say("web-forgot-then")) }
            p { (back) }
        });
    }
    let address = Field {
        kind: "text",
        value: typed,
        error: refusal.map(|refusal| refusal.error.clone()),
        ..Field::password("email", page.say("web-email"), "username")
    };
    let fields = html! {
        (address.show())
        div.row {
            (submit(&page.say("web-forgot-send")))
            (back)
        }
    };
    page.show(&html! {
        p { (page.say("web-forgot-by-mail")) }
        (form(site, "/forgot", &visit.forms.for_forms(), &fields))
    })
}

/// What is said to everybody who asked, whatever address it was.
fn asked(site: &Site, visit: &Visit) -> Response {
    let page = Page {
        site,
        visit,
        title: "web-forgot",
        here: "/forgot",
        again: None,
    };
    let minutes = [("minutes", recovery::LINK_VALID_FOR.num_minutes().into())];
    page.show(&html! {
        (banner(&visit.language.say("web-forgot-asked", &minutes)))
        p { (page.say("web-forgot-nothing")) }
        p { (page.say("web-forgot-then")) }
        p { a.button href=(site.path("/sign-in")) { (page.say("web-sign-in")) } }
    })
}

pub(super) async fn ask(
    State(site): State<Shared>,
    Extension(visit): Extension<Arc<Visit>>,
    request: Request,
) -> Answer {
    if !site.mails_links {
        return Err(Stop::NotAllowed);
    }
    let form = Form::read(request, &visit, &visit.forms).await?;
    let typed = form.field("email");
    let Ok(address) = Email::parse(typed) else {
        let refusal = Refusal::plain(visit.language.say("web-not-an-address", &[]));
        return Ok(refusal.on(page(&site, &visit, typed, Some(&refusal))));
    };
    match recovery::ask(&site.passwords, &address, visit.language, visit.from).await? {
        Ok(()) => {
            site.outbox.notify_one();
            Ok(site.go("/forgot?done=asked"))
        }
        Err(until) => {
            let refusal = Refusal::wait(&site, &visit, until);
            Ok(refusal.on(page(&site, &visit, typed, Some(&refusal))))
        }
    }
}
