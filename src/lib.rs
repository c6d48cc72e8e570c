//! Guichet: a helpdesk by message.

pub mod clock;
pub mod config;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod store;
