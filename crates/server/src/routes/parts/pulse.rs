//! `POST /parts/{part}/pulses`: a camera's report, and the server's signed answer. The newest seal is
//! durable before the answer, so what arrives later cannot be other footage (NEW2).

use axum::extract::State;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use yikao_domain::id::PartId;
use yikao_domain::refusal::RefusalCode;
use yikao_domain::seal::Seal;
use yikao_domain::signed::Signed;
use yikao_domain::sitting::Sitting;
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::{pulse, seal, sitting};

use crate::auth::capability::Capability;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::routes::parts::{capability_of, renew};
use crate::sittings::names::{PhaseName, TakeStateName};
use crate::sittings::{command, render};
use crate::state::App;

/// Seals that one pulse may carry; a phone with more sends the newest, which commits to all.
const SEALS_MAX: usize = 256;

/// A camera's report.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
pub struct Pulse {
    /// Seals of segments that are still queued, any order; the newest commits to all before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 256)]
    pub seals: Vec<Seal>,
    /// What the recorder does.
    pub recorder: Recorder,
    /// Recorded length so far, ms.
    #[serde(default)]
    pub captured_ms: Millis,
    /// Segments on the phone that have not arrived.
    #[serde(default)]
    pub queued_segments: u32,
    /// Battery, where the browser tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub battery: Option<Battery>,
    /// Storage, where the browser tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
    /// Network, where the browser tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<Network>,
    /// Whether the page is on the screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// Microphone, where it is measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub microphone: Option<Microphone>,
    /// The phone's own clock, ms; kept for the log, read by no rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_time_ms: Option<i64>,
}

/// What a recorder does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Recorder {
    Preparing,
    Positioning,
    Recording,
    Stopped,
    Failed,
}

/// Battery.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
pub struct Battery {
    /// 0 to 1.
    pub level: f64,
    /// Whether it is being charged.
    pub charging: bool,
}

/// Storage that the browser would give, in bytes.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
pub struct Storage {
    /// Free bytes, by the browser's estimate.
    pub free_bytes: u64,
}

/// Network.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
pub struct Network {
    /// Whether the browser believes it is online.
    pub online: bool,
    /// `wifi`, `cellular` or `unknown`.
    #[schema(max_length = 32)]
    pub kind: String,
}

/// Whether a page is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Visibility {
    Visible,
    Hidden,
}

/// Microphone.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
pub struct Microphone {
    /// Mean level, dBFS.
    pub level_db: f64,
    /// Whether the track is muted.
    pub muted: bool,
}

/// The server's answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct PulseAnswer {
    /// The signed word on the newest seal; absent where the pulse carried none.
    #[schema(required)]
    pub acknowledgement: Option<Signed>,
    /// A capability for longer, once the old one has lived half its life.
    #[schema(required)]
    pub capability: Option<String>,
    /// The sitting as it stands.
    pub sitting: SittingPulse,
    /// The take as it stands.
    #[schema(required)]
    pub take: Option<TakePulse>,
    /// Server time, ms.
    pub server_time: Timestamp,
}

/// A sitting, as far as a recording phone must know.
#[derive(Debug, Serialize, ToSchema)]
pub struct SittingPulse {
    /// Rises with every event.
    pub version: u64,
    /// When the clock runs out, ms.
    #[schema(required)]
    pub closes_at: Option<Timestamp>,
    /// How far it is.
    pub phase: PhaseName,
}

/// A take, as far as a recording phone must know.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakePulse {
    /// How far it is.
    pub state: TakeStateName,
    /// When it ends by itself, ms.
    #[schema(required)]
    pub max_ends_at: Option<Timestamp>,
}

/// Takes a camera's report.
#[utoipa::path(post, path = "/parts/{part}/pulses", tag = "footage",
    params(("part" = PartId, Path, description = "The part")), request_body = Pulse,
    responses(
        (status = 200, description = "Seals are durable", body = PulseAnswer),
        (status = 401, description = "No capability, or an expired one", body = crate::problem::ProblemBody),
        (status = 404, description = "No such part", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
    ),
    security(("capability" = [])))]
pub async fn pulse(
    State(app): State<App>,
    Path(part): Path<PartId>,
    headers: HeaderMap,
    Json(mut report): Json<Pulse>,
) -> Result<axum::Json<PulseAnswer>, Problem> {
    let capability = capability_of(&app, &headers, part)?;
    check(&report, &capability)?;
    let now = app.clock.now();
    // Seals have a table of their own.
    let seals = std::mem::take(&mut report.seals);
    let row = pulse::Pulse { part_id: part, at: now, body: serde_json::to_string(&report)? };
    let sitting = app.db.write_with((row, seals, capability.sitting), move |tx, (row, seals, id)| {
        Box::pin(async move {
            let Some(found) = sitting::get(tx, *id).await? else { return Ok(None) };
            let sitting = command::read(&found)?;
            let seals: Vec<_> = seals.iter().map(|seal| witnessed(part, *seal, now, &sitting)).collect();
            let kept = match seals.iter().max_by_key(|seal| seal.idx) {
                Some(newest) => {
                    seal::insert(tx, &seals).await?;
                    // The first word on an index holds: only what is kept is signed.
                    seal::get(tx, part, newest.idx).await?.filter(|kept| kept.head == newest.head)
                }
                None => None,
            };
            pulse::insert(tx, *id, row);
            Ok(Some((sitting, kept)))
        })
    });
    let (sitting, kept) = sitting.await?.ok_or_else(|| Problem::new(RefusalCode::PartNotFound))?;
    let kept = kept.map(|kept| (Seal { index: kept.idx, head: kept.head }, kept.sealed_at));
    Ok(axum::Json(PulseAnswer {
        acknowledgement: kept.map(|(seal, at)| acknowledge(&app, part, seal, at)),
        capability: renew::when_half_spent(&app, &capability, now).await?,
        take: take_of(&sitting, part),
        sitting: SittingPulse {
            version: sitting.version,
            closes_at: sitting.closes_at(),
            phase: render::phase(&sitting).state,
        },
        server_time: now,
    }))
}

fn witnessed(part_id: PartId, seal: Seal, now: Timestamp, sitting: &Sitting) -> seal::WitnessedSeal {
    let late = sitting.is_closed();
    seal::WitnessedSeal { part_id, idx: seal.index, head: seal.head, sealed_at: now, late }
}

fn check(report: &Pulse, capability: &Capability) -> Result<(), Problem> {
    if report.seals.len() > SEALS_MAX {
        return Err(Problem::field("seals", "at most 256"));
    }
    let known = 1..=u64::from(capability.max_index);
    let wrong = report.seals.iter().position(|seal| !known.contains(&seal.index));
    wrong.map_or(Ok(()), |at| Err(Problem::field(&format!("seals[{at}].index"), "out of range")))
}

/// The signed word on a seal.
pub fn acknowledge(app: &App, part: PartId, seal: Seal, now: Timestamp) -> Signed {
    app.keys.sign(&json!({
        "kind": "pulse", "part": part, "index": seal.index, "head": seal.head, "server_time": now,
    }))
}

fn take_of(sitting: &Sitting, part: PartId) -> Option<TakePulse> {
    let (run, take, _) = sitting.part(part)?;
    Some(TakePulse { state: take.state.into(), max_ends_at: sitting.take_ends_at(run, take) })
}
