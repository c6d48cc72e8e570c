//! Guichet: a helpdesk by message.

pub mod chat;
pub mod clock;
pub mod domain;
pub mod intake;
pub mod outbox;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod store;
pub mod telegram;
