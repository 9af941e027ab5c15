//! What the desk sees of a face: the pictures that it should be like, side by side with those that it is, what the
//! candidate says, and what the machine found lately, with its distances.

use serde_json::json;
use yikao_domain::id::{CandidateId, PictureId};
use yikao_domain::identity::PictureKind;
use yikao_store::picture::Picture as Row;
use yikao_store::{Page, Tx, claim, face, picture, profile};

use crate::auth::actor::Actor;
use crate::problem::Problem;
use crate::reviews::{Facts, Picture};
use crate::state::App;
use crate::{claims, identities, profiles, seasons};

/// Checks that are shown.
const LATELY: Page = Page { limit: 6, offset: 0 };

/// What the desk should see beside what the candidate says and shows.
pub async fn facts(app: &App, actor: &Actor, said: Facts) -> Result<Facts, Problem> {
    let mut tx = app.db.reader().await?;
    let checks = face::checks(&mut tx, actor.account, LATELY).await?;
    let mut pictures: Vec<Picture> =
        portraits(app, &mut tx, actor.candidate()).await?.iter().map(shown).collect();
    pictures.extend(said.pictures);
    for check in &checks {
        let Some(id) = check.picture_id.as_deref().and_then(|id| id.parse().ok()) else { continue };
        let there = picture::get(&mut tx, id).await?.is_some_and(|row| row.is_there(app.clock.now()));
        if there && pictures.iter().all(|one| one.id != id.to_string()) {
            pictures.push(Picture { id: id.to_string(), label: check.purpose.clone() });
        }
    }
    let one = |check: &face::Check| {
        json!({ "at": check.at, "purpose": check.purpose, "outcome": check.outcome, "cause": check.cause,
            "distance": check.distance })
    };
    let mut automatic = said.automatic;
    automatic.insert("checks".to_owned(), checks.iter().map(one).collect());
    Ok(Facts { pictures, automatic, ..said })
}

fn shown(row: &Row) -> Picture {
    Picture { id: row.id.to_string(), label: row.kind.clone() }
}

/// The pictures that a candidate's face should be like, the most telling first: of the document, then the portrait.
pub async fn portraits(app: &App, tx: &mut Tx, candidate: CandidateId) -> Result<Vec<Row>, Problem> {
    let (now, key) = (app.clock.now(), identities::key_of(app, tx, candidate).await?);
    let mut ids: Vec<PictureId> = Vec::new();
    if let Some(claim) = claim::get(tx, candidate).await? {
        ids.extend(claims::open(&key, &claim)?.pictures);
    }
    if let Some(row) = profile::get(tx, candidate, &seasons::at(now).to_string()).await? {
        ids.extend(profiles::open(&key, &row)?.portrait);
    }
    let mut rows = Vec::new();
    for id in ids {
        let row = picture::get(tx, id).await?.filter(|row| row.is_there(now));
        rows.extend(
            row.filter(|row| PictureKind::from_code(&row.kind).is_some_and(PictureKind::has_portrait)),
        );
    }
    Ok(rows)
}
