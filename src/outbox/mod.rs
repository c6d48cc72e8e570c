//! The way out: what the use cases recorded is told, at least once and in order per destination.
//!
//! `worker` owns the queue: heads and outcomes; `lease` says which part of it is ours. `errands` turns one notice into
//! messages and threads, rendered from the present state, with `threads` for those in tickets' threads and `private` for those to people; `outcomes` decides what becomes of one that was not told.
//! `courier` is what a platform has to offer for it.

pub mod courier;
mod errands;
mod lease;
mod outcomes;
mod private;
mod threads;
mod worker;

pub use worker::Worker;
