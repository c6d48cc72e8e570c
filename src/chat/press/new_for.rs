//! What the button carries by which somebody is chosen for whom a ticket is opened.

use std::fmt;

use super::{Press, UnknownPress};
use crate::domain::ids::{AccountId, CategoryId};
use crate::domain::ticket::Urgency;

pub(super) fn write(
    f: &mut fmt::Formatter<'_>,
    (person, urgency, category): (AccountId, Option<Urgency>, Option<CategoryId>),
) -> fmt::Result {
    let urgency = urgency.map_or("", Urgency::code);
    let category = category.map(|category| category.to_string()).unwrap_or_default();
    write!(f, "for:{person}:{urgency}:{category}")
}

pub(super) fn read(carried: &str) -> Result<Press, UnknownPress> {
    let parts: Vec<&str> = carried.split(':').collect();
    let [person, urgency, category] = parts[..] else {
        return Err(UnknownPress);
    };
    let urgency = (!urgency.is_empty()).then(|| urgency.parse()).transpose();
    let category = (!category.is_empty()).then(|| category.parse()).transpose();
    Ok(Press::NewFor(
        person.parse().map(AccountId).map_err(|_| UnknownPress)?,
        urgency.map_err(|_| UnknownPress)?,
        category.map_err(|_| UnknownPress)?.map(CategoryId),
    ))
}
