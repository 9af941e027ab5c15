//! Profiles: what a candidate is in a season (§D), kept under their own key, a 考生号 found by a keyed hash.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yikao_domain::document::mask;
use yikao_domain::id::{CandidateId, PictureId};
use yikao_domain::profile::{CandidateClass, SchoolRoll, Season};
use yikao_domain::time::Timestamp;
use yikao_store::picture;
use yikao_store::profile::{self, Profile};

use crate::identities;
use crate::keyring::{CandidateKey, KeyError};
use crate::problem::Problem;
use crate::seasons;
use crate::state::App;

/// What a profile says. Personal: kept closed with the candidate's key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Says {
    /// 考生号.
    #[serde(default)]
    pub candidate_number: Option<String>,
    /// 学籍.
    #[serde(default)]
    pub school_roll: Option<SchoolRoll>,
    /// The photo of the 准考证.
    #[serde(default)]
    pub ticket: Option<PictureId>,
    /// The portrait.
    #[serde(default)]
    pub portrait: Option<PictureId>,
}

/// What a candidate is in a season, as screens show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProfileView {
    /// The year of the 高考.
    pub season: Season,
    /// 高考生 or 其他.
    pub class: CandidateClass,
    /// The 考生号, with its middle hidden.
    #[schema(required)]
    pub candidate_number_masked: Option<String>,
    /// 学籍.
    #[schema(required)]
    pub school_roll: Option<SchoolRoll>,
    /// The photo of the 准考证.
    #[schema(required)]
    pub ticket_picture: Option<PictureId>,
    /// The portrait.
    #[schema(required)]
    pub portrait_picture: Option<PictureId>,
    /// When it was confirmed, ms.
    pub confirmed_at: Timestamp,
}

/// A candidate's profile of this season.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProfileState {
    /// The season that it is now.
    pub season: Season,
    /// What the candidate is in it, once that was said.
    #[schema(required)]
    pub profile: Option<ProfileView>,
    /// Server time, ms.
    pub server_time: Timestamp,
}

fn context(candidate: CandidateId, season: Season) -> String {
    format!("profile:{candidate}:{season}")
}

/// The keyed hash under which a 考生号 is found.
pub fn number_hash(app: &App, number: &str) -> String {
    app.keys.lookup_hash("candidate number", number)
}

/// Closes a profile for keeping.
pub fn close(
    app: &App,
    key: &CandidateKey,
    candidate: CandidateId,
    season: Season,
    class: CandidateClass,
    says: &Says,
) -> Result<Profile, Problem> {
    Ok(Profile {
        candidate_id: candidate,
        season: season.to_string(),
        class: class.code().to_owned(),
        kid: app.keys.kid(),
        number_hash: says.candidate_number.as_deref().map(|number| number_hash(app, number)),
        cipher: key.close(&context(candidate, season), &serde_json::to_vec(says)?)?,
        confirmed_at: app.clock.now(),
    })
}

/// What a kept profile says.
pub fn open(key: &CandidateKey, row: &Profile) -> Result<Says, KeyError> {
    let season = season_of(row)?;
    Ok(serde_json::from_slice(&key.open(&context(row.candidate_id, season), &row.cipher)?)?)
}

/// The season of a kept profile.
pub fn season_of(row: &Profile) -> Result<Season, KeyError> {
    Season::parse(&row.season).ok_or_else(|| KeyError::Closed("a profile's season".into()))
}

/// A candidate's profile of the season that it is now.
pub async fn state_of(app: &App, candidate: CandidateId) -> Result<ProfileState, Problem> {
    let now = app.clock.now();
    let season = seasons::at(now);
    let mut tx = app.db.reader().await?;
    let profile = match profile::get(&mut tx, candidate, &season.to_string()).await? {
        Some(row) => {
            let key = identities::key_of(app, &mut tx, candidate).await?;
            let mut says = open(&key, &row)?;
            if let Some(id) = says.portrait {
                // It goes with the consent under which it was taken.
                let portrait = picture::get(&mut tx, id).await?;
                says.portrait =
                    portrait.filter(|portrait| portrait.is_there(now)).map(|portrait| portrait.id);
            }
            Some(view(&row, says)?)
        }
        None => None,
    };
    Ok(ProfileState { season, profile, server_time: now })
}

/// A profile as screens show it.
pub fn view(row: &Profile, says: Says) -> Result<ProfileView, KeyError> {
    let damaged = || KeyError::Closed("a profile's class".into());
    Ok(ProfileView {
        season: season_of(row)?,
        class: CandidateClass::from_code(&row.class).ok_or_else(damaged)?,
        candidate_number_masked: says.candidate_number.as_deref().map(mask),
        school_roll: says.school_roll,
        ticket_picture: says.ticket,
        portrait_picture: says.portrait,
        confirmed_at: row.confirmed_at,
    })
}
