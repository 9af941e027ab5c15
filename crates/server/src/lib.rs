//! The server: routes by resource, sign-in, jobs, events, configuration, the embedded web apps.

pub mod assets;
pub mod audit;
pub mod auth;
pub mod base64url;
pub mod clock;
pub mod config;
pub mod extract;
pub mod faults;
pub mod footage;
pub mod identities;
pub mod keyring;
pub mod language;
pub mod logs;
pub mod messenger;
pub mod problem;
pub mod revisions;
pub mod roster_file;
pub mod router;
pub mod routes;
pub mod s3;
pub mod serve;
pub mod sittings;
pub mod start;
pub mod state;
pub mod tls;
pub mod web;
