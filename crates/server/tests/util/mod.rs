//! An application of its own for each test, and people who ask it things.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, header};
use clap::Parser;
use http_body_util::BodyExt;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;
use yikao_domain::id::{AccountId, CandidateId, ReviewId, SchoolId};
use yikao_domain::review::ReviewKind;
use yikao_domain::roster::Identity;
use yikao_server::auth::actor::{PlatformRole, SchoolRole};
use yikao_server::config::Config;
use yikao_server::reviews::{self, Facts, Picture};
use yikao_server::state::App;
use yikao_server::{router, seed, start};
use yikao_store::membership;

/// An application with a database and footage of its own. No jobs run.
pub(crate) struct TestApp {
    pub(crate) app: App,
    router: Router,
    dir: TempDir,
    people: std::sync::atomic::AtomicU32,
}

/// Somebody with an account, signed in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) account: AccountId,
    pub(crate) cookie: String,
}

/// A request on its way.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) body: Vec<u8>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) peer: Option<IpAddr>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    /// The cookies that it set, as a later request sends them.
    pub(crate) cookies: String,
}

/// What `make setup-tests` fetched.
const MODELS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.cache/models");

/// A photo that `make setup-tests` fetched.
pub(crate) fn photo(name: &str) -> Vec<u8> {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.cache/test-pictures").join(name);
    std::fs::read(&file).unwrap_or_else(|e| panic!("{}: {e}: run `make setup-tests`", file.display()))
}

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    config: Config,
}

impl TestApp {
    /// An empty installation.
    pub(crate) async fn start() -> Self {
        Self::open(TempDir::new().unwrap()).await
    }

    /// An empty installation with its usual limits on.
    pub(crate) async fn start_limited() -> Self {
        Self::configured(TempDir::new().unwrap(), &[]).await
    }

    /// The installation that is kept in `dir`.
    pub(crate) async fn open(dir: TempDir) -> Self {
        Self::configured(dir, &["--requests-per-second", "0"]).await
    }

    /// An empty installation with more flags.
    pub(crate) async fn start_with(more: &[&str]) -> Self {
        let flags = [&["--requests-per-second", "0"][..], more].concat();
        Self::configured(TempDir::new().unwrap(), &flags).await
    }

    /// The installation that is kept in `dir`, with other settings.
    pub(crate) async fn configured(dir: TempDir, flags: &[&str]) -> Self {
        Self::flagged(dir, &[&["--scripted-sight"][..], flags].concat()).await
    }

    /// An empty installation that looks at documents and portraits itself.
    pub(crate) async fn start_seeing() -> Self {
        Self::flagged(TempDir::new().unwrap(), &["--requests-per-second", "0"]).await
    }

    async fn flagged(dir: TempDir, flags: &[&str]) -> Self {
        let data = dir.path().display().to_string();
        let usual = ["yikao", "--data", &data, "--tls", "off", "--models", MODELS];
        let eyes = ["--vision-program", env!("CARGO_BIN_EXE_yikao"), "--vision-workers", "1"];
        let flags = usual.iter().chain(&eyes).chain(flags);
        let app = start::app(Flags::parse_from(flags).config).await.unwrap();
        Self { router: router::router(app.clone()), app, dir, people: 1.into() }
    }

    /// Ends it and keeps what it kept.
    pub(crate) async fn stop(self) -> TempDir {
        self.app.db.close().await;
        self.dir
    }

    /// Somebody who has an account and nothing else.
    pub(crate) async fn person(&self) -> Person {
        let serial = self.people.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let phone = seed::phone(serial).unwrap();
        let account = seed::account(&self.app, &phone, "no password").await.unwrap();
        Person { account, cookie: seed::sign_in(&self.app, account).await.unwrap() }
    }

    /// Somebody who has said who they are.
    pub(crate) async fn candidate(&self, who: &Identity) -> Person {
        let person = self.person().await;
        seed::identify(&self.app, person.account, who).await.unwrap();
        person
    }

    /// They agree that their face is photographed and compared.
    pub(crate) async fn agree(&self, person: &Person) {
        seed::agree(&self.app, person.account).await.unwrap();
    }

    /// Somebody with a role on the installation.
    pub(crate) async fn platform(&self, role: PlatformRole) -> Person {
        let (person, now) = (self.person().await, self.app.clock.now());
        let account = person.account;
        let granted = self.app.db.write(move |tx| {
            Box::pin(async move {
                membership::grant_platform(tx, account, role.name(), now);
                Ok(())
            })
        });
        granted.await.unwrap();
        person
    }

    /// Somebody who runs the installation.
    pub(crate) async fn operator(&self) -> Person {
        self.platform(PlatformRole::Operator).await
    }

    /// A school.
    pub(crate) async fn school(&self) -> SchoolId {
        seed::school(&self.app, "青山音乐学院").await.unwrap()
    }

    /// Somebody who works for a school.
    pub(crate) async fn staff(&self, school: SchoolId, role: SchoolRole) -> Person {
        let person = self.person().await;
        seed::role(&self.app, person.account, school, role).await.unwrap();
        person
    }

    /// A review that `person` asks for.
    pub(crate) async fn review(
        &self,
        person: &Person,
        kind: ReviewKind,
        topic: &str,
        note: &str,
    ) -> ReviewId {
        self.opened(person, kind, topic, Facts { notes: vec![note.to_owned()], ..Facts::default() }).await
    }

    /// A review of these pictures.
    pub(crate) async fn review_with(&self, person: &Person, pictures: &[&str]) -> ReviewId {
        let picture = |id: &&str| Picture { id: (*id).to_owned(), label: "selfie".to_owned() };
        let facts = Facts { pictures: pictures.iter().map(picture).collect(), ..Facts::default() };
        self.opened(person, ReviewKind::Correction, "", facts).await
    }

    async fn opened(&self, person: &Person, kind: ReviewKind, topic: &str, facts: Facts) -> ReviewId {
        let candidate = CandidateId::from_uuid(*person.account.as_uuid());
        let prepared = reviews::prepare(&self.app, candidate, kind, topic, None, &facts).await.unwrap();
        let open = self.app.db.write_with((self.app.clone(), prepared), |tx, (app, prepared)| {
            Box::pin(async move { reviews::open(app, tx, prepared).await })
        });
        open.await.unwrap()
    }

    /// A new command's id.
    pub(crate) fn id(&self) -> String {
        self.app.clock.new_uuid().to_string()
    }

    /// Asks, and reads the answer unless it never ends.
    pub(crate) async fn ask(&self, call: Call) -> Answer {
        let mut request = Request::builder().method(call.method).uri(format!("/api{}", call.path));
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        let mut request = request.body(Body::from(call.body)).unwrap();
        if let Some(peer) = call.peer {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer, 50_000)));
        }
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let set = answer.headers().get_all(header::SET_COOKIE).iter();
        let set = set.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
        let cookies = set.collect::<Vec<_>>().join("; ");
        let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !kind.is_some_and(|kind| kind.contains("json")) {
            return Answer { status, body: Value::Null, cookies };
        }
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        Answer { status, body: serde_json::from_slice(&bytes).unwrap(), cookies }
    }

    /// Asks for what is no JSON: its type and its text.
    pub(crate) async fn text(&self, call: Call) -> (String, String) {
        let mut request = Request::builder().method(call.method).uri(format!("/api{}", call.path));
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        let answer = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let kind = answer.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        (kind, String::from_utf8(bytes.to_vec()).unwrap())
    }

    /// Looks something up as `person`.
    pub(crate) async fn get(&self, person: &Person, path: &str) -> Answer {
        self.ask(Call::new(Method::GET, path).by(person)).await
    }

    /// Gives a command as `person`, under a new id.
    pub(crate) async fn post(&self, person: &Person, path: &str, body: Value) -> Answer {
        self.command(Method::POST, person, path, body).await
    }

    /// Sends a picture on which `script` is to be seen.
    pub(crate) async fn picture(&self, person: &Person, kind: &str, script: &str) -> Answer {
        let path = format!("/me/pictures/{}?kind={kind}", self.id());
        let call = Call::new(Method::PUT, &path).by(person);
        self.ask(call.raw("image/jpeg", format!("scripted:{script}"))).await
    }

    /// Gives a command with another method.
    pub(crate) async fn command(
        &self,
        method: Method,
        person: &Person,
        path: &str,
        mut body: Value,
    ) -> Answer {
        if body.get("command_id").is_none() {
            body["command_id"] = self.id().into();
        }
        self.ask(Call::new(method, path).by(person).json(&body)).await
    }
}

impl Call {
    /// A request from one of our apps, in English.
    pub(crate) fn new(method: Method, path: &str) -> Self {
        let headers = [("yikao-client", "test"), ("accept-language", "en")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Self { method, path: path.to_owned(), body: Vec::new(), headers, peer: None }
    }

    /// Signed in.
    pub(crate) fn by(self, person: &Person) -> Self {
        self.with("cookie", &person.cookie)
    }

    /// With a header.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// From an address.
    pub(crate) fn from(mut self, peer: &str) -> Self {
        self.peer = Some(peer.parse().unwrap());
        self
    }

    /// With a JSON body.
    pub(crate) fn json(mut self, body: &Value) -> Self {
        self.body = serde_json::to_vec(body).unwrap();
        self.with("content-type", "application/json")
    }

    /// With a body as it is.
    pub(crate) fn raw(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.with("content-type", kind)
    }
}

impl Answer {
    /// The body of an answer that has this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{:#}", self.body);
        self.body
    }

    /// The code of a refusal that has this status.
    #[track_caller]
    pub(crate) fn refusal(self, status: u16) -> String {
        self.expect(status)["code"].as_str().unwrap().to_owned()
    }
}

/// A picture of 640 × 480 as a JPEG.
pub(crate) fn jpeg(pixel: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(640, 480, |x, y| image::Rgb(pixel(x, y)));
    let mut jpeg = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    jpeg.into_inner()
}

/// A photo of nobody's identity card, and what is on it.
pub(crate) fn card() -> (Vec<u8>, Value) {
    let (folder, root) = (TempDir::new().unwrap(), Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    let mut draw = std::process::Command::new(root.join(".cache/venv/bin/python"));
    let draw =
        draw.arg(root.join("crates/vision/tests/draw_cards.py")).arg(folder.path()).args(["1", "easy"]);
    assert!(draw.status().unwrap().success(), "run `make setup-tests`");
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    let drawn: Value = serde_json::from_slice(&read("truth.json")).unwrap();
    (read("000.jpg"), drawn[0].clone())
}

/// Copies an installation that is not running.
pub(crate) fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}
