//! Who a candidate is: kept under the candidate's own key, found by a keyed hash of the number.

use serde::{Deserialize, Serialize};
use yikao_domain::document::{DocumentType, Province, mask};
use yikao_domain::id::CandidateId;
use yikao_domain::identity::Road;
use yikao_domain::roster::Identity;
use yikao_store::{Tx, candidate_key, identity};

use crate::keyring::{CandidateKey, KeyError};
use crate::problem::Problem;
use crate::routes::accounts::me::IdentityView;
use crate::state::App;

#[derive(Serialize, Deserialize)]
struct Closed {
    name: String,
    number: String,
}

fn context(candidate: CandidateId) -> String {
    format!("identity:{candidate}")
}

/// The keyed hash under which a document number is found, in accounts and rosters alike.
pub fn number_hash(app: &App, number: &str) -> String {
    app.keys.lookup_hash("document", number)
}

/// The keyed hash under which a name is found on rosters.
pub fn name_hash(app: &App, name: &str) -> String {
    app.keys.lookup_hash("name", &yikao_domain::document::normalise_name(name))
}

fn read(plain: &[u8], document_type: &str, province: &str) -> Result<Identity, Problem> {
    let Closed { name, number } = serde_json::from_slice(plain)?;
    let damaged = || Problem::unexpected(&KeyError::Closed("an identity's columns".into()));
    Ok(Identity {
        name,
        document_number: number,
        document_type: DocumentType::recognise(document_type).ok_or_else(damaged)?,
        province: Province::recognise(province).ok_or_else(damaged)?,
    })
}

/// The key of a candidate, unless it was destroyed.
pub async fn key_of(app: &App, tx: &mut Tx, candidate: CandidateId) -> Result<CandidateKey, Problem> {
    let row = candidate_key::get(tx, candidate).await?.ok_or_else(Problem::not_found)?;
    let wrapped = row.wrapped_key.ok_or_else(Problem::not_found)?;
    Ok(app.keys.candidate_key(&row.kid, candidate, &wrapped)?)
}

/// Closes an identity for keeping.
pub async fn close(
    app: &App,
    candidate: CandidateId,
    who: &Identity,
    road: Road,
) -> Result<identity::Identity, Problem> {
    let key = key_of(app, &mut app.db.reader().await?, candidate).await?;
    close_with(app, &key, candidate, who, road)
}

/// As [`close`], with the candidate's key in hand.
pub fn close_with(
    app: &App,
    key: &CandidateKey,
    candidate: CandidateId,
    who: &Identity,
    road: Road,
) -> Result<identity::Identity, Problem> {
    let plain = Closed { name: who.name.clone(), number: who.document_number.clone() };
    Ok(identity::Identity {
        candidate_id: candidate,
        kid: app.keys.kid(),
        document_type: who.document_type.code().to_owned(),
        number_hash: number_hash(app, &who.document_number),
        province: who.province.name().to_owned(),
        cipher: key.close(&context(candidate), &serde_json::to_vec(&plain)?)?,
        confirmed_at: app.clock.now(),
        road: road.code().to_owned(),
    })
}

/// Opens a kept identity.
pub async fn open(app: &App, row: &identity::Identity) -> Result<Identity, Problem> {
    let key = key_of(app, &mut app.db.reader().await?, row.candidate_id).await?;
    open_with(&key, row)
}

/// As [`open`], with the candidate's key in hand.
pub fn open_with(key: &CandidateKey, row: &identity::Identity) -> Result<Identity, Problem> {
    let plain = key.open(&context(row.candidate_id), &row.cipher)?;
    read(&plain, &row.document_type, &row.province)
}

/// The identity of a candidate, if it was said.
pub async fn of(app: &App, candidate: CandidateId) -> Result<Option<Identity>, Problem> {
    let row = identity::get(&mut app.db.reader().await?, candidate).await?;
    match row {
        Some(row) => Ok(Some(open(app, &row).await?)),
        None => Ok(None),
    }
}

/// An identity as screens show it.
pub async fn view(app: &App, row: identity::Identity) -> Result<IdentityView, Problem> {
    let who = open(app, &row).await?;
    Ok(IdentityView {
        name: who.name,
        document_type: row.document_type,
        document_number_masked: mask(&who.document_number),
        province: row.province,
        confirmed_at: row.confirmed_at,
    })
}
