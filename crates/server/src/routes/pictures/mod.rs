//! A candidate's own pictures.

pub mod discard;
pub mod put;
pub mod show;
