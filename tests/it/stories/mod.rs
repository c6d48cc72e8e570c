//! Stories: people do things, and see what they must.

mod crashes;
mod missed;
mod morning;
mod panics;
mod races;
