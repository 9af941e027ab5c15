//! What happened in a sitting, for reviewers: its events, with whose each take and part is, and who acted.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use yikao_domain::id::{AccountId, CandidateId, PartId, SubjectId, TakeId};
use yikao_domain::sitting::Sitting;
use yikao_domain::time::Timestamp;
use yikao_store::membership;
use yikao_store::sitting::EventRow;

use super::people;
use crate::auth::actor::SchoolRole;
use crate::problem::Problem;
use crate::sittings::command::Loaded;
use crate::state::App;

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineEvent {
    /// When, ms.
    pub at: Timestamp,
    /// What, such as `take_started`.
    pub kind: String,
    /// In which subject.
    #[schema(required)]
    pub subject_id: Option<SubjectId>,
    /// In which take.
    #[schema(required)]
    pub take_id: Option<TakeId>,
    /// In which part.
    #[schema(required)]
    pub part_id: Option<PartId>,
    /// Who did it.
    pub actor: ActorView,
    /// What its text needs.
    #[schema(value_type = HashMap<String, Value>)]
    pub text_params: Map<String, Value>,
}

/// What somebody is who did something.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    Candidate,
    Staff,
    /// A time that had come.
    Clock,
    System,
}

/// Who did something.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActorView {
    /// What they are.
    pub kind: ActorKind,
    /// A member of staff's role.
    #[schema(value_type = Option<SchoolRole>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// A member of staff's name, where their account says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The timeline of a sitting.
pub(super) async fn of(
    app: &App,
    loaded: &Loaded,
    events: Vec<EventRow>,
) -> Result<Vec<TimelineEvent>, Problem> {
    let mut actors: HashMap<String, ActorView> = HashMap::new();
    let mut timeline = Vec::with_capacity(events.len());
    for event in events {
        let actor = match actors.get(&event.actor) {
            Some(known) => known.clone(),
            None => actor(app, loaded, &event.actor).await?,
        };
        actors.insert(event.actor.clone(), actor.clone());
        timeline.push(one(&loaded.sitting, event, actor));
    }
    Ok(timeline)
}

async fn actor(app: &App, loaded: &Loaded, signature: &str) -> Result<ActorView, Problem> {
    let plain = |kind| ActorView { kind, role: None, name: None };
    let account = signature.strip_prefix("account:").and_then(|id| id.parse::<AccountId>().ok());
    let Some(account) = account else {
        return Ok(plain(if signature == "clock" { ActorKind::Clock } else { ActorKind::System }));
    };
    let person = CandidateId::from_uuid(*account.as_uuid());
    if person == loaded.row.candidate_id {
        return Ok(plain(ActorKind::Candidate));
    }
    let roles = membership::of_account(&mut app.db.reader().await?, account).await?;
    let here = roles.into_iter().find(|role| role.school_id == loaded.row.school_id);
    let name = people::identity(app, person).await?.map(|who| who.name);
    Ok(ActorView { kind: ActorKind::Staff, role: here.map(|role| role.role), name })
}

fn one(sitting: &Sitting, event: EventRow, actor: ActorView) -> TimelineEvent {
    let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
    let data = &body["data"];
    let take_id: Option<TakeId> = id(data, "take_id");
    let submission = id(data, "submission_id").and_then(|id| sitting.submission(id));
    let of_take = || take_id.and_then(|id| sitting.take(id)).map(|(run, _)| run.subject_id);
    let subject_id = id(data, "subject_id").or_else(of_take);
    let mut text_params = Map::new();
    flatten(data, &mut text_params);
    TimelineEvent {
        at: event.at,
        kind: event.kind,
        subject_id: subject_id.or_else(|| submission.map(|(run, _)| run.subject_id)),
        take_id: take_id.or_else(|| submission.map(|(_, submission)| submission.take_id)),
        part_id: id(data, "part_id"),
        actor,
        text_params,
    }
}

fn id<T: serde::de::DeserializeOwned>(data: &Value, name: &str) -> Option<T> {
    data.get(name).and_then(|value| serde_json::from_value(value.clone()).ok())
}

/// Texts know names and plain values: what is nested comes up, a nested state takes its field's name.
fn flatten(data: &Value, params: &mut Map<String, Value>) {
    for (name, value) in data.as_object().into_iter().flatten() {
        match value {
            Value::Array(_) => {}
            Value::Object(inner) => {
                let state = inner.get("state").cloned();
                flatten(value, params);
                if let Some(state) = state {
                    params.remove("state");
                    params.insert(name.clone(), state);
                }
            }
            _ if name.ends_with("_id") || name == "id" => {}
            plain => {
                params.insert(name.clone(), plain.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn params(data: &Value) -> Value {
        let mut params = Map::new();
        flatten(data, &mut params);
        Value::Object(params)
    }

    #[test]
    fn what_is_nested_in_an_event_is_said_plainly() {
        let lost =
            json!({ "take_id": "t", "cause": { "cause": "interrupted", "act": "call" }, "counted": true });
        assert_eq!(params(&lost), json!({ "cause": "interrupted", "act": "call", "counted": true }));
        let delivered = json!({ "submission_id": "s", "delivery": { "state": "complete", "at": 5 } });
        assert_eq!(params(&delivered), json!({ "delivery": "complete", "at": 5 }));
    }
}
