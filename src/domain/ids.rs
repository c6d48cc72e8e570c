//! Identifiers, each a type of its own.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id! {
    /// An app account: a person.
    AccountId
}
id! {
    /// A person's presence on one platform.
    IdentityId
}
id! {
    /// A ticket; also the number that people see.
    TicketId
}
id! {
    /// A place where staff work: a channel or a group.
    PlaceId
}
id! {
    /// A category of tickets.
    CategoryId
}
id! {
    /// A question of a category.
    QuestionId
}
id! {
    /// A comment on a ticket.
    CommentId
}
id! {
    /// A text that the team sends often.
    CannedId
}
id! {
    /// A page elsewhere that belongs to a ticket.
    PageId
}
id! {
    /// A row of the inbox.
    InboxId
}
id! {
    /// A row of the outbox.
    OutboxId
}
id! {
    /// A letter: something to be mailed.
    LetterId
}
