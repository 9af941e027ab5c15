//! An exam day in virtual time: many candidates with bad phones, bad lines and bad luck, each held against a model
//! that states the rules once more.
//!
//! `EXAM_DAY_CANDIDATES` says how many, `EXAM_DAY_SEED` which day; with `EXAM_DAY_CANDIDATE` only that one sits, and
//! everything that was asked and answered is printed.

#![expect(clippy::unwrap_used, reason = "an exam that cannot be made has failed")]

mod audit;
mod breaches;
mod candidate;
mod dice;
mod facts;
mod faults;
mod model;
mod phone;
mod report;
mod rules;
mod server;

use std::collections::BTreeSet;

use yikao_domain::exam::{Severity, lint};
use yikao_domain::sitting::Context;
use yikao_domain::time::Timestamp;

use candidate::Candidate;
use dice::Dice;
use faults::Outages;
use report::{Counts, Violation};
use rules::{NINE, Rules};
use server::{Server, Tamper};

/// What a clean run takes where nobody says otherwise.
const CANDIDATES: u64 = 2_000;
const SEED: u64 = 2027;

/// A day: its exams, and when the server is away.
struct Day {
    seed: u64,
    exams: Vec<(Rules, Context)>,
    outages: Outages,
}

/// One candidate whose sitting broke a rule.
struct Broken {
    number: u64,
    violations: Vec<Violation>,
}

impl Day {
    fn new(seed: u64) -> Self {
        let exams = Rules::of_the_day().into_iter().map(|rules| {
            let body = rules.body();
            let context = Context::new(&body, body.majors[0].id, body.sessions[0].id).unwrap();
            (rules, context)
        });
        Self { seed, exams: exams.collect(), outages: Outages::draw(seed) }
    }

    fn sit(&self, number: u64, tamper: Option<Tamper>, verbose: bool) -> Server<'_> {
        let exam = usize::try_from(number).unwrap_or(0) % self.exams.len();
        let (rules, context) = &self.exams[exam];
        let mut server = Server::new(rules, context, number, tamper);
        server.lines = verbose.then(Vec::new);
        Candidate::new(server, rules, &self.outages, Dice::of(self.seed, number)).sits()
    }

    /// Everybody, on as many threads as there are cores.
    fn run(&self, candidates: u64) -> (Counts, Vec<Broken>) {
        let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
        let share = |thread: u64| {
            let (mut counts, mut broken) = (Counts::default(), Vec::new());
            for number in (thread..candidates).step_by(usize::try_from(threads).unwrap_or(1)) {
                let server = self.sit(number, None, false);
                counts = counts.add(server.counts);
                if !server.violations.is_empty() {
                    broken.push(Broken { number, violations: server.violations });
                }
            }
            (counts, broken)
        };
        let share = &share;
        std::thread::scope(|scope| {
            let all: Vec<_> = (0..threads).map(|thread| scope.spawn(move || share(thread))).collect();
            let ended = all.into_iter().map(|thread| thread.join().unwrap());
            ended.fold((Counts::default(), Vec::new()), |(counts, mut broken), (more, found)| {
                broken.extend(found);
                (counts.add(more), broken)
            })
        })
    }
}

fn number_of(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn the_exams_of_the_day_have_no_contradictions() {
    let errors = |rules: &Rules| {
        let findings = lint(&rules.body(), Timestamp(NINE));
        findings.into_iter().filter(|finding| finding.severity == Severity::Error).count()
    };
    assert_eq!(Rules::of_the_day().iter().map(errors).collect::<Vec<_>>(), [0, 0, 0]);
}

#[test]
fn everything_that_may_happen_does_on_such_a_day() {
    let day = Day::new(SEED);
    let seen: BTreeSet<String> = (0..600).flat_map(|number| day.sit(number, None, false).kinds()).collect();
    let all = [
        "AttemptGranted",
        "Beeped",
        "Chosen",
        "Closed",
        "Delivered",
        "Device",
        "DeviceReleased",
        "EndsKnown",
        "Entered",
        "Failed",
        "Finished",
        "Grace",
        "Granted",
        "GrantedAhead",
        "Judged",
        "Lost",
        "Missed",
        "Noted",
        "Opened",
        "Part",
        "Positioned",
        "Resumed",
        "SignIn",
        "Skipped",
        "Started",
        "Submitted",
        "Suspended",
        "Waits",
        "WentOn",
    ];
    assert_eq!(seen.iter().map(String::as_str).collect::<Vec<_>>(), all);
}

#[test]
fn the_same_candidate_has_the_same_day_again() {
    let lines = |number| Day::new(7).sit(number, None, true).lines.unwrap();
    assert_eq!(lines(11), lines(11));
    assert_ne!(lines(11), lines(14));
}

#[test]
fn an_exam_day_breaks_no_rule() {
    let seed = number_of("EXAM_DAY_SEED").unwrap_or(SEED);
    let day = Day::new(seed);
    if let Some(number) = number_of("EXAM_DAY_CANDIDATE") {
        let server = day.sit(number, None, true);
        server.lines.iter().flatten().for_each(|line| println!("{line}"));
        assert!(server.violations.is_empty(), "{:#?}", server.violations);
        return;
    }
    let (counts, broken) = day.run(number_of("EXAM_DAY_CANDIDATES").unwrap_or(CANDIDATES));
    println!("{counts}");
    for one in broken.iter().take(5) {
        let first = &one.violations[0];
        println!(
            "EXAM_DAY_SEED={seed} EXAM_DAY_CANDIDATE={} {:?} by the {}: {}",
            one.number, first.rule, first.by, first.text
        );
    }
    assert_eq!(counts.violations, 0);
    let all = [
        counts.takes,
        counts.lost,
        counts.given_up,
        counts.missed,
        counts.ended,
        counts.damaged,
        counts.lapsed,
    ];
    assert!(all.iter().all(|count| *count > 0), "a day on which not everything happens: {counts}");
}
