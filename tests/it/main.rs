//! The tests that take the whole of Guichet: real adapters, a real database, simulated people.
//!
//! `harness` opens a desk in a sandbox; `stories` are told in it, and every request they make is checked against
//! the platforms' specifications (`specs`). `rules` and `sentences` look at the repository itself.

#[cfg(feature = "sandbox")]
mod bench;
#[cfg(feature = "sandbox")]
mod chaos;
#[cfg(feature = "sandbox")]
mod galera;
#[cfg(feature = "sandbox")]
mod harness;
mod rules;
mod sentences;
#[cfg(feature = "sandbox")]
mod specs;
#[cfg(feature = "sandbox")]
mod stories;
