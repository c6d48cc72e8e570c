//! Stories: people do things, and see what they must.

mod crashes;
mod delivery;
mod missed;
mod morning;
mod panics;
mod permissions;
mod races;
