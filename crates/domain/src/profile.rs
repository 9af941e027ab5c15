//! What a candidate is in a season (§D): 高考生 with a 考生号 that a province's pattern is checked against, or
//! something else with a 学籍. An unknown pattern warns and never blocks (D5).

mod rules;

use serde::{Deserialize, Serialize};

use crate::document::{half_width, is_invisible, normalise_number};
use crate::refusal::{Refusal, RefusalCode};

pub use rules::{NumberRule, NumberRules, RuleError, RuleTrouble};

/// The year of a 高考: seasons begin with the preparations, in September before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Season(pub u16);

/// In which capacity somebody applies (D1). Neither is a disadvantage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CandidateClass {
    /// 高考生, with a 考生号 (D3).
    Gaokao,
    /// 其他, with a 学籍 (D2).
    Other,
}

/// 学籍: where somebody studies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SchoolRoll {
    /// Which school.
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub school: String,
    /// Which year or stage.
    #[cfg_attr(feature = "openapi", schema(max_length = 50))]
    pub stage: String,
    /// 学籍号 or student number, where there is one.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub number: String,
}

impl Season {
    /// The season of a day.
    pub const fn of(year: u16, month: u8) -> Self {
        Self(if month >= 9 { year + 1 } else { year })
    }

    /// The season of this text, where it can be one.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().filter(|year| (2000..2200).contains(year)).map(Self)
    }
}

impl std::fmt::Display for Season {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl CandidateClass {
    /// The name on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Gaokao => "gaokao",
            Self::Other => "other",
        }
    }

    /// The class of this name.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Gaokao, Self::Other].into_iter().find(|class| class.code() == code)
    }
}

/// A 考生号 as it is compared and stored: what no 考生号 can be is refused, whatever the province.
///
/// # Errors
/// `profile.number_empty`, `profile.number_characters`.
pub fn check_candidate_number(raw: &str) -> Result<String, Refusal> {
    let number = normalise_number(raw);
    if number.is_empty() {
        return Err(RefusalCode::ProfileNumberEmpty.into());
    }
    let fits = (8..=20).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if fits { Ok(number) } else { Err(RefusalCode::ProfileNumberCharacters.into()) }
}

/// A 学籍 as it is stored.
///
/// # Errors
/// `profile.roll_missing` without a school or stage; `profile.roll_too_long`.
pub fn check_school_roll(roll: &SchoolRoll) -> Result<SchoolRoll, Refusal> {
    let clean = |text: &str| -> String {
        let seen: String = half_width(text).chars().filter(|character| !is_invisible(*character)).collect();
        seen.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let roll = SchoolRoll {
        school: clean(&roll.school),
        stage: clean(&roll.stage),
        number: normalise_number(&roll.number),
    };
    if roll.school.is_empty() || roll.stage.is_empty() {
        return Err(RefusalCode::ProfileRollMissing.into());
    }
    let within = |text: &str, limit: usize| text.chars().count() <= limit;
    let fits = within(&roll.school, 100) && within(&roll.stage, 50) && within(&roll.number, 40);
    if fits { Ok(roll) } else { Err(RefusalCode::ProfileRollTooLong.into()) }
}

#[cfg(test)]
mod tests;
