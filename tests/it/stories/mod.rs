//! Stories: people do things, and see what they must.

mod bad_input;
mod commands;
mod dialogs;
mod hostile;
mod joining;
mod linking;
mod missed;
mod morning;
