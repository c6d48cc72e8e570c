//! The sandbox: Discord and Telegram in memory, and the people in them.
//!
//! Each platform speaks its real HTTP (and Discord its gateway) on loopback, so the real serenity and
//! teloxide clients run against it unchanged, and is as strict as the platform it stands for. People act
//! through a [`Seat`]: one person's view of one place, on either platform with the same verbs.
//!
//! What does not live here: anything about tickets. The sandbox knows chats, not Guichet.

pub mod discord;
mod gate;
mod seat;
pub mod telegram;
mod transcript;

pub use gate::Gate;
pub use seat::{Answer, Field, Missed, Seat, Seen, Upload};
pub use transcript::{Line, Transcript, Via, What};
