//! The tests that take the whole of Guichet: real adapters, a real database, simulated people.
//!
//! `harness` opens a desk in a sandbox; `stories` are told in it.

mod harness;
mod stories;
