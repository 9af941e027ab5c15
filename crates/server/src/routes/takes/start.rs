//! `POST /sittings/{sitting}/takes`: reserves an attempt and opens the first part (L1, L2).

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yikao_domain::id::{CommandId, FaceCheckId, PartId, SittingId, SubjectId, TakeId};
use yikao_domain::quota;
use yikao_domain::sitting::Command;
use yikao_store::face;

use crate::auth::actor::Actor;
use crate::extract::{Json, Path};
use crate::faces;
use crate::language::Reader;
use crate::problem::Problem;
use crate::sittings::command::{self, Given};
use crate::sittings::parts::{self, DeviceReport, MediaReport, NewPart, PartGrant};
use crate::sittings::view::SittingView;
use crate::state::App;

/// Starts a take.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartTake {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// For which subject.
    pub subject_id: SubjectId,
    /// What the recorder makes.
    pub media: MediaReport,
    /// The face check that was passed just before, where the subject asks for one.
    #[serde(default)]
    pub face_check_id: Option<FaceCheckId>,
    /// The phone.
    #[serde(default)]
    pub device: DeviceReport,
}

/// A take that may be recorded now.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakeGrant {
    /// The sitting as it stands.
    pub sitting: SittingView,
    /// The take.
    pub take_id: TakeId,
    /// The part that the recorder makes now.
    pub part: PartGrant,
}

/// Reserves an attempt.
#[utoipa::path(post, path = "/sittings/{sitting}/takes", tag = "takes", request_body = StartTake,
    params(("sitting" = SittingId, Path, description = "One's own sitting")),
    responses(
        (status = 201, description = "An attempt is reserved; it is consumed at the beep", body = TakeGrant),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps, or without a consent and nobody at the desk knows them", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting or subject", body = crate::problem::ProblemBody),
        (status = 409, description = "No attempt left, another take runs …", body = crate::problem::ProblemBody),
        (status = 410, description = "The time is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
        (status = 507, description = "More footage than the exam takes", body = crate::problem::ProblemBody),
    ))]
pub async fn start(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(sitting): Path<SittingId>,
    Json(form): Json<StartTake>,
) -> Result<(StatusCode, axum::Json<TakeGrant>), Problem> {
    form.media.check()?;
    let loaded = command::load_own(&app, sitting, actor.candidate()).await?;
    let bytes = app.footage.brought(&app, sitting).await?;
    quota::may_record(&loaded.sitting, &loaded.context, bytes)?;
    let take_id = TakeId::from_uuid(app.clock.new_uuid());
    let part_id = PartId::from_uuid(app.clock.new_uuid());
    let brought = faces::brought(&app, &actor, &loaded, form.subject_id, form.face_check_id).await?;
    let order = Command::StartTake { subject_id: form.subject_id, take_id, part_id, face: brought.evidence };
    let new = NewPart { id: part_id, take_id, media: form.media, device: form.device };
    let given = Given {
        sitting,
        command_id: Some(form.command_id),
        actor: actor.signature(),
        device: Some(actor.device),
    };
    let extra: command::Extra<(TakeId, PartId)> = Box::new(move |tx, loaded, _, now| {
        parts::insert(tx, loaded, &new, now);
        if let Some(unseen) = &brought.unseen {
            face::insert_check(tx, unseen);
        }
        (new.take_id, new.id)
    });
    let done = command::run(&app, given, order, extra).await?;
    let (take_id, part_id) = done.answer;
    let part = parts::grant(&app, &done.loaded, part_id)?;
    let sitting = command::view(&app, &done.loaded, &reader).await?;
    Ok((StatusCode::CREATED, axum::Json(TakeGrant { sitting, take_id, part })))
}
