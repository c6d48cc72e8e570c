//! Chat.

pub mod catalogue;
pub mod grammar;
pub mod intent;
pub mod reply;
