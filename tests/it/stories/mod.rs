//! Stories: people do things, and see what they must.

mod missed;
mod morning;
mod panics;
mod races;
