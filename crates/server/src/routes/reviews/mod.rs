//! What candidates ask of the desk: a person to look, an answer, a word.

pub mod events;
pub mod list;
pub mod messages;
pub mod orders;
