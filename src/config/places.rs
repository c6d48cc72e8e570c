//! `[[places]]`: channels and groups that the settings bind to a purpose.

use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::parse;
use crate::domain::platform::Platform;

/// A Discord channel, or a Telegram group, and what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where it is.
    pub platform: Platform,
    /// Its number there.
    pub id: i64,
    /// What it is for.
    pub purpose: Purpose,
}

/// What a place is for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// Technicians take and answer tickets there.
    Staff,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    platform: Platform,
    #[serde(deserialize_with = "parse::number")]
    id: i64,
    purpose: Purpose,
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Written { platform, id, purpose } = Written::deserialize(from)?;
        let problem = match platform {
            Platform::Telegram if id >= 0 => "must have a negative id: on Telegram, groups do, and only people don't",
            Platform::Discord if id <= 0 => "must have a positive id: on Discord, all are",
            _ => return Ok(Self { platform, id, purpose }),
        };
        Err(D::Error::custom(problem))
    }
}
