//! Add, change, retire and bring back categories. One admin after the other does so.

use super::roles::guard;
use crate::domain::category::{Category, CategoryChange, Keywords, MOST_OFFERED};
use crate::domain::ids::CategoryId;
use crate::domain::language::Language;
use crate::domain::permission::{Categories, Permit};
use crate::domain::text::CategoryName;
use crate::store::categories::{self, NameTaken};
use crate::store::{Fault, Tx};

/// Why nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unchanged {
    /// There is another of that name in this language.
    NameTaken(Language),
    /// Somebody changed it since it was shown.
    Meanwhile,
    /// There is none of that id.
    Unknown,
    /// No more can be offered.
    Full,
    /// It is the only one that is offered.
    LastOne,
}

impl From<NameTaken> for Unchanged {
    fn from(NameTaken(language): NameTaken) -> Self {
        Self::NameTaken(language)
    }
}

/// Adds one, named in French and in English.
///
/// # Errors
/// [`Fault`].
pub async fn add(
    tx: &mut Tx,
    permit: Permit<Categories>,
    names: [&CategoryName; 2],
    keywords: &Keywords,
) -> Result<Result<CategoryId, Unchanged>, Fault> {
    guard(tx, permit).await?;
    let all = categories::list_now(tx).await?;
    if offered(&all) >= MOST_OFFERED {
        return Ok(Err(Unchanged::Full));
    }
    let newest = all.last().map_or(0, |category| category.id.0);
    let code = format!("category-{}", newest + 1);
    let added = categories::insert(tx, permit, &code, names, keywords).await?;
    Ok(added.map_err(Unchanged::from))
}

/// Changes one as it was shown in that version.
///
/// # Errors
/// [`Fault`].
pub async fn change(
    tx: &mut Tx,
    permit: Permit<Categories>,
    (id, version): (CategoryId, u32),
    change: &CategoryChange,
) -> Result<Result<(), Unchanged>, Fault> {
    guard(tx, permit).await?;
    let all = categories::list_now(tx).await?;
    let Some(found) = all.iter().find(|category| category.id == id) else {
        return Ok(Err(Unchanged::Unknown));
    };
    let after = change.applied(found);
    if after == *found {
        return Ok(Ok(()));
    }
    if found.version != version {
        return Ok(Err(Unchanged::Meanwhile));
    }
    let done = categories::update(tx, permit, &after).await?;
    Ok(done.map_err(Unchanged::from))
}

/// Offers it no more, or again. What it is already, it stays.
///
/// # Errors
/// [`Fault`].
pub async fn set_retired(
    tx: &mut Tx,
    permit: Permit<Categories>,
    id: CategoryId,
    is_retired: bool,
) -> Result<Result<(), Unchanged>, Fault> {
    guard(tx, permit).await?;
    let all = categories::list_now(tx).await?;
    let Some(found) = all.iter().find(|category| category.id == id) else {
        return Ok(Err(Unchanged::Unknown));
    };
    match offered(&all) {
        _ if found.is_retired == is_retired => return Ok(Ok(())),
        1 if is_retired => return Ok(Err(Unchanged::LastOne)),
        MOST_OFFERED.. if !is_retired => return Ok(Err(Unchanged::Full)),
        _ => {}
    }
    let after = Category {
        is_retired,
        ..found.clone()
    };
    let done = categories::update(tx, permit, &after).await?;
    Ok(done.map_err(Unchanged::from))
}

/// How many of them are offered.
fn offered(all: &[Category]) -> usize {
    all.iter().filter(|category| !category.is_retired).count()
}
