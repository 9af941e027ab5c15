//! The province table of 考生号 patterns (D5): imported by the operator for a season, with a usual one built in.

use serde::{Deserialize, Serialize};

use super::Season;
use crate::document::{Province, half_width};
use crate::refusal::{Refusal, RefusalCode};

/// Most rows of a table: every province, some with several patterns.
const MOST_RULES: usize = 200;

/// One pattern of a province.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NumberRule {
    /// Which province; none for all that have no row of their own.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, required))]
    pub province: Option<Province>,
    /// How many digits.
    pub digits: u8,
    /// What it begins with, of which one fits; `{code}` is the province's region code, `{yy}` the season's last two
    /// digits. Empty: anything.
    #[serde(default)]
    pub prefixes: Vec<String>,
}

/// A season's table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NumberRules(pub Vec<NumberRule>);

/// What is wrong with a row of a table's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RuleTrouble {
    /// No such province, nor `*`.
    Province,
    /// Not a count of digits from 6 to 20.
    Digits,
    /// A prefix that is neither digits nor `{code}` nor `{yy}`, or longer than the number.
    Prefix,
    /// Nothing but a header, or more rows than there can be.
    Rows,
}

/// A row that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleError {
    /// Its number in the file, from 1.
    pub row: usize,
    /// What is wrong.
    pub trouble: RuleTrouble,
}

impl Default for NumberRules {
    /// The seeds' rule (S0 一7): 湖南, 陕西 and 广东 10 digits, 新疆 11, all others 14 that begin with "20" and the
    /// province's code. "20" was the year of that season, so the season's own year fits as well.
    fn default() -> Self {
        let of = |province, digits| NumberRule { province: Some(province), digits, prefixes: Vec::new() };
        let others = NumberRule {
            province: None,
            digits: 14,
            prefixes: vec!["20{code}".to_owned(), "{yy}{code}".to_owned()],
        };
        Self(vec![
            of(Province::Hunan, 10),
            of(Province::Shaanxi, 10),
            of(Province::Guangdong, 10),
            of(Province::Xinjiang, 11),
            others,
        ])
    }
}

impl NumberRules {
    /// Reads a table of rows `province, digits, prefixes`; a first row without digits is its header.
    ///
    /// # Errors
    /// Every row that cannot be read.
    pub fn read(rows: &[Vec<String>]) -> Result<Self, Vec<RuleError>> {
        let numbered = rows.iter().enumerate().map(|(at, row)| (at + 1, row));
        let filled = numbered.filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()));
        let rows: Vec<_> = filled.filter(|(at, row)| *at > 1 || digits_of(row).is_some()).collect();
        if rows.is_empty() || rows.len() > MOST_RULES {
            return Err(vec![RuleError { row: rows.len(), trouble: RuleTrouble::Rows }]);
        }
        let (mut rules, mut errors) = (Vec::new(), Vec::new());
        for (row, cells) in rows {
            match rule(cells) {
                Ok(rule) => rules.push(rule),
                Err(trouble) => errors.push(RuleError { row, trouble }),
            }
        }
        if errors.is_empty() { Ok(Self(rules)) } else { Err(errors) }
    }

    /// What looks unusual about a number; nothing where it fits, or where no rule says anything.
    pub fn warning(&self, province: Province, season: Season, number: &str) -> Option<Refusal> {
        let own = self.0.iter().filter(|rule| rule.province == Some(province)).collect::<Vec<_>>();
        let usual = self.0.iter().filter(|rule| rule.province.is_none());
        let rules = if own.is_empty() { usual.collect() } else { own };
        if rules.is_empty() || rules.iter().any(|rule| rule.fits(province, season, number)) {
            return None;
        }
        let expected: Vec<_> = rules.iter().map(|rule| rule.words(province, season)).collect();
        let refusal = Refusal::new(RefusalCode::ProfileNumberPattern);
        let refusal = refusal.with("province", province.name()).with("length", number.len());
        Some(refusal.with("expected", expected.join(" / ")))
    }
}

impl NumberRule {
    fn fits(&self, province: Province, season: Season, number: &str) -> bool {
        let right =
            number.len() == usize::from(self.digits) && number.bytes().all(|byte| byte.is_ascii_digit());
        let begins = |prefix: &String| number.starts_with(&filled(prefix, province, season));
        right && (self.prefixes.is_empty() || self.prefixes.iter().any(begins))
    }

    /// `14: 2011…` — digits, then what it begins with.
    fn words(&self, province: Province, season: Season) -> String {
        let prefixes: Vec<_> =
            self.prefixes.iter().map(|prefix| filled(prefix, province, season) + "…").collect();
        if prefixes.is_empty() {
            return self.digits.to_string();
        }
        format!("{} ({})", self.digits, prefixes.join(", "))
    }
}

fn filled(prefix: &str, province: Province, season: Season) -> String {
    let year = format!("{:02}", season.0 % 100);
    prefix.replace("{code}", &province.region_code().to_string()).replace("{yy}", &year)
}

fn digits_of(row: &[String]) -> Option<u8> {
    half_width(row.get(1)?).trim().parse().ok()
}

fn rule(cells: &[String]) -> Result<NumberRule, RuleTrouble> {
    let name = half_width(cells.first().map(String::as_str).unwrap_or_default());
    let province = match name.trim() {
        "*" | "其他" | "其他省份" => None,
        name => Some(Province::recognise(name).ok_or(RuleTrouble::Province)?),
    };
    let digits = digits_of(cells).filter(|digits| (6..=20).contains(digits)).ok_or(RuleTrouble::Digits)?;
    let text = half_width(cells.get(2).map(String::as_str).unwrap_or_default());
    let prefixes: Vec<_> = text
        .split(['|', '/'])
        .map(str::trim)
        .filter(|prefix| !prefix.is_empty())
        .map(str::to_owned)
        .collect();
    let is_right = |prefix: &String| {
        let plain = prefix.replace("{code}", "00").replace("{yy}", "00");
        plain.bytes().all(|byte| byte.is_ascii_digit()) && plain.len() <= usize::from(digits)
    };
    if !prefixes.iter().all(is_right) {
        return Err(RuleTrouble::Prefix);
    }
    Ok(NumberRule { province, digits, prefixes })
}
