//! The way out: what the use cases recorded is told, at least once and in order per destination.
//!
//! `worker` owns the queue: heads and outcomes; `weather` knows which platform answers at present. `errands` turns one notice into
//! messages and threads, rendered from the present state. `crowd` gathers what would come too late one by one. `courier` is what a platform has to offer for it.

pub mod courier;
mod crowd;
mod errands;
mod weather;
mod worker;

pub use worker::Worker;
