//! Stories: people do things, and see what they must.

mod bad_input;
mod commands;
mod crashes;
mod crowds;
mod delivery;
mod dialogs;
mod free_fields;
mod hostile;
mod joining;
mod linking;
mod missed;
mod morning;
mod panics;
mod permissions;
mod races;
mod replicas;
mod stored_updates;
