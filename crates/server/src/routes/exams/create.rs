//! `POST /schools/{school}/exams`: a draft to begin with, from a preset.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yikao_domain::exam::{ExamState, Major, Order, RevisionBody, Session, SittingKind, Subject, SubjectForm};
use yikao_domain::id::{CommandId, ExamId, MajorId, RevisionId, SchoolId, SessionId, SubjectId, TaskId};
use yikao_domain::policy::{Overrides, Preset};
use yikao_domain::task;
use yikao_domain::text::Language;
use yikao_domain::time::Timestamp;
use yikao_store::exam::{self, Exam};
use yikao_store::revision::{self, Revision};

use crate::auth::actor::{Actor, SchoolRole};
use crate::exams::{self, ExamView, SCHEMA_VERSION};
use crate::extract::{Json, Path};
use crate::language::Reader;
use crate::problem::Problem;
use crate::state::App;
use crate::{audit, commands};

/// Makes an exam.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateExam {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// Where its settings come from.
    pub preset: Preset,
    /// Its name.
    #[schema(max_length = 200)]
    pub title: String,
    /// IANA time zone in which its times are shown.
    #[schema(example = "Asia/Shanghai")]
    pub zone: String,
    /// From when its formal session can be entered, ms.
    pub opens_at: Timestamp,
    /// The end of its formal session, ms.
    pub closes_at: Timestamp,
}

/// Makes a draft with one formal session and one major with one subject, to be edited.
#[utoipa::path(post, path = "/schools/{school}/exams", tag = "exams", request_body = CreateExam,
    params(("school" = SchoolId, Path, description = "A school in which one is an administrator")),
    responses(
        (status = 201, description = "A draft", body = ExamView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such school of this person", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed, unknown preset or time zone", body = crate::problem::ProblemBody),
    ))]
pub async fn create(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(school): Path<SchoolId>,
    Json(form): Json<CreateExam>,
) -> Result<(StatusCode, axum::Json<ExamView>), Problem> {
    actor.require(school, &[SchoolRole::Admin])?;
    exams::check_zone(&form.zone, "zone")?;
    let command_id = form.command_id;
    let body = beginning(&app, reader.language, &form);
    let rows = rows(&app, &actor, school, &form, &body)?;
    let line = audit::line(&app, &actor, Some(school), "exam.created", "exam", &json!({}));
    let made = commands::once(
        &app,
        &actor,
        "exams.create",
        command_id,
        (rows, line),
        |tx, ((exam, revision), line)| {
            Box::pin(async move {
                exam::insert(tx, exam);
                revision::insert(tx, revision);
                audit::keep(tx, line, &exam.id);
                Ok(Ok(exam.id))
            })
        },
    );
    let made: ExamId = made.await?;
    Ok((StatusCode::CREATED, axum::Json(exams::view(&app, &actor, &reader, made).await?)))
}

fn rows(
    app: &App,
    actor: &Actor,
    school_id: SchoolId,
    form: &CreateExam,
    body: &RevisionBody,
) -> Result<(Exam, Revision), Problem> {
    let (id, revision_id) =
        (ExamId::from_uuid(app.clock.new_uuid()), RevisionId::from_uuid(app.clock.new_uuid()));
    let created_at = app.clock.now();
    let exam = Exam {
        id,
        school_id,
        state: ExamState::Draft,
        current_revision_id: Some(revision_id),
        title: form.title.clone(),
        opens_at: form.opens_at,
        closes_at: form.closes_at,
        version: 1,
        created_at,
    };
    let revision = Revision {
        id: revision_id,
        school_id,
        exam_id: id,
        number: 1,
        schema_version: SCHEMA_VERSION,
        body: serde_json::to_string(body)?,
        created_at,
        created_by: actor.account,
    };
    Ok((exam, revision))
}

/// A form that shows what there is to fill in is easier to begin with than an empty one.
fn beginning(app: &App, language: Language, form: &CreateExam) -> RevisionBody {
    let [session, major, subject] = match language {
        // A recital is no 考试 (K16).
        Language::Chinese => [format!("正式{}", form.preset.terms().exam), "专业一".into(), "科目一".into()],
        Language::English => ["Formal exam", "Major 1", "Subject 1"].map(str::to_owned),
    };
    let id = SessionId::from_uuid(app.clock.new_uuid());
    let session = Session::new(id, SittingKind::Formal, session, form.opens_at, form.closes_at);
    let subject = Subject {
        id: SubjectId::from_uuid(app.clock.new_uuid()),
        name: subject,
        form: SubjectForm::Video,
        compulsory: true,
        content: String::new(),
        requirements: String::new(),
        notes: String::new(),
        settings: Overrides::default(),
        papers: Vec::new(),
    };
    let major = Major {
        id: MajorId::from_uuid(app.clock.new_uuid()),
        name: major,
        notes: String::new(),
        settings: Overrides::default(),
        electives: None,
        order: Order::Free,
        subjects: vec![subject],
    };
    let mut body = RevisionBody::from_preset(form.preset, form.title.clone(), form.zone.clone(), session);
    body.majors.push(major);
    let new_id = || TaskId::from_uuid(app.clock.new_uuid());
    body.tasks = task::standard(form.preset).into_iter().map(|draft| draft.with_id(new_id())).collect();
    body
}
