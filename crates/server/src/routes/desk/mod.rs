//! The desk: reviews, people and messages as agents and stewards work on them. Every look at a person is logged.

pub mod audit;
pub mod candidates;
pub mod corrections;
pub mod events;
pub mod messages;
pub mod orders;
pub mod picture;
pub mod queue;
pub mod show;

use yikao_domain::refusal::RefusalCode;
use yikao_domain::review::ReviewKind;

use crate::auth::actor::{Actor, PlatformRole};
use crate::problem::Problem;

/// Lets pass who works at the desk.
pub fn require(actor: &Actor) -> Result<(), Problem> {
    let works_here = [PlatformRole::Agent, PlatformRole::Steward];
    let may = actor.platform_roles.iter().any(|role| works_here.contains(role));
    if may { Ok(()) } else { Err(Problem::new(RefusalCode::RoleMissing)) }
}

/// Lets pass who may decide reviews of a kind: stewards know faces and documents, agents everything.
pub fn require_for(actor: &Actor, kind: ReviewKind) -> Result<(), Problem> {
    require(actor)?;
    match kind {
        ReviewKind::Face | ReviewKind::Identity => Ok(()),
        ReviewKind::Appeal | ReviewKind::Correction => actor.require_platform(PlatformRole::Agent),
    }
}
