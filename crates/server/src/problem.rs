//! What a request is answered with when it is refused: RFC 9457, with a stable code, what happened, what
//! to do now. Whatever is unexpected is logged under an id and answered with that id, nothing else.

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use yikao_domain::refusal::{Class, Refusal, RefusalCode};
use yikao_store::StoreError;

use crate::language::Reader;

/// A refusal or failure on its way to the caller; its words are put in by [`render`].
#[derive(Debug, Clone)]
pub struct Problem {
    refusal: Refusal,
    status: StatusCode,
    errors: Vec<FieldError>,
    incident: Option<String>,
    retry_after_s: Option<u64>,
}

/// What is wrong with one field of a request.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// Path of the field, such as `subjects[0].name`.
    pub field: String,
    /// What is wrong with it.
    pub detail: String,
}

impl FieldError {
    /// A field and what is wrong with it.
    pub fn new(field: &str, detail: &(impl ToString + ?Sized)) -> Self {
        Self { field: field.to_owned(), detail: detail.to_string() }
    }
}

/// The body of a problem, `application/problem+json`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProblemBody {
    /// `urn:yikao:problem:` and the code.
    pub r#type: String,
    /// Stable code, such as `take.no_attempt_left`.
    pub code: String,
    /// HTTP status.
    pub status: u16,
    /// What happened, in a few words of the reader's language.
    pub title: String,
    /// What happened, in full.
    pub detail: String,
    /// What to do now.
    pub remedy: String,
    /// Values that the texts were made with.
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    pub params: Map<String, Value>,
    /// Fields that are wrong, where the request was malformed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Under which id an unexpected failure was logged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
}

/// The texts of a refusal in a language, as problems and closed actions show them.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct RefusalView {
    /// Stable code.
    pub code: String,
    /// What happened, in a few words.
    pub title: String,
    /// What happened, in full.
    pub detail: String,
    /// What to do now.
    pub remedy: String,
    /// Values that the texts were made with.
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    pub params: Map<String, Value>,
}

impl RefusalView {
    /// The texts of `refusal` for `reader`.
    pub fn new(refusal: &Refusal, reader: &Reader) -> Self {
        let text = reader.words(refusal);
        let params = refusal.params.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        Self {
            code: refusal.code.code().to_owned(),
            title: text.title,
            detail: text.detail,
            remedy: text.remedy,
            params,
        }
    }
}

impl Problem {
    /// A problem by its code alone.
    pub fn new(code: RefusalCode) -> Self {
        Refusal::new(code).into()
    }

    /// Nothing there, or nothing that the caller may know of.
    pub fn not_found() -> Self {
        Self::new(RefusalCode::NothingThere)
    }

    /// A body that cannot be understood, with the fields named.
    pub fn malformed(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::new(RefusalCode::RequestMalformed) }
    }

    /// One field with a value that cannot be.
    pub fn field(field: &str, detail: &str) -> Self {
        Self::malformed(vec![FieldError::new(field, detail)])
    }

    /// Something that was sent cannot be used, for a cause that elsewhere is no refusal.
    pub fn unusable(refusal: Refusal) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, ..refusal.into() }
    }

    /// The same with what is wrong in it, by field.
    #[must_use]
    pub fn naming(self, errors: Vec<FieldError>) -> Self {
        Self { errors, ..self }
    }

    /// A body larger than `bytes`.
    pub fn too_large(bytes: usize) -> Self {
        Refusal::new(RefusalCode::RequestTooLarge).with("limit_bytes", bytes).into()
    }

    /// Asked too often; says how long to wait.
    pub fn too_often(wait: std::time::Duration) -> Self {
        let seconds = wait.as_secs() + 1;
        let refusal = Refusal::new(RefusalCode::RateLimited).with("seconds", seconds);
        Self { retry_after_s: Some(seconds), ..refusal.into() }
    }

    /// More waits to be stored than there is room for; says when to come again, not to all the same.
    pub fn busy() -> Self {
        let spread = crate::keyring::random::<1>().map_or(0, |[byte]| u64::from(byte % 6));
        let seconds = 3 + spread;
        let refusal = Refusal::new(RefusalCode::StorageBusy).with("seconds", seconds);
        Self { retry_after_s: Some(seconds), ..refusal.into() }
    }

    /// Something unexpected: logged under an id that the caller gets, and nothing else.
    pub fn unexpected(error: &(dyn std::error::Error + 'static)) -> Self {
        let incident = crate::keyring::random::<6>().map(hex::encode).unwrap_or_default();
        tracing::error!(incident, error = %error, "unexpected");
        Self { incident: Some(incident), ..Self::new(RefusalCode::Unexpected) }
    }

    /// A handler panicked; the log has the message.
    pub fn panicked() -> Self {
        let incident = crate::keyring::random::<6>().map(hex::encode).unwrap_or_default();
        tracing::error!(incident, "a handler panicked");
        Self { incident: Some(incident), ..Self::new(RefusalCode::Unexpected) }
    }

    /// Which rule said no, with what it knows.
    pub fn refusal(&self) -> &Refusal {
        &self.refusal
    }

    /// Its stable code.
    pub fn code(&self) -> RefusalCode {
        self.refusal.code
    }
}

fn status_of(code: RefusalCode) -> StatusCode {
    match code.class() {
        Class::Conflict => StatusCode::CONFLICT,
        Class::NotFound => StatusCode::NOT_FOUND,
        Class::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Class::Forbidden => StatusCode::FORBIDDEN,
        Class::Unauthenticated => StatusCode::UNAUTHORIZED,
        Class::Gone => StatusCode::GONE,
        Class::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Class::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Class::Full => StatusCode::INSUFFICIENT_STORAGE,
        Class::Busy => StatusCode::SERVICE_UNAVAILABLE,
        // A notice is never answered as a problem.
        Class::Unexpected | Class::Notice => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = status_of(refusal.code);
        Self { refusal, status, errors: Vec::new(), incident: None, retry_after_s: None }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::not_found(),
            other => Self::unexpected(&other),
        }
    }
}

impl From<crate::keyring::KeyError> for Problem {
    fn from(error: crate::keyring::KeyError) -> Self {
        Self::unexpected(&error)
    }
}

impl From<crate::auth::password::PasswordError> for Problem {
    fn from(error: crate::auth::password::PasswordError) -> Self {
        Self::unexpected(&error)
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        Self::unexpected(&error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut answer = self.status.into_response();
        if let Some(seconds) = self.retry_after_s {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer.extensions_mut().insert(self);
        answer
    }
}

/// Middleware: puts a problem into words of the caller's language.
pub async fn render(reader: Reader, request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let Some(problem) = answer.extensions_mut().remove::<Problem>() else { return answer };
    let words = RefusalView::new(&problem.refusal, &reader);
    let body = ProblemBody {
        r#type: format!("urn:yikao:problem:{}", words.code),
        code: words.code,
        status: problem.status.as_u16(),
        title: words.title,
        detail: words.detail,
        remedy: words.remedy,
        params: words.params,
        errors: problem.errors,
        incident: problem.incident,
    };
    let bytes = serde_json::to_vec(&body).unwrap_or_default();
    let (mut parts, _) = answer.into_parts();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(reader.tag()));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, bytes.into())
}
