//! What goes wrong on the day: for a candidate, and for everybody.

use crate::dice::Dice;
use crate::rules::{MINUTE, NINE};

/// Something that goes wrong for a candidate, now and then over the whole exam.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Crash,
    Call,
    LeftPage,
    Recorder,
    DeadBattery,
    LostNetwork,
    LostAnswers,
    WrongClock,
    TwoPhones,
    LateSeals,
    LateDelivery,
    Forgetful,
}

const FAULTS: [Fault; 12] = [
    Fault::Crash,
    Fault::Call,
    Fault::LeftPage,
    Fault::Recorder,
    Fault::DeadBattery,
    Fault::LostNetwork,
    Fault::LostAnswers,
    Fault::WrongClock,
    Fault::TwoPhones,
    Fault::LateSeals,
    Fault::LateDelivery,
    Fault::Forgetful,
];

/// The faults of one candidate: mostly none or one, of some up to five.
#[derive(Debug, Clone)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn draw(dice: &mut Dice) -> Self {
        let many = dice.pick(&[0, 0, 0, 1, 1, 1, 2, 3, 5]).unwrap_or(0);
        Self((0..many).filter_map(|_| dice.pick(&FAULTS)).collect())
    }

    pub(crate) fn has(&self, fault: Fault) -> bool {
        self.0.contains(&fault)
    }

    pub(crate) fn all(&self) -> &[Fault] {
        &self.0
    }
}

/// When the server is away, for everybody: a few minutes now and then, from before the exams to the end of delivery.
#[derive(Debug)]
pub(crate) struct Outages(Vec<(i64, i64)>);

impl Outages {
    pub(crate) fn draw(day: u64) -> Self {
        let mut dice = Dice::of(day, u64::MAX);
        let outage = |_| {
            let from = NINE + dice.between(-10 * MINUTE, 26 * 60 * MINUTE);
            (from, from + dice.between(20_000, 6 * MINUTE))
        };
        let mut outages: Vec<_> = (0..24).map(outage).collect();
        // One while most candidates are on their way in, one while most record.
        outages.extend([(NINE + MINUTE, NINE + 3 * MINUTE), (NINE + 95 * MINUTE, NINE + 99 * MINUTE)]);
        Self(outages)
    }

    /// The end of the outage that a moment lies in.
    pub(crate) fn over(&self, at: i64) -> Option<i64> {
        self.0.iter().find(|(from, to)| (*from..*to).contains(&at)).map(|(_, to)| *to)
    }
}
