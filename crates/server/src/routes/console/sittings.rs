//! `GET /console/exams/{exam}/sittings`: who sits, how far they are, what their cameras last said.

use std::collections::HashMap;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use yikao_domain::exam::SittingKind;
use yikao_domain::id::{ExamId, PartId, SittingId, SubjectId};
use yikao_domain::sitting::{Sitting, SubjectRun};
use yikao_domain::time::Timestamp;
use yikao_store::pulse::{self, CameraState};
use yikao_store::sitting::{self, SittingFilter, SittingRow};
use yikao_store::{Page, Paged, Tx};

use super::{STAFF, WATCHERS, people};
use crate::auth::actor::Actor;
use crate::extract::{Path, Query};
use crate::problem::Problem;
use crate::routes::parts::pulse::{Battery, Network, Recorder};
use crate::sittings::names::{CameraName, DeliveryName, RunStateName};
use crate::sittings::view::PhaseView;
use crate::sittings::{command, render};
use crate::state::App;
use crate::{audit, exams};

/// Sittings on a page.
const PAGE: u32 = 50;
/// The filter that means: submitted, and arrived.
const DELIVERED: &str = "delivered";

/// Which sittings.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// `open`, `suspended`, `reopened`, `closed`, or `delivered`: with a submission that has arrived.
    #[serde(default)]
    pub state: String,
    /// A whole name or document number.
    #[serde(default)]
    pub q: String,
    /// From 1.
    pub page: Option<u32>,
}

/// A page of sittings.
#[derive(Debug, Serialize, ToSchema)]
pub struct SittingPage {
    /// The sittings, latest entry first.
    pub items: Vec<DeskRow>,
    /// Of so many.
    pub total: u64,
    /// Server time, ms.
    pub server_time: Timestamp,
}

/// A sitting on the desk.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskRow {
    /// The sitting.
    pub sitting_id: SittingId,
    /// Whose.
    pub candidate_name: String,
    /// The major's name.
    pub major: String,
    /// What it counts for.
    pub kind: SittingKind,
    /// How far it is.
    pub phase: PhaseView,
    /// When the candidate entered, ms.
    pub entered_at: Timestamp,
    /// When the clock runs out, ms.
    #[schema(required)]
    pub closes_at: Option<Timestamp>,
    /// The subjects in their order.
    pub subjects: Vec<DeskSubject>,
    /// What each camera last said.
    pub cameras: Vec<CameraView>,
}

/// A subject on the desk.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskSubject {
    /// The subject.
    pub subject_id: SubjectId,
    /// Its name.
    pub name: String,
    /// How far it is.
    pub state: RunStateName,
    /// Attempts used or reserved.
    pub attempts_used: u32,
    /// Attempts allowed, granted ones included.
    pub attempts_allowed: u32,
    /// How far its footage has come, where something was submitted.
    #[schema(required)]
    pub delivery: Option<DeliveryName>,
}

/// What a camera last said.
#[derive(Debug, Serialize, ToSchema)]
pub struct CameraView {
    /// Its newest part.
    pub part_id: PartId,
    /// Which of them.
    pub camera: CameraName,
    /// What its recorder does.
    #[schema(value_type = Recorder)]
    pub recorder: String,
    /// Battery, where the browser tells.
    #[schema(value_type = Option<Battery>, required)]
    pub battery: Value,
    /// Network, where the browser tells.
    #[schema(value_type = Option<Network>, required)]
    pub network: Value,
    /// Segments on the phone that have not arrived.
    pub queued_segments: u64,
    /// When it last reported, ms.
    pub last_contact_at: Timestamp,
}

/// Who sits. Judges see what is submitted and has arrived.
#[utoipa::path(get, path = "/console/exams/{exam}/sittings", tag = "console",
    params(("exam" = ExamId, Path, description = "An exam of a school in which one is administrator, proctor or judge"), Asked),
    responses(
        (status = 200, description = "A page of sittings", body = SittingPage),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed", body = crate::problem::ProblemBody),
        (status = 404, description = "No such exam of this person's schools", body = crate::problem::ProblemBody),
        (status = 422, description = "No such page", body = crate::problem::ProblemBody),
    ))]
pub async fn sittings(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<ExamId>,
    Query(mut asked): Query<Asked>,
) -> Result<axum::Json<SittingPage>, Problem> {
    let school = exams::load_for(&app, &actor, id, &WATCHERS).await?.school_id;
    if !actor.is_in(school, &STAFF) {
        DELIVERED.clone_into(&mut asked.state);
    }
    let mut tx = app.db.reader().await?;
    let found = find(&app, &mut tx, id, &asked).await?;
    let ids: Vec<_> = found.items.iter().map(|row| row.id).collect();
    let mut cameras: HashMap<SittingId, Vec<CameraState>> = HashMap::new();
    for state in pulse::cameras(&mut tx, &ids).await? {
        cameras.entry(state.sitting_id).or_default().push(state);
    }
    let (mut items, mut candidates) = (Vec::with_capacity(ids.len()), Vec::with_capacity(ids.len()));
    for row in found.items {
        let states = cameras.remove(&row.id).unwrap_or_default();
        items.push(view(&app, &mut tx, &row, &states).await?);
        candidates.push(row.candidate_id);
    }
    // Names take a connection of their own: who waits for a second one while holding the first may wait for
    // somebody who does the same.
    drop(tx);
    for (item, candidate) in items.iter_mut().zip(candidates) {
        item.candidate_name =
            people::identity(&app, candidate).await?.map(|who| who.name).unwrap_or_default();
    }
    audit::looked(&app, &actor, school, "sittings.listed", "exam", id.to_string()).await?;
    Ok(axum::Json(SittingPage { items, total: found.total, server_time: app.clock.now() }))
}

async fn find(app: &App, tx: &mut Tx, exam: ExamId, asked: &Asked) -> Result<Paged<SittingRow>, Problem> {
    let offset = asked.page.unwrap_or(1).saturating_sub(1).saturating_mul(PAGE);
    let delivered = asked.state == DELIVERED;
    let phase = Some(asked.state.clone()).filter(|state| !delivered && !state.is_empty());
    let filter = SittingFilter { phase, delivered, ..SittingFilter::default() };
    if asked.q.trim().is_empty() {
        return Ok(sitting::page(tx, exam, &filter, Page { limit: PAGE, offset }).await?);
    }
    // A name or number names one person, rarely a few: all their sittings make one page.
    let mut items = Vec::new();
    for candidate in people::find(app, tx, exam, &asked.q).await? {
        let filter = SittingFilter { candidate: Some(candidate), ..filter.clone() };
        items.append(&mut sitting::page(tx, exam, &filter, Page { limit: PAGE, offset: 0 }).await?.items);
    }
    let total = items.len() as u64;
    let items = items.into_iter().skip(offset as usize).take(PAGE as usize).collect();
    Ok(Paged { items, total })
}

/// A row without its candidate's name.
async fn view(app: &App, tx: &mut Tx, row: &SittingRow, cameras: &[CameraState]) -> Result<DeskRow, Problem> {
    let known = app.revisions.get(tx, row.revision_id).await?;
    let context = known.context(row.major_id, row.session_id)?;
    let sitting = command::read(row)?;
    let subject = |run: &SubjectRun| {
        let context = context.subject(run.subject_id).ok()?;
        Some(DeskSubject {
            subject_id: run.subject_id,
            name: context.name.clone(),
            state: run.state.into(),
            attempts_used: run.attempts_used(),
            attempts_allowed: run.attempts_allowed(context.policy.attempts),
            delivery: run.submission().map(|submission| (&submission.delivery).into()),
        })
    };
    let major = known.revision.body.major(row.major_id);
    Ok(DeskRow {
        sitting_id: row.id,
        candidate_name: String::new(),
        major: major.map(|major| major.name.clone()).unwrap_or_default(),
        kind: row.kind,
        phase: render::phase(&sitting),
        entered_at: row.entered_at,
        closes_at: sitting.closes_at(),
        subjects: sitting.subjects.iter().filter_map(subject).collect(),
        cameras: newest(cameras).map(|state| camera(&sitting, state)).into_iter().collect(),
    })
}

/// A sitting has one main camera; each take and each resumption is a part of its own.
fn newest(cameras: &[CameraState]) -> Option<&CameraState> {
    cameras.iter().max_by_key(|state| state.at)
}

fn camera(sitting: &Sitting, state: &CameraState) -> CameraView {
    let body: Value = serde_json::from_str(&state.body).unwrap_or_default();
    let said = body["recorder"].as_str().unwrap_or_default();
    let is_live = sitting.part(state.part_id).is_some_and(|(_, take, _)| take.is_live());
    // After a take a silent phone is no reason to look: nothing is expected of it.
    let recorder = if is_live || said == "failed" { said } else { "stopped" };
    CameraView {
        part_id: state.part_id,
        camera: CameraName::Main,
        recorder: recorder.to_owned(),
        battery: body["battery"].clone(),
        network: body["network"].clone(),
        queued_segments: body["queued_segments"].as_u64().unwrap_or_default(),
        last_contact_at: state.at,
    }
}
