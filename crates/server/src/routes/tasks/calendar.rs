//! `GET /enrolments/{enrolment}/tasks/{task}/calendar`: one's booked slot for the phone's calendar (H5).

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use yikao_domain::id::{EnrolmentId, TaskId};
use yikao_domain::refusal::RefusalCode;
use yikao_domain::task::{TaskState, state};

use crate::auth::actor::Actor;
use crate::extract::Path;
use crate::language::Reader;
use crate::problem::Problem;
use crate::state::App;
use crate::tasks::{self, OwnTask, progress};

/// One's booked slot as a calendar file.
#[utoipa::path(get, path = "/enrolments/{enrolment}/tasks/{task}/calendar", tag = "tasks",
    params(("enrolment" = EnrolmentId, Path, description = "One's own enrolment"),
        ("task" = TaskId, Path, description = "One of its tasks")),
    responses(
        (status = 200, description = "iCalendar, with reminders", body = String, content_type = "text/calendar"),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 404, description = "No such enrolment of this candidate, or it has no such task", body = crate::problem::ProblemBody),
        (status = 409, description = "Nothing is booked", body = crate::problem::ProblemBody),
    ))]
pub async fn calendar(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path((enrolment, task)): Path<(EnrolmentId, TaskId)>,
) -> Result<Response, Problem> {
    let own = OwnTask::load(&app, actor, enrolment, task).await?;
    let row = own.row(&mut app.db.reader().await?).await?;
    let (task, now) = (own.task()?, app.clock.now());
    let TaskState::Booked(booked) = state(task, row.as_ref().map(progress).as_ref(), now) else {
        return Err(Problem::new(RefusalCode::BookingNone));
    };
    let titles = (own.body().title.as_str(), task.title.name(reader.language));
    let text = tasks::calendar(enrolment, &booked.slot, titles, reader.language, now);
    let mut answer = Response::new(Body::from(text));
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    headers
        .insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"yikao.ics\""));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(answer)
}
