//! Guichet: a helpdesk by message.
//!
//! Reading order, which is also the order in which the modules may use each other:
//!
//! - [`domain`]: tickets, people and the rules between them, pure;
//! - [`store`]: the only SQL;
//! - [`service`]: the use cases;
//! - [`chat`]: the conversation, from an intent to an answer, without a platform;
//! - [`replica`]: this process among those that share the database;
//! - [`outbox`]: telling people, at least once and in order;
//! - [`intake`]: taking updates in, so that none is lost;
//! - [`telegram`] and [`discord`]: the platforms;
//! - [`mail`]: letters, handed over to a mail server;
//! - [`web`]: the pages, for machines (health, metrics) and for people;
//! - [`desk`]: all of it wired together and running;
//! - [`cli`]: the commands of the program;
//! - `sandbox`: the platforms in memory, for the demo and the tests.
//!
//! [`body`], [`clock`], [`config`] and [`metrics`] stand beside them.

pub mod body;
pub mod chat;
pub mod cli;
pub mod clock;
pub mod config;
pub mod desk;
pub mod discord;
pub mod domain;
pub mod intake;
pub mod mail;
pub mod metrics;
pub mod outbox;
pub mod replica;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod service;
pub mod store;
pub mod telegram;
pub mod web;
