//! Outbox.

pub mod courier;
