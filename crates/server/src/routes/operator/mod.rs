//! What only who runs the installation sees.

pub mod activation;
pub mod jobs;
pub mod messages;
pub mod seasons;
