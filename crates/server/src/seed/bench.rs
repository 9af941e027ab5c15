//! What benchmarks start from: running parts, candidates about to enter, candidates about to sign in. See
//! `bench/README.md`.

use clap::Args;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde_json::{Value, json};
use yikao_domain::exam::{RevisionBody, Session, SittingKind};
use yikao_domain::id::{AccountId, PartId, SessionId, SittingId, TakeId};
use yikao_domain::policy::Preset;
use yikao_domain::seal::Owner;
use yikao_domain::time::Millis;

use super::{
    MadeExam, account, enrol, identify, major, open_exam, phone, put_on_roster, role, school, sign_in,
};
use crate::auth::actor::SchoolRole;
use crate::auth::capability::Capability;
use crate::config::Config;
use crate::problem::Problem;
use crate::start::StartError;
use crate::state::App;

/// Seeds that are made at the same time: they share the writer's transactions.
const AT_ONCE: usize = 256;
/// The one password of all who sign in.
const PASSWORD: &str = "bench-password";

/// How much there is to be.
#[derive(Debug, Clone, Args)]
pub struct Wanted {
    /// Where and on what the server will run.
    #[command(flatten)]
    pub config: Config,
    /// Parts that are being recorded.
    #[arg(long, default_value_t = 0)]
    pub parts: u32,
    /// Candidates who are about to enter.
    #[arg(long, default_value_t = 0)]
    pub entrants: u32,
    /// Candidates who are about to sign in.
    #[arg(long, default_value_t = 0)]
    pub signins: u32,
}

/// Fills a new installation and prints what benchmarks need to know.
pub async fn run(wanted: Wanted) -> Result<(), StartError> {
    let app = crate::start::app(wanted.config).await?;
    let named = |problem: Problem| format!("bench-seed: {}", problem.code());
    let hash = app.passwords.hash(PASSWORD.into()).await?;
    let exam = exam(&app, &hash).await.map_err(named)?;
    let parts: Vec<Value> = (0..wanted.parts).map(|_| part(&app)).collect();
    let (app, exam, hash) = (&app, &exam, hash.as_str());
    let entrants = stream::iter(0..wanted.entrants).map(|n| entrant(app, exam, hash, n));
    let entrants: Vec<Value> = entrants.buffer_unordered(AT_ONCE).try_collect().await.map_err(named)?;
    let signins = stream::iter(0..wanted.signins).map(|n| signin(app, exam, hash, 1_000_000 + n));
    let signins: Vec<Value> = signins.buffer_unordered(AT_ONCE).try_collect().await.map_err(named)?;
    app.db.close().await;
    println!("{}", json!({ "parts": parts, "entrants": entrants, "signins": signins }));
    Ok(())
}

async fn exam(app: &App, hash: &str) -> Result<MadeExam, Problem> {
    let school = school(app, "Bench").await?;
    let admin = account(app, &phone(99_999_999)?, hash).await?;
    role(app, admin, school, SchoolRole::Admin).await?;
    let now = app.clock.now();
    let (opens, closes) = (now - Millis::hours(1), now + Millis::hours(48));
    let id = SessionId::from_uuid(app.clock.new_uuid());
    let session = Session::new(id, SittingKind::Formal, "Formal", opens, closes);
    let mut body = RevisionBody::from_preset(Preset::default(), "Bench", "Asia/Shanghai", session);
    let subjects = ["A", "B"].map(|name| super::subject(app, name, true, "", "")).into();
    body.majors.push(major(app, "Music", subjects));
    open_exam(app, school, admin, body).await
}

/// A part nobody asks the database about: its capability says all.
fn part(app: &App) -> Value {
    let capability = Capability {
        part: PartId::from_uuid(app.clock.new_uuid()),
        sitting: SittingId::from_uuid(app.clock.new_uuid()),
        owner: Owner::Take(TakeId::from_uuid(app.clock.new_uuid())),
        expires_at: app.clock.now() + Millis::hours(24),
        max_index: 1_000_000,
        max_bytes: u64::MAX,
    };
    json!({ "part": capability.part, "capability": capability.issue(&app.keys) })
}

async fn person(
    app: &App,
    exam: &MadeExam,
    hash: &str,
    serial: u32,
) -> Result<(AccountId, yikao_domain::id::RosterEntryId), Problem> {
    let account = account(app, &phone(serial)?, hash).await?;
    let who = super::somebody("测试考生", 11_000_000 + serial % 2_000_000);
    identify(app, account, &who).await?;
    let major = exam.major().map(|major| major.id).ok_or_else(Problem::not_found)?;
    Ok((account, put_on_roster(app, exam, major, &who).await?))
}

async fn entrant(app: &App, exam: &MadeExam, hash: &str, serial: u32) -> Result<Value, Problem> {
    let (account, entry) = person(app, exam, hash, serial).await?;
    let major = exam.major().map(|major| major.id).ok_or_else(Problem::not_found)?;
    let enrolment = enrol(app, exam, major, account, entry).await?;
    let cookie = sign_in(app, account).await?;
    Ok(json!({ "cookie": cookie, "enrolment": enrolment.id, "session": exam.body.sessions[0].id }))
}

async fn signin(app: &App, exam: &MadeExam, hash: &str, serial: u32) -> Result<Value, Problem> {
    person(app, exam, hash, serial).await?;
    let number = phone(serial)?;
    let major = exam.major().map(|major| major.id);
    Ok(json!({ "phone": number.digits(), "password": PASSWORD, "exam": exam.id, "major": major }))
}
