//! The way out: what the use cases recorded is told, at least once and in order per destination.
//!
//! `worker` owns the queue: heads and outcomes; `lease` says which part of it is ours. `errands` turns one notice into
//! messages and threads, rendered from the present state. `courier` is what a platform has to offer for it; `pacing`
//! says when a request may go out, be it a notice or an answer.

pub mod courier;
mod errands;
mod lease;
pub mod pacing;
mod worker;

pub use worker::Worker;
