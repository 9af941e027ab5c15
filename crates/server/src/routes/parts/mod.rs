//! Parts: what a camera sends while it records, and what is played afterwards.

pub mod media;
pub mod missing;
pub mod pulse;
pub mod put_segment;
pub mod renew;

use axum::http::{HeaderMap, header};
use yikao_domain::id::PartId;
use yikao_domain::refusal::RefusalCode;

use crate::auth::capability::{Capability, CapabilityError};
use crate::problem::Problem;
use crate::state::App;

/// The capability that a request shows, if it is for this part. To a capability of another part this one
/// does not exist.
pub fn capability_of(app: &App, headers: &HeaderMap, part: PartId) -> Result<Capability, Problem> {
    let token = token_of(headers).ok_or_else(|| Problem::new(RefusalCode::CapabilityMissing))?;
    let capability = Capability::check(token, &app.keys, app.clock.now()).map_err(|error| match error {
        CapabilityError::Invalid => Problem::new(RefusalCode::CapabilityInvalid),
        CapabilityError::Expired => Problem::new(RefusalCode::CapabilityExpired),
    })?;
    if capability.part == part { Ok(capability) } else { Err(Problem::new(RefusalCode::PartNotFound)) }
}

/// The capability that a request shows, whatever it asks for.
pub fn shown(app: &App, headers: &HeaderMap) -> Option<Capability> {
    Capability::check(token_of(headers)?, &app.keys, app.clock.now()).ok()
}

fn token_of(headers: &HeaderMap) -> Option<&str> {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    header.and_then(|value| value.strip_prefix("Bearer "))
}
