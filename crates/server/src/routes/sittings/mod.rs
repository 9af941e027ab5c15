//! Sittings of the candidate who asks.

pub mod bundle;
pub mod enter;
pub mod events;
pub mod finish;
pub mod receipts;
pub mod show;
pub mod submit;
