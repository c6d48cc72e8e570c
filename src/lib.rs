//! Guichet: a helpdesk by message.
//!
//! Reading order, which is also the order in which the modules may use each other:
//!
//! - [`domain`]: tickets, people and the rules between them, pure;
//! - [`store`]: the only SQL;
//! - [`service`]: the use cases, each in one transaction;
//! - [`chat`]: the conversation, from an intent to an answer, without a platform;
//! - [`outbox`]: telling people, at least once and in order;
//! - [`intake`]: taking updates in, so that none is lost;
//! - `telegram` and `discord`: the platforms;
//! - [`sandbox`]: the platforms in memory, for the demo and the tests.

pub mod chat;
pub mod clock;
pub mod config;
pub mod domain;
pub mod intake;
pub mod outbox;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod service;
pub mod store;
