//! Corrections of what is final (D8): by an agent, with a reason and evidence, never without a line in the audit log,
//! and with the old values kept, closed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use yikao_domain::document::{DocumentType, Province, check_name};
use yikao_domain::id::{AccountId, CandidateId, CorrectionId, PictureId};
use yikao_domain::identity::Road;
use yikao_domain::profile::{CandidateClass, SchoolRoll, check_candidate_number, check_school_roll};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::review::{Review, Verdict};
use yikao_domain::roster::Identity;
use yikao_store::correction::{self, Correction};
use yikao_store::profile::{self, Profile};
use yikao_store::{StoreError, Tx, audit, identity, review};

use crate::identities;
use crate::keyring::CandidateKey;
use crate::notices;
use crate::pictures;
use crate::problem::Problem;
use crate::profiles::{self, Says};
use crate::reviews;
use crate::seasons;
use crate::state::App;

/// What is to be changed; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    pub name: Option<String>,
    /// The type of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_type: Option<DocumentType>,
    /// Its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    pub document_number: Option<String>,
    /// Province of the examination.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 32)]
    pub province: Option<String>,
    /// 高考生 or 其他, in this season.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<CandidateClass>,
    /// 考生号 of this season.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 40)]
    pub candidate_number: Option<String>,
    /// 学籍 of this season.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_roll: Option<SchoolRoll>,
}

/// What proves it, and who says so.
#[derive(Debug, Clone)]
pub struct Grounds {
    /// Who changes it.
    pub by: AccountId,
    /// Why.
    pub reason: String,
    /// Pictures of the candidate's that prove it.
    pub evidence: Vec<PictureId>,
    /// The review that asked for it.
    pub review: Option<String>,
}

/// What is kept of a correction, closed.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    reason: String,
    evidence: Vec<PictureId>,
    old: Value,
    new: Value,
}

/// What holds before a correction.
struct Holds {
    who: identity::Identity,
    identity: Identity,
    profile: Option<(Profile, Says)>,
}

/// Changes what is final, in an open transaction.
pub async fn apply(
    app: &App,
    tx: &mut Tx,
    candidate: CandidateId,
    changes: &Changes,
    grounds: &Grounds,
) -> Result<Result<(), Refusal>, StoreError> {
    let key = notices::key_of(app, tx, candidate).await?;
    let Some(holds) = holds(app, tx, &key, candidate).await? else {
        return Ok(Err(RefusalCode::CorrectionNothingSet.into()));
    };
    let (identity, profile) = match changed(&holds, changes) {
        Ok(changed) => changed,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let mut fields: Vec<&str> = Vec::new();
    if identity != holds.identity {
        if let Err(refusal) = put_identity(app, tx, &key, &holds, &identity).await? {
            return Ok(Err(refusal));
        }
        fields.push("identity");
    }
    let before = holds.profile.as_ref().map(|(row, says)| (row.class.clone(), says.clone()));
    if let (Some((row, _)), Some(after)) = (&holds.profile, &profile)
        && before.as_ref() != Some(after)
    {
        if let Err(refusal) = put_profile(app, tx, &key, row, after).await? {
            return Ok(Err(refusal));
        }
        fields.push("profile");
    }
    if fields.is_empty() {
        return Ok(Err(RefusalCode::CorrectionNothing.into()));
    }
    let old = json!({ "identity": shown(&holds.identity), "profile": before.map(|(_, says)| says) });
    let new = json!({ "identity": shown(&identity), "profile": profile.map(|(_, says)| says) });
    note(
        app,
        tx,
        &key,
        candidate,
        grounds,
        Kept { reason: grounds.reason.clone(), evidence: grounds.evidence.clone(), old, new },
        &fields,
    )?;
    pictures::keep(tx, candidate, &grounds.evidence).await
}

async fn holds(
    app: &App,
    tx: &mut Tx,
    key: &CandidateKey,
    candidate: CandidateId,
) -> Result<Option<Holds>, StoreError> {
    let Some(who) = identity::get(tx, candidate).await? else { return Ok(None) };
    let opened = identities::open_with(key, &who).map_err(|problem| notices::failed("identity", &problem))?;
    let season = seasons::at(app.clock.now()).to_string();
    let profile = match profile::get(tx, candidate, &season).await? {
        Some(row) => {
            let says = profiles::open(key, &row).map_err(notices::unreadable)?;
            Some((row, says))
        }
        None => None,
    };
    Ok(Some(Holds { who, identity: opened, profile }))
}

type Changed = (Identity, Option<(String, Says)>);

/// What will hold, checked as if the candidate had said it.
fn changed(holds: &Holds, changes: &Changes) -> Result<Changed, Refusal> {
    let mut who = holds.identity.clone();
    if let Some(name) = &changes.name {
        who.name = check_name(name)?;
    }
    if let Some(province) = &changes.province {
        let unknown =
            || Refusal::new(RefusalCode::IdentityProvinceUnknown).with("province", province.clone());
        who.province = Province::recognise(province).ok_or_else(unknown)?;
    }
    who.document_type = changes.document_type.unwrap_or(who.document_type);
    let number = changes.document_number.as_deref().unwrap_or(&who.document_number);
    who.document_number = who.document_type.check_number(number)?;
    let wants_profile =
        changes.class.is_some() || changes.candidate_number.is_some() || changes.school_roll.is_some();
    let Some((row, says)) = &holds.profile else {
        return if wants_profile { Err(RefusalCode::CorrectionNothingSet.into()) } else { Ok((who, None)) };
    };
    let mut says = says.clone();
    if let Some(number) = &changes.candidate_number {
        says.candidate_number = Some(check_candidate_number(number)?);
    }
    if let Some(roll) = &changes.school_roll {
        says.school_roll = Some(check_school_roll(roll)?);
    }
    let class = changes.class.map_or_else(|| row.class.clone(), |class| class.code().to_owned());
    let lacks = if class == CandidateClass::Gaokao.code() {
        says.candidate_number.is_none().then_some(RefusalCode::ProfileNumberEmpty)
    } else {
        says.school_roll.is_none().then_some(RefusalCode::ProfileRollMissing)
    };
    lacks.map_or(Ok((who, Some((class, says)))), |code| Err(code.into()))
}

async fn put_identity(
    app: &App,
    tx: &mut Tx,
    key: &CandidateKey,
    holds: &Holds,
    who: &Identity,
) -> Result<Result<(), Refusal>, StoreError> {
    let road = match holds.who.road.as_str() {
        "photo" => Road::Photo,
        "desk" => Road::Desk,
        "appeal" => Road::Appeal,
        _ => Road::Typed,
    };
    let row = identities::close_with(app, key, holds.who.candidate_id, who, road);
    let row = row.map_err(|problem| notices::failed("identity", &problem))?;
    let owner = identity::by_number(tx, &row.document_type, &row.number_hash).await?;
    if owner.is_some_and(|owner| owner.candidate_id != row.candidate_id) {
        return Ok(Err(RefusalCode::IdentityTaken.into()));
    }
    identity::replace(tx, &row);
    Ok(Ok(()))
}

async fn put_profile(
    app: &App,
    tx: &mut Tx,
    key: &CandidateKey,
    row: &Profile,
    (class, says): &(String, Says),
) -> Result<Result<(), Refusal>, StoreError> {
    let season = profiles::season_of(row).map_err(notices::unreadable)?;
    let class = CandidateClass::from_code(class).ok_or(StoreError::NotFound)?;
    let new = profiles::close(app, key, row.candidate_id, season, class, says);
    let new = new.map_err(|problem| notices::failed("profile", &problem))?;
    if let Some(number_hash) = &new.number_hash {
        let owner = profile::by_number(tx, &new.season, number_hash).await?;
        if owner.is_some_and(|owner| owner.candidate_id != new.candidate_id) {
            return Ok(Err(RefusalCode::ProfileNumberTaken.into()));
        }
    }
    profile::replace(tx, &new);
    Ok(Ok(()))
}

fn shown(who: &Identity) -> Value {
    json!({ "name": who.name, "document_type": who.document_type, "document_number": who.document_number,
        "province": who.province })
}

/// Keeps the values with the candidate's key, and in the audit log that something was changed, never what.
fn note(
    app: &App,
    tx: &mut Tx,
    key: &CandidateKey,
    candidate: CandidateId,
    grounds: &Grounds,
    kept: Kept,
    fields: &[&str],
) -> Result<(), StoreError> {
    let id = CorrectionId::from_uuid(app.clock.new_uuid());
    let plain = serde_json::to_vec(&kept)
        .map_err(|e| StoreError::Unreadable { what: "correction.cipher", why: e.to_string() })?;
    let at = app.clock.now();
    correction::insert(
        tx,
        &Correction {
            id,
            candidate_id: candidate,
            by_account: grounds.by,
            review_id: grounds.review.clone(),
            kid: app.keys.kid(),
            cipher: key.close(&format!("correction:{id}"), &plain).map_err(notices::unreadable)?,
            at,
        },
    );
    let detail = json!({ "correction": id, "changed": fields, "review": grounds.review,
        "pictures": kept.evidence });
    audit::insert(tx, &notices::line(app, Some(grounds.by), "candidate.corrected", candidate, &detail));
    Ok(())
}

/// Refuses a correction without a reason, or without anything that proves it.
///
/// # Errors
/// `correction.evidence`, `picture.gone`.
pub async fn check_grounds(app: &App, candidate: CandidateId, grounds: &Grounds) -> Result<(), Problem> {
    let bare = grounds.evidence.is_empty() && grounds.review.is_none();
    if grounds.reason.trim().is_empty() || bare {
        return Err(Problem::new(RefusalCode::CorrectionEvidence));
    }
    let mut tx = app.db.reader().await?;
    for id in &grounds.evidence {
        pictures::find(app, &mut tx, candidate, *id, &[]).await?;
    }
    Ok(())
}

/// What a candidate asks to be changed, as a review holds it.
pub fn as_values(changes: &Changes) -> BTreeMap<String, String> {
    let Ok(Value::Object(fields)) = serde_json::to_value(changes) else { return BTreeMap::new() };
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    fields.into_iter().map(|(name, value)| (name, text(value))).collect()
}

/// What a review asks to be changed; what cannot be read changes nothing.
fn of_values(values: &BTreeMap<String, String>) -> Changes {
    let value = |name: &str, text: &str| match name {
        "school_roll" => serde_json::from_str(text).unwrap_or_default(),
        _ => Value::String(text.to_owned()),
    };
    let fields = values.iter().map(|(name, text)| (name.clone(), value(name, text))).collect();
    serde_json::from_value(Value::Object(fields)).unwrap_or_default()
}

/// The desk has decided about a correction that a candidate asked for: where it agrees, it holds.
pub async fn decided(app: &App, tx: &mut Tx, decided: &Review, verdict: Verdict) -> Result<(), StoreError> {
    let Some(by) = reviews::decided_by(decided).filter(|_| verdict == Verdict::Approved) else {
        return Ok(());
    };
    let key = notices::key_of(app, tx, decided.candidate_id).await?;
    let row = review::get(tx, decided.id).await?.ok_or(StoreError::NotFound)?;
    let facts = reviews::facts_of(&key, &row).map_err(|problem| notices::failed("review.facts", &problem))?;
    let grounds = Grounds {
        by,
        reason: facts.notes.join("\n"),
        evidence: facts.pictures.iter().filter_map(|picture| picture.id.parse().ok()).collect(),
        review: Some(decided.id.to_string()),
    };
    let done = apply(app, tx, decided.candidate_id, &of_values(&facts.values), &grounds).await?;
    if let Err(refusal) = done {
        notices::tell(app, tx, decided.candidate_id, Some(by), &refusal).await?;
    }
    Ok(())
}
