//! What the platform keeps: SQL on SQLite and PostgreSQL, one text for both, behind typed functions.
//!
//! A command runs in [`Db::write`], which answers once its work is durable. Functions take a [`Tx`], so they
//! compose: load, decide, save events, state and jobs, in one transaction. Reads outside of commands take
//! the same functions over [`Db::reader`].

mod body;
mod changed;
mod columns;
mod db;
mod deferred;
mod error;
mod many;
mod migrate;
mod postgres;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod value;

pub mod account;
pub mod asset;
pub mod audit;
pub mod block;
pub mod candidate_key;
pub mod claim;
pub mod code;
pub mod command;
pub mod consent;
pub mod contact;
pub mod correction;
pub mod desk_message;
pub mod enrolment;
pub mod exam;
pub mod face;
pub mod identity;
pub mod job;
pub mod key_fingerprint;
pub mod login;
pub mod membership;
pub mod message;
pub mod paper;
pub mod part;
pub mod picture;
pub mod profile;
pub mod pulse;
pub mod receipt;
pub mod review;
pub mod revision;
pub mod roster;
pub mod school;
pub mod seal;
pub mod season;
pub mod segment;
pub mod send_limit;
pub mod sitting;
pub mod task;

pub use changed::Changed;
pub use db::{Backend, Db, StoreConfig};
pub use error::StoreError;
pub use many::{Page, Paged};
pub use tx::{Row, Tx};
pub use value::{Args, Value};

/// What every function of this crate answers.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
