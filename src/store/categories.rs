//! Categories of tickets.

use super::{Fault, Tx, View};
use crate::domain::category::{Category, Keywords};
use crate::domain::ids::CategoryId;
use crate::domain::language::Language;
use crate::domain::permission::{Categories, Permit};
use crate::domain::text::CategoryName;

/// The keys by which no two have one name in a language, however it is written.
const NAMES: [(Language, &str); 2] = [
    (Language::Fr, "categories_name_fr"),
    (Language::En, "categories_name_en"),
];

/// In this language there is another of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameTaken(pub Language);

/// Lists those that are offered, as they were two seconds ago at most.
///
/// # Errors
/// [`Fault`].
pub async fn list_offered(view: &mut View) -> Result<Vec<Category>, Fault> {
    let mut all = list(view).await?;
    all.retain(|category| !category.is_retired);
    Ok(all)
}

/// Lists all, retired ones too, as they were two seconds ago at most.
///
/// # Errors
/// [`Fault`].
pub async fn list(view: &mut View) -> Result<Vec<Category>, Fault> {
    if let Some(known) = view.recents().categories.get() {
        return Ok(known);
    }
    let all = list_now(view).await?;
    view.recents().categories.put(all.clone());
    Ok(all)
}

/// Lists all as they are now.
///
/// # Errors
/// [`Fault`].
pub async fn list_now(view: &mut View) -> Result<Vec<Category>, Fault> {
    let rows = sqlx::query!(
        r#"SELECT id, code, name_fr, name_en, keywords, version, retired_at IS NOT NULL AS "is_retired!: bool"
           FROM categories ORDER BY id"#
    );
    let rows = rows.fetch_all(view.db()).await?.into_iter();
    Ok(rows
        .map(|row| Category {
            id: CategoryId(row.id),
            code: row.code,
            name_fr: row.name_fr,
            name_en: row.name_en,
            keywords: row.keywords,
            is_retired: row.is_retired,
            version: row.version,
        })
        .collect())
}

/// Adds one.
///
/// # Errors
/// [`Fault`].
pub async fn insert(
    tx: &mut Tx,
    _permit: Permit<Categories>,
    code: &str,
    [french, english]: [&CategoryName; 2],
    keywords: &Keywords,
) -> Result<Result<CategoryId, NameTaken>, Fault> {
    let done = sqlx::query!(
        "INSERT INTO categories (code, name_fr, name_en, keywords) VALUES (?, ?, ?, ?)",
        code,
        french.as_str(),
        english.as_str(),
        keywords.as_str(),
    );
    let done = done.execute(tx.db()).await.map_err(Fault::from);
    tx.changes_categories();
    Ok(unless_taken(done)?.map(|done| CategoryId(done.last_insert_id())))
}

/// Writes what is changed in one.
///
/// # Errors
/// [`Fault::Overtaken`] when it changed since it was read.
pub async fn update(
    tx: &mut Tx,
    _permit: Permit<Categories>,
    after: &Category,
) -> Result<Result<(), NameTaken>, Fault> {
    let retired_at = after.is_retired.then_some(tx.now());
    let done = sqlx::query!(
        "UPDATE categories SET name_fr = ?, name_en = ?, keywords = ?, version = version + 1,
                               retired_at = IF(?, COALESCE(retired_at, ?), NULL)
         WHERE id = ? AND version = ?",
        after.name_fr,
        after.name_en,
        after.keywords,
        after.is_retired,
        retired_at,
        after.id.0,
        after.version,
    );
    let done = done.execute(tx.db()).await.map_err(Fault::from);
    tx.changes_categories();
    match unless_taken(done)? {
        Ok(done) if done.rows_affected() != 1 => Err(Fault::Overtaken("categories")),
        outcome => Ok(outcome.map(drop)),
    }
}

fn unless_taken<T>(done: Result<T, Fault>) -> Result<Result<T, NameTaken>, Fault> {
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(fault) => {
            let broken = NAMES.into_iter().find(|(_, key)| fault.broken_key() == Some(key));
            broken.map_or(Err(fault), |(language, _)| Ok(Err(NameTaken(language))))
        }
    }
}
