//! `POST /enrolments/{enrolment}/tasks/{task}/signature`: signs a pledge (诚信录制承诺书, H2).

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use yikao_domain::id::{CommandId, EnrolmentId, TaskId};
use yikao_domain::task::{Drawing, TaskSignature};

use crate::auth::actor::Actor;
use crate::extract::{Json, Path};
use crate::language::Reader;
use crate::problem::Problem;
use crate::state::App;
use crate::tasks::{self, OwnTask, Signing, TaskView};
use crate::{commands, identities};

/// Signs a pledge.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignPledge {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// The hash of the text that was shown.
    pub text_hash: String,
    /// One's own name, typed.
    #[schema(max_length = 100)]
    pub name: String,
    /// One's signature, drawn: rows of points in a field of 1000 by 400.
    #[serde(default)]
    pub drawing: Option<Drawing>,
}

/// Signs a pledge with one's own name.
#[utoipa::path(post, path = "/enrolments/{enrolment}/tasks/{task}/signature", tag = "tasks", request_body = SignPledge,
    params(("enrolment" = EnrolmentId, Path, description = "One's own enrolment"),
        ("task" = TaskId, Path, description = "One of its tasks")),
    responses(
        (status = 201, description = "Signed", body = TaskView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such enrolment of this candidate, or it has no such task", body = crate::problem::ProblemBody),
        (status = 409, description = "Signed already, another text, or nobody knows yet who signs", body = crate::problem::ProblemBody),
        (status = 410, description = "The exam or the time for it is over", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Another name, a drawing that is none …", body = crate::problem::ProblemBody),
    ))]
pub async fn sign(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path((enrolment, task)): Path<(EnrolmentId, TaskId)>,
    Json(form): Json<SignPledge>,
) -> Result<(StatusCode, axum::Json<TaskView>), Problem> {
    let own = OwnTask::load(&app, actor.clone(), enrolment, task).await?;
    let candidate = actor.candidate();
    let signing = Signing {
        text_hash: form.text_hash,
        signature: TaskSignature { name: form.name, drawing: form.drawing },
        own_name: identities::of(&app, candidate).await?.map(|who| who.name),
        key: identities::key_of(&app, &mut app.db.reader().await?, candidate).await?,
    };
    let given = (app.clone(), own.clone(), signing);
    let done =
        commands::once(&app, &actor, "tasks.sign", form.command_id, given, |tx, (app, own, signing)| {
            Box::pin(async move { own.sign(app, tx, signing).await })
        });
    done.await?;
    Ok((StatusCode::CREATED, axum::Json(tasks::view(&app, &reader, &own).await?)))
}
