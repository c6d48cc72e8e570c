//! Store.

pub mod files;
