//! What a handler takes from a request. Whatever is malformed is answered with a 422 problem that names
//! the field, whatever names nothing with a 404.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use http_body_util::{BodyExt, Limited};
use serde::de::DeserializeOwned;

use crate::problem::{FieldError, Problem};

/// The largest JSON body that is read, in bytes.
const MAX_JSON: usize = 1024 * 1024;

/// A JSON body.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let body = Limited::new(request.into_body(), MAX_JSON);
        let bytes = body.collect().await.map_err(|_| Problem::too_large(MAX_JSON))?.to_bytes();
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|e| malformed(&e))?;
        reader.end().map_err(|e| Problem::malformed(vec![FieldError::new(".", &e)]))?;
        Ok(Self(value))
    }
}

fn malformed(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let inner = error.inner().to_string();
    let path = error.path().to_string();
    // For a field that is absent serde names the struct's path and the field in the message only.
    let absent = inner.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    let field = match absent {
        Some(name) if path == "." => name.to_owned(),
        Some(name) => format!("{path}.{name}"),
        None => path,
    };
    Problem::malformed(vec![FieldError::new(&field, &inner)])
}

/// One path parameter: an id (or another text that parses); anything else names nothing.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let inner = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        inner.map(|axum::extract::Path(value)| Self(value)).map_err(|_| Problem::not_found())
    }
}

/// The query of an address.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let inner = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        inner
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|e| Problem::malformed(vec![FieldError::new("query", &e.body_text())]))
    }
}
