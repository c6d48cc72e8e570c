//! What stands between a notice and its reader.

use std::str::FromStr;

use super::platform::UnknownCode;

/// Why something can't be delivered, or couldn't. To add one: its code, its place in [`Obstacle::ALL`], and its
/// `why-…` sentence in the locale files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Obstacle {
    /// The person blocked the bot.
    Blocked,
    /// The person's account on the platform is gone.
    AccountGone,
    /// The person takes no private messages.
    Closed,
    /// The person shares no server with the bot any more.
    NoServer,
    /// The person never opened a conversation with the bot.
    NotStarted,
    /// The bot was taken out of the place.
    Removed,
    /// The bot can't see the place.
    NoAccess,
    /// The bot lacks a right in the place.
    NotAllowed,
    /// The place is deleted.
    Deleted,
    /// The place has no topics any more.
    NoTopics,
    /// The bot may not open threads in the place; everything else goes on.
    NoThreads,
    /// A forum wants a tag on every post.
    NeedsTag,
    /// The platform does not take what was sent.
    Refused,
    /// A fault of ours.
    OurFault,
}

impl Obstacle {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Blocked,
        Self::AccountGone,
        Self::Closed,
        Self::NoServer,
        Self::NotStarted,
        Self::Removed,
        Self::NoAccess,
        Self::NotAllowed,
        Self::Deleted,
        Self::NoTopics,
        Self::NoThreads,
        Self::NeedsTag,
        Self::Refused,
        Self::OurFault,
    ];

    /// The code kept in the database, and the end of its sentence's id.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::AccountGone => "account-gone",
            Self::Closed => "closed",
            Self::NoServer => "no-server",
            Self::NotStarted => "not-started",
            Self::Removed => "removed",
            Self::NoAccess => "no-access",
            Self::NotAllowed => "not-allowed",
            Self::Deleted => "deleted",
            Self::NoTopics => "no-topics",
            Self::NoThreads => "no-threads",
            Self::NeedsTag => "needs-tag",
            Self::Refused => "refused",
            Self::OurFault => "our-fault",
        }
    }

    /// Whether hearing what is written in the place shows that it is gone: a place can be heard in which nothing may be written.
    #[must_use]
    pub fn is_silence(self) -> bool {
        matches!(self, Self::Removed | Self::NoAccess | Self::Deleted)
    }
}

impl FromStr for Obstacle {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, UnknownCode> {
        Self::ALL
            .into_iter()
            .find(|obstacle| obstacle.code() == code)
            .ok_or_else(|| UnknownCode {
                what: "obstacle",
                code: code.to_owned(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::Obstacle;

    #[test]
    fn every_code_is_read_back() {
        for obstacle in Obstacle::ALL {
            assert_eq!(obstacle.code().parse(), Ok(obstacle));
        }
        assert!("kicked".parse::<Obstacle>().is_err());
    }
}
