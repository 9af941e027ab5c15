//! The committed description is the one that the code gives.

#[test]
fn the_committed_description_is_not_stale() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");
    let committed = std::fs::read_to_string(path).unwrap();
    let current = yikao_server::router::openapi().to_pretty_json().unwrap();
    assert!(
        committed.trim() == current.trim(),
        "openapi.json is stale: cargo run --bin yikao -- openapi > openapi.json"
    );
}
