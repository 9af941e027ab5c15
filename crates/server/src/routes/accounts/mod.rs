//! Accounts: signing up and in, devices, who one is.

pub mod codes;
pub mod consents;
pub mod contact_change;
pub mod desk_requests;
pub mod face_challenges;
pub mod identity;
pub mod logins;
pub mod me;
pub mod profile;
pub mod second_sign_in;
pub mod sign_up;
