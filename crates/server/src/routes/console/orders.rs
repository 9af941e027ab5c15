//! What staff do to a sitting: grant time and attempts, stop it, let it go on, open a subject again, end it.
//! Each order is a command of the sitting, with its reason on the timeline (NEW10, NEW11).

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use yikao_domain::id::{CommandId, SittingId, SubjectId, TakeId};
use yikao_domain::refusal::RefusalCode;
use yikao_domain::sitting::Command;
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::part;

use super::{STAFF, load_for};
use crate::auth::actor::Actor;
use crate::extract::{Json, Path};
use crate::language::Reader;
use crate::problem::Problem;
use crate::routes::takes::Bare;
use crate::sittings::command::{self, Given};
use crate::sittings::view::SittingView;
use crate::state::App;

/// The longest reason, in characters.
const REASON_MAX: usize = 500;

/// Grants time.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// How much, ms.
    pub extra_ms: Millis,
    /// Why; the candidate and reviewers see it.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// Grants an attempt.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantAttempt {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// For which subject.
    pub subject_id: SubjectId,
    /// Why; the candidate and reviewers see it.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// An order of which only the reason has to be said.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithReason {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// Why; the candidate and reviewers see it.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// Decides on what was sealed late.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeLate {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// Of which take.
    pub take_id: TakeId,
    /// Whether it counts.
    pub counts: bool,
    /// Why; the candidate and reviewers see it.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// Opens a subject again.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reopen {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// Which subject.
    pub subject_id: SubjectId,
    /// Until when, ms.
    pub until: Timestamp,
    /// Why; the candidate and reviewers see it.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// Grants time.
#[utoipa::path(post, path = "/console/sittings/{sitting}/grants", tag = "console", request_body = Grant,
    params(("sitting" = SittingId, Path, description = "A sitting of a school in which one is administrator or proctor")),
    responses(
        (status = 200, description = "The sitting as it stands", body = SittingView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting of this person's schools", body = crate::problem::ProblemBody),
        (status = 409, description = "Not now", body = crate::problem::ProblemBody),
        (status = 410, description = "It is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn grant(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(sitting): Path<SittingId>,
    Json(form): Json<Grant>,
) -> Result<axum::Json<SittingView>, Problem> {
    let desk = Desk { app: &app, actor: &actor, reader: &reader, sitting, id: form.command_id };
    desk.give(Command::Grant { extra_ms: form.extra_ms, reason: form.reason }).await
}

/// Grants an attempt at a subject; one that had failed opens again.
#[utoipa::path(post, path = "/console/sittings/{sitting}/attempts", tag = "console", request_body = GrantAttempt,
    params(("sitting" = SittingId, Path, description = "A sitting of a school in which one is administrator or proctor")),
    responses(
        (status = 200, description = "The sitting as it stands", body = SittingView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting of this person's schools, or no such subject", body = crate::problem::ProblemBody),
        (status = 409, description = "Submitted or left out", body = crate::problem::ProblemBody),
        (status = 410, description = "It is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn grant_attempt(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(sitting): Path<SittingId>,
    Json(form): Json<GrantAttempt>,
) -> Result<axum::Json<SittingView>, Problem> {
    let desk = Desk { app: &app, actor: &actor, reader: &reader, sitting, id: form.command_id };
    desk.give(Command::GrantAttempt { subject_id: form.subject_id, reason: form.reason }).await
}

/// Stops a sitting; a take that runs is lost, and its attempt given back.
#[utoipa::path(post, path = "/console/sittings/{sitting}/suspend", tag = "console", request_body = WithReason,
    params(("sitting" = SittingId, Path, description = "A sitting of a school in which one is administrator or proctor")),
    responses(
        (status = 200, description = "The sitting as it stands", body = SittingView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting of this person's schools", body = crate::problem::ProblemBody),
        (status = 409, description = "Stopped already, or not entered", body = crate::problem::ProblemBody),
        (status = 410, description = "It is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn suspend(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(sitting): Path<SittingId>,
    Json(form): Json<WithReason>,
) -> Result<axum::Json<SittingView>, Problem> {
    let desk = Desk { app: &app, actor: &actor, reader: &reader, sitting, id: form.command_id };
    desk.give(Command::Suspend { reason: form.reason }).await
}

/// Lets a sitting go on; the time it stood still is granted.
#[utoipa::path(post, path = "/console/sittings/{sitting}/resume", tag = "console", request_body = Bare,
    params(("sitting" = SittingId, Path, description = "A sitting of a school in which one is administrator or proctor")),
    responses(
        (status = 200, description = "The sitting as it stands", body = SittingView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting of this person's schools", body = crate::problem::ProblemBody),
        (status = 409, description = "Not stopped", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn resume(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(sitting): Path<SittingId>,
    Json(form): Json<Bare>,
) -> Result<axum::Json<SittingView>, Problem> {
    let desk = Desk { app: &app, actor: &actor, reader: &reader, sitting, id: form.command_id };
    desk.give(Command::Resume).await
}

/// Opens a subject that is over again, with at least one attempt.
#[utoipa::path(post, path = "/console/sittings/{sitting}/reopen", tag = "console", request_body = Reopen,
    params(("sitting" = SittingId, Path, description = "A sitting of a school in which one is administrator or proctor")),
    responses(
        (status = 200, description = "The sitting as it stands", body = SittingView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting of this person's schools, or no such subject", body = crate::problem::ProblemBody),
        (status = 409, description = "Still open", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn reopen(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(sitting): Path<SittingId>,
    Json(form): Json<Reopen>,
) -> Result<axum::Json<SittingView>, Problem> {
    let desk = Desk { app: &app, actor: &actor, reader: &reader, sitting, id: form.command_id };
    desk.give(Command::Reopen { subject_id: form.subject_id, until: form.until, reason: form.reason }).await
}

/// Decides whether what a phone sealed only after the close counts, where the exam leaves that to a proctor.
#[utoipa::path(post, path = "/console/sittings/{sitting}/late-seals", tag = "console", request_body = JudgeLate,
    params(("sitting" = SittingId, Path, description = "A sitting of a school in which one is administrator or proctor")),
    responses(
        (status = 200, description = "The sitting as it stands", body = SittingView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting of this person's schools, or no such take", body = crate::problem::ProblemBody),
        (status = 409, description = "Nothing of the take was sealed late", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn judge_late(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(sitting): Path<SittingId>,
    Json(form): Json<JudgeLate>,
) -> Result<axum::Json<SittingView>, Problem> {
    load_for(&app, &actor, sitting, &STAFF).await?;
    let parts = part::of_owner(&mut app.db.reader().await?, form.take_id.as_uuid()).await?;
    let is_late = parts.iter().any(|part| part.sitting_id == sitting && part.late_from.is_some());
    if !is_late {
        return Err(Problem::new(RefusalCode::TakeNotLate));
    }
    let desk = Desk { app: &app, actor: &actor, reader: &reader, sitting, id: form.command_id };
    desk.give(Command::JudgeLate { take_id: form.take_id, counts: form.counts, reason: form.reason }).await
}

/// Lets another device take the place of the one that drives a sitting: the candidate's phone is broken or lost.
#[utoipa::path(post, path = "/console/sittings/{sitting}/device-releases", tag = "console", request_body = WithReason,
    params(("sitting" = SittingId, Path, description = "A sitting of a school in which one is administrator or proctor")),
    responses(
        (status = 200, description = "The sitting as it stands", body = SittingView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting of this person's schools", body = crate::problem::ProblemBody),
        (status = 409, description = "No device drives it", body = crate::problem::ProblemBody),
        (status = 410, description = "It is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn release_device(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(sitting): Path<SittingId>,
    Json(form): Json<WithReason>,
) -> Result<axum::Json<SittingView>, Problem> {
    let desk = Desk { app: &app, actor: &actor, reader: &reader, sitting, id: form.command_id };
    desk.give(Command::ReleaseDevice { reason: form.reason }).await
}

/// Ends a sitting.
#[utoipa::path(post, path = "/console/sittings/{sitting}/end", tag = "console", request_body = WithReason,
    params(("sitting" = SittingId, Path, description = "A sitting of a school in which one is administrator or proctor")),
    responses(
        (status = 200, description = "The sitting as it stands", body = SittingView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting of this person's schools", body = crate::problem::ProblemBody),
        (status = 409, description = "Not now", body = crate::problem::ProblemBody),
        (status = 410, description = "It is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn end(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(sitting): Path<SittingId>,
    Json(form): Json<WithReason>,
) -> Result<axum::Json<SittingView>, Problem> {
    let desk = Desk { app: &app, actor: &actor, reader: &reader, sitting, id: form.command_id };
    desk.give(Command::EndByStaff { reason: form.reason }).await
}

/// Whoever gives an order, and for which sitting.
struct Desk<'a> {
    app: &'a App,
    actor: &'a Actor,
    reader: &'a Reader,
    sitting: SittingId,
    id: CommandId,
}

impl Desk<'_> {
    async fn give(self, order: Command) -> Result<axum::Json<SittingView>, Problem> {
        let Self { app, actor, reader, sitting, id } = self;
        load_for(app, actor, sitting, &STAFF).await?;
        check_reason(&order)?;
        let given = Given { sitting, command_id: Some(id), actor: actor.signature(), device: None };
        let done = command::run(app, given, order, Box::new(|_, _, _, _| ())).await?;
        Ok(axum::Json(command::staff_view(app, &done.loaded, reader, true).await?))
    }
}

/// An order without a reason helps nobody who asks later.
fn check_reason(order: &Command) -> Result<(), Problem> {
    let (Command::Grant { reason, .. }
    | Command::GrantAttempt { reason, .. }
    | Command::JudgeLate { reason, .. }
    | Command::Suspend { reason }
    | Command::Reopen { reason, .. }
    | Command::EndByStaff { reason }) = order
    else {
        return Ok(());
    };
    let fits = !reason.trim().is_empty() && reason.chars().count() <= REASON_MAX;
    if fits { Ok(()) } else { Err(Problem::field("reason", "1 to 500 characters")) }
}
