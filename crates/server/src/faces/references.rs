//! What an account's face is compared with: embeddings, each closed with the candidate's own key.

use uuid::Uuid;
use yikao_domain::face::Embedding;
use yikao_domain::id::{AccountId, CandidateId};
use yikao_store::face::{self, Reference};
use yikao_store::{StoreError, Tx};

use crate::identities;
use crate::keyring::{CandidateKey, KeyError};
use crate::problem::Problem;
use crate::state::App;

/// The engine whose embeddings are compared; another one's lie elsewhere.
pub const ENGINE: &str = "dlib-resnet-v1";

fn context(id: Uuid) -> String {
    format!("face-reference:{id}")
}

/// What a candidate's face is compared with; empty where nothing was enrolled.
pub async fn of(app: &App, tx: &mut Tx, candidate: CandidateId) -> Result<Vec<Embedding>, Problem> {
    let rows = face::references(tx, AccountId::from_uuid(*candidate.as_uuid())).await?;
    let rows: Vec<Reference> = rows.into_iter().filter(|row| row.engine == ENGINE).collect();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = identities::key_of(app, tx, candidate).await?;
    rows.iter().map(|row| open(&key, row)).collect()
}

fn open(key: &CandidateKey, row: &Reference) -> Result<Embedding, Problem> {
    let bytes = key.open(&context(row.id), &row.cipher)?;
    let why = || StoreError::Unreadable { what: "face_reference.cipher", why: "not 128 numbers".to_owned() };
    Ok(Embedding::from_bytes(&bytes).ok_or_else(why)?)
}

/// A face to compare with from now on, closed. `source` is `document`, `portrait`, `challenge` or `desk`.
///
/// # Errors
/// The key does not close.
pub fn closed(
    app: &App,
    key: &CandidateKey,
    candidate: CandidateId,
    source: &str,
    embedding: &Embedding,
) -> Result<Reference, KeyError> {
    let id = app.clock.new_uuid();
    Ok(Reference {
        id,
        account_id: AccountId::from_uuid(*candidate.as_uuid()),
        source: source.to_owned(),
        engine: ENGINE.to_owned(),
        cipher: key.close(&context(id), &embedding.to_bytes())?,
        created_at: app.clock.now(),
        removed_at: None,
    })
}
