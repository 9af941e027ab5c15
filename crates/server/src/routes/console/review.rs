//! `GET /console/sittings/{sitting}`: one sitting with its timeline, its recordings and what the phones said.

use std::collections::HashSet;

use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use yikao_domain::document::mask;
use yikao_domain::id::{PartId, SittingId, TakeId};
use yikao_domain::part::Indexes;
use yikao_domain::policy::LateSeals;
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::part::{self, Part};
use yikao_store::{asset, face, pulse, sitting};

use super::marks::{self, MarkView};
use super::timeline::{self, TimelineEvent};
use super::{STAFF, WATCHERS, is_for_judges, load_for, people};
use crate::audit;
use crate::auth::actor::Actor;
use crate::extract::Path;
use crate::language::Reader;
use crate::papers::{self, AskedPaper};
use crate::problem::Problem;
use crate::routes::parts::pulse::{Battery, Network};
use crate::sittings::command::{self, Loaded};
use crate::sittings::names::{CameraName, PartStateName};
use crate::sittings::view::SittingView;
use crate::state::App;

/// A sitting in review.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewView {
    /// The sitting as it stands, with what staff can do.
    pub sitting: SittingView,
    /// Whose it is.
    pub candidate: CandidateView,
    /// What happened, in order.
    pub timeline: Vec<TimelineEvent>,
    /// What the candidate was asked.
    pub papers: Vec<AskedPaper>,
    /// The recordings.
    pub parts: Vec<ReviewPart>,
    /// Flags of detectors and people.
    pub marks: Vec<MarkView>,
    /// When battery or network changed.
    pub pulses: Vec<PulseView>,
}

/// Whose a sitting is.
#[derive(Debug, Serialize, ToSchema)]
pub struct CandidateView {
    /// Name.
    pub name: String,
    /// Document number, with its middle hidden.
    #[schema(required)]
    pub document_number_masked: Option<String>,
    /// Province of the examination.
    #[schema(required)]
    pub province: Option<&'static str>,
}

/// A recording.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewPart {
    /// The part.
    pub id: PartId,
    /// Of which take.
    #[schema(required)]
    pub take_id: Option<TakeId>,
    /// Of which camera.
    #[schema(value_type = CameraName)]
    pub camera: String,
    /// How far it is.
    #[schema(value_type = PartStateName)]
    pub state: String,
    /// Where it plays, once it is assembled.
    #[schema(required)]
    pub media_url: Option<String>,
    /// Recorded length, ms.
    #[schema(required)]
    pub duration_ms: Option<Millis>,
    /// Segments that have not arrived, before the last that has or the part's end.
    pub gaps: Vec<Gap>,
    /// What was first sealed after the close, if anything was.
    #[schema(required)]
    pub late: Option<LateView>,
    /// Where its first frame lies, in ms after the take's beep; negative before it.
    #[schema(required)]
    pub offset_ms: Option<i64>,
    /// When it began, ms.
    pub started_at: Timestamp,
}

/// Segments that were first sealed after the close: nobody witnessed them in time.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct LateView {
    /// The first of them; all after it are, too.
    pub from_index: u64,
    /// How long after the close the last was sealed, ms.
    pub by_ms: Millis,
    /// Whether they count, by the exam's rules or a decision; absent while nobody has decided.
    #[schema(required)]
    pub counts: Option<bool>,
}

/// Segments that have not arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Gap {
    /// The first of them.
    pub from_index: u64,
    /// The last of them.
    pub to_index: u64,
}

/// What a phone said when it changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct PulseView {
    /// When, ms.
    pub at: Timestamp,
    /// Which part.
    pub part_id: PartId,
    /// Battery, where the browser tells.
    #[schema(value_type = Option<Battery>, required)]
    pub battery: Value,
    /// Network, where the browser tells.
    #[schema(value_type = Option<Network>, required)]
    pub network: Value,
    /// Segments on the phone that had not arrived.
    pub queued_segments: u64,
}

/// One sitting in review. Every look is logged. Judges see what is submitted and has arrived.
#[utoipa::path(get, path = "/console/sittings/{sitting}", tag = "console",
    params(("sitting" = SittingId, Path, description = "A sitting of a school in which one is administrator, proctor or judge")),
    responses(
        (status = 200, description = "The sitting in review", body = ReviewView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed", body = crate::problem::ProblemBody),
        (status = 404, description = "No such sitting of this person's schools", body = crate::problem::ProblemBody),
    ))]
pub async fn review(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(id): Path<SittingId>,
) -> Result<axum::Json<ReviewView>, Problem> {
    let loaded = load_for(&app, &actor, id, &WATCHERS).await?;
    let school = loaded.row.school_id;
    let is_staff = actor.is_in(school, &STAFF);
    audit::looked(&app, &actor, school, "sitting.read", "sitting", id.to_string()).await?;
    let mut tx = app.db.reader().await?;
    let mut rows = part::of_sitting(&mut tx, id).await?;
    let events = sitting::events(&mut tx, id, 0).await?;
    let faces = face::checks_of_sitting(&mut tx, id).await?;
    drop(tx);
    if !is_staff {
        rows.retain(|row| is_for_judges(&loaded.sitting, row.id));
        if rows.is_empty() {
            return Err(Problem::not_found());
        }
    }
    let mut papers = papers::asked(&app, &loaded).await?;
    papers.retain(|paper| is_staff || rows.iter().any(|row| row.subject_id == paper.subject_id));
    let heard = heard(&app, &rows).await?;
    let mut marks: Vec<MarkView> =
        rows.iter().zip(&heard).flat_map(|(row, pulses)| marks::of_part(row, pulses)).collect();
    marks.extend(marks::of_faces(&rows, &faces));
    marks.sort_by_key(|mark| mark.at);
    Ok(axum::Json(ReviewView {
        sitting: command::staff_view(&app, &loaded, &reader, is_staff).await?,
        candidate: candidate(&app, &loaded).await?,
        timeline: timeline::of(&app, &loaded, events).await?,
        papers,
        pulses: changes(&heard),
        parts: parts(&app, &loaded, rows).await?,
        marks,
    }))
}

async fn candidate(app: &App, loaded: &Loaded) -> Result<CandidateView, Problem> {
    let who = people::identity(app, loaded.row.candidate_id).await?;
    Ok(CandidateView {
        document_number_masked: who.as_ref().map(|who| mask(&who.document_number)),
        province: who.as_ref().map(|who| who.province.name()),
        name: who.map(|who| who.name).unwrap_or_default(),
    })
}

async fn parts(app: &App, loaded: &Loaded, rows: Vec<Part>) -> Result<Vec<ReviewPart>, Problem> {
    let made = asset::of_sitting(&mut app.db.reader().await?, loaded.row.id).await?;
    let playable: HashSet<PartId> =
        made.iter().filter(|asset| asset.kind == "playable").map(|asset| asset.part_id).collect();
    let mut kept = app.footage.kept_in(app, loaded.row.id, rows.iter().map(|row| row.id)).await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let arrived = kept.remove(&row.id).unwrap_or_default();
        let beep = row.take_id.and_then(|id| loaded.sitting.take(id)).and_then(|(_, take)| take.beep_at());
        views.push(ReviewPart {
            gaps: gaps(&arrived, row.last_index),
            late: late(loaded, &row),
            media_url: playable.contains(&row.id).then(|| format!("/api/parts/{}/media", row.id)),
            offset_ms: beep.map(|beep| row.opened_at.as_ms() - beep.as_ms()),
            started_at: row.opened_at,
            id: row.id,
            take_id: row.take_id,
            camera: row.camera,
            state: row.state,
            duration_ms: row.duration_ms,
        });
    }
    Ok(views)
}

fn late(loaded: &Loaded, row: &Part) -> Option<LateView> {
    let (from_index, by_ms) = row.late_from.zip(row.late_by_ms)?;
    let accepted = loaded.context.subject(row.subject_id).ok()?.policy.late_seals == LateSeals::Accept;
    let (_, take) = loaded.sitting.take(row.take_id?)?;
    Some(LateView { from_index, by_ms, counts: if accepted { Some(true) } else { take.late_counts } })
}

fn gaps(arrived: &Indexes, last_index: Option<u64>) -> Vec<Gap> {
    let end = last_index.or_else(|| arrived.last()).unwrap_or_default();
    arrived.missing(end).into_iter().map(|(from_index, to_index)| Gap { from_index, to_index }).collect()
}

/// What was heard of each part.
async fn heard(app: &App, rows: &[Part]) -> Result<Vec<Vec<pulse::Pulse>>, Problem> {
    let mut tx = app.db.reader().await?;
    let mut heard = Vec::with_capacity(rows.len());
    for row in rows {
        heard.push(pulse::of_part(&mut tx, row.id).await?);
    }
    Ok(heard)
}

/// When battery or network changed.
fn changes(heard: &[Vec<pulse::Pulse>]) -> Vec<PulseView> {
    let mut views: Vec<PulseView> = Vec::new();
    for all in heard {
        let last = all.len().saturating_sub(1);
        let mut before = None;
        for (at, one) in all.iter().enumerate() {
            let view = pulse_view(one);
            let said = (view.battery.clone(), view.network.clone());
            if at == last || before.as_ref() != Some(&said) {
                views.push(view);
            }
            before = Some(said);
        }
    }
    views
}

fn pulse_view(row: &pulse::Pulse) -> PulseView {
    let body: Value = serde_json::from_str(&row.body).unwrap_or_default();
    PulseView {
        at: row.at,
        part_id: row.part_id,
        battery: body["battery"].clone(),
        network: body["network"].clone(),
        queued_segments: body["queued_segments"].as_u64().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_not_arrived_up_to_the_end_is_a_gap() {
        let arrived: Indexes = [1, 2, 5].into_iter().collect();
        let gap = |from_index, to_index| Gap { from_index, to_index };
        assert_eq!(gaps(&arrived, Some(7)), [gap(3, 4), gap(6, 7)]);
        assert_eq!(gaps(&arrived, None), [gap(3, 4)]);
    }
}
