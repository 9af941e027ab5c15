//! What messages say. Services that send by template get the values, all others the text in both languages.

use serde::{Deserialize, Serialize};

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Words {
    /// A one-time code.
    Code {
        /// The digits.
        code: String,
        /// For how many minutes it can be used.
        minutes: i64,
    },
    /// Something that a person should know.
    Notice {
        /// In Chinese.
        chinese: String,
        /// In English.
        english: String,
    },
}

impl Words {
    /// Reads kept words; what earlier releases kept is plain text.
    pub fn read(text: &str) -> Self {
        let plain = || Self::Notice { chinese: text.to_owned(), english: String::new() };
        serde_json::from_str(text).unwrap_or_else(|_| plain())
    }

    /// The whole text.
    pub fn text(&self) -> String {
        match self {
            Self::Code { code, minutes } => format!(
                "【艺考 Yikao】验证码 {code}，{minutes} 分钟内有效，请勿告诉他人。\
                 Your code is {code}, valid for {minutes} min. Tell it to nobody."
            ),
            Self::Notice { chinese, english } => {
                format!("【艺考 Yikao】{chinese} {english}").trim().to_owned()
            }
        }
    }

    /// What a mail is headed with.
    pub fn subject(&self) -> &'static str {
        match self {
            Self::Code { .. } => "艺考验证码 Your Yikao code",
            Self::Notice { .. } => "艺考通知 A notice from Yikao",
        }
    }

    /// The code in it.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Code { code, .. } => Some(code),
            Self::Notice { .. } => None,
        }
    }
}
