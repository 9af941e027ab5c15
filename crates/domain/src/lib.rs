//! Every rule of the platform, as pure functions over a state, a command, a policy and `now`.
//!
//! Nothing here does IO, reads a clock or makes ids: time and ids are passed in, so that each rule can be
//! tested by saying what happened when.

pub mod card;
pub mod consent;
pub mod delivery;
pub mod document;
pub mod enrolment;
pub mod exam;
pub mod face;
pub mod id;
pub mod identity;
pub mod part;
pub mod picture;
pub mod policy;
pub mod profile;
pub mod quota;
pub mod refusal;
pub mod review;
pub mod roster;
pub mod seal;
pub mod signed;
pub mod sitting;
pub mod standing;
pub mod task;
pub mod text;
pub mod time;

pub use refusal::{Refusal, RefusalCode};
pub use time::{Millis, Timestamp};
