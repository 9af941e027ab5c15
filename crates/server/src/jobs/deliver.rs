//! Settles deliveries: when every part of a submitted take has its files, the candidate gets a receipt.

use std::collections::HashMap;

use serde_json::json;
use yikao_domain::delivery::DeliveryOutcome;
use yikao_domain::id::{PartId, SittingId, SubjectId, SubmissionId};
use yikao_domain::sitting::{Command, Sitting, SubjectRun, Submission};
use yikao_store::asset::Asset;
use yikao_store::{asset, part};

use super::Failure;
use crate::sittings::command::{self, Given};
use crate::sittings::receipt;
use crate::state::App;

/// Settles what can be settled of a sitting's submissions.
pub(super) async fn run(app: &App, id: SittingId) -> Result<(), Failure> {
    let mut tx = app.db.reader().await?;
    let Some(loaded) = command::load(app, &mut tx, id).await? else { return Ok(()) };
    let parts = part::of_sitting(&mut tx, id).await?;
    let assets = asset::of_sitting(&mut tx, id).await?;
    drop(tx);
    let mut states = HashMap::new();
    for part in parts {
        let is_bare = part.state == "open" && app.footage.received(&app.db, part.id).await?.count() == 0;
        states.insert(part.id, if is_bare { "bare".to_owned() } else { part.state });
    }
    for (run, submission) in pending(&loaded.sitting) {
        if let Some(outcome) = outcome(&loaded.sitting, submission, &states) {
            let parts = parts_of(&loaded.sitting, submission);
            let assets = assets.iter().filter(|asset| parts.contains(&asset.part_id));
            let originals = originals(assets);
            settle(app, id, run.subject_id, submission.id, outcome, originals).await?;
        }
    }
    Ok(())
}

fn pending(sitting: &Sitting) -> impl Iterator<Item = (&SubjectRun, &Submission)> {
    let live = sitting.subjects.iter().filter_map(|run| Some((run, run.submission()?)));
    live.filter(|(_, submission)| submission.delivery.is_pending())
}

/// What became of a submission's footage; `None` while some of it is still awaited or being made.
fn outcome(
    sitting: &Sitting,
    submission: &Submission,
    states: &HashMap<PartId, String>,
) -> Option<DeliveryOutcome> {
    let (_, take) = sitting.take(submission.take_id)?;
    let of_parts = take.parts.iter().map(|part| states.get(&part.id).map(String::as_str));
    let of_parts: Option<Vec<_>> = of_parts.collect();
    let mut of_parts = of_parts?;
    // A recorder that was started and gave nothing is left out when the take is finished.
    if take.parts.iter().any(|part| part.end.is_some()) {
        of_parts.retain(|state| *state != "bare");
    }
    if of_parts.contains(&"damaged") {
        return Some(DeliveryOutcome::Damaged);
    }
    of_parts.iter().all(|state| *state == "assembled").then_some(DeliveryOutcome::Complete)
}

async fn settle(
    app: &App,
    sitting: SittingId,
    subject_id: SubjectId,
    submission_id: SubmissionId,
    outcome: DeliveryOutcome,
    originals: Vec<serde_json::Value>,
) -> Result<(), Failure> {
    let given = Given { sitting, command_id: None, actor: "delivery".into(), device: None };
    let own = app.clone();
    let extra: command::Extra<()> = Box::new(move |tx, loaded, recorded, now| {
        // Delivered before by another node: the receipt is there.
        if recorded.is_empty() {
            return;
        }
        let signed = own.keys.sign(&json!({
            "kind": "delivery",
            "sitting": sitting,
            "candidate": loaded.row.candidate_id,
            "subject": subject_id,
            "submission": submission_id,
            "outcome": outcome,
            "originals": originals,
            "server_time": now,
        }));
        receipt::keep(tx, &own, loaded, Some(subject_id), "delivery", &signed, now);
    });
    let order = Command::Deliver { submission_id, outcome };
    command::run(app, given, order, extra).await.map_err(|problem| problem.code().code())?;
    Ok(())
}

fn parts_of(sitting: &Sitting, submission: &Submission) -> Vec<PartId> {
    let take = sitting.take(submission.take_id).map(|(_, take)| take);
    take.map(|take| take.parts.iter().map(|part| part.id).collect()).unwrap_or_default()
}

fn originals<'a>(assets: impl Iterator<Item = &'a Asset>) -> Vec<serde_json::Value> {
    let originals = assets.filter(|asset| asset.kind == "original");
    originals
        .map(|one| json!({ "part": one.part_id, "bytes": one.plain_bytes, "sha256": one.sha256 }))
        .collect()
}
