//! Texts with `{placeholders}`, in the two languages of the platform.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::exam::Terms;
use crate::time::{Millis, Timestamp};

/// A language of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Language {
    /// Simplified Chinese, the default.
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

/// What placeholders stand for: `{name}` is a parameter, `{name_at}` a moment, `{name_ms}` a span, `{term.x}` one of
/// the school's words.
pub struct Filling<'a> {
    /// The language of spans and words.
    pub language: Language,
    /// The school's words; English texts use [`Terms::english`].
    pub terms: &'a Terms,
    /// The parameters.
    pub params: &'a BTreeMap<String, Value>,
    /// How a moment is written: the caller knows the exam's zone.
    pub format_time: &'a dyn Fn(Timestamp) -> String,
}

impl Language {
    /// The language for an `Accept-Language` header: English if it is named first, otherwise Chinese.
    pub fn from_accept_language(header: &str) -> Self {
        let first = header.split([',', ';']).next().unwrap_or_default().trim();
        if first.get(..2).is_some_and(|tag| tag.eq_ignore_ascii_case("en")) {
            Self::English
        } else {
            Self::Chinese
        }
    }
}

impl Filling<'_> {
    /// The text with its placeholders filled; one that stands for nothing is left out.
    pub fn fill(&self, template: &str) -> String {
        let mut text = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                text.push_str(after);
                return text;
            };
            text.push_str(&self.value(name));
            rest = after;
        }
        text.push_str(rest);
        text
    }

    fn value(&self, name: &str) -> String {
        if let Some(term) = name.strip_prefix("term.") {
            return self.term(term);
        }
        let Some(value) = self.params.get(name) else { return String::new() };
        match (value, value.as_i64()) {
            (_, Some(ms)) if name.ends_with("_at") => (self.format_time)(Timestamp(ms)),
            (_, Some(ms)) if name.ends_with("_ms") => span(Millis(ms), self.language),
            (Value::String(text), _) => text.clone(),
            (other, _) => other.to_string(),
        }
    }

    fn term(&self, name: &str) -> String {
        let word = match self.language {
            Language::Chinese => self.terms.word(name).map(str::to_owned),
            Language::English => Terms::english().word(name).map(str::to_owned),
        };
        word.unwrap_or_default()
    }
}

/// The names of a template's placeholders, in order.
pub fn placeholders(template: &str) -> Vec<&str> {
    template.split('{').skip(1).filter_map(|after| after.split_once('}').map(|(name, _)| name)).collect()
}

/// A span in words: whole minutes from two minutes up, otherwise seconds, rounded up.
fn span(ms: Millis, language: Language) -> String {
    let seconds = ms.as_ms().max(0).saturating_add(999) / 1_000;
    let (number, minutes) = if seconds >= 120 { (seconds / 60, true) } else { (seconds, false) };
    match (language, minutes) {
        (Language::Chinese, true) => format!("{number} 分钟"),
        (Language::Chinese, false) => format!("{number} 秒"),
        (Language::English, true) => format!("{number} min"),
        (Language::English, false) => format!("{number} s"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fill(language: Language, template: &str) -> String {
        let params = BTreeMap::from([
            ("left".to_owned(), json!(2)),
            ("left_ms".to_owned(), json!(840_000)),
            ("until_at".to_owned(), json!(5)),
            ("name".to_owned(), json!("声乐")),
        ]);
        let terms = Terms { exam: "录制".into(), ..Terms::default() };
        let format_time = |at: Timestamp| format!("T{}", at.as_ms());
        Filling { language, terms: &terms, params: &params, format_time: &format_time }.fill(template)
    }

    #[test]
    fn placeholders_become_numbers_moments_spans_and_the_schools_words() {
        assert_eq!(
            fill(Language::Chinese, "{term.exam}「{name}」还剩 {left} 次，{left_ms}，至 {until_at}。"),
            "录制「声乐」还剩 2 次，14 分钟，至 T5。"
        );
        assert_eq!(fill(Language::English, "this {term.exam}: {left_ms}"), "this exam: 14 min");
    }

    #[test]
    fn what_stands_for_nothing_is_left_out() {
        assert_eq!(fill(Language::English, "a{unknown}b{"), "ab");
    }

    #[test]
    fn the_first_language_asked_for_decides() {
        assert_eq!(Language::from_accept_language("en-GB,zh;q=0.9"), Language::English);
        assert_eq!(Language::from_accept_language("zh-CN,en;q=0.9"), Language::Chinese);
        assert_eq!(Language::from_accept_language(""), Language::Chinese);
    }
}
