//! The demo: a school with an exam that is open now, staff, and candidates who are on its list.

use std::path::Path;

use serde::{Deserialize, Serialize};
use yikao_domain::exam::{RevisionBody, Session, SittingKind, Support};
use yikao_domain::id::{ExamId, SchoolId, SessionId};
use yikao_domain::policy::{Overrides, Preset};
use yikao_domain::time::Millis;
use yikao_store::membership;

use super::{account, identify, major, open_exam, password, put_on_roster, role, school, somebody, subject};
use crate::auth::actor::{PlatformRole, SchoolRole};
use crate::auth::phone::Phone;
use crate::start::StartError;
use crate::state::App;

/// What the demo consists of: kept in `demo.json` of the data folder, readable by its owner alone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Demo {
    /// The school.
    pub school: SchoolId,
    /// The exam that is open.
    pub exam: ExamId,
    /// Who can sign in.
    pub accounts: Vec<DemoAccount>,
}

/// Somebody who can sign in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DemoAccount {
    /// What they are here.
    pub role: String,
    /// Their name, for candidates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their number.
    pub phone: String,
    /// Their password.
    pub password: String,
}

/// The demo of a data folder: made at its first start, kept ever after.
pub async fn prepare(app: &App) -> Result<Demo, StartError> {
    let path = app.config.data.join("demo.json");
    if let Ok(text) = std::fs::read_to_string(&path) {
        return Ok(serde_json::from_str(&text)?);
    }
    let demo = make(app).await.map_err(|problem| format!("the demo: {}", problem.code()))?;
    write(&path, &serde_json::to_string_pretty(&demo)?)?;
    Ok(demo)
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

async fn make(app: &App) -> Result<Demo, crate::problem::Problem> {
    let school = school(app, "示范艺术学院").await?;
    let mut accounts = Vec::new();
    let mut admin = None;
    let staff =
        [("admin", SchoolRole::Admin), ("proctor", SchoolRole::Proctor), ("judge", SchoolRole::Judge)];
    for (at, (name, granted)) in staff.into_iter().enumerate() {
        let (id, known) = person(app, name, None, 13_800_000_001 + at as u64).await?;
        role(app, id, school, granted).await?;
        admin = admin.or(Some(id));
        accounts.push(known);
    }
    let (operator, known) = person(app, "operator", None, 13_800_000_000).await?;
    grant(app, operator, PlatformRole::Operator).await?;
    accounts.push(known);
    let (agent, known) = person(app, "agent", None, 13_800_000_009).await?;
    grant(app, agent, PlatformRole::Agent).await?;
    accounts.push(known);
    let exam = open_exam(app, school, admin.unwrap_or(operator), body(app)).await?;
    let major = exam.body.majors[0].id;
    for (at, name) in ["王小艺", "李小帮", "陈晓燕"].into_iter().enumerate() {
        let (id, known) = person(app, "candidate", Some(name), 13_900_000_001 + at as u64).await?;
        let who = somebody(name, u32::try_from(at).unwrap_or_default() + 12_600_001);
        identify(app, id, &who).await?;
        put_on_roster(app, &exam, major, &who).await?;
        accounts.push(known);
    }
    Ok(Demo { school, exam: exam.id, accounts })
}

async fn person(
    app: &App,
    role: &str,
    name: Option<&str>,
    number: u64,
) -> Result<(yikao_domain::id::AccountId, DemoAccount), crate::problem::Problem> {
    let password = password()?;
    let hash = app.passwords.hash(password.clone()).await?;
    let number = number.to_string();
    let phone =
        Phone::parse(&number).ok_or_else(|| crate::problem::Problem::field("phone", "not a number"))?;
    let id = account(app, &phone, &hash).await?;
    let name = name.map(str::to_owned);
    Ok((id, DemoAccount { role: role.to_owned(), name, phone: number, password }))
}

async fn grant(
    app: &App,
    account: yikao_domain::id::AccountId,
    role: PlatformRole,
) -> Result<(), crate::problem::Problem> {
    let now = app.clock.now();
    let given = app.db.write(move |tx| {
        Box::pin(async move {
            membership::grant_platform(tx, account, role.name(), now);
            Ok(())
        })
    });
    Ok(given.await?)
}

fn body(app: &App) -> RevisionBody {
    let now = app.clock.now();
    let session = |kind, title: &str| {
        let id = SessionId::from_uuid(app.clock.new_uuid());
        Session::new(id, kind, title, now - Millis::hours(1), now + Millis::hours(24 * 30))
    };
    let mut body = RevisionBody::from_preset(
        Preset::default(),
        "2027 年音乐学专业远程面试（示范）",
        "Asia/Shanghai",
        session(SittingKind::Formal, "正式考试"),
    );
    body.sessions.push(session(SittingKind::Mock, "模拟考试"));
    body.support =
        Support { phone: "400-000-0000".into(), hours: "8:00–24:00".into(), ..Support::default() };
    let mut sung = subject(
        app,
        "声乐演唱",
        true,
        "自选歌曲一首，可有钢琴伴奏。",
        "全身入镜，正面面对镜头；声音真实，不得修音。",
    );
    sung.settings = Overrides { take_max_ms: Some(Millis::minutes(10)), ..Overrides::default() };
    let mut played = subject(app, "器乐演奏（选考）", false, "自选器乐曲一首。", "乐器与双手须在画面内。");
    played.settings = Overrides { take_max_ms: Some(Millis::minutes(15)), ..Overrides::default() };
    body.majors.push(major(app, "音乐学", vec![sung, played]));
    body
}
