//! From a phone's segments to a settled delivery, with the jobs running as they do in the server.

use std::time::Duration;

use axum::http::Method;
use base64::Engine;
use serde_json::{Value, json};
use yikao_domain::id::{PartId, SittingId};
use yikao_domain::seal::{Chain, Hash32, Owner};
use yikao_domain::time::Millis;
use yikao_server::jobs;

use crate::util::{Call, TestApp};
use crate::world::{World, media};

/// A take of the fresh candidate that is being recorded.
struct Recording {
    sitting: String,
    take: String,
    part: PartId,
    chain: Chain,
    capability: String,
}

impl Recording {
    async fn begin(app: &TestApp, world: &World) -> Self {
        let own = world.person("candidate");
        let sitting = world.id("bare sitting").to_owned();
        let start = json!({ "subject_id": world.id("subject"), "media": media(), "device": {} });
        let started = app.post(own, &format!("/sittings/{sitting}/takes"), start).await.expect(201);
        let take = started["take_id"].as_str().unwrap().to_owned();
        let part: PartId = started["part"]["id"].as_str().unwrap().parse().unwrap();
        app.post(own, &format!("/takes/{take}/beep"), json!({ "part_id": part })).await.expect(200);
        let id: SittingId = sitting.parse().unwrap();
        let chain = Chain::start(id, Owner::Take(take.parse().unwrap()), part);
        let capability = started["part"]["capability"].as_str().unwrap().to_owned();
        Self { sitting, take, part, chain, capability }
    }

    /// Sends the next segment.
    async fn send(&mut self, app: &TestApp, body: &[u8]) -> u64 {
        let seal = self.chain.push(body);
        let digest = base64::engine::general_purpose::STANDARD.encode(Hash32::of(body).0);
        let call = Call::new(Method::PUT, &format!("/parts/{}/segments/{}", self.part, seal.index))
            .with("authorization", &format!("Bearer {}", self.capability))
            .with("content-digest", &format!("sha-256=:{digest}:"))
            .with("yikao-seal", &seal.head.to_hex())
            .raw("application/octet-stream", body);
        assert_eq!(app.ask(call).await.status, 204);
        seal.index
    }

    async fn finish_and_submit(&self, app: &TestApp, world: &World, last_index: u64) {
        let own = world.person("candidate");
        let end = json!({ "part_id": self.part, "last_index": last_index,
            "head": self.chain.head().to_hex(), "duration_ms": 2_000 });
        app.post(own, &format!("/takes/{}/finish", self.take), json!({ "parts": [end] })).await.expect(200);
        let submit = json!({ "subject_id": world.id("subject"), "take_id": self.take });
        app.post(own, &format!("/sittings/{}/submissions", self.sitting), submit).await.expect(201);
    }
}

async fn view(app: &TestApp, world: &World, sitting: &str) -> Value {
    app.get(world.person("candidate"), &format!("/sittings/{sitting}")).await.expect(200)
}

fn delivery(view: &Value) -> &str {
    view["subjects"][0]["submission"]["delivery"]["state"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_of_a_delivered_sitting_opens_no_object() {
    let world = World::make().await;
    let app = world.open().await;
    let mut recording = Recording::begin(&app, &world).await;
    recording.send(&app, b"no film").await;
    let last = recording.send(&app, b"at all").await;
    recording.finish_and_submit(&app, &world, last).await;
    let lanes = jobs::start(&app.app).await.unwrap();
    let mut seen = view(&app, &world, &recording.sitting).await;
    while delivery(&seen) == "pending" {
        tokio::time::sleep(Duration::from_millis(20)).await;
        seen = view(&app, &world, &recording.sitting).await;
    }
    lanes.stop().await;
    assert_eq!(delivery(&seen), "damaged", "what was sent cannot be played");

    let objects = app.app.config.data.join("objects");
    std::fs::remove_dir_all(&objects).unwrap();
    let seen = view(&app, &world, &recording.sitting).await;
    let part = &seen["subjects"][0]["takes"][0]["parts"][0];
    assert_eq!((&part["received"], &part["complete"]), (&json!(2), &json!(true)));
    let path = format!("/console/sittings/{}", recording.sitting);
    let review = app.get(world.person("proctor"), &path).await.expect(200);
    assert_eq!(review["parts"][0]["gaps"], json!([]));
}

#[tokio::test]
async fn what_the_rule_submits_at_the_close_has_a_receipt_once() {
    let world = World::make().await;
    let app = world.open_after(Millis::minutes(121)).await;
    let id: SittingId = world.id("finished sitting").parse().unwrap();
    jobs::tick(&app.app, id).await;
    jobs::tick(&app.app, id).await;
    let path = format!("/sittings/{id}/receipts");
    let receipts = app.get(world.person("candidate"), &path).await.expect(200);
    assert_eq!(receipts.as_array().unwrap().len(), 1, "{receipts:#}");
    let said: Value = serde_json::from_str(receipts[0]["payload"].as_str().unwrap()).unwrap();
    assert_eq!((&said["kind"], &said["by"]), (&json!("submission"), &json!("rule")));
    assert_eq!(said["take"], world.id("finished take"));
    assert!(
        said["submitted_at"].as_i64() < said["server_time"].as_i64(),
        "the close is earlier than its noticing"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_sealed_after_the_close_is_marked_and_staff_decide_on_it() {
    let world = World::make().await;
    let app = world.open_after(Millis::minutes(121)).await;
    let id = world.id("finished sitting").to_owned();
    jobs::tick(&app.app, id.parse().unwrap()).await;
    // The phone was without a network until after the close; its take has been submitted by the rule.
    let take = world.id("finished take").to_owned();
    let renew = Call::new(Method::POST, &format!("/parts/{}/capability", world.id("finished part")));
    let capability = app.ask(renew.by(world.person("candidate"))).await.expect(200)["capability"].clone();
    let part: PartId = world.id("finished part").parse().unwrap();
    let chain = Chain::start(id.parse().unwrap(), Owner::Take(take.parse().unwrap()), part);
    let capability = capability.as_str().unwrap().to_owned();
    let mut phone = Recording { sitting: id.clone(), take: take.clone(), part, chain, capability };
    phone.send(&app, b"late").await;
    let judge = json!({ "take_id": take, "counts": true, "reason": "考场断网" });
    let (proctor, order) = (world.person("proctor"), format!("/console/sittings/{id}/late-seals"));
    assert_eq!(app.post(proctor, &order, judge.clone()).await.refusal(409), "take.not_late");
    let lanes = jobs::start(&app.app).await.unwrap();
    let path = format!("/console/sittings/{id}");
    let mut review = app.get(proctor, &path).await.expect(200);
    while review["parts"][0]["late"].is_null() {
        tokio::time::sleep(Duration::from_millis(20)).await;
        review = app.get(proctor, &path).await.expect(200);
    }
    lanes.stop().await;
    assert_eq!(review["parts"][0]["late"]["from_index"], 1);
    assert_eq!(review["parts"][0]["late"]["counts"], Value::Null, "nobody has decided");
    assert!(review["marks"].as_array().unwrap().iter().any(|mark| mark["kind"] == "late_seals"));
    app.post(proctor, &order, judge).await.expect(200);
    let review = app.get(proctor, &path).await.expect(200);
    assert_eq!(review["parts"][0]["late"]["counts"], true);
    let told = review["timeline"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&told["kind"], &told["text_params"]["reason"]), (&json!("late_judged"), &json!("考场断网")));
}
