//! Candidates' pictures: looked at, normalised and closed with the candidate's own key before anything is kept.
//! Nothing of a picture that is refused stays, and one that nobody uses is dropped after a day.

mod sight;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yikao_domain::id::{CandidateId, PictureId};
use yikao_domain::identity::{MAX_WAITING, PictureKind, Reading};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::seal::Hash32;
use yikao_domain::time::{Millis, Timestamp};
use yikao_footage::objects::StoredObject;
use yikao_store::picture::{self, Picture};
use yikao_store::{StoreError, Tx};

use crate::assets;
use crate::consents::{self, Agreed};
use crate::identities;
use crate::keyring::{CandidateKey, KeyError};
use crate::language::Reader;
use crate::problem::{Problem, RefusalView};
use crate::state::App;

pub use sight::{Seen, Sight};

/// The largest file that is taken, in bytes: a phone's best photo, and no film.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;
/// Pictures that are read at the same time: with [`MAX_BYTES`] each, what they take is bounded.
pub const AT_A_TIME: usize = 16;
/// How long a picture waits to be used.
const WAITS: Millis = Millis::hours(24);
/// The longer side of one of the camera as it is kept, in pixels.
const CAMERA_LONGEST: u32 = 1280;
/// How long one of the camera waits for what becomes of the check.
const OF_CAMERA: Millis = Millis::hours(2);
/// How long one that something needed stays after that.
pub const AFTERWARDS: Millis = Millis::hours(24 * 7);
/// How long an object may be under way: nobody forgets one that might still arrive.
const UNDER_WAY: Millis = Millis::minutes(10);
/// Pictures whose objects are deleted in one round.
const AT_ONCE: u32 = 500;

/// What was read on a document, for the candidate to correct.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CardReading {
    /// The name.
    #[schema(required)]
    pub name: Option<String>,
    /// The number; only where its checksum fits.
    #[schema(required)]
    pub number: Option<String>,
    /// The last day of validity, `2036-05-20`; an expired card is fine (C8).
    #[schema(required)]
    pub valid_until: Option<String>,
}

/// A kept picture.
#[derive(Debug, Serialize, ToSchema)]
pub struct PictureView {
    /// Its id.
    pub id: PictureId,
    /// What it shows.
    #[schema(value_type = PictureKind)]
    pub kind: String,
    /// Until when it waits to be used, ms; none once something needs it.
    #[schema(required)]
    pub expires_at: Option<Timestamp>,
    /// What was read on it, where it is of a document.
    #[schema(required)]
    pub reading: Option<CardReading>,
    /// What might be better, and blocks nothing.
    pub notes: Vec<RefusalView>,
}

/// What is kept of a look at a document, closed.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    reading: Option<CardReading>,
    notes: Vec<RefusalCode>,
}

fn context(id: PictureId) -> String {
    format!("picture:{id}")
}

/// Looks at a picture, and keeps it if it is good for what it is to show. Sent again, it is the same picture. `agreed` is
/// what one of a face rests on.
pub async fn receive(
    app: &App,
    candidate: CandidateId,
    id: PictureId,
    kind: PictureKind,
    agreed: Option<Agreed>,
    bytes: Bytes,
) -> Result<Picture, Problem> {
    let now = app.clock.now();
    let mut tx = app.db.reader().await?;
    let before = picture::get(&mut tx, id).await?;
    if let Some(before) = before.as_ref().filter(|before| before.stored_at.is_some()) {
        let same = before.candidate_id == candidate && before.kind == kind.code();
        return if same && before.is_there(now) { Ok(before.clone()) } else { Err(Problem::not_found()) };
    }
    if picture::waiting(&mut tx, candidate, WAITS).await? >= MAX_WAITING {
        return Err(Refusal::new(RefusalCode::PictureMany).with("limit", MAX_WAITING).into());
    }
    let key = identities::key_of(app, &mut tx, candidate).await?;
    drop(tx);
    let seen = app.sight.look(kind, bytes, &app.face_thresholds).await?;
    if let Some(before) = before.filter(|before| before.candidate_id == candidate) {
        delete(app, &before.object_key).await?;
    }
    let row = announced(app, &key, candidate, id, kind, &seen)?;
    if !announce(app, &row, agreed).await? {
        return Err(Problem::not_found());
    }
    let stored_at = put(app, &row, &seen.jpeg).await?;
    Ok(Picture { stored_at: Some(stored_at), ..row })
}

/// Writes the object of a picture that was announced.
async fn put(app: &App, row: &Picture, jpeg: &[u8]) -> Result<Timestamp, Problem> {
    write(app, row, jpeg).await?;
    let (id, object, now) = (row.id, row.object_key.clone(), app.clock.now());
    let stored = app.db.write_with(object, move |tx, object| {
        Box::pin(async move { picture::stored(tx, id, object, now).await })
    });
    if stored.await? {
        return Ok(now);
    }
    // Another attempt with this id was quicker, or it was dropped meanwhile.
    delete(app, &row.object_key).await?;
    Err(Problem::new(RefusalCode::PictureGone))
}

/// Keeps what a camera shows now as a candidate's picture, for some hours unless something needs it. It was looked at.
pub async fn of_camera(
    app: &App,
    candidate: CandidateId,
    agreed: Agreed,
    picture: Bytes,
) -> Result<PictureId, Problem> {
    let jpeg = app.vision.normalise(picture, CAMERA_LONGEST).await;
    let jpeg = jpeg.map_err(|error| error.refusal(app.vision.most_bytes()))?;
    let key = identities::key_of(app, &mut app.db.reader().await?, candidate).await?;
    let seen = Seen { jpeg: jpeg.into(), reading: None, notes: Vec::new() };
    let id = PictureId::from_uuid(app.clock.new_uuid());
    let row = announced(app, &key, candidate, id, PictureKind::Selfie, &seen)?;
    let row = Picture { expires_at: Some(row.created_at + OF_CAMERA), ..row };
    announce(app, &row, Some(agreed)).await?;
    put(app, &row, &seen.jpeg).await?;
    Ok(id)
}

/// Keeps the row of a picture whose object is about to be written; `false` where its id is another's.
async fn announce(app: &App, row: &Picture, agreed: Option<Agreed>) -> Result<bool, Problem> {
    let announced = app.db.write_with((row.clone(), agreed), |tx, (row, agreed)| {
        Box::pin(async move {
            if let Some(agreed) = agreed
                && let Err(refusal) = consents::still(tx, row.candidate_id, agreed).await?
            {
                return Ok(Err(refusal));
            }
            Ok(Ok(picture::insert(tx, row).await?))
        })
    });
    let announced: Result<bool, Refusal> = announced.await?;
    Ok(announced?)
}

fn announced(
    app: &App,
    key: &CandidateKey,
    candidate: CandidateId,
    id: PictureId,
    kind: PictureKind,
    seen: &Seen,
) -> Result<Picture, Problem> {
    let now = app.clock.now();
    let kept = Kept { reading: seen.reading.clone(), notes: seen.notes.clone() };
    Ok(Picture {
        id,
        candidate_id: candidate,
        kind: kind.code().to_owned(),
        object_key: format!("pictures/{candidate}/{id}-{}", app.clock.new_uuid()),
        kid: app.keys.kid(),
        plain_bytes: seen.jpeg.len() as u64,
        sha256: Hash32::of(&seen.jpeg),
        reading_cipher: Some(key.close(&context(id), &serde_json::to_vec(&kept)?)?),
        created_at: now,
        stored_at: None,
        expires_at: Some(now + WAITS),
        dropped_at: None,
    })
}

async fn write(app: &App, row: &Picture, jpeg: &[u8]) -> Result<(), Problem> {
    let key = assets::key_of(app, row.candidate_id).await?;
    let failed = |e| Problem::unexpected(&e);
    let mut object =
        app.footage.objects.create(&row.object_key, row.id.into(), &key).await.map_err(failed)?;
    if let Err(error) = object.write(jpeg).await {
        object.abort().await;
        return Err(failed(error));
    }
    object.finish().await.map_err(failed)?;
    Ok(())
}

async fn delete(app: &App, object_key: &str) -> Result<(), Problem> {
    app.footage.objects.delete(object_key).await.map_err(|e| Problem::unexpected(&e))
}

/// A picture that is there, opened: an upright JPEG without metadata. Who may see it, the caller knows.
pub async fn read(app: &App, row: &Picture) -> Result<Bytes, Problem> {
    let key = assets::key_of(app, row.candidate_id).await?;
    let object = StoredObject {
        id: row.id.into(),
        path: row.object_key.clone(),
        kid: key.kid,
        bytes: row.plain_bytes,
        digest: row.sha256.to_hex(),
    };
    let failed = |e| Problem::unexpected(&e);
    let reader = app.footage.objects.open(&object, &key).await.map_err(failed)?;
    reader.read_range(0..reader.bytes()).await.map_err(failed)
}

/// What was read on a picture of a document.
pub fn reading_of(key: &CandidateKey, row: &Picture) -> Result<Option<CardReading>, KeyError> {
    Ok(kept_of(key, row)?.reading)
}

fn kept_of(key: &CandidateKey, row: &Picture) -> Result<Kept, KeyError> {
    let Some(closed) = &row.reading_cipher else { return Ok(Kept::default()) };
    Ok(serde_json::from_slice(&key.open(&context(row.id), closed)?)?)
}

/// A picture as its candidate sees it.
pub async fn view(app: &App, reader: &Reader, row: &Picture) -> Result<PictureView, Problem> {
    let key = identities::key_of(app, &mut app.db.reader().await?, row.candidate_id).await?;
    let kept = kept_of(&key, row)?;
    let words = |code: &RefusalCode| RefusalView::new(&Refusal::new(*code), reader);
    Ok(PictureView {
        id: row.id,
        kind: row.kind.clone(),
        expires_at: row.expires_at,
        reading: kept.reading,
        notes: kept.notes.iter().map(words).collect(),
    })
}

/// A candidate's picture that is there and shows one of `kinds`.
///
/// # Errors
/// `picture.gone`, `picture.kind_other`.
pub async fn find(
    app: &App,
    tx: &mut Tx,
    candidate: CandidateId,
    id: PictureId,
    kinds: &[PictureKind],
) -> Result<Picture, Problem> {
    let found = picture::get(tx, id).await?.filter(|row| row.candidate_id == candidate);
    let found = found.filter(|row| row.is_there(app.clock.now()));
    let found = found.ok_or_else(|| Problem::new(RefusalCode::PictureGone))?;
    let fits = kinds.is_empty() || kinds.iter().any(|kind| kind.code() == found.kind);
    if fits { Ok(found) } else { Err(Problem::new(RefusalCode::PictureKindOther)) }
}

/// Keeps pictures for as long as what is made in this transaction needs them.
pub async fn keep(
    tx: &mut Tx,
    candidate: CandidateId,
    ids: impl IntoIterator<Item = &PictureId> + Send,
) -> Result<Result<(), Refusal>, StoreError> {
    let ids: Vec<PictureId> = ids.into_iter().copied().collect();
    for id in ids {
        if !picture::keep(tx, candidate, id).await? {
            return Ok(Err(RefusalCode::PictureGone.into()));
        }
    }
    Ok(Ok(()))
}

/// What a reading says for comparing with a claim.
pub fn as_reading(card: CardReading) -> Reading {
    Reading { name: card.name, number: card.number }
}

/// Drops pictures that nobody used in time, objects first: a row that stays is found again.
pub async fn purge(app: &App) -> Result<(), Problem> {
    let now = app.clock.now();
    app.db.write(move |tx| Box::pin(async move { picture::drop_expired(tx, now).await })).await?;
    let dropped = picture::dropped(&mut app.db.reader().await?, now - UNDER_WAY, AT_ONCE).await?;
    for row in dropped {
        delete(app, &row.object_key).await?;
        let forgotten = app.db.write(move |tx| {
            Box::pin(async move {
                picture::forget(tx, row.id);
                Ok(())
            })
        });
        forgotten.await?;
    }
    Ok(())
}
