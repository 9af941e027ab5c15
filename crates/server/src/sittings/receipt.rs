//! Receipts: the server's signed words, kept beside the sitting they are about.

use serde_json::{Value, json};
use yikao_domain::id::{ReceiptId, SubjectId, SubmissionId};
use yikao_domain::signed::Signed;
use yikao_domain::sitting::{Event, Recorded, SubmittedBy};
use yikao_domain::time::Timestamp;
use yikao_store::{Tx, receipt};

use super::command::Loaded;
use crate::base64url;
use crate::state::App;

/// Keeps a signed statement with the command that it is about.
pub fn keep(
    tx: &mut Tx,
    app: &App,
    loaded: &Loaded,
    subject_id: Option<SubjectId>,
    kind: &str,
    signed: &Signed,
    at: Timestamp,
) {
    let row = receipt::Receipt {
        id: ReceiptId::from_uuid(app.clock.new_uuid()),
        school_id: loaded.row.school_id,
        sitting_id: loaded.row.id,
        subject_id,
        kind: kind.to_owned(),
        kid: signed.kid.clone(),
        payload: signed.payload.clone(),
        signature: base64url::decode(&signed.signature).unwrap_or_default(),
        at,
    };
    receipt::insert(tx, &row);
}

/// Keeps the server's word on a submission, whoever made it.
pub fn keep_submission(tx: &mut Tx, app: &App, loaded: &Loaded, id: SubmissionId, now: Timestamp) -> Signed {
    let signed = app.keys.sign(&submission(loaded, id, now));
    let subject = loaded.sitting.submission(id).map(|(run, _)| run.subject_id);
    keep(tx, app, loaded, subject, "submission", &signed, now);
    signed
}

/// Keeps a receipt for whatever the rule has submitted at a close: nobody was there to be handed one.
pub fn keep_of_rule(tx: &mut Tx, app: &App, loaded: &Loaded, recorded: &[Recorded], now: Timestamp) {
    for one in recorded {
        if let Event::Submitted { submission_id, by: SubmittedBy::Rule, .. } = &one.event {
            keep_submission(tx, app, loaded, *submission_id, now);
        }
    }
}

/// What the server says of a submission: which take, with which ends, at what time, by whom.
fn submission(loaded: &Loaded, id: SubmissionId, now: Timestamp) -> Value {
    let sitting = &loaded.sitting;
    let found = sitting.submission(id);
    let submission = found.map(|(_, submission)| submission);
    let take = submission.and_then(|submission| sitting.take(submission.take_id)).map(|(_, take)| take);
    let parts: Vec<_> = take
        .map(|take| take.parts.iter().map(|part| json!({ "part": part.id, "end": part.end })).collect())
        .unwrap_or_default();
    json!({
        "kind": "submission",
        "sitting": sitting.id,
        "exam": loaded.row.exam_id,
        "candidate": loaded.row.candidate_id,
        "subject": found.map(|(run, _)| run.subject_id),
        "submission": id,
        "revision": submission.map(|submission| submission.revision),
        "by": submission.map(|submission| submission.by),
        "take": take.map(|take| take.id),
        "parts": parts,
        "submitted_at": submission.map(|submission| submission.submitted_at),
        "server_time": now,
    })
}

/// A kept statement, as it was given out.
pub fn signed(row: &receipt::Receipt) -> Signed {
    Signed {
        kid: row.kid.clone(),
        payload: row.payload.clone(),
        signature: base64url::encode(&row.signature),
    }
}
