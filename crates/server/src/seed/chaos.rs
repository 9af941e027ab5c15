//! What `make chaos` starts from: an exam that forgives much, and as many candidates as there are phones.
//! See `chaos/README.md`.

use clap::Args;
use serde_json::json;
use yikao_domain::exam::{RevisionBody, Session, SittingKind};
use yikao_domain::id::SessionId;
use yikao_domain::policy::{ActPolicy, Effect, InterruptionOverrides, Overrides, Preset};
use yikao_domain::time::Millis;

use super::{account, identify, major, open_exam, phone, put_on_roster, role, school, somebody, subject};
use crate::auth::actor::SchoolRole;
use crate::config::Config;
use crate::problem::Problem;
use crate::start::StartError;
use crate::state::App;

/// The one password of everybody.
const PASSWORD: &str = "chaos-password";

/// How many phones there will be.
#[derive(Debug, Clone, Args)]
pub struct Wanted {
    /// Where and on what the server will run.
    #[command(flatten)]
    pub config: Config,
    /// Candidates, each with a phone.
    #[arg(long, default_value_t = 1)]
    pub candidates: u32,
}

/// Fills a new installation and prints who there is.
pub async fn run(wanted: Wanted) -> Result<(), StartError> {
    let app = crate::start::app(wanted.config).await?;
    let made =
        make(&app, wanted.candidates).await.map_err(|problem| format!("chaos-seed: {}", problem.code()))?;
    app.db.close().await;
    println!("{made}");
    Ok(())
}

async fn make(app: &App, candidates: u32) -> Result<serde_json::Value, Problem> {
    let hash = app.passwords.hash(PASSWORD.into()).await?;
    let school = school(app, "Chaos").await?;
    let staff = phone(99_999_999)?;
    let admin = account(app, &staff, &hash).await?;
    role(app, admin, school, SchoolRole::Admin).await?;
    let exam = open_exam(app, school, admin, body(app)).await?;
    let (major, session) = (exam.body.majors[0].clone(), exam.body.sessions[0].id);
    let mut known = Vec::new();
    for serial in 0..candidates {
        let number = phone(serial)?;
        let id = account(app, &number, &hash).await?;
        let who = somebody("测试考生", 11_000_000 + serial);
        identify(app, id, &who).await?;
        put_on_roster(app, &exam, major.id, &who).await?;
        known.push(json!({ "phone": number.digits(), "password": PASSWORD }));
    }
    let subjects: Vec<_> = major.subjects.iter().map(|subject| subject.id).collect();
    Ok(json!({
        "staff": { "phone": staff.digits(), "password": PASSWORD },
        "candidates": known,
        "exam": exam.id, "major": major.id, "session": session, "subjects": subjects,
    }))
}

fn body(app: &App) -> RevisionBody {
    let now = app.clock.now();
    let id = SessionId::from_uuid(app.clock.new_uuid());
    let (opens, closes) = (now - Millis::minutes(10), now + Millis::hours(2));
    let session = Session::new(id, SittingKind::Formal, "Formal", opens, closes);
    let mut body = RevisionBody::from_preset(Preset::default(), "Chaos", "Asia/Shanghai", session);
    let rule = ActPolicy { allowed: 50, resume_within_ms: Millis::minutes(10), effect: Effect::LoseTake };
    body.settings = Overrides {
        attempts: Some(3),
        early_stop: Some(true),
        take_max_ms: Some(Millis::minutes(10)),
        take_min_ms: Some(None),
        position_ms: Some(Millis(500)),
        parts_per_take_max: Some(30),
        deliver_within_ms: Some(Millis::hours(2)),
        duration_ms: Some(None),
        interruption: Some(InterruptionOverrides {
            left_page: Some(rule),
            locked: Some(rule),
            call: Some(rule),
            track_ended: Some(rule),
            reload: Some(rule),
            recorder_error: Some(rule),
        }),
        ..Overrides::default()
    };
    let subjects = ["A", "B"].map(|name| subject(app, name, true, "", "")).into();
    body.majors.push(major(app, "Music", subjects));
    body
}
