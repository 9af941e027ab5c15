//! Settings that a level states itself, and the resolution preset → exam → major → subject with provenance.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{
    Act, AfterThreeStrikes, AtClose, Companion, FaceCheck, InterruptionOverrides, LateEntry, LateSeals,
    MediaProfile, MockFace, PhoneChange, Policy, SecondLogin,
};
use crate::time::Millis;

/// Which level a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The exam's preset.
    Preset,
    /// The exam's settings.
    Exam,
    /// The major's settings.
    Major,
    /// The subject's settings.
    Subject,
    /// The session's settings (a mock may have its own number of attempts, J2).
    Session,
}

/// One setting with its value and where that comes from; acts are named `interruption.<act>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Resolved {
    /// Name of the setting.
    pub setting: String,
    /// Its value as JSON.
    pub value: Value,
    /// The level that stated it.
    pub from: Source,
}

/// One level's settings, for resolution.
#[derive(Debug, Clone, Copy)]
pub struct Layer<'a> {
    /// The level.
    pub source: Source,
    /// What it states.
    pub settings: &'a Overrides,
}

/// The resolved policy, and where each value comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolution {
    /// The values.
    pub policy: Policy,
    /// The values with their provenance, in the order of [`Policy`]'s fields.
    pub values: Vec<Resolved>,
}

/// Lays `layers` (most general first) over `base`.
pub fn resolve(base: Policy, layers: &[Layer<'_>]) -> Resolution {
    let policy = lay_over(base, layers);
    let values = settings_of(&policy)
        .into_iter()
        .map(|(setting, value)| Resolved { from: source_of(&setting, layers), setting, value })
        .collect();
    Resolution { policy, values }
}

/// The values alone.
pub(crate) fn lay_over(mut policy: Policy, layers: &[Layer<'_>]) -> Policy {
    for layer in layers {
        layer.settings.apply(&mut policy);
    }
    policy
}

fn settings_of(policy: &Policy) -> Vec<(String, Value)> {
    let mut settings = Vec::new();
    let Ok(Value::Object(fields)) = serde_json::to_value(policy) else { return settings };
    for &name in Overrides::NAMES {
        match fields.get(name) {
            Some(Value::Object(acts)) if name == "interruption" => {
                settings.extend(Act::ALL.iter().filter_map(|act| {
                    Some((format!("{name}.{}", act.code()), acts.get(act.code())?.clone()))
                }));
            }
            Some(value) => settings.push((name.to_owned(), value.clone())),
            None => {}
        }
    }
    settings
}

/// The nearest level that states `setting`.
pub(crate) fn source_of(setting: &str, layers: &[Layer<'_>]) -> Source {
    layers
        .iter()
        .rev()
        .find(|layer| layer.settings.states(setting))
        .map_or(Source::Preset, |layer| layer.source)
}

/// Reads a present field, also `null`, as stated; a missing one stays `None` through `default`.
fn stated<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

macro_rules! overrides {
    (plain { $($plain:ident: $plain_type:ty,)+ } nullable { $($nullable:ident: $nullable_type:ty,)+ }) => {
        /// The settings that a level states itself; what is left out is inherited.
        ///
        /// `duration_ms` and `take_min_ms` may be stated as `null`, which means "none" and is not the same as
        /// leaving them out; for all others `null` is the same as leaving them out.
        #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(default, deny_unknown_fields)]
        pub struct Overrides {
            $(
                #[doc = concat!("See [`Policy::", stringify!($plain), "`].")]
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $plain: Option<$plain_type>,
            )+
            $(
                #[doc = concat!("See [`Policy::", stringify!($nullable), "`].")]
                #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "stated")]
                pub $nullable: Option<Option<$nullable_type>>,
            )+
            /// See [`Policy::interruption`].
            #[serde(skip_serializing_if = "Option::is_none")]
            pub interruption: Option<InterruptionOverrides>,
        }

        impl Overrides {
            /// Every setting's name.
            pub const NAMES: &'static [&'static str] =
                &[$(stringify!($plain),)+ $(stringify!($nullable),)+ "interruption"];

            /// Puts what is stated here into `policy`.
            pub fn apply(&self, policy: &mut Policy) {
                $(if let Some(value) = &self.$plain { policy.$plain.clone_from(value); })+
                $(if let Some(value) = &self.$nullable { policy.$nullable = *value; })+
                for act in Act::ALL {
                    if let Some(rule) = self.interruption.as_ref().and_then(|acts| acts.of(act)) {
                        *policy.interruption.of_mut(act) = rule;
                    }
                }
            }

            fn states(&self, setting: &str) -> bool {
                if let Some(code) = setting.strip_prefix("interruption.") {
                    let act = Act::ALL.into_iter().find(|act| act.code() == code);
                    return act.is_some_and(|act| self.interruption.as_ref().is_some_and(|acts| acts.of(act).is_some()));
                }
                match setting {
                    $(stringify!($plain) => self.$plain.is_some(),)+
                    $(stringify!($nullable) => self.$nullable.is_some(),)+
                    _ => false,
                }
            }
        }
    };
}

overrides! {
    plain {
        attempts: u32,
        late_entry: LateEntry,
        take_max_ms: Millis,
        position_ms: Millis,
        early_stop: bool,
        at_close: AtClose,
        deliver_within_ms: Millis,
        late_seals: LateSeals,
        parts_per_take_max: u32,
        media: MediaProfile,
        face: FaceCheck,
        after_three_strikes: AfterThreeStrikes,
        face_in_mock: MockFace,
        face_within_ms: Millis,
        companion: Companion,
        phone_change: PhoneChange,
        second_login: SecondLogin,
        storage_min_bytes: u64,
        battery_min: f64,
        hold_to_enter_ms: Millis,
        countdown_warnings_ms: Vec<Millis>,
    }
    nullable {
        duration_ms: Millis,
        take_min_ms: Millis,
    }
}
