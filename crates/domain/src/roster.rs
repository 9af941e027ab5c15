//! Rosters (名单): whom a school says may sit, read from its files and matched with a candidate's identity (§G).

mod file;
mod matching;
mod row;

pub use file::{Diff, Sheet, diff, read};
pub use matching::{Identity, RosterEntry, match_candidate};
pub use row::{Column, Header, Row, RowError};

#[cfg(test)]
mod tests;
