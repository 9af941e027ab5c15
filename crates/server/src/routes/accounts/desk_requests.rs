//! What a candidate asks the desk about who they are: to look at a document (C5), to decide an appeal against another
//! account (C12, D7), to correct what is final (D8). Each has pictures that prove it, and its state shows in the app.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yikao_domain::id::{CommandId, PictureId};
use yikao_domain::identity::RecordCause;
use yikao_domain::refusal::RefusalCode;
use yikao_domain::review::ReviewKind;

use super::profile::SetProfile;
use crate::auth::actor::Actor;
use crate::claims::{self, IdentityState};
use crate::commands;
use crate::corrections::{self, Changes};
use crate::extract::Json;
use crate::language::Reader;
use crate::number_appeals;
use crate::pictures;
use crate::problem::Problem;
use crate::profiles::{self, ProfileState};
use crate::reviews::{self, Facts, proven};
use crate::state::App;

/// Asks for a person to look at one's document.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskAboutDocument {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// What lies behind the authority's no, where one knows.
    #[serde(default)]
    pub reason: Option<RecordCause>,
    /// What the person at the desk should know.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub note: String,
    /// Pictures that prove it: the document, oneself with it, other papers.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub pictures: Vec<PictureId>,
}

/// What an appeal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppealTopic {
    /// A document that another account has.
    Document,
    /// A 考生号 that another account has.
    CandidateNumber,
}

/// Appeals against another account's hold (去申诉).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Appeal {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// About what.
    pub topic: AppealTopic,
    /// What the person at the desk should know.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub note: String,
    /// Pictures that prove it: oneself with the document, the 准考证.
    #[schema(min_items = 1, max_items = 8)]
    pub pictures: Vec<PictureId>,
    /// For a 考生号: the profile that is to be one's own.
    #[serde(default)]
    pub profile: Option<SetProfile>,
}

/// Asks for a correction.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskCorrection {
    /// Made by the client; repeated, the command acts once.
    pub command_id: CommandId,
    /// What should hold instead.
    pub changes: Changes,
    /// Why.
    #[schema(min_length = 1, max_length = 1000)]
    pub note: String,
    /// Pictures that prove it.
    #[schema(min_items = 1, max_items = 8)]
    pub pictures: Vec<PictureId>,
}

/// Asks for a person to look at one's document; offered at any time, and no disadvantage.
#[utoipa::path(post, path = "/me/identity/reviews", tag = "accounts", request_body = AskAboutDocument, responses(
    (status = 201, description = "The desk is asked", body = IdentityState),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
    (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
    (status = 409, description = "Nothing to be looked at, or it is asked already", body = crate::problem::ProblemBody),
    (status = 410, description = "A picture was not used in time", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "Malformed", body = crate::problem::ProblemBody),
))]
pub async fn document(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Json(form): Json<AskAboutDocument>,
) -> Result<(StatusCode, axum::Json<IdentityState>), Problem> {
    let mut facts = proven(&app, actor.candidate(), form.note, &form.pictures).await?;
    if let Some(reason) = form.reason {
        facts.values.insert("reason".into(), reason.code().into());
    }
    ask(&app, &actor, &reader, form.command_id, ReviewKind::Identity, facts, form.pictures).await
}

/// Appeals against another account that has one's document or 考生号.
#[utoipa::path(post, path = "/me/appeals", tag = "accounts", request_body = Appeal, responses(
    (status = 201, description = "The desk is asked", body = IdentityState),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
    (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
    (status = 409, description = "Nothing is taken, or it is asked already", body = crate::problem::ProblemBody),
    (status = 410, description = "A picture was not used in time", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "Malformed, or without pictures", body = crate::problem::ProblemBody),
))]
pub async fn appeal(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Json(form): Json<Appeal>,
) -> Result<(StatusCode, axum::Json<IdentityState>), Problem> {
    if form.pictures.is_empty() {
        return Err(Problem::new(RefusalCode::CorrectionEvidence));
    }
    let facts = proven(&app, actor.candidate(), form.note, &form.pictures).await?;
    if form.topic == AppealTopic::Document {
        return ask(&app, &actor, &reader, form.command_id, ReviewKind::Appeal, facts, form.pictures).await;
    }
    let wanted = form.profile.ok_or_else(|| Problem::field("profile", "missing"))?;
    let says = super::profile::says_of(&app, &actor, &wanted).await?;
    let prepared = number_appeals::prepare(&app, actor.candidate(), &says, facts).await?;
    let input = (app.clone(), prepared, form.pictures, actor.candidate());
    commands::once(
        &app,
        &actor,
        "accounts.appeal",
        form.command_id,
        input,
        |tx, (app, prepared, pictures, candidate)| {
            Box::pin(async move {
                if let Err(refusal) =
                    pictures::keep(tx, *candidate, pictures.iter().chain(&prepared.pictures)).await?
                {
                    return Ok(Err(refusal));
                }
                reviews::open(app, tx, &prepared.review).await?;
                Ok(Ok(()))
            })
        },
    )
    .await?;
    Ok((StatusCode::CREATED, axum::Json(claims::state_of(&app, &reader, actor.candidate()).await?)))
}

/// Names the command of [`ask`].
const ASK: &str = "accounts.document_review";

async fn ask(
    app: &App,
    actor: &Actor,
    reader: &Reader,
    command_id: CommandId,
    kind: ReviewKind,
    facts: Facts,
    pictures: Vec<PictureId>,
) -> Result<(StatusCode, axum::Json<IdentityState>), Problem> {
    let candidate = actor.candidate();
    let asked = claims::desk::prepare(app, candidate, kind, facts).await;
    // Repeated after its answer was lost, the question is asked already.
    let asked = match asked {
        Err(problem)
            if problem.code() == RefusalCode::IdentityInReview
                && commands::was_given(app, actor, ASK, command_id).await? =>
        {
            return Ok((StatusCode::CREATED, axum::Json(claims::state_of(app, reader, candidate).await?)));
        }
        other => other?,
    };
    let input = (app.clone(), asked, pictures, candidate);
    commands::once(app, actor, ASK, command_id, input, |tx, (app, asked, pictures, candidate)| {
        Box::pin(async move {
            if let Err(refusal) = pictures::keep(tx, *candidate, pictures).await? {
                return Ok(Err(refusal));
            }
            claims::desk::ask(app, tx, asked).await
        })
    })
    .await?;
    Ok((StatusCode::CREATED, axum::Json(claims::state_of(app, reader, candidate).await?)))
}

/// Asks for a correction of what is final. It holds once an agent agrees.
#[utoipa::path(post, path = "/me/corrections", tag = "accounts", request_body = AskCorrection, responses(
    (status = 201, description = "The desk is asked", body = ProfileState),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
    (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
    (status = 409, description = "Nothing to be corrected", body = crate::problem::ProblemBody),
    (status = 410, description = "A picture was not used in time", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "Malformed, or without a reason and pictures", body = crate::problem::ProblemBody),
))]
pub async fn correction(
    State(app): State<App>,
    actor: Actor,
    Json(form): Json<AskCorrection>,
) -> Result<(StatusCode, axum::Json<ProfileState>), Problem> {
    let candidate = actor.candidate();
    if form.note.trim().is_empty() || form.pictures.is_empty() {
        return Err(Problem::new(RefusalCode::CorrectionEvidence));
    }
    let mut facts = proven(&app, candidate, form.note, &form.pictures).await?;
    facts.values = corrections::as_values(&form.changes);
    if facts.values.is_empty() {
        return Err(Problem::new(RefusalCode::CorrectionNothing));
    }
    let prepared = reviews::prepare(&app, candidate, ReviewKind::Correction, "", None, &facts).await?;
    let input = (app.clone(), prepared, form.pictures, candidate);
    commands::once(
        &app,
        &actor,
        "accounts.correction",
        form.command_id,
        input,
        |tx, (app, prepared, pictures, candidate)| {
            Box::pin(async move {
                if let Err(refusal) = pictures::keep(tx, *candidate, pictures).await? {
                    return Ok(Err(refusal));
                }
                reviews::open(app, tx, prepared).await?;
                Ok(Ok(()))
            })
        },
    )
    .await?;
    Ok((StatusCode::CREATED, axum::Json(profiles::state_of(&app, candidate).await?)))
}
