//! The page from which a phone installs this installation's own certificate authority.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::state::App;

const PAGE: &str = include_str!("ca.html");

/// How to install the certificate, for a person with a phone in the hand.
pub async fn page() -> Html<&'static str> {
    Html(PAGE)
}

/// The certificate itself.
pub async fn certificate(State(app): State<App>) -> Response {
    match tokio::fs::read(app.config.data.join("ca").join("ca.pem")).await {
        Ok(pem) => {
            let kind = [
                (header::CONTENT_TYPE, "application/x-x509-ca-cert"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"yikao-ca.crt\""),
            ];
            (kind, pem).into_response()
        }
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
