//! Asks the identity authority again about a claim that it did not answer.

use yikao_domain::id::CandidateId;

use super::Failure;
use crate::claims;
use crate::state::App;

/// Asks; an authority that is silent is a failure, and so it is asked again after a pause.
pub(super) async fn run(app: &App, candidate: CandidateId) -> Result<(), Failure> {
    let answered = claims::ask(app, candidate).await.map_err(|problem| problem.code().code())?;
    if answered { Ok(()) } else { Err("the identity authority does not answer".into()) }
}
