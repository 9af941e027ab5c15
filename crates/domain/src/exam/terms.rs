//! A school's words (K16) and where its candidates ask (§S).

use serde::{Deserialize, Serialize};

/// The words of an exam: 考试 may be 录制, 考生 研究生, 报考 报名. They stand in texts as `{term.exam}` and so on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Terms {
    /// 考试.
    pub exam: String,
    /// 考生.
    pub candidate: String,
    /// 报考.
    pub apply: String,
    /// 录制.
    pub record: String,
    /// 科目.
    pub subject: String,
    /// 专业.
    pub major: String,
    /// 学校.
    pub school: String,
}

/// Where candidates ask; empty is not shown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Support {
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// QQ number or group.
    pub qq: String,
    /// When someone answers.
    pub hours: String,
    /// Link to the guide (拍摄攻略).
    pub guide_url: String,
}

impl Default for Terms {
    fn default() -> Self {
        let [exam, candidate, apply, record, subject, major, school] =
            ["考试", "考生", "报考", "录制", "科目", "专业", "学校"].map(str::to_owned);
        Self { exam, candidate, apply, record, subject, major, school }
    }
}

impl Terms {
    /// The names that placeholders may use after `term.`.
    pub const NAMES: [&'static str; 7] =
        ["exam", "candidate", "apply", "record", "subject", "major", "school"];

    /// The words of English texts; a school's pack is in Chinese and does not change them.
    pub fn english() -> Self {
        let [exam, candidate, apply, record, subject, major, school] =
            ["exam", "candidate", "apply", "record", "subject", "major", "school"].map(str::to_owned);
        Self { exam, candidate, apply, record, subject, major, school }
    }

    /// The word for a name of [`Self::NAMES`].
    pub fn word(&self, name: &str) -> Option<&str> {
        Some(match name {
            "exam" => &self.exam,
            "candidate" => &self.candidate,
            "apply" => &self.apply,
            "record" => &self.record,
            "subject" => &self.subject,
            "major" => &self.major,
            "school" => &self.school,
            _ => return None,
        })
    }

    /// Each name with its word.
    pub fn words(&self) -> impl Iterator<Item = (&'static str, &str)> {
        Self::NAMES.into_iter().filter_map(|name| Some((name, self.word(name)?)))
    }
}
