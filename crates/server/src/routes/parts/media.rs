//! `GET /parts/{part}/media`: a part's playable file, any range of it, for its candidate and for the staff
//! who may watch. Every look of staff is logged.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use std::ops::Range;
use yikao_domain::id::PartId;
use yikao_domain::refusal::RefusalCode;
use yikao_store::part::{self, Part};

use crate::auth::actor::Actor;
use crate::extract::Path;
use crate::problem::Problem;
use crate::routes::console::{STAFF, WATCHERS, is_for_judges, load_for};
use crate::state::App;
use crate::{assets, audit};

/// A part's playable file.
#[utoipa::path(get, path = "/parts/{part}/media", tag = "footage",
    params(("part" = PartId, Path, description = "The part"),
        ("range" = Option<String>, Header, description = "One range of bytes")),
    responses(
        (status = 200, description = "The whole file", body = Vec<u8>, content_type = "video/mp4"),
        (status = 206, description = "The range", body = Vec<u8>, content_type = "video/mp4"),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Another role is needed", body = crate::problem::ProblemBody),
        (status = 404, description = "No such part", body = crate::problem::ProblemBody),
        (status = 409, description = "Not assembled yet", body = crate::problem::ProblemBody),
        (status = 416, description = "No such range"),
    ))]
pub async fn media(
    State(app): State<App>,
    actor: Actor,
    headers: HeaderMap,
    Path(id): Path<PartId>,
) -> Result<Response, Problem> {
    let found = part::get(&mut app.db.reader().await?, id).await?.ok_or_else(Problem::not_found)?;
    may_watch(&app, &actor, &found).await?;
    let reader = assets::open(&app, &found, "playable").await?;
    let reader = reader.ok_or_else(|| Problem::new(RefusalCode::FootageNotAssembled))?;
    let total = reader.bytes();
    let asked = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let Some(range) = asked.map_or(Some(0..total), |text| range_of(text, total)) else {
        return Ok(unsatisfiable(total));
    };
    // Whatever the range: one that leaves out the first byte shows all the same.
    if found.candidate_id != actor.candidate() {
        audit::looked(&app, &actor, found.school_id, "footage.watched", "part", id.to_string()).await?;
    }
    let stream = reader.stream(range.clone());
    Ok(answer(Body::from_stream(stream), &range, total, asked.is_some()))
}

async fn may_watch(app: &App, actor: &Actor, part: &Part) -> Result<(), Problem> {
    if part.candidate_id == actor.candidate() || actor.is_in(part.school_id, &STAFF) {
        return Ok(());
    }
    let loaded = load_for(app, actor, part.sitting_id, &WATCHERS).await?;
    if is_for_judges(&loaded.sitting, part.id) { Ok(()) } else { Err(Problem::not_found()) }
}

/// The one range that a header asks for; `None` where there is no such range. Several ranges are answered
/// with the first.
fn range_of(header: &str, total: u64) -> Option<Range<u64>> {
    let first = header.strip_prefix("bytes=")?.split(',').next()?.trim();
    let (from, to) = first.split_once('-')?;
    let range = match (from.parse::<u64>(), to.parse::<u64>()) {
        (Ok(from), Ok(to)) => from..to.saturating_add(1).min(total),
        (Ok(from), Err(_)) if to.is_empty() => from..total,
        (Err(_), Ok(last)) if from.is_empty() => total.saturating_sub(last)..total,
        _ => return None,
    };
    (range.start < range.end).then_some(range)
}

fn unsatisfiable(total: u64) -> Response {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
    insert(&mut answer, header::CONTENT_RANGE, &format!("bytes */{total}"));
    answer
}

fn answer(body: Body, range: &Range<u64>, total: u64, partial: bool) -> Response {
    let mut answer = Response::new(body);
    insert(&mut answer, header::CONTENT_TYPE, "video/mp4");
    insert(&mut answer, header::ACCEPT_RANGES, "bytes");
    insert(&mut answer, header::CACHE_CONTROL, "private, no-store");
    insert(&mut answer, header::CONTENT_LENGTH, &(range.end - range.start).to_string());
    if partial {
        *answer.status_mut() = StatusCode::PARTIAL_CONTENT;
        let text = format!("bytes {}-{}/{total}", range.start, range.end - 1);
        insert(&mut answer, header::CONTENT_RANGE, &text);
    }
    answer
}

fn insert(answer: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        answer.headers_mut().insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_browsers_send_them() {
        assert_eq!(range_of("bytes=0-", 10), Some(0..10));
        assert_eq!(range_of("bytes=2-4", 10), Some(2..5));
        assert_eq!(range_of("bytes=-3", 10), Some(7..10));
        assert_eq!(range_of("bytes=8-99", 10), Some(8..10));
        assert_eq!(range_of("bytes=10-", 10), None);
        assert_eq!(range_of("lines=1-2", 10), None);
    }
}
