//! Refusals: every rule that says no says which, with what it knows, in words that tell what to do (NEW8).

mod catalogue;
mod code;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::exam::Terms;
use crate::text::{Filling, Language};
use crate::time::{Millis, Timestamp};

pub use code::{Class, RefusalCode};

/// A rule's no: a stable code and what the texts need.
///
/// Parameters ending in `_at` are moments in milliseconds since the epoch, those ending in `_ms` spans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}")]
pub struct Refusal {
    /// Which rule.
    pub code: RefusalCode,
    /// What the texts and clients need to know.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, Value>,
}

/// A refusal in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Words {
    /// In a few words.
    pub title: String,
    /// What happened.
    pub detail: String,
    /// What to do now, who decides, until when.
    pub remedy: String,
}

impl Refusal {
    /// A refusal without parameters.
    pub const fn new(code: RefusalCode) -> Self {
        Self { code, params: BTreeMap::new() }
    }

    /// The same with a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// The same with a moment; the name ends in `_at`.
    #[must_use]
    pub fn at(self, name: &str, moment: Timestamp) -> Self {
        self.with(name, moment.as_ms())
    }

    /// The same with a span; the name ends in `_ms`.
    #[must_use]
    pub fn lasting(self, name: &str, span: Millis) -> Self {
        self.with(name, span.as_ms())
    }

    /// The refusal in words; `format_time` writes a moment in the exam's zone.
    pub fn words(
        &self,
        language: Language,
        terms: &Terms,
        format_time: &dyn Fn(Timestamp) -> String,
    ) -> Words {
        let filling = Filling { language, terms, params: &self.params, format_time };
        let [title, detail, remedy] = catalogue::texts(self.code, language);
        Words { title: filling.fill(title), detail: filling.fill(detail), remedy: filling.fill(remedy) }
    }
}

#[cfg(test)]
impl Refusal {
    /// All texts of the code, unfilled.
    pub(crate) fn templates(&self) -> Vec<&'static str> {
        [Language::Chinese, Language::English]
            .into_iter()
            .flat_map(|it| catalogue::texts(self.code, it))
            .collect()
    }
}

impl From<RefusalCode> for Refusal {
    fn from(code: RefusalCode) -> Self {
        Self::new(code)
    }
}

#[cfg(test)]
mod tests;
