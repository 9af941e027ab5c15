//! Handlers by resource; `router.rs` is the table of contents.

pub mod accounts;
pub mod console;
pub mod desk;
pub mod enrolments;
pub mod exams;
pub mod operator;
pub mod papers;
pub mod parts;
pub mod pictures;
pub mod reviews;
pub mod roster;
pub mod schools;
pub mod server;
pub mod sittings;
pub mod takes;
pub mod tasks;
