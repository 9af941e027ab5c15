//! A candidate's phones, their clock and their line to the server.

use yikao_domain::id::DeviceId;
use yikao_domain::refusal::RefusalCode;
use yikao_domain::sitting::Command;
use yikao_domain::time::Millis;

use crate::dice::Dice;
use crate::faults::{Fault, Faults, Outages};
use crate::rules::MINUTE;
use crate::server::Server;

/// The slowest line, one way.
const LATENCY: i64 = 400;
/// How long a phone tries before it lets a command go.
const PATIENCE: i64 = 20 * MINUTE;

pub(crate) struct Phone<'a> {
    pub(crate) server: Server<'a>,
    pub(crate) dice: Dice,
    pub(crate) faults: Faults,
    /// The true time.
    pub(crate) now: i64,
    outages: &'a Outages,
    /// Which of the candidate's phones is in hand.
    pub(crate) in_hand: usize,
    /// Until when there is no network.
    offline_until: i64,
    /// How wrong the phone's clock is.
    clock_off: i64,
    commands: u64,
    ids: u128,
}

impl<'a> Phone<'a> {
    pub(crate) fn new(server: Server<'a>, outages: &'a Outages, faults: Faults, mut dice: Dice) -> Self {
        let wrong = faults.has(Fault::WrongClock);
        let clock_off =
            if wrong { dice.between(-40 * MINUTE, 40 * MINUTE) } else { dice.between(-2_000, 2_000) };
        Self {
            server,
            dice,
            faults,
            now: 0,
            outages,
            in_hand: 0,
            offline_until: 0,
            clock_off,
            commands: 0,
            ids: 0,
        }
    }

    pub(crate) fn id(&mut self) -> uuid::Uuid {
        self.ids += 1;
        uuid::Uuid::from_u128((0xa << 64) | self.ids)
    }

    pub(crate) fn wait(&mut self, span: i64) {
        self.now += span.max(0);
    }

    /// The moment at which this phone's clock shows `shown`.
    pub(crate) const fn when_it_shows(&self, shown: i64) -> i64 {
        shown - self.clock_off
    }

    /// A span as this phone measures it: a clock that is set anew meanwhile makes it longer, shorter or negative.
    pub(crate) fn measured(&mut self, span: i64) -> Millis {
        let jumps = self.faults.has(Fault::WrongClock) && self.dice.chance(500);
        let jump = if jumps { self.dice.between(-90_000, 90_000) } else { 0 };
        Millis(span + jump)
    }

    pub(crate) fn lose_network(&mut self, span: i64) {
        self.offline_until = self.now + span;
    }

    /// What the phone in hand asks; the answer, or none when it gave up trying.
    pub(crate) fn send(&mut self, command: &Command) -> Option<Result<(), RefusalCode>> {
        self.commands += 2;
        let (id, until) = (self.commands, self.now + PATIENCE);
        let device = device(self.in_hand);
        loop {
            let away = self.outages.over(self.now);
            if self.now > until {
                return None;
            }
            if away.is_some() || self.now < self.offline_until {
                self.now += self.dice.between(2_000, 12_000);
                continue;
            }
            self.now = self.arrival();
            let answer = self.server.hear(self.now, Some(device), id, command);
            let is_lost = self.dice.chance(if self.faults.has(Fault::LostAnswers) { 250 } else { 3 });
            if !is_lost {
                return Some(answer);
            }
            self.now += self.dice.between(1_000, 8_000);
        }
    }

    /// When what is sent now arrives: often enough in the very moment in which something is due, or just before.
    fn arrival(&mut self) -> i64 {
        let latest = self.now + LATENCY;
        let due = self.server.due().filter(|due| (self.now + 1..=latest).contains(due));
        match due {
            Some(due) if self.dice.chance(700) => due - self.dice.between(0, 2),
            _ => self.now + self.dice.between(20, LATENCY),
        }
    }

    /// Whether it was accepted.
    pub(crate) fn does(&mut self, command: &Command) -> bool {
        self.send(command) == Some(Ok(()))
    }

    /// The other phone asks, once.
    pub(crate) fn other_asks(&mut self, command: &Command) {
        self.in_hand = 1 - self.in_hand;
        let _ = self.send(command);
        self.in_hand = 1 - self.in_hand;
    }

    /// Staff ask, from a computer that works.
    pub(crate) fn staff_ask(&mut self, command: &Command) {
        self.now = self.outages.over(self.now).unwrap_or(self.now);
        self.commands += 2;
        let _ = self.server.hear(self.now, None, self.commands, command);
    }

    /// Whatever was sent arrives with the server.
    pub(crate) fn footage(
        &mut self,
        submission: yikao_domain::id::SubmissionId,
        outcome: yikao_domain::delivery::DeliveryOutcome,
    ) {
        self.now = self.outages.over(self.now).unwrap_or(self.now);
        self.commands += 2;
        self.server.footage(self.now, self.commands, submission, outcome);
    }
}

fn device(phone: usize) -> DeviceId {
    uuid::Uuid::from_u128(0xd0 + phone as u128).into()
}
