//! The API as its clients meet it: requests in, answers out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod audit;
mod authority;
mod authorization;
mod clients;
mod consents;
mod delivery;
mod dump;
mod endpoints;
mod enrolment;
mod faces;
mod footage;
mod identity;
mod identity_desk;
mod malformed;
mod messenger;
mod openapi;
mod papers;
mod pictures;
mod profiles;
mod rehearsal;
mod reviews;
mod roster;
mod school;
mod secrets;
mod sight;
mod stand_in;
mod tasks;
mod util;
mod world;
