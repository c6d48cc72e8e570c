//! What becomes of somebody's words, as a reaction on their message says it.

use serde::{Deserialize, Serialize};

/// What a reaction on somebody's message says. Each platform draws it with what it allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    /// It is kept, and on its way to the other side.
    // Answers that earlier versions kept have capitals.
    #[serde(alias = "Sent")]
    Sent,
    /// It stands where the other side reads.
    #[serde(alias = "Delivered")]
    Delivered,
    /// It is kept, and goes to nobody: an internal note, or a part of a draft.
    #[serde(alias = "Noted")]
    Noted,
    /// Somebody says that they have read it.
    Read,
    /// Somebody says that it is done.
    Done,
}

impl Receipt {
    /// What somebody says by this reaction to a copy of it.
    #[must_use]
    pub fn of_reaction(emoji: &str) -> Option<Self> {
        match emoji.trim_end_matches('\u{FE0F}') {
            "👀" => Some(Self::Read),
            "👍" | "👌" | "💯" | "✅" | "☑" | "✔" => Some(Self::Done),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_that_earlier_versions_kept_are_read() {
        for (code, receipt) in [
            ("Sent", Receipt::Sent),
            ("Delivered", Receipt::Delivered),
            ("Noted", Receipt::Noted),
        ] {
            assert_eq!(
                serde_json::from_str::<Receipt>(&format!("\"{code}\"")).unwrap(),
                receipt
            );
        }
    }
}
