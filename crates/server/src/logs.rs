//! Structured logs: one JSON object a line, with ids and durations, never names, numbers, codes, tokens
//! or addresses of people.

use tracing_subscriber::EnvFilter;

/// Starts logging to standard error; `YIKAO_LOG` filters (`info` by default).
pub fn start() {
    let filter = EnvFilter::try_from_env("YIKAO_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let logs = tracing_subscriber::fmt().json().flatten_event(true).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first.
    let _ = logs.with_env_filter(filter).try_init();
}
