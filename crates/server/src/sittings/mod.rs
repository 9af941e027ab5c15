//! Sittings: commands on them, and how they are shown.

pub mod command;
pub mod names;
pub mod parts;
pub mod receipt;
pub mod render;
pub mod view;
