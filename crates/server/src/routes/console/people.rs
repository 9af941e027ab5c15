//! Candidates by their names, for staff: found by hashes, opened one by one.

use std::collections::HashSet;

use yikao_domain::document::{DocumentType, half_width, normalise_number};
use yikao_domain::id::{CandidateId, ExamId};
use yikao_domain::refusal::RefusalCode;
use yikao_domain::roster::Identity;
use yikao_store::roster::{self, RosterFilter};
use yikao_store::{Page, Tx, identity};

use crate::identities::{self, name_hash, number_hash};
use crate::problem::Problem;
use crate::state::App;

/// Who a candidate is; `None` where they never said so, or where their data was deleted.
pub async fn identity(app: &App, candidate: CandidateId) -> Result<Option<Identity>, Problem> {
    match identities::of(app, candidate).await {
        Err(problem) if problem.code() == RefusalCode::NothingThere => Ok(None),
        found => found,
    }
}

/// The candidates on an exam's lists whose whole name or document number is `text`.
pub async fn find(app: &App, tx: &mut Tx, exam: ExamId, text: &str) -> Result<Vec<CandidateId>, Problem> {
    let text = half_width(text.trim());
    let mut filter = RosterFilter::default();
    if text.chars().any(|c| c.is_ascii_digit()) {
        filter.number_hash = Some(number_hash(app, &normalise_number(&text)));
    } else {
        filter.name_hash = Some(name_hash(app, &text));
    }
    let entries = roster::page(tx, exam, &filter, Page { limit: 200, offset: 0 }).await?.items;
    let mut found = HashSet::new();
    for entry in entries {
        for kind in DocumentType::ALL {
            let who = identity::by_number(tx, kind.code(), &entry.number_hash).await?;
            found.extend(who.map(|who| who.candidate_id));
        }
    }
    Ok(found.into_iter().collect())
}
