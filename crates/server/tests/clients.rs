//! An app that is too old is told so on the way in, in words; what has begun goes on (A9).

use axum::http::Method;
use serde_json::json;

use crate::util::{Call, TestApp};
use crate::world::{World, media};

const OLD: &str = "web/0.0.9";

async fn office() -> TestApp {
    TestApp::start_with(&["--minimum-client", "0.1.0"]).await
}

fn coming(path: &str, client: &str) -> Call {
    let body = match path {
        "/codes" => json!({ "contact": "13700000001", "purpose": "register" }),
        "/logins" => json!({ "account": "13700000001", "password": "not this one" }),
        _ => json!({ "contact": "13700000001", "code": "000000", "password": "long enough" }),
    };
    let mut call = Call::new(Method::POST, path).json(&body);
    call.headers.retain(|(name, _)| name != "yikao-client");
    call.with("yikao-client", client)
}

#[tokio::test]
async fn an_old_app_is_told_so_on_every_way_in() {
    let app = office().await;
    for path in ["/codes", "/accounts", "/logins", "/password-resets"] {
        let refused = app.ask(coming(path, OLD)).await.expect(403);
        assert_eq!(refused["code"], "client.too_old", "{path}");
        assert_eq!(refused["params"], json!({ "minimum": "0.1.0", "version": "0.0.9" }));
        // One that does not say how old it is, is from before they said it.
        assert_eq!(app.ask(coming(path, "web")).await.refusal(403), "client.too_old", "{path}");
    }
    let words = app.ask(coming("/logins", OLD)).await.expect(403);
    assert!(words["detail"].as_str().unwrap().contains("0.0.9"), "{words}");
    let known = app.ask(Call::new(Method::GET, "/server").with("yikao-client", OLD)).await.expect(200);
    assert_eq!(known["minimum_client"], "0.1.0");
}

#[tokio::test]
async fn a_new_app_and_what_is_no_web_app_come_in() {
    let app = office().await;
    for client in ["web/0.1.0", "web/0.2.0", "curl"] {
        app.ask(coming("/codes", client)).await.expect(202);
        assert_eq!(app.ask(coming("/logins", client)).await.refusal(401), "login.wrong");
    }
}

#[tokio::test]
async fn an_old_app_enters_no_sitting_and_one_that_runs_goes_on() {
    let world = World::make().await;
    let app = world.open_with(&["--minimum-client", "0.1.0"]).await;
    let own = world.person("candidate");
    let old = |path: &str, body: serde_json::Value| {
        let mut call = Call::new(Method::POST, path).by(own).json(&body);
        call.headers.retain(|(name, _)| name != "yikao-client");
        call.with("yikao-client", OLD)
    };
    let enter = json!({ "command_id": app.id(), "session_id": world.id("fresh") });
    let path = format!("/enrolments/{}/sittings", world.id("enrolment"));
    assert_eq!(app.ask(old(&path, enter)).await.refusal(403), "client.too_old");
    let start = json!({ "command_id": app.id(), "subject_id": world.id("subject"), "media": media() });
    let path = format!("/sittings/{}/takes", world.id("bare sitting"));
    app.ask(old(&path, start)).await.expect(201);
}
