//! The server itself: its health, its time, its public keys, what it measures.

pub mod ca;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::time::Timestamp;

use crate::auth::actor::{Actor, PlatformRole};
use crate::auth::address::Address;
use crate::problem::Problem;
use crate::state::App;

/// A public key for checking what the server signed.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicKey {
    /// Its name in signed statements.
    pub kid: String,
    /// Ed25519, base64url.
    pub public_key: String,
}

/// What anybody may know of this server.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServerView {
    /// The product.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Server time, ms: the one clock.
    pub server_time: Timestamp,
    /// The oldest web app that may sign in and enter a sitting (A9); others are answered `client.too_old` there.
    pub minimum_client: String,
    /// Its public keys.
    pub keys: Vec<PublicKey>,
    /// Whether it runs with demo accounts.
    pub demo: bool,
}

/// Whether the server works: it can reach its database.
#[utoipa::path(get, path = "/healthz", tag = "server", responses(
    (status = 200, description = "It works", body = String),
    (status = 503, description = "It does not", body = String),
))]
pub async fn healthz(State(app): State<App>) -> (StatusCode, &'static str) {
    match app.db.ping().await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::error!(%error, "the database cannot be reached");
            (StatusCode::SERVICE_UNAVAILABLE, "the database cannot be reached\n")
        }
    }
}

/// What anybody may know of this server.
#[utoipa::path(get, path = "/server", tag = "server", responses(
    (status = 200, description = "The server", body = ServerView),
))]
pub async fn server(State(app): State<App>) -> axum::Json<ServerView> {
    let keys = app.keys.public_keys();
    axum::Json(ServerView {
        name: "Yikao 艺考",
        version: env!("CARGO_PKG_VERSION"),
        server_time: app.clock.now(),
        minimum_client: app.config.minimum_client.to_string(),
        keys: keys.into_iter().map(|(kid, public_key)| PublicKey { kid, public_key }).collect(),
        demo: app.config.demo,
    })
}

/// What is measured, for Prometheus: to this machine, and to operators.
#[utoipa::path(get, path = "/metrics", tag = "server", responses(
    (status = 200, description = "Prometheus text", body = String),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
    (status = 403, description = "Not an operator", body = crate::problem::ProblemBody),
))]
pub async fn metrics(
    State(app): State<App>,
    address: Address,
    actor: Result<Actor, Problem>,
) -> Result<impl IntoResponse, Problem> {
    if !address.is_here() {
        actor?.require_platform(PlatformRole::Operator)?;
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.render()))
}
