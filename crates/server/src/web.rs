//! The web apps inside the binary. Without built web assets the server says how to build them.

use axum::http::Uri;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Built;

const NOT_BUILT: &str = "<!doctype html><meta charset=utf-8><title>Yikao</title>\
<p>The web apps are not inside this binary yet. Build them with <code>make web</code> and build the server \
again; <code>make run</code> does both.<p>网页应用尚未构建：请先运行 <code>make web</code>，再重新构建服务器。";

/// A page or file of the web apps; unknown addresses of the apps get their entry page.
pub async fn page(address: Uri) -> Response {
    let path = address.path().trim_start_matches('/');
    if let Some(found) = Built::get(path) {
        return served(path, found);
    }
    let entry = if path == "console" || path.starts_with("console/") { "console.html" } else { "index.html" };
    let looks_like_a_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    match Built::get(entry) {
        Some(_) if looks_like_a_file => StatusCode::NOT_FOUND.into_response(),
        Some(found) => served(entry, found),
        None => (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT)).into_response(),
    }
}

fn served(path: &str, found: rust_embed::EmbeddedFile) -> Response {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    // Names under assets/ carry a hash of what is inside; the entry pages must be asked for each time.
    let keep = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut answer = found.data.into_response();
    let headers = answer.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(kind.as_ref()) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    answer
}
