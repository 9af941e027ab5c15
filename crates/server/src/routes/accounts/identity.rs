//! `/me/identity`: a candidate says who they are, by hand or with photos of the document, and sees how far that is.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use yikao_domain::document::{DocumentType, Province, check_name};
use yikao_domain::id::{CandidateId, ClaimId, CommandId, PictureId};
use yikao_domain::identity::PictureKind;
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::roster::Identity;
use yikao_store::identity;

use crate::auth::actor::Actor;
use crate::claims::{self, IdentityState, Made, Shown};
use crate::extract::Json;
use crate::identities;
use crate::language::Reader;
use crate::pictures;
use crate::problem::Problem;
use crate::state::App;

/// Says who one is.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetIdentity {
    /// Made by the client; saying the same again is no error.
    pub command_id: CommandId,
    /// The name on the document.
    #[schema(max_length = 100)]
    pub name: String,
    /// The document.
    pub document_type: DocumentType,
    /// Its number: spaces, full-width digits and a small x do not matter.
    #[schema(max_length = 64)]
    pub document_number: String,
    /// Province of the examination (高考省份), short or full name.
    #[schema(max_length = 32, example = "广东")]
    pub province: String,
    /// 临时身份证: by hand and with a photo, and people look at it (C7).
    #[serde(default)]
    pub temporary: bool,
    /// Photos of the document; without them it is typed by hand, which is no disadvantage (C5).
    #[serde(default)]
    pub pictures: Option<DocumentPictures>,
}

/// Photos of a document.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentPictures {
    /// The portrait side of an ID card.
    #[serde(default)]
    pub front: Option<PictureId>,
    /// The emblem side of an ID card.
    #[serde(default)]
    pub back: Option<PictureId>,
    /// The page or side of a passport or permit with the portrait.
    #[serde(default)]
    pub page: Option<PictureId>,
}

/// Who one is, and who one said one is.
#[utoipa::path(get, path = "/me/identity", tag = "accounts", responses(
    (status = 200, description = "Who one is, or how far that is", body = IdentityState),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
))]
pub async fn show(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
) -> Result<axum::Json<IdentityState>, Problem> {
    Ok(axum::Json(claims::state_of(&app, &reader, actor.candidate()).await?))
}

/// Says who one is. Once authenticated it is final; until then it may be said anew.
#[utoipa::path(put, path = "/me/identity", tag = "accounts", request_body = SetIdentity, responses(
    (status = 200, description = "It is authenticated, or the answer says why not (yet)", body = IdentityState),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
    (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
    (status = 409, description = "Set before, in review, or somebody else's document", body = crate::problem::ProblemBody),
    (status = 410, description = "A picture was not used in time", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "Wrong checksum, date, region, length …", body = crate::problem::ProblemBody),
    (status = 429, description = "Said too often", body = crate::problem::ProblemBody),
))]
pub async fn set(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Json(form): Json<SetIdentity>,
) -> Result<axum::Json<IdentityState>, Problem> {
    let who = checked(&form)?;
    let candidate = actor.candidate();
    let known = identity::get(&mut app.db.reader().await?, candidate).await?;
    if let Some(known) = known {
        // Saying the same again is no error, whether or not the first answer arrived.
        if identities::open(&app, &known).await? != who {
            return Err(Problem::new(RefusalCode::IdentityAlreadySet));
        }
        return Ok(axum::Json(claims::state_of(&app, &reader, candidate).await?));
    }
    app.limits.attempts.take(&format!("identity:{candidate}")).map_err(Problem::too_often)?;
    let id = ClaimId::from_uuid(*form.command_id.as_uuid());
    let shown = shown(&app, candidate, &form).await?;
    let new = claims::prepare(&app, candidate, id, &who, form.temporary, shown).await?;
    let made = app.db.write_with((app.clone(), new), |tx, (app, new)| {
        Box::pin(async move { claims::make(app, tx, new).await })
    });
    let made: Result<Made, Refusal> = made.await?;
    if made? == Made::ToAsk {
        claims::ask(&app, candidate).await?;
    }
    Ok(axum::Json(claims::state_of(&app, &reader, candidate).await?))
}

/// The photos that came with a claim, all that the document has, and what was read on them.
async fn shown(app: &App, candidate: CandidateId, form: &SetIdentity) -> Result<Shown, Problem> {
    let Some(asked) = &form.pictures else { return Ok(Shown::default()) };
    let wanted = match form.document_type {
        DocumentType::IdCard if form.temporary => vec![(asked.front, PictureKind::CardFront)],
        DocumentType::IdCard => {
            vec![(asked.front, PictureKind::CardFront), (asked.back, PictureKind::CardBack)]
        }
        DocumentType::Passport | DocumentType::Permit => vec![(asked.page, PictureKind::DocumentPage)],
    };
    let mut tx = app.db.reader().await?;
    let key = identities::key_of(app, &mut tx, candidate).await?;
    let mut shown = Shown::default();
    for (picture, kind) in wanted {
        let id = picture.ok_or_else(|| Problem::new(RefusalCode::IdentityPhotosMissing))?;
        let row = pictures::find(app, &mut tx, candidate, id, &[kind]).await?;
        let reading = pictures::reading_of(&key, &row)?.filter(|_| kind == PictureKind::CardFront);
        shown.reading = shown.reading.or(reading.map(pictures::as_reading));
        shown.pictures.push(id);
    }
    Ok(shown)
}

fn checked(form: &SetIdentity) -> Result<Identity, Refusal> {
    let unknown = || {
        let refusal = Refusal::new(RefusalCode::IdentityProvinceUnknown);
        refusal.with("province", form.province.clone())
    };
    Ok(Identity {
        name: check_name(&form.name)?,
        document_type: form.document_type,
        document_number: form.document_type.check_number(&form.document_number)?,
        province: Province::recognise(&form.province).ok_or_else(unknown)?,
    })
}
