//! Stories: people do things, and see what they must.

mod morning;
