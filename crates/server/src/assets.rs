//! A part's assembled files: the original bytes, what can be watched, and the list of its segments.

use yikao_domain::id::{CandidateId, PartId};
use yikao_footage::bundle::BundleSegment;
use yikao_footage::cipher::ObjectKey;
use yikao_footage::objects::{ObjectReader, StoredObject};
use yikao_store::{asset, candidate_key, part};

use crate::keyring::KeyError;
use crate::problem::Problem;
use crate::state::App;

/// The key of a candidate's objects.
pub async fn key_of(app: &App, candidate: CandidateId) -> Result<ObjectKey, Problem> {
    let mut tx = app.db.reader().await?;
    let row = candidate_key::get(&mut tx, candidate).await?.ok_or_else(Problem::not_found)?;
    let wrapped = row.wrapped_key.ok_or_else(Problem::not_found)?;
    let key = app.keys.candidate_key(&row.kid, candidate, &wrapped)?;
    Ok(ObjectKey { kid: generation(&row.kid)?, key: *key.bytes() })
}

fn generation(kid: &str) -> Result<u8, KeyError> {
    kid.strip_prefix('k').and_then(|n| n.parse().ok()).ok_or_else(|| KeyError::Closed(kid.to_owned()))
}

/// Opens a part's asset of a kind, if it exists.
pub async fn open(app: &App, part: &part::Part, kind: &str) -> Result<Option<ObjectReader>, Problem> {
    let mut tx = app.db.reader().await?;
    let Some(row) = asset::get(&mut tx, part.id, kind).await? else { return Ok(None) };
    drop(tx);
    let key = key_of(app, part.candidate_id).await?;
    let object = StoredObject {
        id: row.id,
        path: row.object_key,
        kid: key.kid,
        bytes: row.plain_bytes,
        digest: row.sha256.to_hex(),
    };
    let reader = app.footage.objects.open(&object, &key).await.map_err(|e| Problem::unexpected(&e))?;
    Ok(Some(reader))
}

/// The segments of an assembled part, ascending; empty where it is not assembled.
pub async fn manifest(app: &App, id: PartId) -> Result<Vec<BundleSegment>, Problem> {
    let mut tx = app.db.reader().await?;
    let Some(part) = part::get(&mut tx, id).await? else { return Ok(Vec::new()) };
    drop(tx);
    let Some(reader) = open(app, &part, "manifest").await? else { return Ok(Vec::new()) };
    let bytes = reader.read_range(0..reader.bytes()).await.map_err(|e| Problem::unexpected(&e))?;
    Ok(serde_json::from_slice(&bytes)?)
}
