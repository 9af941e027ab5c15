//! What cannot be understood is answered with a 422 that names the field.

use serde_json::{Value, json};

use crate::endpoints::{all, call};
use crate::util::{Call, TestApp};
use crate::world::World;

/// A request by somebody who may make it.
fn allowed(endpoint: &str, world: &World, app: &TestApp) -> Call {
    let call = call(endpoint, world, app).unwrap();
    let (_, path) = endpoint.split_once(' ').unwrap();
    if path.ends_with("/pulses") {
        return call.with("authorization", &format!("Bearer {}", world.id("capability")));
    }
    let staff = path.starts_with("/console") || path.starts_with("/schools/");
    let operator = path.starts_with("/operator") || path == "/schools";
    call.by(world.person(if staff {
        "admin"
    } else if path.starts_with("/desk") {
        "agent"
    } else if operator {
        "operator"
    } else {
        "candidate"
    }))
}

/// Endpoints with a JSON body, each with a request that is right.
fn with_bodies(world: &World, app: &TestApp) -> Vec<(String, Call, Value)> {
    let is_json = |call: &Call| call.headers.contains(&("content-type".into(), "application/json".into()));
    let found = all().into_iter().filter(|endpoint| !endpoint.starts_with("GET")).map(|endpoint| {
        let call = allowed(&endpoint, world, app);
        (endpoint, call)
    });
    let found = found.filter(|(_, call)| is_json(call));
    found
        .map(|(endpoint, call)| (endpoint, call.clone(), serde_json::from_slice(&call.body).unwrap()))
        .collect()
}

async fn field_named(app: &TestApp, endpoint: &str, call: Call, body: Vec<u8>) -> String {
    let answer = app.ask(Call { body, ..call }).await;
    assert_eq!(answer.status, 422, "{endpoint}: {:#}", answer.body);
    assert_eq!(answer.body["code"], "request.malformed", "{endpoint}: {:#}", answer.body);
    answer.body["errors"][0]["field"].as_str().unwrap_or_else(|| panic!("{endpoint}: no field")).to_owned()
}

#[tokio::test]
async fn what_is_no_json_is_refused_everywhere() {
    let world = World::make().await;
    let app = world.open().await;
    for (endpoint, call, _) in with_bodies(&world, &app) {
        for body in ["", "{", "\u{0}", "[]", "null", "\"text\""] {
            field_named(&app, &endpoint, call.clone(), body.into()).await;
        }
    }
}

#[tokio::test]
async fn each_field_of_a_wrong_kind_is_named() {
    let world = World::make().await;
    let app = world.open().await;
    for (endpoint, call, right) in with_bodies(&world, &app) {
        for (name, value) in right.as_object().unwrap() {
            let mut body = right.clone();
            body[name] = if value.is_boolean() { json!("text") } else { json!(true) };
            let field = field_named(&app, &endpoint, call.clone(), body.to_string().into()).await;
            assert!(field.starts_with(name.as_str()), "{endpoint}: {name} is wrong, {field} is named");
        }
    }
}

#[tokio::test]
async fn a_command_without_its_id_is_refused() {
    let world = World::make().await;
    let app = world.open().await;
    for (endpoint, call, mut body) in with_bodies(&world, &app) {
        if body.as_object_mut().unwrap().remove("command_id").is_some() {
            let field = field_named(&app, &endpoint, call, body.to_string().into()).await;
            assert_eq!(field, "command_id", "{endpoint}");
        }
    }
}
