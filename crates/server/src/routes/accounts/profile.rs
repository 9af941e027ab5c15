//! `/me/profile`: in which capacity a candidate applies this season (§D). Final once confirmed; an unusual 考生号 is
//! pointed out before, and never blocks.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yikao_domain::consent::ConsentKind;
use yikao_domain::document::Province;
use yikao_domain::id::{CandidateId, CommandId, PictureId};
use yikao_domain::identity::PictureKind;
use yikao_domain::profile::{CandidateClass, SchoolRoll, check_candidate_number, check_school_roll};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_store::profile::{self, Profile, Set};
use yikao_store::{Tx, identity};

use crate::auth::actor::Actor;
use crate::consents;
use crate::extract::Json;
use crate::identities;
use crate::language::Reader;
use crate::pictures;
use crate::problem::{Problem, RefusalView};
use crate::profiles::{self, ProfileState, Says};
use crate::seasons;
use crate::state::App;

/// Says in which capacity one applies.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetProfile {
    /// Made by the client; saying the same again is no error.
    pub command_id: CommandId,
    /// 高考生 or 其他.
    pub class: CandidateClass,
    /// For 高考生: the 考生号.
    #[serde(default)]
    #[schema(max_length = 40)]
    pub candidate_number: Option<String>,
    /// For 高考生: the photo of the 准考证.
    #[serde(default)]
    pub ticket_picture: Option<PictureId>,
    /// For 其他: the 学籍.
    #[serde(default)]
    pub school_roll: Option<SchoolRoll>,
    /// 免冠证件照; none where the candidate does not agree that their face is kept.
    #[serde(default)]
    pub portrait_picture: Option<PictureId>,
}

/// Asks whether a 考生号 looks as usual.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckNumber {
    /// The 考生号.
    #[schema(max_length = 40)]
    pub candidate_number: String,
}

/// What looks unusual.
#[derive(Debug, Serialize, ToSchema)]
pub struct NumberChecked {
    /// To be compared with the 准考证 once more; nothing that blocks.
    #[schema(required)]
    pub warning: Option<RefusalView>,
}

/// What one is this season.
#[utoipa::path(get, path = "/me/profile", tag = "accounts", responses(
    (status = 200, description = "The season, and what one is in it", body = ProfileState),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
))]
pub async fn show(State(app): State<App>, actor: Actor) -> Result<axum::Json<ProfileState>, Problem> {
    Ok(axum::Json(profiles::state_of(&app, actor.candidate()).await?))
}

/// Whether a 考生号 looks as usual in one's province (D5). Nothing is kept.
#[utoipa::path(post, path = "/me/profile/number-checks", tag = "accounts", request_body = CheckNumber, responses(
    (status = 200, description = "What looks unusual, if anything does", body = NumberChecked),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
    (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
    (status = 409, description = "Who one is comes first", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "No number at all", body = crate::problem::ProblemBody),
))]
pub async fn check(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
    Json(form): Json<CheckNumber>,
) -> Result<axum::Json<NumberChecked>, Problem> {
    let number = check_candidate_number(&form.candidate_number)?;
    let province = province_of(&app, &actor).await?;
    let season = seasons::at(app.clock.now());
    let rules = seasons::rules(&mut app.db.reader().await?, season).await?;
    let warning = rules.warning(province, season, &number);
    Ok(axum::Json(NumberChecked { warning: warning.map(|warning| RefusalView::new(&warning, &reader)) }))
}

/// Says in which capacity one applies this season; final.
#[utoipa::path(put, path = "/me/profile", tag = "accounts", request_body = SetProfile, responses(
    (status = 200, description = "It is kept; only an agent can change it", body = ProfileState),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
    (status = 403, description = "Not from one of the apps", body = crate::problem::ProblemBody),
    (status = 409, description = "Said before, somebody else's 考生号, or who one is comes first", body = crate::problem::ProblemBody),
    (status = 410, description = "A picture was not used in time", body = crate::problem::ProblemBody),
    (status = 413, description = "Too large", body = crate::problem::ProblemBody),
    (status = 422, description = "Something is missing or cannot be", body = crate::problem::ProblemBody),
))]
pub async fn set(
    State(app): State<App>,
    actor: Actor,
    Json(form): Json<SetProfile>,
) -> Result<axum::Json<ProfileState>, Problem> {
    let candidate = actor.candidate();
    province_of(&app, &actor).await?;
    let says = checked(&app, candidate, &form).await?;
    let season = seasons::at(app.clock.now());
    let mut tx = app.db.reader().await?;
    let key = identities::key_of(&app, &mut tx, candidate).await?;
    if let Some(known) = profile::get(&mut tx, candidate, &season.to_string()).await? {
        let same = known.class == form.class.code() && profiles::open(&key, &known)? == says;
        drop(tx);
        if !same {
            return Err(Refusal::new(RefusalCode::ProfileAlreadySet).with("season", season.0).into());
        }
        return Ok(axum::Json(profiles::state_of(&app, candidate).await?));
    }
    check_pictures(&app, &mut tx, candidate, &says).await?;
    drop(tx);
    let row = profiles::close(&app, &key, candidate, season, form.class, &says)?;
    let kept =
        app.db.write_with((row, says), |tx, (row, says)| Box::pin(async move { keep(tx, row, says).await }));
    let kept: Result<(), Refusal> = kept.await?;
    kept?;
    Ok(axum::Json(profiles::state_of(&app, candidate).await?))
}

/// The profile that an appeal asks for, with pictures that are there.
pub(super) async fn says_of(app: &App, actor: &Actor, form: &SetProfile) -> Result<Says, Problem> {
    province_of(app, actor).await?;
    let says = checked(app, actor.candidate(), form).await?;
    let mut tx = app.db.reader().await?;
    check_pictures(app, &mut tx, actor.candidate(), &says).await?;
    Ok(says)
}

async fn check_pictures(app: &App, tx: &mut Tx, candidate: CandidateId, says: &Says) -> Result<(), Problem> {
    for (picture, kind) in
        [(says.ticket, PictureKind::AdmissionTicket), (says.portrait, PictureKind::Portrait)]
    {
        if let Some(picture) = picture {
            pictures::find(app, tx, candidate, picture, &[kind]).await?;
        }
    }
    Ok(())
}

async fn keep(
    tx: &mut Tx,
    row: &Profile,
    says: &Says,
) -> Result<Result<(), Refusal>, yikao_store::StoreError> {
    match profile::set(tx, row).await? {
        Set::Done => {}
        Set::Taken => return Ok(Err(RefusalCode::ProfileNumberTaken.into())),
        Set::AlreadySet => {
            return Ok(Err(Refusal::new(RefusalCode::ProfileAlreadySet).with("season", row.season.clone())));
        }
    }
    pictures::keep(tx, row.candidate_id, says.ticket.iter().chain(&says.portrait)).await
}

async fn province_of(app: &App, actor: &Actor) -> Result<Province, Problem> {
    let known = identity::get(&mut app.db.reader().await?, actor.candidate()).await?;
    let known = known.ok_or_else(|| Problem::new(RefusalCode::IdentityRequired))?;
    Province::recognise(&known.province).ok_or_else(|| Problem::new(RefusalCode::IdentityRequired))
}

/// What the class asks for, and nothing that it does not. Who does not agree that their face is kept gives no portrait:
/// people look at who they are (design §7).
async fn checked(app: &App, candidate: CandidateId, form: &SetProfile) -> Result<Says, Problem> {
    if form.portrait_picture.is_none() && consents::has(app, candidate, ConsentKind::Faces).await? {
        return Err(Problem::new(RefusalCode::ProfilePortraitMissing));
    }
    Ok(asked(form)?)
}

fn asked(form: &SetProfile) -> Result<Says, Refusal> {
    let mut says = Says { portrait: form.portrait_picture, ..Says::default() };
    match form.class {
        CandidateClass::Gaokao => {
            let number = form.candidate_number.as_deref().unwrap_or_default();
            says.candidate_number = Some(check_candidate_number(number)?);
            says.ticket = Some(form.ticket_picture.ok_or(RefusalCode::ProfileTicketMissing)?);
        }
        CandidateClass::Other => {
            let roll = form.school_roll.as_ref().ok_or(RefusalCode::ProfileRollMissing)?;
            says.school_roll = Some(check_school_roll(roll)?);
        }
    }
    Ok(says)
}
