//! Appeals about a 考生号 that another account has (D7): whoever is right gets it, whoever had it is told.

use serde_json::json;
use yikao_domain::id::{CandidateId, PictureId};
use yikao_domain::profile::{CandidateClass, Season};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::review::{Review, ReviewKind, Verdict};
use yikao_store::{StoreError, Tx, audit, profile, review};

use crate::notices;
use crate::problem::Problem;
use crate::profiles::{self, Says};
use crate::reviews::{self, Facts, Picture, Prepared};
use crate::seasons;
use crate::state::App;

/// The topic of reviews about a 考生号.
pub const CANDIDATE_NUMBER: &str = "candidate_number";

/// An appeal that is ready to be made.
pub struct NumberAppeal {
    /// The review.
    pub review: Prepared,
    /// Pictures of the profile that it asks for.
    pub pictures: Vec<PictureId>,
}

/// Prepares an appeal for the profile that is to be the candidate's.
///
/// # Errors
/// `appeal.nothing_taken`, `profile.already_set`.
pub async fn prepare(
    app: &App,
    candidate: CandidateId,
    says: &Says,
    mut facts: Facts,
) -> Result<NumberAppeal, Problem> {
    let season = seasons::at(app.clock.now());
    let number =
        says.candidate_number.as_deref().ok_or_else(|| Problem::new(RefusalCode::ProfileNumberEmpty))?;
    let mut tx = app.db.reader().await?;
    if profile::get(&mut tx, candidate, &season.to_string()).await?.is_some() {
        return Err(Refusal::new(RefusalCode::ProfileAlreadySet).with("season", season.0).into());
    }
    let held = profile::by_number(&mut tx, &season.to_string(), &profiles::number_hash(app, number)).await?;
    let held = held.ok_or_else(|| Problem::new(RefusalCode::AppealNothingTaken))?;
    drop(tx);
    facts.automatic.insert("held_since".into(), held.confirmed_at.as_ms().into());
    facts.automatic.insert("held_by".into(), held.candidate_id.to_string().into());
    facts.values.insert("season".into(), season.to_string());
    facts.values.insert("candidate_number".into(), number.to_owned());
    for (name, id) in [("ticket", says.ticket), ("portrait", says.portrait)] {
        if let Some(id) = id {
            facts.values.insert(name.into(), id.to_string());
            facts.pictures.insert(0, Picture { id: id.to_string(), label: name.into() });
        }
    }
    let review = reviews::prepare(app, candidate, ReviewKind::Appeal, CANDIDATE_NUMBER, None, &facts).await?;
    Ok(NumberAppeal { review, pictures: says.ticket.iter().chain(&says.portrait).copied().collect() })
}

/// The desk has decided: where it agrees, the number is the candidate's, and with it the profile that was asked for.
pub async fn decided(app: &App, tx: &mut Tx, decided: &Review, verdict: Verdict) -> Result<(), StoreError> {
    if verdict == Verdict::Refused {
        return Ok(());
    }
    let candidate = decided.candidate_id;
    let key = notices::key_of(app, tx, candidate).await?;
    let row = review::get(tx, decided.id).await?.ok_or(StoreError::NotFound)?;
    let facts = reviews::facts_of(&key, &row);
    let facts = facts.map_err(|problem| notices::failed("review.facts", &problem))?;
    let Some((season, says)) = wanted(&facts) else { return Ok(()) };
    let number_hash = says.candidate_number.as_deref().map(|number| profiles::number_hash(app, number));
    if let Some(number_hash) = &number_hash {
        let held = profile::by_number(tx, &season.to_string(), number_hash).await?;
        if let Some(held) = held.filter(|held| held.candidate_id != candidate) {
            profile::remove(tx, held.candidate_id, &held.season).await?;
            let by = reviews::decided_by(decided);
            let detail = json!({ "to": candidate, "season": held.season });
            audit::insert(tx, &notices::line(app, by, "candidate_number.moved", held.candidate_id, &detail));
            notices::tell(app, tx, held.candidate_id, by, &RefusalCode::AppealOverturned.into()).await?;
        }
    }
    let own = profiles::close(app, &key, candidate, season, CandidateClass::Gaokao, &says);
    let own = own.map_err(|problem| notices::failed("profile", &problem))?;
    profile::set(tx, &own).await?;
    Ok(())
}

fn wanted(facts: &Facts) -> Option<(Season, Says)> {
    let value = |name: &str| facts.values.get(name);
    let picture = |name: &str| value(name).and_then(|id| id.parse().ok());
    let says = Says {
        candidate_number: Some(value("candidate_number")?.clone()),
        school_roll: None,
        ticket: picture("ticket"),
        portrait: picture("portrait"),
    };
    Some((Season::parse(value("season")?)?, says))
}
