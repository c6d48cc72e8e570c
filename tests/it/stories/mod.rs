//! Stories: people do things, and see what they must.

mod bad_input;
mod chats;
mod commands;
mod crashes;
mod crowds;
mod database;
mod delivery;
mod dialogs;
mod early;
mod free_fields;
mod hostile;
mod joining;
mod journal;
mod linking;
mod missed;
mod morning;
mod next_notices;
mod pacing;
mod panics;
mod permissions;
mod races;
mod reach;
mod replicas;
mod seen_from_outside;
mod stored_updates;
mod webhook;
