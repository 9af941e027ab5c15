//! Who is asking, and what they may do. Deny by default: a handler that takes no [`actor::Actor`] and no
//! capability is public on purpose, and `tests/authorization.rs` lists it as such.

pub mod actor;
pub mod address;
pub mod capability;
pub mod client;
pub mod contact;
pub mod device;
pub mod email;
pub mod logins;
pub mod password;
pub mod phone;
pub mod rate;
