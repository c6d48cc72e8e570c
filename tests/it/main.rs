//! The tests of the whole: the rules of the repository, its sentences, and what its requests must be.

mod rules;
mod sentences;
mod specs;
