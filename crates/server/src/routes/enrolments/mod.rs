//! Enrolments of the candidate who asks.

pub mod confirm;
pub mod list;
pub mod show;
