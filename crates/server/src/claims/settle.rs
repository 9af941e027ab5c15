//! What an authority's answer makes of a claim.

use yikao_domain::id::CandidateId;
use yikao_domain::identity::{Answer, ClaimState};
use yikao_domain::refusal::RefusalCode;
use yikao_domain::time::Millis;
use yikao_store::claim::{self, Claim};
use yikao_store::identity::{self, Set};
use yikao_store::{StoreError, Tx};

use super::{advance, identity_of, open, state};
use crate::identities;
use crate::problem::Problem;
use crate::state::App;

/// How long the first answer has before a job asks again: the request that made the claim asks first.
pub(super) const FIRST_PAUSE: Millis = Millis::seconds(30);

/// Asks the authority about a candidate's claim, if it still waits for that, and settles it. `false` where it did not
/// answer: the candidate sees that, and it is asked again.
pub async fn ask(app: &App, candidate: CandidateId) -> Result<bool, Problem> {
    let mut tx = app.db.reader().await?;
    let row = claim::get(&mut tx, candidate).await?;
    let Some(row) = row.filter(|row| state(row).is_ok_and(|state| state == ClaimState::Asking)) else {
        return Ok(true);
    };
    let key = identities::key_of(app, &mut tx, candidate).await?;
    drop(tx);
    let said = open(&key, &row)?;
    let who = identity_of(&row, &said)?;
    let answer = app.authority.ask(&who, app.clock.now()).await;
    let identity = identities::close_with(app, &key, candidate, &who, said.road)?;
    settle(app, row, identity, answer).await?;
    Ok(answer != Answer::Unavailable)
}

/// Settles a claim by the authority's answer, unless something else has happened to it meanwhile.
pub async fn settle(
    app: &App,
    row: Claim,
    identity: identity::Identity,
    answer: Answer,
) -> Result<(), Problem> {
    let input = (app.clone(), row, identity);
    let settled = app.db.write_with(input, move |tx, (app, row, identity)| {
        Box::pin(async move { settle_in(app, tx, row, identity, answer).await })
    });
    Ok(settled.await?)
}

/// As [`settle`], in an open transaction.
pub(super) async fn settle_in(
    app: &App,
    tx: &mut Tx,
    row: &Claim,
    identity: &identity::Identity,
    answer: Answer,
) -> Result<(), StoreError> {
    match answer {
        Answer::Confirmed => authenticate(app, tx, row, identity).await,
        Answer::Refused(cause) => to(app, tx, row, ClaimState::Refused, Some(cause.refusal())).await,
        Answer::Unavailable => {
            to(app, tx, row, ClaimState::Asking, Some(RefusalCode::IdentityAuthoritySilent)).await
        }
    }
}

/// Makes a claim the candidate's identity, if it still is what they claim.
pub async fn authenticate(
    app: &App,
    tx: &mut Tx,
    row: &Claim,
    identity: &identity::Identity,
) -> Result<(), StoreError> {
    if !advance(tx, row, ClaimState::Authenticated, None, app.clock.now()).await? {
        return Ok(());
    }
    match identity::set(tx, identity).await? {
        Set::Done | Set::AlreadySet => Ok(()),
        Set::Taken => {
            let moved = Claim { state: ClaimState::Authenticated.code().to_owned(), ..row.clone() };
            to(app, tx, &moved, ClaimState::Taken, Some(RefusalCode::IdentityTaken)).await
        }
    }
}

async fn to(
    app: &App,
    tx: &mut Tx,
    row: &Claim,
    state: ClaimState,
    cause: Option<RefusalCode>,
) -> Result<(), StoreError> {
    advance(tx, row, state, cause, app.clock.now()).await?;
    Ok(())
}
