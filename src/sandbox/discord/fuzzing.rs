//! Discord's judgement of a message and of a form, for the fuzz targets (`fuzz/`).

use serde_json::Value;

use super::markdown::{self, Names};
use super::{check, refusal::Refusal};

struct Nobody;

impl Names for Nobody {
    fn person(&self, _: u64) -> Option<String> {
        None
    }

    fn channel(&self, _: u64) -> Option<String> {
        None
    }

    fn role(&self, _: u64) -> Option<String> {
        None
    }
}

fn told(refusal: &Refusal) -> String {
    refusal.body.to_string()
}

/// Checks the body of a message.
///
/// # Errors
/// Why Discord refuses it.
pub fn message(body: &Value) -> Result<(), String> {
    check::message(body).map_err(|refusal| told(&refusal))
}

/// Checks a form.
///
/// # Errors
/// Why Discord refuses it.
pub fn form(data: &Value) -> Result<(), String> {
    check::form(data).map_err(|refusal| told(&refusal))
}

/// What a person reads of a text.
#[must_use]
pub fn read(content: &str) -> String {
    markdown::plain(content, &Nobody)
}

/// Whether a text would ping a person or a role, were it allowed to.
#[must_use]
pub fn pings(content: &str) -> bool {
    let mentions = markdown::mentions(content);
    !(mentions.people.is_empty() && mentions.roles.is_empty())
}
