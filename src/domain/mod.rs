//! What Guichet is about, without asynchrony, SQL or platform: pure values and the rules between them.
//!
//! Parsed at the edge, so that inside nothing can be wrong. To add an action on tickets, add it to
//! [`action`], give it its row in [`transition`], and the exhaustive snapshot shows what that allows.

pub mod account;
pub mod action;
pub mod age;
pub mod canned;
pub mod category;
pub mod code;
pub mod edit;
pub mod file;
pub mod ids;
pub mod language;
pub mod mailbox;
pub mod obstacle;
pub mod pace;
pub mod password;
pub mod permission;
pub mod platform;
pub mod question;
pub mod rating;
pub mod receipt;
pub mod relation;
pub mod text;
pub mod ticket;
pub mod transition;
pub mod words;
