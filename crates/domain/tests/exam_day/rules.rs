//! The rules of the day's exams as plain numbers, in milliseconds: what the model goes by, and what the exams under
//! test are made from.

use serde_json::{Value, json};
use uuid::Uuid;
use yikao_domain::exam::RevisionBody;
use yikao_domain::policy::Act;

pub(crate) const MINUTE: i64 = 60_000;
/// When the windows open.
pub(crate) const NINE: i64 = 1_900_000_000_000;

/// What an interrupting act costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cost {
    Nothing,
    Take,
    Subject,
    Sitting,
}

/// How often an act is allowed within a take, how soon it must be over, and what more costs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ActRule {
    pub(crate) allowed: u32,
    pub(crate) within: i64,
    pub(crate) cost: Cost,
}

#[derive(Debug, Clone)]
pub(crate) struct SubjectRules {
    pub(crate) compulsory: bool,
    pub(crate) attempts: u32,
    pub(crate) position: i64,
    pub(crate) longest: i64,
    pub(crate) early_stop: bool,
    /// Its own clock from the moment it opens.
    pub(crate) clock: Option<i64>,
    pub(crate) parts: usize,
}

#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a yes or no of the exam's notice")]
pub(crate) struct Rules {
    pub(crate) name: &'static str,
    pub(crate) closes: i64,
    pub(crate) entry_ends: i64,
    /// The clock from entry; none: the window's end.
    pub(crate) clock: Option<i64>,
    /// Whether the clock runs on beyond the window for those who came late.
    pub(crate) full: bool,
    pub(crate) deliver_within: i64,
    pub(crate) phone_may_change: bool,
    pub(crate) in_order: bool,
    pub(crate) picks: (usize, usize),
    pub(crate) faces: bool,
    /// Whether the close submits a finished take.
    pub(crate) submits_at_close: bool,
    pub(crate) acts: [ActRule; 6],
    pub(crate) subjects: Vec<SubjectRules>,
}

const LOST_AT_ONCE: ActRule = ActRule { allowed: 0, within: 0, cost: Cost::Take };
const ONCE: ActRule = ActRule { allowed: 1, within: 30_000, cost: Cost::Take };
const NOTED: ActRule = ActRule { allowed: 0, within: 0, cost: Cost::Nothing };

impl Rules {
    /// The three exams of the day.
    pub(crate) fn of_the_day() -> Vec<Self> {
        vec![singing(), dancing(), drawing()]
    }

    pub(crate) const fn of(&self, act: Act) -> ActRule {
        self.acts[act as usize]
    }

    /// The exam as a school would have written it.
    pub(crate) fn body(&self) -> RevisionBody {
        let subjects: Vec<Value> =
            self.subjects.iter().enumerate().map(|(at, one)| subject(at, one)).collect();
        let text = json!({
            "preset": "general", "title": self.name, "zone": "Asia/Shanghai", "settings": self.settings(),
            "majors": [{
                "id": id(2), "name": self.name, "order": if self.in_order { "fixed" } else { "free" },
                "electives": {"pick_min": self.picks.0, "pick_max": self.picks.1}, "subjects": subjects,
            }],
            "sessions": [{
                "id": id(1), "kind": "formal", "title": "上午", "opens_at": NINE, "closes_at": self.closes,
                "latest_entry_at": self.entry_ends,
            }],
        });
        serde_json::from_value(text).unwrap()
    }

    fn settings(&self) -> Value {
        let acts: serde_json::Map<String, Value> =
            Act::ALL.into_iter().map(|act| (act.code().to_owned(), rule(self.of(act)))).collect();
        json!({
            "duration_ms": self.clock, "late_entry": if self.full { "full" } else { "cut" },
            "deliver_within_ms": self.deliver_within,
            "phone_change": if self.phone_may_change { "allow" } else { "refuse" }, "second_login": "refuse",
            "face": if self.faces { "block" } else { "off" },
            "at_close": if self.submits_at_close { "submit_chosen" } else { "abandon" },
            "interruption": acts,
        })
    }
}

fn subject(at: usize, rules: &SubjectRules) -> Value {
    let mut settings = json!({
        "attempts": rules.attempts, "position_ms": rules.position, "take_max_ms": rules.longest,
        "early_stop": rules.early_stop, "parts_per_take_max": rules.parts,
    });
    if let Some(clock) = rules.clock {
        settings["duration_ms"] = clock.into();
    }
    json!({
        "id": subject_id(at), "name": format!("科目{at}"), "compulsory": rules.compulsory, "content": "自选",
        "settings": settings,
    })
}

fn rule(rule: ActRule) -> Value {
    let effect = match rule.cost {
        Cost::Nothing => "note",
        Cost::Take => "lose_take",
        Cost::Subject => "end_subject",
        Cost::Sitting => "end_sitting",
    };
    json!({"allowed": rule.allowed, "resume_within_ms": rule.within, "effect": effect})
}

const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// The id of the subject at this place.
pub(crate) const fn subject_id(at: usize) -> Uuid {
    Uuid::from_u128(0x100 + at as u128)
}

const fn take(compulsory: bool, attempts: u32, longest: i64) -> SubjectRules {
    SubjectRules { compulsory, attempts, position: 15_000, longest, early_stop: true, clock: None, parts: 3 }
}

/// Two hours from entry, in any order; what is not submitted is given up.
fn singing() -> Rules {
    Rules {
        name: "声乐",
        closes: NINE + 240 * MINUTE,
        entry_ends: NINE + 180 * MINUTE,
        clock: Some(120 * MINUTE),
        full: false,
        deliver_within: 24 * 60 * MINUTE,
        phone_may_change: true,
        in_order: false,
        picks: (0, 1),
        faces: false,
        submits_at_close: false,
        acts: [LOST_AT_ONCE, LOST_AT_ONCE, LOST_AT_ONCE, LOST_AT_ONCE, ONCE, ONCE],
        subjects: vec![
            take(true, 3, 10 * MINUTE),
            take(true, 2, 5 * MINUTE),
            take(false, 2, 5 * MINUTE),
            take(false, 1, 5 * MINUTE),
        ],
    }
}

/// One subject after another, each with its own clock; faces are checked, and the close submits.
fn dancing() -> Rules {
    let left = ActRule { allowed: 1, within: 20_000, cost: Cost::Subject };
    let locked = ActRule { allowed: 1, within: 5_000, cost: Cost::Sitting };
    let own = |compulsory| SubjectRules { clock: Some(25 * MINUTE), ..take(compulsory, 2, 4 * MINUTE) };
    Rules {
        name: "舞蹈",
        closes: NINE + 180 * MINUTE,
        entry_ends: NINE + 150 * MINUTE,
        clock: Some(90 * MINUTE),
        full: true,
        deliver_within: 120 * MINUTE,
        phone_may_change: false,
        in_order: true,
        picks: (1, 1),
        faces: true,
        submits_at_close: true,
        acts: [left, locked, NOTED, LOST_AT_ONCE, ONCE, ONCE],
        subjects: vec![own(true), own(false), own(false)],
    }
}

/// Until a deadline; a drawing runs its whole time, and little time is left for delivery.
fn drawing() -> Rules {
    let call = ActRule { allowed: 2, within: 120_000, cost: Cost::Take };
    let whole = SubjectRules { early_stop: false, parts: 5, ..take(true, 2, 40 * MINUTE) };
    Rules {
        name: "绘画",
        closes: NINE + 200 * MINUTE,
        entry_ends: NINE + 60 * MINUTE,
        clock: None,
        full: false,
        deliver_within: 10 * MINUTE,
        phone_may_change: true,
        in_order: false,
        picks: (0, 0),
        faces: false,
        submits_at_close: true,
        acts: [ONCE, NOTED, call, ONCE, call, NOTED],
        subjects: vec![whole.clone(), SubjectRules { attempts: 3, longest: 20 * MINUTE, ..whole }],
    }
}
