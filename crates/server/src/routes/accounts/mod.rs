//! Accounts: signing up and in, devices, who one is.

pub mod codes;
pub mod desk_requests;
pub mod identity;
pub mod logins;
pub mod me;
pub mod profile;
pub mod sign_up;
