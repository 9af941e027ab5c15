//! A school's text in both languages.

use serde::{Deserialize, Serialize};

use crate::exam::Terms;
use crate::text::Language;

/// A text in Chinese and, where the school wrote one, in English. `{term.exam}` and the like stand for the exam's
/// own words (K16).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Worded {
    /// In Chinese.
    pub zh: String,
    /// In English; empty: readers of English get the Chinese text.
    #[serde(default)]
    pub en: String,
}

/// A text as somebody sees it, and in which language that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The text.
    pub text: String,
    /// Its language.
    pub language: Language,
}

impl Worded {
    /// A text in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// What readers of English get, unfilled.
    pub fn english(&self) -> &str {
        if self.en.trim().is_empty() { &self.zh } else { &self.en }
    }

    /// A name, as it is.
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => self.english(),
        }
    }

    /// What a reader of `language` sees.
    pub fn shown(&self, language: Language, terms: &Terms) -> Shown {
        if language == Language::English && !self.en.trim().is_empty() {
            return Shown { text: filled(&self.en, &Terms::english()), language };
        }
        Shown { text: filled(&self.zh, terms), language: Language::Chinese }
    }
}

/// Only the school's words are filled in: braces that it wrote for itself stay.
fn filled(text: &str, terms: &Terms) -> String {
    terms.words().fold(text.to_owned(), |text, (name, word)| text.replace(&format!("{{term.{name}}}"), word))
}
