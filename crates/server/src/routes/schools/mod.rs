//! Schools and who works for them.

pub mod create;
pub mod list;
pub mod members;
