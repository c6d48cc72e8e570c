//! Intake.

pub mod front;
