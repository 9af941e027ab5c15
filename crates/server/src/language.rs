//! For whom texts are written: the reader's language, an exam's own words and its time zone.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use yikao_domain::exam::{RevisionBody, Terms};
use yikao_domain::refusal::{Refusal, Words};
use yikao_domain::text::Language;
use yikao_domain::time::Timestamp;

/// Who reads, as far as texts depend on it.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The language.
    pub language: Language,
    terms: Terms,
    zone: Tz,
}

impl Reader {
    /// A reader outside of any exam.
    pub fn of(language: Language) -> Self {
        Self { language, terms: Terms::default(), zone: chrono_tz::Asia::Shanghai }
    }

    /// The same reader inside an exam: its words, its time zone.
    #[must_use]
    pub fn within(&self, exam: &RevisionBody) -> Self {
        let zone = exam.zone.parse().unwrap_or(self.zone);
        Self { language: self.language, terms: exam.terms.clone(), zone }
    }

    /// The language's tag, as HTTP and HTML write it.
    pub fn tag(&self) -> &'static str {
        match self.language {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        }
    }

    /// A refusal in this reader's words.
    pub fn words(&self, refusal: &Refusal) -> Words {
        refusal.words(self.language, &self.terms, &|moment| self.moment(moment))
    }

    fn moment(&self, moment: Timestamp) -> String {
        let utc = DateTime::<Utc>::from_timestamp_millis(moment.as_ms()).unwrap_or_default();
        utc.with_timezone(&self.zone).format("%Y-%m-%d %H:%M").to_string()
    }
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let header = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(Self::of(header.map(Language::from_accept_language).unwrap_or_default()))
    }
}
