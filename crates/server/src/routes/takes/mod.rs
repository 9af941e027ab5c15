//! Takes: starting, going on, ending. The phone names each command, so that one that is sent twice acts once.

pub mod beep;
pub mod face_check;
pub mod face_within;
pub mod failure;
pub mod finish;
pub mod interruption;
pub mod open_part;
pub mod question;
pub mod start;

use serde::Deserialize;
use utoipa::ToSchema;
use yikao_domain::id::{CandidateId, CommandId, SittingId, TakeId};

use crate::auth::actor::Actor;
use crate::problem::Problem;
use crate::sittings::command::Given;
use crate::state::App;

/// A command without anything but its id.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bare {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
}

/// A command of this candidate on the sitting that has `take`; to others it does not exist.
pub async fn given(app: &App, actor: &Actor, take: TakeId, id: CommandId) -> Result<Given, Problem> {
    let sitting = sitting_of(app, take, actor.candidate()).await?;
    Ok(Given { sitting, command_id: Some(id), actor: actor.signature(), device: Some(actor.device) })
}

async fn sitting_of(app: &App, take: TakeId, candidate: CandidateId) -> Result<SittingId, Problem> {
    let mut tx = app.db.reader().await?;
    let parts = yikao_store::part::of_owner(&mut tx, take.as_uuid()).await?;
    let own = parts.into_iter().find(|part| part.candidate_id == candidate);
    own.map(|part| part.sitting_id).ok_or_else(Problem::not_found)
}
