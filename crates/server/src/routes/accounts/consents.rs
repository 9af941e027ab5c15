//! `/me/consents`: what one has to agree to, shown in full, signed, and withdrawn.

use axum::extract::State;
use axum::http::StatusCode;
use ring::digest;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use yikao_domain::consent::{ConsentKind, ConsentText, Relation, Signing, text};
use yikao_domain::document::BirthDate;
use yikao_domain::id::CommandId;
use yikao_domain::refusal::RefusalCode;
use yikao_domain::text::Language;
use yikao_domain::time::Timestamp;
use yikao_store::consent;

use crate::auth::actor::Actor;
use crate::consents::{self, today};
use crate::extract::{Json, Path};
use crate::language::Reader;
use crate::problem::Problem;
use crate::state::App;
use crate::{audit, commands, faces, pictures};

/// What a candidate has to agree to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentsView {
    /// The name that the candidate signs with, once they have said who they are.
    #[schema(required)]
    pub name: Option<String>,
    /// Whether the date of birth has to be said, because no document tells it.
    pub birth_date_needed: bool,
    /// Whether the candidate is under age; none while nobody knows.
    #[schema(required)]
    pub minor: Option<bool>,
    /// The consents, in the order in which they are signed.
    pub consents: Vec<ConsentView>,
    /// Server time, ms.
    pub server_time: Timestamp,
}

/// One consent.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentView {
    /// To what.
    pub kind: ConsentKind,
    /// Whether it concerns this candidate: a guardian's only where they are, or may be, under age.
    pub concerns: bool,
    /// Whether it holds: a minor's only together with their guardian's.
    pub holds: bool,
    /// What it is about.
    pub title: String,
    /// What is agreed to.
    pub paragraphs: Vec<String>,
    /// What withdrawing it means.
    pub withdrawal: String,
    /// Which version of the text this is.
    pub text_version: String,
    /// SHA-256 of the text, hex: a signature is for this very text.
    pub text_hash: String,
    /// Who signed it, and when.
    #[schema(required)]
    pub signed: Option<SignedView>,
}

/// A signature.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedView {
    /// Who signed.
    pub name: String,
    /// What a guardian is to the candidate.
    #[schema(required)]
    pub relation: Option<Relation>,
    /// When, ms.
    pub signed_at: Timestamp,
    /// Whether the text has changed since.
    pub text_changed: bool,
}

/// Signs a consent.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignConsent {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// To what.
    pub kind: ConsentKind,
    /// The hash of the text that was shown.
    pub text_hash: String,
    /// The typed name of who signs.
    #[schema(max_length = 100)]
    pub name: String,
    /// What a guardian is to the candidate.
    #[serde(default)]
    pub relation: Option<Relation>,
    /// The candidate's date of birth, where no document tells it.
    #[serde(default)]
    pub birth_date: Option<BirthDate>,
}

/// What one has to agree to, in full.
#[utoipa::path(get, path = "/me/consents", tag = "accounts", responses(
    (status = 200, description = "The consents, with their texts in the reader's language", body = ConsentsView),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
))]
pub async fn list(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
) -> Result<axum::Json<ConsentsView>, Problem> {
    Ok(axum::Json(view(&app, &actor, &reader).await?))
}

/// Signs a consent.
#[utoipa::path(post, path = "/me/consents", tag = "accounts", request_body = SignConsent, responses(
    (status = 201, description = "It holds", body = ConsentsView),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
    (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
    (status = 409, description = "Signed already, another text, or a guardian has to sign first", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "Another name, no date of birth …", body = crate::problem::ProblemBody),
))]
pub async fn sign(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Json(form): Json<SignConsent>,
) -> Result<(StatusCode, axum::Json<ConsentsView>), Problem> {
    let languages =
        [Language::Chinese, Language::English].map(|language| (language, text(form.kind, language)));
    let shown = languages.into_iter().find(|(_, text)| hash(text) == form.text_hash);
    let (language, text) = shown.ok_or_else(|| Problem::new(RefusalCode::ConsentTextChanged))?;
    let signing =
        Signing { kind: form.kind, name: form.name, relation: form.relation, birth: form.birth_date };
    let shown = (text.version, form.text_hash, Reader::of(language).tag());
    let row = consents::signed(&app, actor.candidate(), &signing, shown).await?;
    let line = audit::line(&app, &actor, None, "consent.signed", "account", &json!({ "kind": form.kind }));
    let kept =
        commands::once(&app, &actor, "accounts.consent", form.command_id, (row, line), |tx, (row, line)| {
            Box::pin(async move {
                if !consent::insert(tx, row).await? {
                    return Ok(Err(RefusalCode::ConsentAlreadySigned.into()));
                }
                audit::keep(tx, line, &row.candidate_id);
                Ok(Ok(()))
            })
        });
    kept.await?;
    Ok((StatusCode::CREATED, axum::Json(view(&app, &actor, &reader).await?)))
}

/// Withdraws a consent. What is kept of the face goes with it, and the candidate is told what follows.
#[utoipa::path(delete, path = "/me/consents/{kind}", tag = "accounts",
    params(("kind" = ConsentKind, Path, description = "Which consent")),
    responses(
        (status = 200, description = "It holds no longer", body = ConsentsView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "None of this kind holds", body = crate::problem::ProblemBody),
    ))]
pub async fn withdraw(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Path(kind): Path<ConsentKind>,
) -> Result<axum::Json<ConsentsView>, Problem> {
    let candidate = actor.candidate();
    let signer = consents::of(&app, candidate).await?.signer;
    let faces_go = signer.faces_go_with(kind, today(app.clock.now()));
    let input = (app.clone(), actor.clone());
    let ended = app.db.write_with(input, move |tx, (app, actor)| {
        Box::pin(async move {
            if !consent::withdraw(tx, candidate, kind.code(), app.clock.now()).await? {
                return Ok(false);
            }
            let forgotten = if faces_go { Some(faces::forget(app, tx, candidate).await?) } else { None };
            let detail = json!({ "kind": kind, "forgotten": forgotten });
            audit::keep(
                tx,
                &audit::line(app, actor, None, "consent.withdrawn", "account", &detail),
                &candidate,
            );
            Ok(true)
        })
    });
    if !ended.await? {
        return Err(Problem::not_found());
    }
    if let Err(problem) = pictures::purge(&app).await {
        // They cannot be seen any more, and the next round of housekeeping finds them.
        tracing::warn!(code = %problem.code(), "pictures of a withdrawn consent are not deleted yet");
    }
    Ok(axum::Json(view(&app, &actor, &reader).await?))
}

fn hash(text: &ConsentText) -> String {
    hex::encode(digest::digest(&digest::SHA256, text.whole().as_bytes()))
}

async fn view(app: &App, actor: &Actor, reader: &Reader) -> Result<ConsentsView, Problem> {
    let found = consents::of(app, actor.candidate()).await?;
    let now = app.clock.now();
    let minor = found.signer.is_minor(today(now));
    let one = |kind: ConsentKind| {
        let text = text(kind, reader.language);
        let signed = found.holding.iter().find(|(row, _)| row.kind == kind.code());
        ConsentView {
            kind,
            concerns: kind == ConsentKind::Faces || minor != Some(false),
            holds: found.signer.has(kind, today(now)),
            title: text.title.into(),
            paragraphs: text.paragraphs.iter().map(|&paragraph| paragraph.into()).collect(),
            withdrawal: text.withdrawal.into(),
            text_version: text.version.into(),
            text_hash: hash(&text),
            signed: signed.map(|(row, signature)| SignedView {
                name: signature.name.clone(),
                relation: signature.relation,
                signed_at: row.signed_at,
                text_changed: row.text_version != text.version,
            }),
        }
    };
    Ok(ConsentsView {
        name: found.signer.name.clone(),
        birth_date_needed: !found.birth_is_documented && found.signer.birth.is_none(),
        minor,
        consents: ConsentKind::ALL.into_iter().map(one).collect(),
        server_time: now,
    })
}
