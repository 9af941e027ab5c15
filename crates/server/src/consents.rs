//! What a candidate agreed to, kept under their own key. Whoever looks at faces asks [`require`] first.

use chrono::{DateTime, Datelike, Utc};
use yikao_domain::consent::{ConsentKind, Signature, Signer, Signing};
use yikao_domain::document::{BirthDate, DocumentType, IdCard};
use yikao_domain::id::CandidateId;
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::time::Timestamp;
use yikao_store::consent::{self, Consent};
use yikao_store::{StoreError, Tx};

use crate::identities;
use crate::keyring::KeyError;
use crate::problem::Problem;
use crate::state::App;

/// Consents that hold, each with its signature, and who signs.
#[derive(Debug)]
pub struct Consents {
    /// What is known of the candidate.
    pub signer: Signer,
    /// Whether a document told the date of birth, so that nobody has to say it.
    pub birth_is_documented: bool,
    /// What was signed and not withdrawn.
    pub holding: Vec<(Consent, Signature)>,
}

/// Signatures under which something is done; [`still`] asks for them again where it is kept.
#[derive(Debug, Clone)]
pub struct Agreed(&'static [ConsentKind]);

/// Whether a consent holds: signed and not withdrawn, and a minor's together with their guardian's.
pub async fn has(app: &App, candidate: CandidateId, kind: ConsentKind) -> Result<bool, Problem> {
    Ok(missing(app, candidate, kind).await?.is_none())
}

/// Which consent stands in the way of what needs `kind`; none where it holds.
pub async fn missing(
    app: &App,
    candidate: CandidateId,
    kind: ConsentKind,
) -> Result<Option<ConsentKind>, Problem> {
    Ok(of(app, candidate).await?.signer.missing(kind, today(app.clock.now())))
}

/// Refuses what needs a consent that does not hold.
///
/// # Errors
/// `consent.required`, with the kind that is missing first.
pub async fn require(app: &App, candidate: CandidateId, kind: ConsentKind) -> Result<Agreed, Problem> {
    let signer = of(app, candidate).await?.signer;
    let today = today(app.clock.now());
    match signer.missing(kind, today) {
        None => Ok(Agreed(signer.rests_on(kind, today))),
        Some(missing) => Err(required(missing).into()),
    }
}

/// What is said where a consent is missing.
pub fn required(missing: ConsentKind) -> Refusal {
    Refusal::new(RefusalCode::ConsentRequired).with("kind", missing.code())
}

/// Refuses in a transaction what rests on signatures that were withdrawn meanwhile; nobody withdraws them before it
/// ends.
pub async fn still(
    tx: &mut Tx,
    candidate: CandidateId,
    agreed: &Agreed,
) -> Result<Result<(), Refusal>, StoreError> {
    for kind in agreed.0 {
        if !consent::hold(tx, candidate, kind.code()).await? {
            return Ok(Err(required(*kind)));
        }
    }
    Ok(Ok(()))
}

/// What a candidate agreed to, and what is known of them.
pub async fn of(app: &App, candidate: CandidateId) -> Result<Consents, Problem> {
    let rows = consent::live(&mut app.db.reader().await?, candidate).await?;
    let mut holding = Vec::new();
    for row in rows {
        let signature = open(app, &row).await?;
        holding.push((row, signature));
    }
    let identity = identities::of(app, candidate).await?;
    let documented = identity.as_ref().filter(|who| who.document_type == DocumentType::IdCard);
    let documented = documented.and_then(|who| Some(IdCard::parse(&who.document_number).ok()?.birth));
    let said = holding.first().map(|(_, signature)| signature.birth);
    let live = holding.iter().filter_map(|(row, _)| ConsentKind::from_code(&row.kind)).collect();
    let signer = Signer { name: identity.map(|who| who.name), birth: documented.or(said), live };
    Ok(Consents { signer, birth_is_documented: documented.is_some(), holding })
}

/// Closes a signature under the candidate's key, ready to be kept.
///
/// # Errors
/// What the rules say of the signature.
pub async fn signed(
    app: &App,
    candidate: CandidateId,
    signing: &Signing,
    text: (&str, String, &str),
) -> Result<Consent, Problem> {
    let now = app.clock.now();
    let signature = of(app, candidate).await?.signer.sign(signing, today(now))?;
    let id = app.clock.new_uuid();
    let key = identities::key_of(app, &mut app.db.reader().await?, candidate).await?;
    let (version, text_hash, language) = text;
    Ok(Consent {
        id,
        candidate_id: candidate,
        kind: signing.kind.code().to_owned(),
        text_version: version.to_owned(),
        text_hash,
        language: language.to_owned(),
        cipher: key.close(&context(id), &serde_json::to_vec(&signature)?)?,
        signed_at: now,
        withdrawn_at: None,
    })
}

async fn open(app: &App, row: &Consent) -> Result<Signature, Problem> {
    let key = identities::key_of(app, &mut app.db.reader().await?, row.candidate_id).await?;
    let plain = key.open(&context(row.id), &row.cipher)?;
    let damaged = |_| Problem::unexpected(&KeyError::Closed("a consent's signature".into()));
    serde_json::from_slice(&plain).map_err(damaged)
}

fn context(id: uuid::Uuid) -> String {
    format!("consent:{id}")
}

/// The date where exams are held: somebody comes of age at midnight there.
pub fn today(now: Timestamp) -> BirthDate {
    let utc = DateTime::<Utc>::from_timestamp_millis(now.as_ms()).unwrap_or_default();
    let date = utc.with_timezone(&chrono_tz::Asia::Shanghai).date_naive();
    let small = |number: u32| u8::try_from(number).unwrap_or(1);
    let year = u16::try_from(date.year()).unwrap_or(1970);
    BirthDate { year, month: small(date.month()), day: small(date.day()) }
}
