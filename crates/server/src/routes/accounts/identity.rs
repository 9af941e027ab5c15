//! `PUT /me/identity`: a candidate says who they are, once (C3). Face and card checks are the exam's to ask.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use yikao_domain::document::{DocumentType, Province, check_name};
use yikao_domain::id::CommandId;
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::roster::Identity;
use yikao_store::identity::{self, Set};

use super::me::{self, MeView};
use crate::auth::actor::Actor;
use crate::extract::Json;
use crate::identities;
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
}

/// Says who one is; final.
#[utoipa::path(put, path = "/me/identity", tag = "accounts", request_body = SetIdentity, responses(
    (status = 200, description = "It is kept; only an agent can change it", body = MeView),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
    (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
    (status = 409, description = "Said before, or somebody else's document", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "Wrong checksum, date, region, length …", body = crate::problem::ProblemBody),
))]
pub async fn set(
    State(app): State<App>,
    actor: Actor,
    Json(form): Json<SetIdentity>,
) -> Result<axum::Json<MeView>, Problem> {
    let who = checked(&form)?;
    let row = identities::close(&app, actor.candidate(), &who).await?;
    let set = app.db.write_with(row, |tx, row| Box::pin(async move { identity::set(tx, row).await }));
    match set.await? {
        Set::Done => {}
        Set::Taken => return Err(Problem::new(RefusalCode::IdentityTaken)),
        Set::AlreadySet if identities::of(&app, actor.candidate()).await?.as_ref() == Some(&who) => {}
        Set::AlreadySet => return Err(Problem::new(RefusalCode::IdentityAlreadySet)),
    }
    Ok(axum::Json(me::view(&app, &actor).await?))
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
