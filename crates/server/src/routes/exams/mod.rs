//! Exams: what a school edits, opens and closes, and what a candidate with the link sees.

pub mod close;
pub mod create;
pub mod draft;
pub mod list;
pub mod open;
pub mod presets;
pub mod show;
pub mod summary;
