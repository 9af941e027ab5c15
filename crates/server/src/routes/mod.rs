//! Handlers by resource; `router.rs` is the table of contents.

pub mod accounts;
pub mod console;
pub mod enrolments;
pub mod exams;
pub mod operator;
pub mod parts;
pub mod roster;
pub mod schools;
pub mod server;
pub mod sittings;
pub mod takes;
