//! Footage: what a phone recorded, from the moment a segment arrives until it plays.
//!
//! - [`log`]: segments are kept here first, durable before the phone is answered (local disk or S3).
//! - [`assembly`]: a part's segments are checked against their seals and become an original and an MP4.
//! - [`objects`] and [`cipher`]: both are kept as encrypted objects of which any range can be read.
//! - [`bundle`]: what `yikao verify` checks offline.
//!
//! Nothing here knows the database: `server` joins the two.

pub mod assembly;
pub mod bundle;
pub mod cipher;
pub mod keys;
pub mod log;
pub mod objects;
pub mod s3;

#[cfg(test)]
mod test_s3;
