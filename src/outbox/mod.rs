//! The way out: what the use cases recorded is told, at least once and in order per destination.
//!
//! `worker` owns the queue: heads and outcomes, and `outlook` what it knows of it; `weather` knows which platform
//! answers at present. `errands` turns one notice into messages and threads, rendered from the present state, with
//! `threads` for those in tickets' threads, `private` for those to people, `digest` for those they hear together, `transcripts` for what is sent to them as a file and `letters` for those by mail; `crowd` gathers what would come too late
//! one by one, and `outcomes` decides what becomes of one that was not told. `courier` is what a platform has to offer
//! for it; `pacing` says when a request may go out, be it a notice or an answer.

mod cards;
mod copies;
pub mod courier;
mod crowd;
mod digest;
mod errands;
mod leaving;
mod letters;
mod links;
mod marks;
mod on_the_way;
mod outcomes;
mod outlook;
mod own_cards;
pub mod pacing;
mod private;
mod threads;
mod transcripts;
mod weather;
mod worker;

pub use letters::Mail;
pub use worker::Worker;
