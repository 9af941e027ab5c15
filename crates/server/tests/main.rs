//! The API as its clients meet it: requests in, answers out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod audit;
mod authorization;
mod delivery;
mod endpoints;
mod faces;
mod footage;
mod malformed;
mod openapi;
mod reviews;
mod roster;
mod school;
mod util;
mod world;
