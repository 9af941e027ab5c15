//! An installation of its own for one robot: everything is real but the time, and the face that nobody has.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use clap::builder::Resettable;
use clap::{CommandFactory, FromArgMatches, Parser};
use http_body_util::BodyExt;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;
use yikao_domain::exam::{Major, RevisionBody, Session};
use yikao_domain::id::{AccountId, EnrolmentId};
use yikao_domain::policy::Policy;
use yikao_domain::time::{Millis, Timestamp};

use super::tasks;
use crate::auth::actor::SchoolRole;
use crate::clock::{Clock, Source};
use crate::config::Config;
use crate::problem::Problem;
use crate::state::App;
use crate::{router, seed, start};

/// A robot's name, as it signs.
pub(super) const NAME: &str = "彩排考生";
/// How long a robot stays signed in: longer than any session.
const LONG: Millis = Millis::hours(24 * 1_000);

/// Time that only a robot moves.
#[derive(Debug, Clone)]
struct Moved(Arc<AtomicI64>);

impl Source for Moved {
    fn machine_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    fn steady_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Something that no candidate should meet, in words for whoever made the exam.
#[derive(Debug)]
pub(super) struct Trouble(pub(super) String);

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Self(format!("the rehearsal itself failed: {}", problem.code().code()))
    }
}

impl From<yikao_store::StoreError> for Trouble {
    fn from(error: yikao_store::StoreError) -> Self {
        Self(format!("the rehearsal itself failed: {error}"))
    }
}

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    config: Config,
}

/// An answer of the server.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Answer {
    /// The code of a refusal; empty where there is none.
    pub(super) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The body of what had to succeed.
    pub(super) fn accepted(self, what: &str) -> Result<Value, Trouble> {
        if self.status < 300 {
            return Ok(self.body);
        }
        let says = self.body["detail"].as_str().unwrap_or_default();
        Err(Trouble(format!("{what} was refused: {} ({says})", self.code())))
    }
}

/// Where a robot plays.
pub(super) struct Stage {
    pub(super) app: App,
    pub(super) session: Session,
    pub(super) major: Major,
    pub(super) account: AccountId,
    pub(super) enrolment: EnrolmentId,
    pub(super) body: RevisionBody,
    time: Moved,
    router: Router,
    cookie: String,
    _dir: TempDir,
}

impl Stage {
    /// Opens the exam for one candidate, at least an hour before it begins.
    pub(super) async fn set(
        body: &RevisionBody,
        session: &Session,
        major: &Major,
    ) -> Result<Self, start::StartError> {
        let dir = TempDir::new()?;
        let data = dir.path().display().to_string();
        let flags =
            ["yikao", "--data", &data, "--tls", "off", "--requests-per-second", "0", "--scripted-sight"];
        let time = Moved(Arc::new(tasks::begins_at(&body.tasks, session.opens_at).as_ms().into()));
        let clock = Arc::new(Clock::with_source(time.clone()));
        let config = Flags::from_arg_matches(&own_flags().try_get_matches_from(flags)?)?.config;
        let app = start::app_in_time(config, clock).await?;
        let named = |problem: Problem| format!("rehearse: {}", problem.code().code());
        let (account, enrolment, cookie) = candidate(&app, body, major).await.map_err(named)?;
        Ok(Self {
            router: router::router(app.clone()),
            app,
            session: session.clone(),
            major: major.clone(),
            account,
            enrolment,
            body: body.clone(),
            time,
            cookie,
            _dir: dir,
        })
    }

    /// Takes it down.
    pub(super) async fn strike(self) {
        self.app.db.close().await;
    }

    /// What holds for the whole sitting.
    pub(super) fn policy(&self) -> Policy {
        self.body.policy_in(&self.session, &self.major, None)
    }

    /// What holds for one of its subjects, counted from the first.
    pub(super) fn subject_policy(&self, subject: usize) -> Policy {
        self.body.policy_in(&self.session, &self.major, self.major.subjects.get(subject))
    }

    pub(super) fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    pub(super) fn until(&self, at: Timestamp) {
        self.time.0.fetch_max(at.as_ms(), Ordering::Relaxed);
    }

    pub(super) fn pass(&self, time: Millis) {
        self.time.0.fetch_add(time.as_ms(), Ordering::Relaxed);
    }

    /// Gives a command as the candidate's phone does, under a new id.
    pub(super) async fn post(&self, path: &str, mut body: Value) -> Result<Answer, Trouble> {
        body["command_id"] = self.app.clock.new_uuid().to_string().into();
        let request = self.request(Method::POST, path).header(header::CONTENT_TYPE, "application/json");
        self.ask(request, body.to_string().into()).await
    }

    pub(super) async fn get(&self, path: &str) -> Result<Answer, Trouble> {
        self.ask(self.request(Method::GET, path), Body::empty()).await
    }

    /// A request from the candidate's phone.
    pub(super) fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(format!("/api{path}"));
        request
            .header("yikao-client", "rehearsal")
            .header(header::COOKIE, &self.cookie)
            .header(header::ACCEPT_LANGUAGE, "en")
    }

    pub(super) async fn ask(
        &self,
        request: axum::http::request::Builder,
        body: Body,
    ) -> Result<Answer, Trouble> {
        let own = |why: String| Trouble(format!("the rehearsal itself failed: {why}"));
        let request = request.body(body).map_err(|e| own(e.to_string()))?;
        let answer = self.router.clone().oneshot(request).await.map_err(|e| own(e.to_string()))?;
        let status = answer.status().as_u16();
        let bytes = answer.into_body().collect().await.map_err(|e| own(e.to_string()))?.to_bytes();
        Ok(Answer { status, body: serde_json::from_slice(&bytes).unwrap_or_default() })
    }
}

/// A robot's stage is its own: nothing that an operator has set for a server holds there.
fn own_flags() -> clap::Command {
    Flags::command().mut_args(|flag| flag.env(Resettable::Reset))
}

async fn candidate(
    app: &App,
    body: &RevisionBody,
    major: &Major,
) -> Result<(AccountId, EnrolmentId, String), Problem> {
    let school = seed::school(app, "Rehearsal").await?;
    let admin = seed::account(app, &seed::phone(1)?, "no password").await?;
    seed::role(app, admin, school, SchoolRole::Admin).await?;
    let exam = seed::open_exam(app, school, admin, body.clone()).await?;
    let who = seed::somebody(NAME, 1);
    let account = seed::account(app, &seed::phone(2)?, "no password").await?;
    seed::identify(app, account, &who).await?;
    seed::agree(app, account).await?;
    let entry = seed::put_on_roster(app, &exam, major.id, &who).await?;
    let enrolment = seed::enrol(app, &exam, major.id, account, entry).await?.id;
    Ok((account, enrolment, seed::sign_in_for(app, account, LONG).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_takes_nothing_from_the_settings_of_a_server() {
        let reads = |command: &clap::Command| command.get_arguments().any(|flag| flag.get_env().is_some());
        assert!(reads(&Flags::command()) && !reads(&own_flags()));
    }
}
