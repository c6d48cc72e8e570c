//! What is kept: the only SQL of the program, and the private database server.

pub mod server;
