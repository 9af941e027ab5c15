//! `yikao rehearse`: robot candidates go through an exam before people do, in an installation of their own and in
//! time of their own, and say what they met.

mod phone;
mod robot;
mod stage;
mod tasks;

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use serde_json::Value;
use yikao_domain::exam::{Finding, Major, RevisionBody, Session, Severity, Terms, lint};
use yikao_domain::text::Language;
use yikao_domain::time::Millis;

use crate::start::StartError;

pub use robot::Robot;
use stage::Stage;

/// Which exam is rehearsed.
#[derive(Debug, Args)]
pub struct Asked {
    /// The exam as `GET /api/console/exams/{exam}` gives it to an administrator, or the body of its revision alone; `-`
    /// reads it from standard input. No installation is touched.
    pub exam: PathBuf,
    /// Print the whole report as JSON.
    #[arg(long)]
    pub json: bool,
}

/// What came of a rehearsal.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// What the linter says of the exam.
    pub findings: Vec<Finding>,
    /// What each robot met.
    pub scenes: Vec<Scene>,
}

/// One robot in one session.
#[derive(Debug, Clone, Serialize)]
pub struct Scene {
    /// The session's name.
    pub session: String,
    /// The major's name.
    pub major: String,
    /// Who went.
    pub robot: Robot,
    /// Whether everything was as the exam says.
    pub verdict: Verdict,
    /// What happened, in a sentence.
    pub told: String,
}

/// What is to be thought of a scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As the exam says.
    Fine,
    /// Possible, and hardly meant.
    Odd,
    /// A candidate would be stuck, or the exam does not do what it says.
    Wrong,
}

impl Report {
    /// Whether candidates may be let in.
    pub fn is_green(&self) -> bool {
        can_open(&self.findings) && self.scenes.iter().all(|scene| scene.verdict != Verdict::Wrong)
    }
}

/// Rehearses an exam and prints what was met.
///
/// # Errors
/// There is no exam in the file, or it is not fit to be opened.
pub async fn run(asked: Asked) -> Result<(), StartError> {
    let body = read(&asked.exam)?;
    let report = rehearse(&body).await?;
    if asked.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print(&report, &body.terms);
    }
    if report.is_green() { Ok(()) } else { Err("not fit to be opened: see above".into()) }
}

fn read(file: &Path) -> Result<RevisionBody, StartError> {
    let is_input = file.as_os_str() == "-";
    let text =
        if is_input { std::io::read_to_string(std::io::stdin())? } else { std::fs::read_to_string(file)? };
    let mut exam: Value = serde_json::from_str(&text)?;
    let body = exam.pointer_mut("/revision/body").map(Value::take).unwrap_or(exam);
    Ok(serde_json::from_value(body)?)
}

fn print(report: &Report, terms: &Terms) {
    for finding in &report.findings {
        let message = finding.message(Language::English, terms);
        println!("{:?} at {}: {message}", finding.severity, finding.place);
    }
    for Scene { session, major, robot, verdict, told } in &report.scenes {
        println!("{verdict:?}  {session} · {major} · {robot:?}: {told}");
    }
    let count = |of: Verdict| report.scenes.iter().filter(|scene| scene.verdict == of).count();
    let (fine, odd, wrong) = (count(Verdict::Fine), count(Verdict::Odd), count(Verdict::Wrong));
    println!("robots={} fine={fine} odd={odd} wrong={wrong}", report.scenes.len());
}

/// Sends every robot through every session of an exam.
///
/// # Errors
/// The rehearsal's own installation cannot be made.
pub async fn rehearse(body: &RevisionBody) -> Result<Report, StartError> {
    let begins = body.sessions.iter().map(|session| session.opens_at).min().unwrap_or_default();
    let findings = lint(body, begins - Millis::hours(24));
    let mut scenes = Vec::new();
    if can_open(&findings) {
        for (session, major) in cells(body) {
            for robot in Robot::of(session) {
                scenes.push(scene(body, session, major, *robot).await?);
            }
        }
    }
    Ok(Report { findings, scenes })
}

fn can_open(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity != Severity::Error)
}

/// Every session with every major that it is for.
fn cells(body: &RevisionBody) -> impl Iterator<Item = (&Session, &Major)> {
    body.sessions.iter().flat_map(|session| {
        body.majors.iter().filter(|major| session.is_for(major.id)).map(move |major| (session, major))
    })
}

async fn scene(
    body: &RevisionBody,
    session: &Session,
    major: &Major,
    robot: Robot,
) -> Result<Scene, StartError> {
    let stage = Stage::set(body, session, major).await?;
    let met = robot.go(&stage).await;
    stage.strike().await;
    let (verdict, told) = met.unwrap_or_else(|trouble| (Verdict::Wrong, trouble.0));
    Ok(Scene { session: session.title.clone(), major: major.name.clone(), robot, verdict, told })
}
