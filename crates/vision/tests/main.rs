//! The real engines on real pictures, in real workers.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod cards;
mod faces;
mod files;
mod pictures;
mod workers;
