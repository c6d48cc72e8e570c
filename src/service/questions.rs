//! Add, change and remove the questions of categories. One admin after the other does so.

use super::categories::Unchanged;
use super::roles::guard;
use crate::domain::ids::{CategoryId, QuestionId};
use crate::domain::permission::{Categories, Permit};
use crate::domain::question::{Choices, MOST_QUESTIONS, QuestionChange, QuestionKind};
use crate::domain::text::QuestionText;
use crate::store::{Fault, Tx, categories, questions};

/// Adds one to a category.
///
/// # Errors
/// [`Fault`].
pub async fn add(
    tx: &mut Tx,
    permit: Permit<Categories>,
    category: CategoryId,
    words: &QuestionText,
    kind: (QuestionKind, &Choices),
) -> Result<Result<QuestionId, Unchanged>, Fault> {
    guard(tx, permit).await?;
    if !categories::list_now(tx).await?.iter().any(|known| known.id == category) {
        return Ok(Err(Unchanged::Unknown));
    }
    let all = questions::list_now(tx).await?;
    if all.iter().filter(|question| question.category == category).count() >= MOST_QUESTIONS {
        return Ok(Err(Unchanged::Full));
    }
    questions::insert(tx, permit, category, words, kind).await.map(Ok)
}

/// Changes one as it was shown in that version.
///
/// # Errors
/// [`Fault`].
pub async fn change(
    tx: &mut Tx,
    permit: Permit<Categories>,
    (id, version): (QuestionId, u32),
    change: &QuestionChange,
) -> Result<Result<(), Unchanged>, Fault> {
    guard(tx, permit).await?;
    let all = questions::list_now(tx).await?;
    let Some(found) = all.iter().find(|question| question.id == id) else {
        return Ok(Err(Unchanged::Unknown));
    };
    let after = change.applied(found);
    if after == *found {
        return Ok(Ok(()));
    }
    if found.version != version {
        return Ok(Err(Unchanged::Meanwhile));
    }
    questions::update(tx, permit, &after).await.map(Ok)
}

/// Removes one as it was shown in that version.
///
/// # Errors
/// [`Fault`].
pub async fn remove(
    tx: &mut Tx,
    permit: Permit<Categories>,
    (id, version): (QuestionId, u32),
) -> Result<Result<(), Unchanged>, Fault> {
    guard(tx, permit).await?;
    let all = questions::list_now(tx).await?;
    match all.iter().find(|question| question.id == id) {
        None => Ok(Err(Unchanged::Unknown)),
        Some(found) if found.version != version => Ok(Err(Unchanged::Meanwhile)),
        Some(_) => questions::remove(tx, permit, id).await.map(Ok),
    }
}
