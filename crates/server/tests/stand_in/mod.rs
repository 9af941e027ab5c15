//! Services of others, as far as the server speaks with them, on loopback.

pub(crate) mod faceid;
pub(crate) mod mail;
pub(crate) mod sms;
