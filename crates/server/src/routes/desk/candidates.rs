//! `/desk/candidates`: a person by phone, document number or 考生号, and everything the desk may know of them.

use std::collections::HashSet;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yikao_domain::document::{DocumentType, half_width, normalise_number};
use yikao_domain::id::{AccountId, CandidateId, SittingId};
use yikao_domain::profile::check_candidate_number;
use yikao_domain::standing::FaceStanding;
use yikao_domain::time::Timestamp;
use yikao_store::review::{Queued, ReviewFilter};
use yikao_store::{Page, account, face, identity, profile, review, sitting};

use crate::auth::actor::Actor;
use crate::auth::contact::Contact;
use crate::extract::{Path, Query};
use crate::identities::number_hash;
use crate::problem::Problem;
use crate::reviews::view::{self, DeskPerson, DeskReview};
use crate::state::App;
use crate::{audit, faces, profiles};

/// Whom to look for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// A whole phone number, document number or 考生号.
    #[serde(default)]
    pub q: String,
}

/// Somebody who was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundPerson {
    /// Who.
    pub candidate_id: CandidateId,
    /// What is known of them.
    #[serde(flatten)]
    pub person: DeskPerson,
}

/// Everything the desk may know of a candidate.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskCandidate {
    /// Who.
    pub candidate_id: CandidateId,
    /// What is known of them.
    pub person: DeskPerson,
    /// How they stand with face checks.
    pub face: FaceStanding,
    /// Their latest face checks.
    pub checks: Vec<DeskCheck>,
    /// Their reviews, those not over first.
    pub reviews: Vec<DeskReview>,
    /// Their formal sittings that are open now.
    pub open_sittings: Vec<SittingId>,
}

/// A face check as the desk sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskCheck {
    /// When, ms.
    pub at: Timestamp,
    /// `enrolment`, `take` or `during`.
    pub purpose: String,
    /// `pass`, `flag`, `fail` or `cannot_tell`.
    pub outcome: String,
    /// Why, where it was no pass.
    #[schema(required)]
    pub cause: Option<String>,
    /// How far the faces are apart.
    #[schema(required)]
    pub distance: Option<f64>,
}

/// Finds a person by a whole phone number, document number or 考生号; never by parts, so that nobody browses.
#[utoipa::path(get, path = "/desk/candidates", tag = "desk", params(Asked),
    responses(
        (status = 200, description = "Who has this number", body = Vec<FoundPerson>),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed", body = crate::problem::ProblemBody),
    ))]
pub async fn find(
    State(app): State<App>,
    actor: Actor,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<Vec<FoundPerson>>, Problem> {
    super::require(&actor)?;
    let mut found = Vec::new();
    for candidate_id in by_number(&app, &asked.q).await? {
        audit::looked(&app, &actor, None, "desk.candidate", "candidate", candidate_id.to_string()).await?;
        found.push(FoundPerson { candidate_id, person: view::person(&app, candidate_id).await? });
    }
    Ok(axum::Json(found))
}

async fn by_number(app: &App, typed: &str) -> Result<Vec<CandidateId>, Problem> {
    let mut tx = app.db.reader().await?;
    let mut found = Vec::new();
    if let Ok(contact) = Contact::parse(typed) {
        let account = account::by_contact(&mut tx, &contact.hash(&app.keys)).await?;
        found.extend(account.map(|row| CandidateId::from_uuid(*row.id.as_uuid())));
    }
    let number = normalise_number(&half_width(typed.trim()));
    if !number.is_empty() {
        let hash = number_hash(app, &number);
        for kind in DocumentType::ALL {
            found.extend(identity::by_number(&mut tx, kind.code(), &hash).await?.map(|who| who.candidate_id));
        }
    }
    if let Ok(number) = check_candidate_number(typed) {
        let rows = profile::of_number(&mut tx, &profiles::number_hash(app, &number)).await?;
        found.extend(rows.into_iter().map(|row| row.candidate_id));
    }
    let mut seen = HashSet::new();
    found.retain(|candidate| seen.insert(*candidate));
    Ok(found)
}

/// Everything the desk may know of a candidate; the look is logged.
#[utoipa::path(get, path = "/desk/candidates/{candidate}", tag = "desk",
    params(("candidate" = CandidateId, Path, description = "A candidate")),
    responses(
        (status = 200, description = "The candidate", body = DeskCandidate),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed", body = crate::problem::ProblemBody),
        (status = 404, description = "No such candidate", body = crate::problem::ProblemBody),
    ))]
pub async fn show(
    State(app): State<App>,
    actor: Actor,
    Path(candidate): Path<CandidateId>,
) -> Result<axum::Json<DeskCandidate>, Problem> {
    super::require(&actor)?;
    let account_id = AccountId::from_uuid(*candidate.as_uuid());
    let lately = Page { limit: 20, offset: 0 };
    let (standing, checks, queued, open_sittings) = {
        let mut tx = app.db.reader().await?;
        account::get(&mut tx, account_id).await?.ok_or_else(Problem::not_found)?;
        let (standing, _) = faces::standing(&mut tx, account_id).await?;
        let checks = face::checks(&mut tx, account_id, lately).await?;
        let mut queued: Vec<Queued> = Vec::new();
        for closed in [false, true] {
            let filter = ReviewFilter { candidate: Some(candidate), closed, ..ReviewFilter::default() };
            queued.append(&mut review::queue(&mut tx, &filter, lately).await?.items);
        }
        (standing, checks, queued, sitting::open_formal(&mut tx, candidate).await?)
    };
    audit::looked(&app, &actor, None, "desk.candidate", "candidate", candidate.to_string()).await?;
    let mut reviews = Vec::with_capacity(queued.len());
    for one in &queued {
        reviews.push(view::queued(&app, &actor, one).await?);
    }
    let check = |check: face::Check| DeskCheck {
        at: check.at,
        purpose: check.purpose,
        outcome: check.outcome,
        cause: check.cause,
        distance: check.distance,
    };
    Ok(axum::Json(DeskCandidate {
        candidate_id: candidate,
        person: view::person(&app, candidate).await?,
        face: standing.standing,
        checks: checks.into_iter().map(check).collect(),
        reviews,
        open_sittings,
    }))
}
