//! What a finished sitting's record must show by itself, whatever was asked for: an audit that foresees nothing.

use yikao_domain::delivery::DeliveryOutcome;
use yikao_domain::id::TakeId;
use yikao_domain::sitting::Outcome;

use crate::facts::{At, Fact};
use crate::report::{Rule, Violation};
use crate::rules::{MINUTE, Rules};

struct Audit<'a> {
    rules: &'a Rules,
    broken: Vec<Violation>,
    closes: i64,
    deliver_until: i64,
    over: bool,
    stopped: bool,
    /// Whether a proctor stops the exam with what is being read: a take that ran is given back only then.
    stops_next: bool,
    own_closes: Vec<Option<i64>>,
    allowed: Vec<usize>,
    used: Vec<usize>,
    /// Of which subject a take is.
    takes: Vec<(TakeId, usize)>,
    live: Option<TakeId>,
    begun: Vec<TakeId>,
    finished: Vec<TakeId>,
    submitted: Vec<bool>,
    settled: Vec<bool>,
}

/// The rules that a record breaks.
pub(crate) fn audit(rules: &Rules, record: &[At]) -> Vec<Violation> {
    let subjects = rules.subjects.len();
    let mut audit = Audit {
        rules,
        broken: Vec::new(),
        closes: rules.closes,
        deliver_until: i64::MAX,
        over: false,
        stopped: false,
        stops_next: false,
        own_closes: vec![None; subjects],
        allowed: rules.subjects.iter().map(|subject| subject.attempts as usize).collect(),
        used: vec![0; subjects],
        takes: Vec::new(),
        live: None,
        begun: Vec::new(),
        finished: Vec::new(),
        submitted: vec![false; subjects],
        settled: vec![false; subjects],
    };
    let mut last = i64::MIN;
    for (index, (at, fact)) in record.iter().enumerate() {
        audit.stops_next = matches!(record.get(index + 1), Some((_, Fact::Suspended)));
        audit.must(*at >= last, Rule::Log, || format!("{fact:?} at {at} comes after {last}"));
        last = *at;
        audit.read(*at, fact);
    }
    audit.must(audit.over, Rule::Clock, || "the sitting never ended".to_owned());
    let open = audit.submitted != audit.settled;
    audit.must(!open, Rule::Delivery, || "a submission was never settled, or settled unmade".to_owned());
    audit.broken
}

impl Audit<'_> {
    fn must(&mut self, holds: bool, rule: Rule, text: impl FnOnce() -> String) {
        if !holds {
            self.broken.push(Violation { rule, by: "audit", text: text() });
        }
    }

    fn read(&mut self, at: i64, fact: &Fact) {
        match *fact {
            Fact::Entered { closes, deliver_until }
            | Fact::Granted { closes, deliver_until }
            | Fact::Resumed { closes, deliver_until } => self.clock(fact, closes, deliver_until),
            Fact::Opened { subject, closes } => self.own_closes[subject] = closes,
            Fact::AttemptGranted { subject } => self.allowed[subject] += 1,
            Fact::Suspended => self.stopped = true,
            Fact::Started { subject, take, .. } => self.started(at, subject, take),
            Fact::Beeped { take, ends } => self.beeped(at, take, ends),
            Fact::Finished { take } => {
                self.over_with(take);
                let begun = self.begun.contains(&take);
                self.must(begun, Rule::Takes, || format!("{take} was finished and never began"));
                self.finished.push(take);
            }
            Fact::Lost { take, counted } => {
                self.over_with(take);
                if let Some(subject) = self.of(take).filter(|_| !counted) {
                    self.used[subject] = self.used[subject].saturating_sub(1);
                    let given_back = self.stops_next || !self.begun.contains(&take);
                    self.must(given_back, Rule::Attempts, || format!("{take} had begun and cost nothing"));
                }
            }
            Fact::Submitted { subject, take, by_rule } => self.submitted(at, subject, take, by_rule),
            Fact::Closed { outcome, deliver_until } => {
                self.deliver_until = deliver_until.unwrap_or(self.deliver_until);
                // However an exam ends, its footage has the time that the exam gives.
                let left = self.deliver_until.saturating_sub(at) >= self.rules.deliver_within;
                self.must(left, Rule::Delivery, || "too little time for delivery is left".to_owned());
                self.closed(outcome);
            }
            Fact::Delivered { subject, outcome } => self.delivered(at, subject, outcome),
            Fact::Other => self.must(false, Rule::Log, || format!("at {at}: something nobody asked for")),
            _ => {}
        }
    }

    fn clock(&mut self, fact: &Fact, closes: i64, deliver_until: i64) {
        let moved = closes - self.closes;
        if !matches!(fact, Fact::Entered { .. }) {
            self.must(moved >= 0, Rule::Clock, || format!("{fact:?} takes time away"));
            self.own_closes.iter_mut().flatten().for_each(|close| *close += moved);
        }
        (self.closes, self.deliver_until, self.stopped) = (closes, deliver_until, false);
        self.must(deliver_until >= closes, Rule::Delivery, || "delivery ends before the close".to_owned());
    }

    fn is_open_at(&self, at: i64, subject: usize) -> bool {
        let own = self.own_closes[subject].unwrap_or(i64::MAX);
        !self.over && !self.stopped && at < self.closes && at < own
    }

    fn started(&mut self, at: i64, subject: usize, take: TakeId) {
        let open = self.is_open_at(at, subject);
        self.must(open, Rule::Clock, || format!("{take} started outside the open time"));
        let alone = self.live.is_none();
        self.must(alone, Rule::Takes, || format!("{take} started beside another"));
        self.used[subject] += 1;
        let (used, allowed) = (self.used[subject], self.allowed[subject]);
        self.must(used <= allowed, Rule::Attempts, || format!("{used} of {allowed} attempts"));
        self.takes.push((take, subject));
        self.live = Some(take);
    }

    fn beeped(&mut self, at: i64, take: TakeId, ends: i64) {
        let subject = self.of(take).unwrap_or(0);
        let open = self.is_open_at(at, subject);
        self.must(open, Rule::Clock, || format!("{take} beeped outside the open time"));
        let longest = self.rules.subjects[subject].longest;
        self.must(ends - at == longest, Rule::Takes, || format!("{take} may run {} ms", ends - at));
        let live = self.live == Some(take);
        self.must(live, Rule::Attempts, || format!("{take} beeped and was not under way"));
        self.begun.push(take);
    }

    fn over_with(&mut self, take: TakeId) {
        let live = self.live.take();
        self.must(live == Some(take), Rule::Takes, || format!("{take} ended and was not under way"));
    }

    fn submitted(&mut self, at: i64, subject: usize, take: TakeId, by_rule: bool) {
        let first = !std::mem::replace(&mut self.submitted[subject], true);
        self.must(first, Rule::Answers, || format!("subject {subject} was submitted twice"));
        let finished = self.finished.contains(&take) && self.of(take) == Some(subject);
        self.must(finished, Rule::Answers, || format!("{take} was submitted and is no finished take of it"));
        let in_time = self.is_open_at(at, subject) || (by_rule && !self.over);
        self.must(in_time, Rule::Answers, || format!("{take} was submitted at {at}, after the close"));
    }

    fn closed(&mut self, outcome: Outcome) {
        let twice = std::mem::replace(&mut self.over, true);
        self.must(!twice, Rule::Clock, || "closed twice".to_owned());
        let all = self.rules.subjects.iter().zip(&self.submitted);
        let compulsory = all.clone().all(|(rules, submitted)| *submitted || !rules.compulsory);
        let picked = all.filter(|(rules, submitted)| !rules.compulsory && **submitted).count();
        let complete = compulsory && picked >= self.rules.picks.0;
        let said = outcome == Outcome::Completed;
        let by_others = matches!(outcome, Outcome::EndedByRule | Outcome::EndedByStaff);
        self.must(said == complete || (complete && by_others), Rule::Clock, || {
            format!("it ended {outcome:?}, and all that is asked was submitted: {complete}")
        });
        self.must(self.live.is_none(), Rule::Takes, || "a take outlived the exam".to_owned());
    }

    fn delivered(&mut self, at: i64, subject: usize, outcome: DeliveryOutcome) {
        let twice = std::mem::replace(&mut self.settled[subject], true);
        self.must(!twice, Rule::Delivery, || format!("subject {subject} was settled twice"));
        let lapses_at = self.deliver_until.saturating_add(MINUTE);
        let in_time = match outcome {
            DeliveryOutcome::Lapsed => at == lapses_at,
            _ => at < lapses_at || !self.over,
        };
        self.must(in_time, Rule::Delivery, || format!("{outcome:?} at {at}; delivery ended at {lapses_at}"));
    }

    fn of(&self, take: TakeId) -> Option<usize> {
        self.takes.iter().find(|(known, _)| *known == take).map(|(_, subject)| *subject)
    }
}
