//! `PUT /parts/{part}/segments/{index}`: the hot path. A phone's segment is checked against its digest and
//! its seal and answered once it is durable. No look-up, no lock between phones, any order, any node.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use http_body_util::BodyExt;
use ring::digest::{Context, SHA256};
use yikao_domain::id::PartId;
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::seal::Hash32;
use yikao_footage::log::{MAX_SEGMENT_BYTES, Outcome, Record, SegmentBuffer};

use crate::auth::capability::Capability;
use crate::base64url;
use crate::extract::Path;
use crate::problem::Problem;
use crate::routes::parts::capability_of;
use crate::state::App;

/// Carries the head of the part's chain at this segment, in lower-case hex.
const SEAL: &str = "yikao-seal";

/// Keeps one segment.
#[utoipa::path(
    put,
    path = "/parts/{part}/segments/{index}",
    tag = "footage",
    params(
        ("part" = PartId, Path, description = "The part"),
        ("index" = u32, Path, description = "Counted from 1", minimum = 1),
        ("content-digest" = String, Header, description = "`sha-256=:base64:` of the body (RFC 9530)"),
        ("yikao-seal" = String, Header, description = "Head of the part's chain at this segment, hex"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "At most 256 KiB"),
    responses(
        (status = 204, description = "Durable; the same again gets the same answer"),
        (status = 401, description = "No capability, or an expired one", body = crate::problem::ProblemBody),
        (status = 404, description = "No such part", body = crate::problem::ProblemBody),
        (status = 409, description = "Another content is known under this index", body = crate::problem::ProblemBody),
        (status = 410, description = "The part takes nothing more", body = crate::problem::ProblemBody),
        (status = 413, description = "More than 256 KiB", body = crate::problem::ProblemBody),
        (status = 422, description = "Digest, seal or index is wrong", body = crate::problem::ProblemBody),
        (status = 503, description = "Storage is slow for the moment; `Retry-After` says when to come again",
            body = crate::problem::ProblemBody),
        (status = 507, description = "No space left for now, or more than the exam takes", body = crate::problem::ProblemBody),
    ),
    security(("capability" = []))
)]
pub async fn put_segment(
    State(app): State<App>,
    Path((part, index)): Path<(PartId, u32)>,
    headers: HeaderMap,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let now = app.clock.now();
    let capability = capability_of(&app, &headers, part)?;
    if index == 0 || index > capability.max_index {
        return Err(Refusal::new(RefusalCode::SegmentIndexInvalid).with("max", capability.max_index).into());
    }
    if app.footage.usage.of(capability.sitting) >= capability.max_bytes {
        return Err(Refusal::new(RefusalCode::FootageQuota).with("limit_bytes", capability.max_bytes).into());
    }
    let claimed = claimed_digest(&headers)?;
    let seal = claimed_seal(&headers)?;
    let (body, digest) = receive(app.footage.log.buffer(), &headers, body).await?;
    if digest != claimed {
        return Err(Problem::new(RefusalCode::SegmentDigestMismatch));
    }
    check_first_seal(&capability, index, body.len(), &digest, &seal)?;
    let record = Record {
        part,
        index: index.into(),
        digest: Hash32(digest),
        seal: Hash32(seal),
        received_at: now,
        body,
    };
    match app.footage.log.append(record).await.map_err(|e| append_failed(&e))? {
        Outcome::Stored(position) => {
            metrics::counter!("yikao_segments_total").increment(1);
            metrics::counter!("yikao_segment_bytes_total").increment(position.length.into());
            app.footage.usage.add(capability.sitting, position.length.into(), now);
            Ok(StatusCode::NO_CONTENT)
        }
        Outcome::Same => Ok(StatusCode::NO_CONTENT),
        Outcome::Conflict => Err(Refusal::new(RefusalCode::SegmentConflict).with("index", index).into()),
        Outcome::Released => app.footage.released(&app, part, index, &digest).await,
    }
}

async fn receive(
    mut buffer: SegmentBuffer,
    headers: &HeaderMap,
    mut body: Body,
) -> Result<(SegmentBuffer, [u8; 32]), Problem> {
    let too_large =
        || Problem::from(Refusal::new(RefusalCode::SegmentTooLarge).with("limit_bytes", MAX_SEGMENT_BYTES));
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > MAX_SEGMENT_BYTES) {
        return Err(too_large());
    }
    let mut digest = Context::new(&SHA256);
    while let Some(frame) = body.frame().await {
        // A connection that was cut: nobody reads this answer, and nothing is kept.
        let frame = frame.map_err(|_| Problem::new(RefusalCode::SegmentDigestMismatch))?;
        let Ok(arrived) = frame.into_data() else { continue };
        digest.update(&arrived);
        buffer.extend(&arrived).map_err(|_| too_large())?;
    }
    if buffer.is_empty() {
        return Err(Problem::new(RefusalCode::SegmentEmpty));
    }
    let mut out = [0; 32];
    out.copy_from_slice(digest.finish().as_ref());
    Ok((buffer, out))
}

fn claimed_digest(headers: &HeaderMap) -> Result<[u8; 32], Problem> {
    let missing = || Problem::new(RefusalCode::SegmentDigestMissing);
    let text = headers.get("content-digest").and_then(|v| v.to_str().ok()).ok_or_else(missing)?;
    let coded = text.trim().strip_prefix("sha-256=:").and_then(|rest| rest.strip_suffix(':'));
    let bytes = coded.and_then(base64url::decode_standard).ok_or_else(missing)?;
    bytes.try_into().map_err(|_| missing())
}

fn claimed_seal(headers: &HeaderMap) -> Result<[u8; 32], Problem> {
    let mut seal = [0; 32];
    let text = headers.get(SEAL).map(axum::http::HeaderValue::as_bytes).unwrap_or_default();
    hex::decode_to_slice(text, &mut seal).map_err(|_| Problem::new(RefusalCode::SegmentSealInvalid))?;
    Ok(seal)
}

/// The first seal follows from what the capability says; the later ones are checked at assembly, since
/// segments may come in any order.
fn check_first_seal(
    capability: &Capability,
    index: u32,
    length: usize,
    digest: &[u8; 32],
    seal: &[u8; 32],
) -> Result<(), Problem> {
    if index != 1 {
        return Ok(());
    }
    let expected = capability.chain().push_digest(length as u64, Hash32(*digest)).head;
    let right = expected.0 == *seal;
    if right { Ok(()) } else { Err(Problem::new(RefusalCode::SegmentSealInvalid)) }
}

fn append_failed(error: &yikao_footage::log::AppendError) -> Problem {
    match error {
        yikao_footage::log::AppendError::Full => Problem::new(RefusalCode::StorageFull),
        yikao_footage::log::AppendError::Busy => {
            metrics::counter!("yikao_segments_busy_total").increment(1);
            Problem::busy()
        }
        other => Problem::unexpected(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_told_when_to_come_again_while_storage_hangs() {
        let answer = append_failed(&yikao_footage::log::AppendError::Busy).into_response();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        let seconds: u64 = answer.headers()[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
        assert!((3..9).contains(&seconds));
    }
}
