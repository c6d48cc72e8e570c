//! The questions of categories, and what was answered to them.

use super::{Fault, Tx, View};
use crate::domain::ids::{CategoryId, QuestionId, TicketId};
use crate::domain::permission::{Categories, Permit};
use crate::domain::question::{Answer, Choices, Question, QuestionKind};
use crate::domain::text::QuestionText;

/// Lists those of all categories, in the order in which they are asked, as they were a second ago at most.
///
/// # Errors
/// [`Fault`].
pub async fn list(view: &mut View) -> Result<Vec<Question>, Fault> {
    if let Some(known) = view.recents().questions.get() {
        return Ok(known);
    }
    let all = list_now(view).await?;
    view.recents().questions.put(all.clone());
    Ok(all)
}

/// Lists those of all categories as they are now.
///
/// # Errors
/// [`Fault`].
pub async fn list_now(view: &mut View) -> Result<Vec<Question>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT id, category_id, words, kind, choices, is_required AS "is_required: bool", version
           FROM category_questions ORDER BY id"#
    );
    let rows = rows.fetch_all(view.db()).await?.into_iter();
    let question = |kind: &str| {
        let unknown = |_| Fault::Unreadable(format!("question of kind {kind}"));
        kind.parse::<QuestionKind>().map_err(unknown)
    };
    rows.map(|row| {
        Ok(Question {
            id: QuestionId(row.id),
            category: CategoryId(row.category_id),
            words: row.words,
            kind: question(&row.kind)?,
            choices: Choices::kept(row.choices),
            is_required: row.is_required,
            version: row.version,
        })
    })
    .collect()
}

/// Adds one, which may be left unanswered.
///
/// # Errors
/// [`Fault`].
pub async fn insert(
    tx: &mut Tx,
    _permit: Permit<Categories>,
    category: CategoryId,
    words: &QuestionText,
    (kind, choices): (QuestionKind, &Choices),
) -> Result<QuestionId, Fault> {
    let done = sqlx::query!(
        "INSERT INTO category_questions (category_id, words, kind, choices, is_required) VALUES (?, ?, ?, ?, FALSE)",
        category.0,
        words.as_str(),
        kind.code(),
        choices.as_str(),
    );
    let done = done.execute(tx.db()).await?;
    tx.changes_categories();
    Ok(QuestionId(done.last_insert_id()))
}

/// Writes what is changed in one.
///
/// # Errors
/// [`Fault::Overtaken`] when it changed since it was read.
pub async fn update(tx: &mut Tx, _permit: Permit<Categories>, after: &Question) -> Result<(), Fault> {
    let done = sqlx::query!(
        "UPDATE category_questions SET words = ?, choices = ?, is_required = ?, version = version + 1
         WHERE id = ? AND version = ?",
        after.words,
        after.choices.as_str(),
        after.is_required,
        after.id.0,
        after.version,
    );
    let done = done.execute(tx.db()).await?;
    tx.changes_categories();
    if done.rows_affected() != 1 {
        return Err(Fault::Overtaken("category_questions"));
    }
    Ok(())
}

/// Removes one.
///
/// # Errors
/// [`Fault`].
pub async fn remove(tx: &mut Tx, _permit: Permit<Categories>, id: QuestionId) -> Result<(), Fault> {
    sqlx::query!("DELETE FROM category_questions WHERE id = ?", id.0)
        .execute(tx.db())
        .await?;
    tx.changes_categories();
    Ok(())
}

/// Keeps what was answered when a ticket was opened.
///
/// # Errors
/// [`Fault`].
pub async fn insert_answers(tx: &mut Tx, ticket: TicketId, answers: &[Answer]) -> Result<(), Fault> {
    for (position, answer) in (1_u8..).zip(answers) {
        let done = sqlx::query!(
            "INSERT INTO ticket_answers (ticket_id, position, question, answer) VALUES (?, ?, ?, ?)",
            ticket.0,
            position,
            answer.asked,
            answer.text,
        );
        done.execute(tx.db()).await?;
    }
    Ok(())
}
