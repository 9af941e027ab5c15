//! Tasks before an exam, of the candidate who asks.

pub mod begin;
pub mod book;
pub mod calendar;
pub mod finish;
pub mod release;
pub mod show;
pub mod sign;
