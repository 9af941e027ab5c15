//! Every endpoint with a request that is right for it, in the words of [`World`].

use std::sync::LazyLock;

use axum::http::Method;
use base64::Engine;
use serde_json::{Value, json};
use yikao_server::seed;

use crate::util::{Call, TestApp};
use crate::world::{World, media};

static DESCRIPTION: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(yikao_server::router::openapi()).unwrap());

/// Where nothing is lost when a request acts twice, or nothing acts.
const WITHOUT_COMMAND: [&str; 6] = [
    "/desk/account-lookups",
    "/codes",
    "/accounts",
    "/logins",
    "/password-resets",
    "/me/profile/number-checks",
];

/// Every endpoint of the API, as `GET /path/{name}`.
pub(crate) fn all() -> Vec<String> {
    let paths = DESCRIPTION["paths"].as_object().unwrap().clone();
    let of_path = |(path, methods): (String, Value)| {
        let methods: Vec<String> = methods.as_object().unwrap().keys().cloned().collect();
        methods.into_iter().map(move |method| format!("{} {path}", method.to_uppercase()))
    };
    paths.into_iter().flat_map(of_path).collect()
}

/// Whether the description of an endpoint says that it can give this status.
pub(crate) fn is_described(endpoint: &str, status: u16) -> bool {
    let (method, path) = endpoint.split_once(' ').unwrap();
    DESCRIPTION["paths"][path][method.to_lowercase()]["responses"].get(status.to_string()).is_some()
}

/// Whether an endpoint is asked with a capability.
pub(crate) fn is_by_capability(endpoint: &str) -> bool {
    ["/parts/{part}/missing", "/parts/{part}/pulses", "/segments/{index}"]
        .iter()
        .any(|end| endpoint.ends_with(end))
}

/// A right request for an endpoint; `None` where nobody has written one.
pub(crate) fn call(endpoint: &str, world: &World, app: &TestApp) -> Option<Call> {
    let (method, path) = endpoint.split_once(' ')?;
    let method: Method = method.parse().ok()?;
    if method == Method::GET {
        return Some(Call::new(method, &filled(path, world, reading(path))));
    }
    if endpoint.starts_with("PUT /parts/{part}/segments") {
        return Some(segment(&filled(path, world, "recording")));
    }
    if path.ends_with("/roster-previews") {
        let path = format!("{}?major={}", filled(path, world, "bare"), world.id("major"));
        let file = format!("姓名,证件号码,高考省份\n李小帮,{},广东\n", seed::id_card(8));
        return Some(Call::new(method, &path).raw("text/csv", file));
    }
    if endpoint == "PUT /me/pictures/{picture}" {
        let path = format!("/me/pictures/{}?kind=evidence", app.id());
        return Some(Call::new(method, &path).raw("image/jpeg", "scripted:{}"));
    }
    if path == "/operator/seasons/{season}/number-rules" {
        let path = filled(path, world, "bare");
        return Some(Call::new(method, &path).raw("text/csv", "省份,位数,前缀\n湖南,10,\n"));
    }
    if path.ends_with("/frames") {
        let path = format!("{}?number=1", filled(path, world, "bare"));
        return Some(Call::new(method, &path).raw("image/jpeg", [0xff, 0xd8, 0xff]));
    }
    if path == "/takes/{take}/face-checks" {
        return Some(
            Call::new(method, &filled(path, world, "recording")).raw("image/jpeg", [0xff, 0xd8, 0xff]),
        );
    }
    if path.ends_with("/face-checks") {
        let query = format!("?subject_id={}&command_id={}", world.id("subject"), app.id());
        let path = filled(path, world, "bare") + &query;
        return Some(Call::new(method, &path).raw("image/jpeg", [0xff, 0xd8, 0xff]));
    }
    let state = writing(endpoint);
    let call = Call::new(method.clone(), &filled(path, world, state));
    if method == Method::DELETE || path == "/parts/{part}/capability" {
        return Some(call);
    }
    let mut body = body(endpoint, world, app)?;
    let has_command = !WITHOUT_COMMAND.contains(&path);
    if has_command && !endpoint.ends_with("/pulses") {
        body["command_id"] = app.id().into();
    }
    Some(call.json(&body))
}

/// In which state a sitting is looked at.
fn reading(path: &str) -> &'static str {
    match path {
        "/console/sittings/{sitting}" | "/parts/{part}/media" => "delivered",
        _ => "recording",
    }
}

/// In which state a sitting takes a command.
fn writing(endpoint: &str) -> &'static str {
    match endpoint {
        "POST /sittings/{sitting}/finish" | "POST /console/sittings/{sitting}/reopen" => "delivered",
        "POST /sittings/{sitting}/submissions" => "finished",
        "POST /takes/{take}/beep" => "preparing",
        "POST /sittings/{sitting}/takes" => "bare",
        _ => "recording",
    }
}

fn filled(path: &str, world: &World, state: &str) -> String {
    let exam = if path.ends_with("/open") { "draft" } else { "exam" };
    let major = if path.ends_with("/enrolments") { "second major" } else { "major" };
    let of = |thing: &str| world.things.get(format!("{state} {thing}").as_str()).cloned().unwrap_or_default();
    path.replace("{exam}", world.id(exam))
        .replace("{major}", world.id(major))
        .replace("{school}", world.id("school"))
        .replace("{account}", &world.person("examiner").account.to_string())
        .replace("{enrolment}", world.id("enrolment"))
        .replace("{task}", world.id(task(path)))
        .replace("{entry}", world.id("entry"))
        .replace("{login}", world.id("login"))
        .replace("{review}", world.id(review(path)))
        .replace("{candidate}", &world.person("candidate").account.to_string())
        .replace("{picture}", world.id("picture"))
        .replace("{challenge}", world.id("challenge"))
        .replace("{season}", "2027")
        .replace("{code}", world.id("code"))
        .replace("{kind}", "faces")
        .replace("{session}", world.id("fresh"))
        .replace("{subject}", world.id("asked subject"))
        .replace("{sitting}", &of("sitting"))
        .replace("{take}", &of("take"))
        .replace("{part}", &of("part"))
        // The seal of the first would have to follow from the part's capability.
        .replace("{index}", "2")
}

/// Which review takes an order: `agent` has one before them, one asks the candidate for more.
fn review(path: &str) -> &'static str {
    match path {
        "/desk/reviews/{review}/release"
        | "/desk/reviews/{review}/decision"
        | "/desk/reviews/{review}/question" => "claimed review",
        "/me/reviews/{review}/answer" => "asked review",
        _ => "open review",
    }
}

/// Which task takes a command.
fn task(path: &str) -> &'static str {
    match path.rsplit('/').next() {
        Some("begin") => "reading task",
        Some("finish") => "begun task",
        Some("booking") => "booking task",
        Some("release" | "calendar") => "booked task",
        _ => "pledge task",
    }
}

fn segment(path: &str) -> Call {
    let body = b"one second of music".to_vec();
    let digest = ring::digest::digest(&ring::digest::SHA256, &body);
    let digest = base64::engine::general_purpose::STANDARD.encode(digest);
    Call::new(Method::PUT, path)
        .with("content-digest", &format!("sha-256=:{digest}:"))
        .with("yikao-seal", &"ab".repeat(32))
        .raw("application/octet-stream", body)
}

fn body(endpoint: &str, world: &World, app: &TestApp) -> Option<Value> {
    accounts(endpoint, world)
        .or_else(|| candidate(endpoint, world))
        .or_else(|| desk(endpoint))
        .or_else(|| school(endpoint, world, app))
}

fn desk(endpoint: &str) -> Option<Value> {
    Some(match endpoint {
        "POST /me/reviews" => json!({ "note": "灯光太暗" }),
        "POST /me/reviews/{review}/answer" => json!({ "note": "已重拍" }),
        "POST /me/messages" | "POST /desk/candidates/{candidate}/messages" => json!({ "text": "您好" }),
        "POST /me/face-challenges"
        | "POST /me/face-challenges/{challenge}/finish"
        | "POST /me/reviews/{review}/cancellation"
        | "POST /desk/reviews/{review}/claim"
        | "POST /desk/reviews/{review}/release" => json!({}),
        "POST /desk/reviews/{review}/decision" => json!({ "verdict": "approved", "reason": "与证件照一致" }),
        "POST /desk/reviews/{review}/question" | "POST /desk/reviews/{review}/cancellation" => {
            json!({ "words": "请在光线均匀处重拍" })
        }
        _ => return None,
    })
}

fn accounts(endpoint: &str, world: &World) -> Option<Value> {
    Some(match endpoint {
        "POST /codes" => json!({ "contact": "13700000001", "purpose": "register" }),
        "POST /accounts" | "POST /password-resets" => {
            json!({ "contact": "13700000001", "code": "000000", "password": "long enough" })
        }
        "POST /logins" => json!({ "account": "13700000001", "password": "not this one" }),
        "POST /desk/account-lookups" => json!({ "account": seed::phone(1).unwrap().digits() }),
        "POST /desk/accounts/{account}/contact-changes" => {
            json!({ "contact": "13700000004", "evidence": "出示了证件" })
        }
        "POST /me/consents" => {
            json!({ "kind": "faces", "text_hash": "00", "name": world.own.name, "birth_date": null })
        }
        "PUT /me/identity" => json!({ "name": world.own.name, "document_type": "id_card",
            "document_number": world.own.document_number, "province": "北京" }),
        "PUT /me/profile" => json!({ "class": "gaokao", "candidate_number": "20110512345678",
            "ticket_picture": world.id("ticket"), "portrait_picture": world.id("portrait") }),
        "POST /me/identity/reviews" => json!({ "note": "户口迁移中", "pictures": [world.id("picture")] }),
        "POST /me/appeals" => {
            json!({ "topic": "document", "note": "这是我的", "pictures": [world.id("picture")] })
        }
        "POST /me/corrections" => json!({ "changes": { "name": "林小西" }, "note": "填错了",
            "pictures": [world.id("picture")] }),
        "POST /desk/candidates/{candidate}/corrections" => json!({ "changes": { "name": "林小西" },
            "reason": "填错了", "evidence": [world.id("picture")] }),
        "POST /me/profile/number-checks" => json!({ "candidate_number": "20110512345678" }),
        "POST /operator/activation-codes" => json!({ "contact": "13700000002" }),
        "POST /schools" => json!({ "name": "北方戏剧学院" }),
        _ => return None,
    })
}

fn candidate(endpoint: &str, world: &World) -> Option<Value> {
    let subject = world.id("subject");
    Some(match endpoint {
        "POST /exams/{exam}/majors/{major}/enrolments"
        | "POST /enrolments/{enrolment}/tasks/{task}/begin"
        | "POST /enrolments/{enrolment}/tasks/{task}/finish"
        | "POST /enrolments/{enrolment}/tasks/{task}/release"
        | "POST /sittings/{sitting}/finish" => json!({}),
        "POST /enrolments/{enrolment}/tasks/{task}/booking" => json!({ "slot_id": world.id("slot") }),
        "POST /enrolments/{enrolment}/tasks/{task}/signature" => {
            json!({ "text_hash": world.id("pledge text"), "name": world.own.name })
        }
        "POST /sittings/{sitting}/papers" => json!({ "subject_id": world.id("asked subject") }),
        "POST /enrolments/{enrolment}/sittings" => json!({ "session_id": world.id("fresh") }),
        "POST /sittings/{sitting}/takes" => json!({ "subject_id": subject, "media": media(), "device": {} }),
        "POST /sittings/{sitting}/submissions" => {
            json!({ "subject_id": subject, "take_id": world.id("finished take") })
        }
        "POST /takes/{take}/beep" => json!({ "part_id": world.id("preparing part") }),
        "POST /takes/{take}/failure" => json!({ "cause": "NotReadableError" }),
        "POST /takes/{take}/finish" => json!({ "parts": [{ "part_id": world.id("recording part"),
            "last_index": 1, "head": "00".repeat(32), "duration_ms": 900 }] }),
        "POST /takes/{take}/interruptions" => {
            json!({ "act": "reload", "began_at_captured_ms": 0, "lasted_ms": 500 })
        }
        "POST /takes/{take}/question-views" => json!({ "shown": true, "at_captured_ms": 900 }),
        "POST /takes/{take}/parts" => {
            json!({ "reason": "reload", "lasted_ms": 500, "previous": null, "media": media(), "device": {} })
        }
        "POST /parts/{part}/pulses" => json!({ "seals": [{ "index": 1, "head": "ab".repeat(32) }],
            "recorder": "recording", "captured_ms": 1000, "queued_segments": 1,
            "battery": { "level": 0.8, "charging": false }, "network": { "online": true, "kind": "wifi" } }),
        _ => return None,
    })
}

fn school(endpoint: &str, world: &World, app: &TestApp) -> Option<Value> {
    let now = app.app.clock.now().as_ms();
    let subject = world.id("subject");
    Some(match endpoint {
        "POST /schools/{school}/exams" => {
            json!({ "preset": "general", "title": "校考", "zone": "Asia/Shanghai",
            "opens_at": now, "closes_at": now + 3_600_000 })
        }
        "POST /schools/{school}/members" => {
            json!({ "contact": seed::phone(2).unwrap().digits(), "role": "judge" })
        }
        "PUT /console/exams/{exam}/draft" => {
            json!({ "based_on": 1, "body": serde_json::from_str::<Value>(world.id("body")).unwrap() })
        }
        "POST /console/exams/{exam}/open"
        | "POST /console/exams/{exam}/close"
        | "POST /console/sittings/{sitting}/resume" => json!({}),
        "POST /console/exams/{exam}/roster-imports" => json!({ "preview_id": world.id("preview") }),
        "PATCH /console/roster-entries/{entry}" => json!({ "name": "林小西", "province": "广东" }),
        "POST /console/sittings/{sitting}/grants" => json!({ "extra_ms": 600_000, "reason": "停电" }),
        "POST /console/sittings/{sitting}/attempts" => json!({ "subject_id": subject, "reason": "停电" }),
        "POST /console/sittings/{sitting}/suspend"
        | "POST /console/sittings/{sitting}/device-releases"
        | "POST /console/sittings/{sitting}/end" => {
            json!({ "reason": "停电" })
        }
        "POST /console/sittings/{sitting}/late-seals" => {
            json!({ "take_id": world.id("delivered take"), "counts": true, "reason": "断网" })
        }
        "POST /console/sittings/{sitting}/reopen" => {
            json!({ "subject_id": subject, "until": now + 3_600_000, "reason": "停电" })
        }
        _ => return None,
    })
}
