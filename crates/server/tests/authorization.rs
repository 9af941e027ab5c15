//! Who may do what: every endpoint of the API, asked by everybody, against a reviewed table.

use std::fmt::Write;

use axum::http::Method;

use crate::endpoints::{all, call, is_by_capability, is_described};
use crate::util::{Call, TestApp};
use crate::world::World;

/// Everybody, as the table's columns name them: `own` is the candidate whose things are asked for, `foreign`
/// the administrator of another school, `cap` a phone with the capability of the part that is asked for.
const EVERYBODY: [(&str, &str); 12] = [
    ("nobody", ""),
    ("own", "candidate"),
    ("other", "other"),
    ("admin", "admin"),
    ("proctor", "proctor"),
    ("judge", "judge"),
    ("examiner", "examiner"),
    ("dept", "department"),
    ("foreign", "foreign"),
    ("operator", "operator"),
    ("agent", "agent"),
    ("steward", "steward"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_endpoint_answers_everybody_as_reviewed() {
    let world = World::make().await;
    let mut table = String::new();
    write!(table, "{:58}", "").unwrap();
    for (column, _) in EVERYBODY {
        write!(table, "{column:>8} ").unwrap();
    }
    writeln!(table, "{:>8}", "cap").unwrap();
    for endpoint in all() {
        let mut app = world.open().await;
        write!(table, "{endpoint:58}").unwrap();
        for (_, name) in EVERYBODY {
            let wanted = call(&endpoint, &world, &app);
            let mut wanted =
                wanted.unwrap_or_else(|| panic!("{endpoint} is missing from tests/endpoints.rs"));
            if !name.is_empty() {
                wanted = wanted.by(world.person(name));
            }
            let status = answered(&mut app, &world, wanted).await;
            assert!(
                is_described(&endpoint, status),
                "{endpoint} answers {name} {status}, which it does not describe"
            );
            write!(table, "{status:>8} ").unwrap();
        }
        let bearer = format!("Bearer {}", world.id("capability"));
        let wanted = call(&endpoint, &world, &app).unwrap().with("authorization", &bearer);
        writeln!(table, "{:>8}", answered(&mut app, &world, wanted).await).unwrap();
    }
    insta::assert_snapshot!("authorization", table);
}

/// Asks, and starts from the beginning again where the answer may have changed something.
async fn answered(app: &mut TestApp, world: &World, call: Call) -> u16 {
    let changes = call.method != Method::GET;
    let status = app.ask(call).await.status;
    if changes && status < 300 {
        *app = world.open().await;
    }
    status
}

#[tokio::test]
async fn a_capability_opens_its_own_part_and_no_other() {
    let world = World::make().await;
    let app = world.open().await;
    let bearer = format!("Bearer {}", world.id("other capability"));
    let mut asked = 0;
    for endpoint in all().iter().filter(|endpoint| is_by_capability(endpoint)) {
        let call = call(endpoint, &world, &app).unwrap().with("authorization", &bearer);
        assert_eq!(app.ask(call).await.refusal(404), "part.not_found", "{endpoint}");
        asked += 1;
    }
    assert_eq!(asked, 3);
}

#[tokio::test]
async fn a_judge_sees_what_is_submitted_and_nothing_else() {
    let world = World::make().await;
    let app = world.open().await;
    let judge = world.person("judge");
    let media = |part: &str| format!("/parts/{}/media", world.id(part));
    assert_eq!(app.get(judge, &media("delivered part")).await.refusal(409), "footage.not_assembled");
    assert_eq!(app.get(judge, &media("finished part")).await.refusal(404), "request.not_found");
    let review = |sitting: &str| format!("/console/sittings/{}", world.id(sitting));
    let seen = app.get(judge, &review("delivered sitting")).await.expect(200);
    assert_eq!(seen["sitting"]["actions"], serde_json::json!([]));
    assert_eq!(app.get(judge, &review("finished sitting")).await.refusal(404), "request.not_found");
}

#[tokio::test]
async fn a_form_on_somebody_elses_page_changes_nothing() {
    let world = World::make().await;
    let app = world.open().await;
    for endpoint in
        all().iter().filter(|endpoint| !endpoint.starts_with("GET") && !is_by_capability(endpoint))
    {
        let mut call = call(endpoint, &world, &app).unwrap().by(world.person("admin"));
        call.headers.retain(|(name, _)| name != "yikao-client");
        assert_eq!(app.ask(call).await.refusal(403), "request.client_missing", "{endpoint}");
    }
}
