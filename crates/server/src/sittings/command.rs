//! The way of every command on a sitting: load → decide → save events, state and jobs in one transaction →
//! answer with the new view. A command that is repeated gets the ids that the first one made.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use yikao_domain::id::{CandidateId, CommandId, DeviceId, SittingId};
use yikao_domain::refusal::Refusal;
use yikao_domain::sitting::{self as rules, Command, Context, Event, Recorded, Sitting};
use yikao_domain::time::Timestamp;
use yikao_store::sitting::{EventRow, SittingRow};
use yikao_store::{StoreError, Tx, command, sitting};

use crate::faces;
use crate::jobs::{self, Work};
use crate::language::Reader;
use crate::problem::Problem;
use crate::revisions::Known;
use crate::sittings::receipt;
use crate::sittings::render;
use crate::sittings::view::{Received, Scene, SittingView};
use crate::state::App;

/// A sitting with what it is decided against.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// As it is stored.
    pub row: SittingRow,
    /// Its state.
    pub sitting: Sitting,
    /// The revision it is pinned to.
    pub known: Arc<Known>,
    /// The rules of its session.
    pub context: Arc<Context>,
}

/// A command on its way: who gives it, under which id.
#[derive(Debug, Clone)]
pub struct Given {
    /// The sitting.
    pub sitting: SittingId,
    /// The client's id for it; none where time or staff's tools act.
    pub command_id: Option<CommandId>,
    /// Who, as it is kept in the log.
    pub actor: String,
    /// The candidate's device that gives it; none where time or staff act.
    pub device: Option<DeviceId>,
}

/// What became of a command.
#[derive(Debug)]
pub struct Done<T> {
    /// What it made, now or when it first came.
    pub answer: T,
    /// The sitting after it.
    pub loaded: Loaded,
}

/// Loads a sitting with its rules.
pub async fn load(app: &App, tx: &mut Tx, id: SittingId) -> Result<Option<Loaded>, StoreError> {
    let Some(row) = sitting::get(tx, id).await? else { return Ok(None) };
    let known = app.revisions.get(tx, row.revision_id).await?;
    let sitting = read(&row)?;
    let context = known.context(row.major_id, row.session_id).map_err(|_| StoreError::Unreadable {
        what: "sitting.session_id",
        why: "not in the revision".into(),
    })?;
    Ok(Some(Loaded { row, sitting, known, context }))
}

/// The state in a stored row.
pub fn read(row: &SittingRow) -> Result<Sitting, StoreError> {
    let unreadable = |why: String| StoreError::Unreadable { what: "sitting.state", why };
    let document = serde_json::from_str(&row.state).map_err(|e| unreadable(e.to_string()))?;
    rules::read_sitting(document).map_err(|e| unreadable(e.to_string()))
}

/// Loads a sitting of this candidate; to others it does not exist.
pub async fn load_own(app: &App, id: SittingId, candidate: CandidateId) -> Result<Loaded, Problem> {
    let mut tx = app.db.reader().await?;
    let loaded = load(app, &mut tx, id).await?;
    loaded.filter(|loaded| loaded.row.candidate_id == candidate).ok_or_else(Problem::not_found)
}

/// What a body of [`run`] may do besides deciding: keep rows that belong to the command.
pub type Extra<T> = Box<dyn Fn(&mut Tx, &Loaded, &[Recorded], Timestamp) -> T + Send + Sync>;

/// Runs a command: `extra` keeps what belongs to it (parts, receipts) and says what it made.
pub async fn run<T>(app: &App, given: Given, command: Command, extra: Extra<T>) -> Result<Done<T>, Problem>
where
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
{
    let input = (app.clone(), given, command, extra);
    let done = app.db.write_with(input, |tx, (app, given, command, extra)| {
        Box::pin(async move {
            if let Some(answer) = earlier(tx, given).await? {
                let loaded = load(app, tx, given.sitting).await?.ok_or(StoreError::NotFound)?;
                return Ok(Ok(Done { answer, loaded }));
            }
            let mut loaded = load(app, tx, given.sitting).await?.ok_or(StoreError::NotFound)?;
            let now = app.clock.now();
            let before = loaded.sitting.clone();
            let state = crate::faults::state(app, &before, command);
            let recorded = match rules::handle_by(&state, given.device, command, &loaded.context, now) {
                Ok((after, recorded)) => {
                    loaded.sitting = after;
                    recorded
                }
                Err(refusal) => return Ok(Err(refusal)),
            };
            crate::sittings::parts::note_ends(tx, &before, &loaded.sitting).await?;
            let answer = extra(tx, &loaded, &recorded, now);
            receipt::keep_of_rule(tx, app, &loaded, &recorded, now);
            keep(tx, &mut loaded, &recorded, given)?;
            // Whoever submitted, the candidate or the rule at the close: its footage may be there already.
            if recorded.iter().any(|one| matches!(one.event, Event::Submitted { .. })) {
                jobs::enqueue(tx, app, loaded.row.school_id, Work::Deliver(given.sitting), now);
            }
            if let Some(id) = given.command_id {
                command::keep(tx, &given.sitting.to_string(), id, &text_of(&answer)?, now);
            }
            Ok(Ok(Done { answer, loaded }))
        })
    });
    let done: Result<Done<T>, Refusal> = done.await?;
    Ok(done?)
}

async fn earlier<T: DeserializeOwned>(tx: &mut Tx, given: &Given) -> Result<Option<T>, StoreError> {
    let Some(id) = given.command_id else { return Ok(None) };
    let Some(answer) = command::answer(tx, &given.sitting.to_string(), id).await? else { return Ok(None) };
    let read = serde_json::from_str(&answer);
    read.map(Some).map_err(|e| StoreError::Unreadable { what: "command.answer", why: e.to_string() })
}

fn text_of<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|e| StoreError::Unreadable { what: "a document", why: e.to_string() })
}

/// Saves a changed sitting and what happened to it.
pub fn keep(
    tx: &mut Tx,
    loaded: &mut Loaded,
    recorded: &[Recorded],
    given: &Given,
) -> Result<(), StoreError> {
    if recorded.is_empty() {
        return Ok(());
    }
    fill(&mut loaded.row, &loaded.sitting)?;
    sitting::save(tx, &loaded.row);
    sitting::append(tx, &event_rows(&loaded.row, recorded, given)?);
    loaded.row.version += 1;
    Ok(())
}

/// Copies from the state what is asked for beside it.
pub fn fill(row: &mut SittingRow, sitting: &Sitting) -> Result<(), StoreError> {
    render::phase(sitting).state.code().clone_into(&mut row.phase);
    row.closes_at = sitting.closes_at();
    row.due_at = rules::next_due(sitting);
    row.schema_version = sitting.schema_version.into();
    row.state = text_of(sitting)?;
    Ok(())
}

/// Events as they are stored.
pub fn event_rows(
    row: &SittingRow,
    recorded: &[Recorded],
    given: &Given,
) -> Result<Vec<EventRow>, StoreError> {
    let one = |recorded: &Recorded| {
        let event = serde_json::to_value(&recorded.event)
            .map_err(|e| StoreError::Unreadable { what: "an event", why: e.to_string() })?;
        Ok(EventRow {
            sitting_id: row.id,
            seq: i64::try_from(recorded.seq).unwrap_or(i64::MAX),
            school_id: row.school_id,
            schema_version: recorded.schema_version.into(),
            kind: event.get("kind").and_then(|kind| kind.as_str()).unwrap_or_default().to_owned(),
            at: recorded.at,
            actor: given.actor.clone(),
            command_id: given.command_id,
            body: event.to_string(),
        })
    };
    recorded.iter().map(one).collect()
}

/// The view of a sitting for its candidate.
pub async fn view(app: &App, loaded: &Loaded, reader: &Reader) -> Result<SittingView, Problem> {
    let received = received(app, &loaded.sitting).await?;
    let stands = faces::of_sitting(app, loaded).await?;
    let scene = scene(app, loaded, &received, reader);
    let mut open = rules::actions(&loaded.sitting, &loaded.context, scene.now);
    faces::close_starts(&mut open, &loaded.context, &stands, scene.now);
    let mut view = render::with_actions(&loaded.sitting, &open, scene);
    faces::leave_unseen(&mut view, stands.lacks);
    Ok(view)
}

/// The view of a sitting for staff, with what they can do where they may do anything.
pub async fn staff_view(
    app: &App,
    loaded: &Loaded,
    reader: &Reader,
    may_act: bool,
) -> Result<SittingView, Problem> {
    let received = received(app, &loaded.sitting).await?;
    let scene = scene(app, loaded, &received, reader);
    let open =
        if may_act { rules::staff_actions(&loaded.sitting, &loaded.context, scene.now) } else { Vec::new() };
    Ok(render::with_actions(&loaded.sitting, &open, scene))
}

fn scene<'a>(app: &App, loaded: &'a Loaded, received: &'a Received, reader: &'a Reader) -> Scene<'a> {
    Scene {
        school: &loaded.known.school,
        revision: &loaded.known.revision,
        context: &loaded.context,
        received,
        reader,
        now: app.clock.now(),
    }
}

async fn received(app: &App, sitting: &Sitting) -> Result<Received, Problem> {
    let takes = sitting.subjects.iter().flat_map(|run| &run.takes);
    if takes.clone().next().is_none() {
        return Ok(Received::default());
    }
    let parts = takes.flat_map(|take| &take.parts).map(|part| part.id);
    let kept = app.footage.kept_in(app, sitting.id, parts).await?;
    Ok(kept.into_iter().map(|(part, segments)| (part, segments.count())).collect())
}
