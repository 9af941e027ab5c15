//! Named starting points for an exam's settings.
//!
//! Sittings are pinned to a revision that names its preset, so a released preset never changes its values: a
//! better one gets a new name.

use serde::{Deserialize, Serialize};

use super::{
    Act, ActPolicy, AfterThreeStrikes, AtClose, Companion, Effect, FaceCheck, InterruptionPolicy, LateEntry,
    LateSeals, MediaProfile, MockFace, PhoneChange, Policy, SecondLogin,
};
use crate::exam::Terms;
use crate::time::Millis;

/// A named starting point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// The general single-camera exam of the FAQ (S0): 3 attempts, an interrupted take is lost.
    #[default]
    General,
    /// A fitness test (S1): 10 attempts until a day that the school sets, the mock compares faces for real.
    FitnessTest,
    /// A recital for a degree (S4): 5 attempts, long takes, its own words.
    Recital,
}

impl Preset {
    /// Every preset.
    pub const ALL: [Self; 3] = [Self::General, Self::FitnessTest, Self::Recital];

    /// The name on the wire.
    pub const fn id(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::FitnessTest => "fitness_test",
            Self::Recital => "recital",
        }
    }

    /// The preset of this name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.id() == id)
    }

    /// Title in Chinese and in English.
    pub const fn titles(self) -> (&'static str, &'static str) {
        match self {
            Self::General => ("通用视频考试", "General video exam"),
            Self::FitnessTest => ("体育测试", "Fitness test"),
            Self::Recital => ("学位音乐会", "Degree recital"),
        }
    }

    /// What the preset is for, in Chinese and in English.
    pub const fn descriptions(self) -> (&'static str, &'static str) {
        match self {
            Self::General => (
                "单机位，每科目 3 次录制机会，进入后计时 2 小时，录制中断即失去本次机会，考试结束后 24 小时内传完视频。",
                "One camera, 3 takes per subject, 2 hours from entry, an interrupted take is lost, \
                 footage may arrive until 24 hours after the end.",
            ),
            Self::FitnessTest => (
                "单机位，每科目 10 次录制机会，截止时间前完成即可，录制前比对人脸，模拟考试也真实比对。",
                "One camera, 10 takes per subject until the deadline, a face check before each take, in the mock too.",
            ),
            Self::Recital => (
                "单机位，每科目 5 次录制机会，每次最长 2 小时，截止时间前完成即可；用“录制、研究生、报名”代替“考试、考生、报考”。",
                "One camera, 5 takes per subject of up to 2 hours until the deadline; words of a recital, not of an exam.",
            ),
        }
    }

    /// The preset's values.
    pub fn policy(self) -> Policy {
        match self {
            Self::General => general(),
            Self::FitnessTest => fitness_test(),
            Self::Recital => recital(),
        }
    }

    /// The words that an exam begins with (K16).
    pub fn terms(self) -> Terms {
        match self {
            Self::General | Self::FitnessTest => Terms::default(),
            Self::Recital => {
                let [exam, candidate, apply] = ["录制", "研究生", "报名"].map(str::to_owned);
                Terms { exam, candidate, apply, ..Terms::default() }
            }
        }
    }
}

fn general() -> Policy {
    let lost = ActPolicy { allowed: 0, resume_within_ms: Millis::ZERO, effect: Effect::LoseTake };
    let mut interruption = InterruptionPolicy::same(lost);
    let forgiving = ActPolicy { allowed: 1, resume_within_ms: Millis::seconds(30), effect: Effect::LoseTake };
    *interruption.of_mut(Act::Reload) = forgiving;
    *interruption.of_mut(Act::RecorderError) = forgiving;
    Policy {
        attempts: 3,
        duration_ms: Some(Millis::hours(2)),
        late_entry: LateEntry::Cut,
        take_max_ms: Millis::minutes(15),
        take_min_ms: None,
        position_ms: Millis::seconds(15),
        early_stop: true,
        at_close: AtClose::Abandon,
        deliver_within_ms: Millis::hours(24),
        late_seals: LateSeals::Mark,
        parts_per_take_max: 3,
        interruption,
        media: MediaProfile::MUSIC,
        face: FaceCheck::Off,
        after_three_strikes: AfterThreeStrikes::Block,
        face_in_mock: MockFace::Simulated,
        face_within_ms: Millis::minutes(1),
        companion: Companion::Off,
        phone_change: PhoneChange::Allow,
        second_login: SecondLogin::Ask,
        storage_min_bytes: 10_000_000_000,
        battery_min: 0.2,
        hold_to_enter_ms: Millis::seconds(2),
        countdown_warnings_ms: [30, 10, 5, 1].map(Millis::minutes).to_vec(),
    }
}

/// S1: a deadline instead of a clock (K2), 10 attempts (L2), faces compared in the mock as well (F8).
fn fitness_test() -> Policy {
    Policy {
        attempts: 10,
        duration_ms: None,
        take_max_ms: Millis::minutes(10),
        face: FaceCheck::Block,
        face_in_mock: MockFace::Real,
        ..general()
    }
}

/// S4: a deadline instead of a clock (K2), 5 attempts (L2), room for a whole concert (A22, L5).
fn recital() -> Policy {
    Policy {
        attempts: 5,
        duration_ms: None,
        take_max_ms: Millis::hours(2),
        face: FaceCheck::Block,
        face_in_mock: MockFace::Real,
        storage_min_bytes: 20_000_000_000,
        ..general()
    }
}
