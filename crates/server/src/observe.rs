//! What the server measures and logs of every request: route, status, duration. Never who asked, or what.

use std::sync::OnceLock;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// Requests that take longer are worth a line in the log.
const SLOW_MS: u128 = 1000;

/// Sent with every answer: nothing of others runs in our pages, and nobody frames them.
const PROTECTION: [(HeaderName, HeaderValue); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; \
             style-src 'self' 'unsafe-inline'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; \
             object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(self), microphone=(self), geolocation=(), payment=(), usb=()"),
    ),
];

/// The recorder of this process: the first application installs it, later ones in the same process share it.
pub fn recorder() -> PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    let install = || {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        // Somebody else's recorder stays where one is installed; ours then measures nothing.
        let _ = metrics::set_global_recorder(recorder);
        handle
    };
    RECORDER.get_or_init(install).clone()
}

/// Middleware: measures a request, and logs it where it failed or was slow.
pub async fn request(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "unknown".into());
    let answer = next.run(request).await;
    let (took, status) = (started.elapsed(), answer.status());
    metrics::histogram!("yikao_request_seconds", "route" => route.clone(), "method" => method.to_string(),
        "status" => status.as_u16().to_string())
    .record(took.as_secs_f64());
    let ms = took.as_millis();
    if status.is_server_error() || ms > SLOW_MS {
        tracing::warn!(route, %method, status = status.as_u16(), ms = u64::try_from(ms).unwrap_or(u64::MAX), "request");
    } else {
        tracing::debug!(route, %method, status = status.as_u16(), ms = u64::try_from(ms).unwrap_or(u64::MAX), "request");
    }
    answer
}

/// Middleware: protects pages and answers.
pub async fn protect(request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    for (name, value) in PROTECTION {
        answer.headers_mut().entry(name).or_insert(value);
    }
    answer
}
