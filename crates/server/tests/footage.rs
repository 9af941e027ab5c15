//! Segments as a phone sends them, and as an attacker would.

use axum::http::Method;
use base64::Engine;
use serde_json::{Value, json};
use yikao_domain::Timestamp;
use yikao_domain::id::{PartId, SittingId, TakeId};
use yikao_domain::seal::{Chain, Hash32, Owner};
use yikao_server::auth::capability::Capability;

use crate::util::{Answer, Call, TestApp};
use crate::world::{World, media};

/// A phone that records one part.
pub(crate) struct Phone {
    part: PartId,
    chain: Chain,
    capability: String,
}

impl Phone {
    /// A part of its own; nobody looks it up.
    pub(crate) fn new(app: &TestApp) -> Self {
        Self::with(app, 100, 60_000)
    }

    fn with(app: &TestApp, max_index: u32, life_ms: i64) -> Self {
        let capability = Capability {
            part: PartId::from_uuid(app.app.clock.new_uuid()),
            sitting: SittingId::from_uuid(app.app.clock.new_uuid()),
            owner: Owner::Take(TakeId::from_uuid(app.app.clock.new_uuid())),
            expires_at: Timestamp(app.app.clock.now().0 + life_ms),
            max_index,
            max_bytes: 1 << 30,
        };
        let (part, chain) = (capability.part, capability.chain());
        Self { part, chain, capability: capability.issue(&app.app.keys) }
    }

    /// The request that sends the next segment.
    pub(crate) fn next(&mut self, body: &[u8]) -> Call {
        let seal = self.chain.push(body);
        self.call(seal.index, body, seal.head)
    }

    fn call(&self, index: u64, body: &[u8], seal: Hash32) -> Call {
        let digest = base64::engine::general_purpose::STANDARD.encode(Hash32::of(body).0);
        Call::new(Method::PUT, &format!("/parts/{}/segments/{index}", self.part))
            .with("authorization", &format!("Bearer {}", self.capability))
            .with("content-digest", &format!("sha-256=:{digest}:"))
            .with("yikao-seal", &seal.to_hex())
            .raw("application/octet-stream", body)
    }

    async fn missing(&self, app: &TestApp, last: u32) -> Value {
        let path = format!("/parts/{}/missing?last={last}", self.part);
        let call = Call::new(Method::GET, &path);
        app.ask(call.with("authorization", &format!("Bearer {}", self.capability))).await.expect(200)
    }
}

fn without(call: Call, header: &str) -> Call {
    Call { headers: call.headers.into_iter().filter(|(name, _)| name != header).collect(), ..call }
}

async fn refused(app: &TestApp, call: Call) -> (u16, String) {
    let Answer { status, body, .. } = app.ask(call).await;
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn segments_arrive_in_any_order_and_twice() {
    let app = TestApp::start().await;
    let mut phone = Phone::new(&app);
    let calls: Vec<Call> = [b"one", b"two", b"six"].map(|body| phone.next(body)).into();
    for at in [2, 0, 2] {
        assert_eq!(app.ask(calls[at].clone()).await.status, 204);
    }
    let found = phone.missing(&app, 4).await;
    assert_eq!(
        found,
        json!({ "received": [[1, 1], [3, 3]], "missing": [[2, 2], [4, 4]], "safe_through": 1 })
    );
}

#[tokio::test]
async fn a_known_segment_never_changes_its_content() {
    let app = TestApp::start().await;
    let (mut phone, mut liar) = (Phone::new(&app), Phone::new(&app));
    assert_eq!(app.ask(phone.next(b"performed")).await.status, 204);
    (liar.part, liar.capability) = (phone.part, phone.capability.clone());
    liar.chain = Chain::start(SittingId::from_uuid(app.app.clock.new_uuid()), first_owner(&app), phone.part);
    let (status, code) = refused(&app, liar.next(b"dubbed")).await;
    assert_eq!((status, code.as_str()), (422, "segment.seal_invalid"), "its seal is not bound to this part");
    let second = phone.next(b"second");
    assert_eq!(app.ask(second.clone()).await.status, 204);
    let changed = Call { body: b"sec0nd".into(), ..second.clone() };
    assert_eq!(refused(&app, changed).await, (422, "segment.digest_mismatch".into()));
    let other = phone.call(2, b"other", Hash32([7; 32]));
    assert_eq!(refused(&app, other).await, (409, "segment.conflict".into()));
}

fn first_owner(app: &TestApp) -> Owner {
    Owner::Take(TakeId::from_uuid(app.app.clock.new_uuid()))
}

#[tokio::test]
async fn what_cannot_be_a_segment_is_refused_each_with_its_reason() {
    let app = TestApp::start().await;
    let mut phone = Phone::with(&app, 3, 60_000);
    let fine = phone.next(b"fine");
    let seal = Hash32([0; 32]);
    let large = vec![0; 256 * 1024 + 1];
    let asked = [
        (without(fine.clone(), "content-digest"), 422, "segment.digest_missing"),
        (without(fine.clone(), "yikao-seal"), 422, "segment.seal_invalid"),
        (fine.clone().with("content-digest", "md5=:x:"), 204, ""),
        (phone.call(0, b"x", seal), 422, "segment.index_invalid"),
        (phone.call(4, b"x", seal), 422, "segment.index_invalid"),
        (phone.call(1, b"x", seal), 422, "segment.seal_invalid"),
        (phone.call(2, b"", seal), 422, "segment.empty"),
        (phone.call(2, &large, seal), 413, "segment.too_large"),
    ];
    for (call, status, code) in asked {
        assert_eq!(refused(&app, call).await, (status, code.to_owned()));
    }
}

#[tokio::test]
async fn only_the_right_capability_opens_a_part() {
    let app = TestApp::start().await;
    let (mut phone, mut other, mut late) = (Phone::new(&app), Phone::new(&app), Phone::with(&app, 9, -1));
    let mut theirs = other.next(b"x");
    theirs.path = phone.next(b"x").path;
    assert_eq!(
        refused(&app, theirs).await,
        (404, "part.not_found".into()),
        "somebody else's part does not exist"
    );
    assert_eq!(refused(&app, late.next(b"x")).await, (401, "capability.expired".into()));
    let bare = without(Phone::new(&app).next(b"x"), "authorization");
    assert_eq!(refused(&app, bare).await, (401, "capability.missing".into()));
    let mut forged = Phone::new(&app);
    forged.capability.replace_range(30..31, if &forged.capability[30..31] == "A" { "B" } else { "A" });
    assert_eq!(refused(&app, forged.next(b"x")).await, (401, "capability.invalid".into()));
}

#[tokio::test]
async fn of_ten_writers_at_once_one_wins_and_its_twins_are_told_the_same() {
    let app = TestApp::start().await;
    let mut phone = Phone::new(&app);
    assert_eq!(app.ask(phone.next(b"first")).await.status, 204);
    let honest = phone.next(b"honest");
    let liar = phone.call(2, b"a liar", Hash32([9; 32]));
    let calls = (0..10).map(|n| app.ask(if n % 2 == 0 { honest.clone() } else { liar.clone() }));
    let answers = futures_util::future::join_all(calls).await;
    let kept: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(kept.iter().filter(|status| **status == 204).count(), 5, "{kept:?}");
    assert_eq!(kept.iter().filter(|status| **status == 409).count(), 5, "{kept:?}");
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_restart() {
    let app = TestApp::start().await;
    let mut phone = Phone::new(&app);
    let first = phone.next(b"first");
    assert_eq!(app.ask(first.clone()).await.status, 204);
    let dir = app.stop().await;
    let app = TestApp::open(dir).await;
    assert_eq!(phone.missing(&app, 1).await["safe_through"], 1);
    assert_eq!(app.ask(first).await.status, 204);
}

#[tokio::test]
async fn a_right_to_send_fills_no_storage() {
    let app = TestApp::start().await;
    let mut phone = Phone::new(&app);
    let narrow = Capability {
        max_bytes: 10,
        ..Capability::check(&phone.capability, &app.app.keys, app.app.clock.now()).unwrap()
    };
    phone.capability = narrow.issue(&app.app.keys);
    let first = phone.next(b"performed");
    assert_eq!(app.ask(first).await.status, 204);
    assert_eq!(app.ask(phone.next(b"more")).await.status, 204, "a segment that was begun is taken whole");
    let beyond = phone.next(b"and more");
    assert_eq!(refused(&app, beyond.clone()).await, (507, "footage.quota".into()));
    // Staff grant an attempt: the next right to send has room for it, and the phone goes on by itself.
    phone.capability = Capability { max_bytes: 100, ..narrow }.issue(&app.app.keys);
    let fresh = format!("Bearer {}", phone.capability);
    let again = without(beyond, "authorization").with("authorization", &fresh);
    assert_eq!(app.ask(again).await.status, 204);
}

#[tokio::test]
async fn a_sitting_that_has_used_its_room_begins_no_other_take_and_may_finish_the_one_that_runs() {
    let world = World::make().await;
    let app = world.open().await;
    let (own, now) = (world.person("candidate"), app.app.clock.now());
    let running = world.id("recording sitting").parse().unwrap();
    app.app.footage.usage.add(running, 1 << 50, now);
    let go_on = json!({ "reason": "reload", "lasted_ms": 500, "media": media(), "device": {} });
    let path = format!("/takes/{}/parts", world.id("recording take"));
    app.post(own, &path, go_on).await.expect(201);
    let bare = world.id("bare sitting");
    app.app.footage.usage.add(bare.parse().unwrap(), 1 << 50, now);
    let start = json!({ "subject_id": world.id("subject"), "media": media(), "device": {} });
    assert_eq!(app.post(own, &format!("/sittings/{bare}/takes"), start).await.refusal(507), "footage.quota");
}
