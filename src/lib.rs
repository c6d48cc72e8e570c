//! Guichet: a helpdesk by message.

pub mod clock;
#[cfg(feature = "sandbox")]
pub mod sandbox;
