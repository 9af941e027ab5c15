//! Parts of a sitting: made with a take, told apart by who owns them, counted as they arrive.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yikao_domain::id::{PartId, SittingId, TakeId};
use yikao_domain::refusal::RefusalCode;
use yikao_domain::seal::Owner;
use yikao_domain::sitting::Sitting;
use yikao_domain::time::Timestamp;
use yikao_store::{StoreError, Tx, part};

use super::command::Loaded;
use crate::problem::{FieldError, Problem};
use crate::routes::parts::renew;
use crate::state::App;

/// What a phone's recorder makes, as the phone says.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
pub struct MediaReport {
    /// MIME type with codecs, such as `video/mp4;codecs=avc1,opus`.
    #[schema(max_length = 200, example = "video/webm;codecs=vp9,opus")]
    pub mime: String,
    /// Width in pixels.
    #[serde(default)]
    pub width: Option<u32>,
    /// Height in pixels.
    #[serde(default)]
    pub height: Option<u32>,
    /// Frames a second.
    #[serde(default)]
    pub frame_rate: Option<f64>,
    /// How sound is treated, read back from the track.
    #[serde(default)]
    pub audio: Option<AudioReport>,
}

/// How sound is treated, read back from the track.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[expect(missing_docs, reason = "named as in MediaTrackSettings")]
pub struct AudioReport {
    #[serde(default)]
    pub echo_cancellation: Option<bool>,
    #[serde(default)]
    pub noise_suppression: Option<bool>,
    #[serde(default)]
    pub auto_gain_control: Option<bool>,
    #[serde(default)]
    pub sample_rate: Option<f64>,
}

/// The phone, as it says.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
pub struct DeviceReport {
    /// What the browser says of itself.
    #[serde(default)]
    #[schema(max_length = 400)]
    pub user_agent: String,
    /// The model, where the browser tells.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub model: Option<String>,
}

/// A new part and the right to send it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartGrant {
    /// The part.
    pub id: PartId,
    /// The right to send it.
    pub capability: String,
    /// Until when it holds, ms.
    pub expires_at: Timestamp,
    /// What the chain's beginning binds.
    pub sitting_id: SittingId,
    /// 1: a take.
    pub owner_kind: u8,
    /// The take.
    pub owner_id: uuid::Uuid,
}

/// What is kept of a new part besides the sitting's state.
#[derive(Debug, Clone)]
pub struct NewPart {
    /// The part.
    pub id: PartId,
    /// Its take.
    pub take_id: TakeId,
    /// What its recorder makes.
    pub media: MediaReport,
    /// On which phone.
    pub device: DeviceReport,
}

impl MediaReport {
    /// Refuses what cannot be a recorder's type.
    pub fn check(&self) -> Result<(), Problem> {
        let known = ["video/mp4", "video/webm"].iter().any(|kind| self.mime.starts_with(kind));
        if known && self.mime.len() <= 200 {
            return Ok(());
        }
        Err(Problem::malformed(vec![FieldError::new("media.mime", "video/mp4 or video/webm is wanted")]))
    }
}

/// Keeps the row of a part that a command has opened.
pub fn insert(tx: &mut Tx, loaded: &Loaded, new: &NewPart, now: Timestamp) {
    let Some((run, take, _)) = loaded.sitting.part(new.id) else { return };
    let number = take.parts.iter().position(|part| part.id == new.id).unwrap_or_default() + 1;
    let text = |value: Result<String, serde_json::Error>| value.unwrap_or_else(|_| "{}".into());
    let row = part::Part {
        id: new.id,
        school_id: loaded.row.school_id,
        sitting_id: loaded.row.id,
        owner_kind: Owner::Take(take.id).kind_byte(),
        owner_id: *take.id.as_uuid(),
        subject_id: run.subject_id,
        take_id: Some(take.id),
        candidate_id: loaded.row.candidate_id,
        camera: "main".into(),
        number: u32::try_from(number).unwrap_or(u32::MAX),
        mime: new.media.mime.clone(),
        media: text(serde_json::to_string(&new.media)),
        device: text(serde_json::to_string(&new.device)),
        state: "open".into(),
        opened_at: now,
        last_index: None,
        head: None,
        bytes: None,
        duration_ms: None,
        cipher: "aes-256-gcm".into(),
        key_id: "candidate".into(),
        received: None,
        late_from: None,
        late_by_ms: None,
    };
    part::insert(tx, &row);
}

/// Notes where parts end that a command has ended; a job waits for the rest of their segments.
pub async fn note_ends(tx: &mut Tx, before: &Sitting, after: &Sitting) -> Result<(), StoreError> {
    for part in after.subjects.iter().flat_map(|run| &run.takes).flat_map(|take| &take.parts) {
        let Some(end) = part.end else { continue };
        let was_known = before.part(part.id).is_some_and(|(_, _, part)| part.end.is_some());
        if !was_known {
            part::finish(tx, part.id, end.last_index, Some(end.head), Some(end.duration_ms)).await?;
        }
    }
    Ok(())
}

/// The right to send a part that is in `loaded`.
pub fn grant(app: &App, loaded: &Loaded, id: PartId) -> Result<PartGrant, Problem> {
    let (_, take, _) = loaded.sitting.part(id).ok_or_else(|| Problem::new(RefusalCode::PartNotFound))?;
    let owner = Owner::Take(take.id);
    let capability = renew::issue(loaded, owner, id, app.clock.now())?;
    Ok(PartGrant {
        id,
        expires_at: capability.expires_at,
        capability: capability.issue(&app.keys),
        sitting_id: loaded.sitting.id,
        owner_kind: owner.kind_byte(),
        owner_id: *take.id.as_uuid(),
    })
}

/// The owner of a stored part.
pub fn owner_of(part: &part::Part) -> Result<Owner, StoreError> {
    let owner = Owner::from_bytes(part.owner_kind, part.owner_id.into_bytes());
    owner.ok_or_else(|| StoreError::Unreadable {
        what: "part.owner_kind",
        why: format!("{} is not known", part.owner_kind),
    })
}
