//! `POST /takes/{take}/parts`: the recorder starts anew within a take, after a reload, an error or a change
//! of quality (M4).

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use yikao_domain::id::{CommandId, PartId, TakeId};
use yikao_domain::refusal::RefusalCode;
use yikao_domain::sitting::{Command, PartEnd, PartReason};
use yikao_domain::time::Millis;

use super::given;
use super::start::TakeGrant;
use crate::auth::actor::Actor;
use crate::extract::{Json, Path};
use crate::language::Reader;
use crate::problem::Problem;
use crate::sittings::command;
use crate::sittings::parts::{self, DeviceReport, MediaReport, NewPart};
use crate::state::App;

/// Goes on in a new part.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenPart {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// Why the recorder was started anew.
    pub reason: PartReason,
    /// How long nothing was recorded, ms, if the phone knows.
    #[serde(default)]
    pub lasted_ms: Option<Millis>,
    /// Where the part before it ended, if the phone knows.
    #[serde(default)]
    pub previous: Option<PartEnd>,
    /// What the recorder makes.
    pub media: MediaReport,
    /// The phone.
    #[serde(default)]
    pub device: DeviceReport,
}

/// Opens another part of a take.
#[utoipa::path(post, path = "/takes/{take}/parts", tag = "takes", request_body = OpenPart,
    params(("take" = TakeId, Path, description = "One's own take")),
    responses(
        (status = 201, description = "The take goes on", body = TakeGrant),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such take", body = crate::problem::ProblemBody),
        (status = 409, description = "The take is over, or has too many parts", body = crate::problem::ProblemBody),
        (status = 410, description = "The time is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ))]
pub async fn open_part(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(take_id): Path<TakeId>,
    Json(form): Json<OpenPart>,
) -> Result<(StatusCode, axum::Json<TakeGrant>), Problem> {
    form.media.check()?;
    let given = given(&app, &actor, take_id, form.command_id).await?;
    let part_id = PartId::from_uuid(app.clock.new_uuid());
    let order = Command::OpenPart {
        take_id,
        part_id,
        reason: form.reason,
        lasted_ms: form.lasted_ms,
        previous: form.previous.into_iter().collect(),
    };
    let new = NewPart { id: part_id, take_id, media: form.media, device: form.device };
    let extra: command::Extra<PartId> = Box::new(move |tx, loaded, _, now| {
        parts::insert(tx, loaded, &new, now);
        new.id
    });
    let done = command::run(&app, given, order, extra).await?;
    let Some((_, take, _)) = done.loaded.sitting.part(done.answer) else {
        // The interruption that this part means was more than the exam allows: the take is over.
        return Err(Problem::new(RefusalCode::TakeLost));
    };
    let take_id = take.id;
    let part = parts::grant(&app, &done.loaded, done.answer)?;
    let sitting = command::view(&app, &done.loaded, &reader).await?;
    Ok((StatusCode::CREATED, axum::Json(TakeGrant { sitting, take_id, part })))
}
