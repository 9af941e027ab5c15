//! Reviews as the desk and as candidates see them.

use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::document::DocumentType;
use yikao_domain::id::{CandidateId, ReviewId, SittingId};
use yikao_domain::review::{
    self as rules, Command, Event, Review, ReviewKind, ReviewState, Verdict, alarm_at,
};
use yikao_domain::time::Timestamp;
use yikao_store::review::{self, Queued, ReviewEvent, ReviewRow};

use super::facts::Facts;
use super::{colleague, facts_of, read, read_state, words_of};
use crate::auth::actor::Actor;
use crate::identities::key_of;
use crate::language::Reader;
use crate::problem::Problem;
use crate::routes::console::people;
use crate::sittings::view::Action;
use crate::state::App;

/// How far a review is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ReviewStateName {
    Open,
    Claimed,
    NeedMore,
    Decided,
    Cancelled,
}

/// A review in the queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskReview {
    /// The review.
    pub id: ReviewId,
    /// About what.
    pub kind: ReviewKind,
    /// Which of several of its kind.
    pub topic: String,
    /// For whom.
    pub candidate_id: CandidateId,
    /// Their name, where they have said it.
    pub candidate_name: String,
    /// How far it is.
    pub state: ReviewStateName,
    /// What it came to.
    #[schema(required)]
    pub verdict: Option<Verdict>,
    /// Who has it, as colleagues know them.
    #[schema(required)]
    pub claimed_by: Option<String>,
    /// Whether that is oneself.
    pub mine: bool,
    /// Whether two people have to agree.
    pub four_eyes: bool,
    /// How many have said what they think.
    pub opinions: u32,
    /// When it was asked for, ms.
    pub opened_at: Timestamp,
    /// When it is to be answered by, ms.
    pub due_at: Timestamp,
    /// When it came to its end, ms.
    #[schema(required)]
    pub closed_at: Option<Timestamp>,
    /// When the desk hears an alarm, ms: only while the candidate is in an open formal sitting.
    #[schema(required)]
    pub alarm_at: Option<Timestamp>,
}

/// A review with what it is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskReviewDetail {
    /// The review.
    #[serde(flatten)]
    pub review: DeskReview,
    /// In which sitting it came up.
    #[schema(required)]
    pub sitting_id: Option<SittingId>,
    /// Whom it is about.
    pub candidate: DeskPerson,
    /// What it is about.
    pub facts: Facts,
    /// What was done, oldest first.
    pub events: Vec<ReviewEventView>,
    /// `claim`, `release`, `decide`, `ask`, `cancel`: each open, or why not.
    pub actions: Vec<Action>,
    /// Server time, ms.
    pub server_time: Timestamp,
}

/// Whom a review is about, in full: whoever decides compares.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct DeskPerson {
    /// The name; empty where it was never said.
    pub name: String,
    /// The document.
    #[schema(required)]
    pub document_type: Option<DocumentType>,
    /// Its number.
    pub document_number: String,
    /// Province of the examination.
    pub province: String,
    /// Where they are reached, masked.
    pub contact: String,
}

/// Something that was done to a review.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewEventView {
    /// When, ms.
    pub at: Timestamp,
    /// What: `opened`, `claimed`, `asked_for_more` …
    pub kind: String,
    /// Who, as colleagues know them; empty where it was the candidate or the platform.
    pub who: String,
    /// What it came to, where that was said.
    #[schema(required)]
    pub verdict: Option<Verdict>,
    /// What was written with it.
    #[schema(required)]
    pub words: Option<String>,
}

/// A review as its candidate sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyReview {
    /// The review.
    pub id: ReviewId,
    /// About what.
    pub kind: ReviewKind,
    /// Which of several of its kind.
    pub topic: String,
    /// How far it is.
    pub state: ReviewStateName,
    /// What it came to.
    #[schema(required)]
    pub verdict: Option<Verdict>,
    /// What the desk wrote last: what it asks for, or why it decided so.
    #[schema(required)]
    pub words: Option<String>,
    /// When it was asked for, ms.
    pub opened_at: Timestamp,
    /// When it is to be answered by, ms; rests while the candidate has to give more.
    pub due_at: Timestamp,
    /// When it came to its end, ms.
    #[schema(required)]
    pub closed_at: Option<Timestamp>,
    /// `give_more`, `cancel`: each open, or why not.
    pub actions: Vec<Action>,
}

impl From<&ReviewState> for ReviewStateName {
    fn from(state: &ReviewState) -> Self {
        match state {
            ReviewState::Open => Self::Open,
            ReviewState::Claimed { .. } => Self::Claimed,
            ReviewState::NeedMore { .. } => Self::NeedMore,
            ReviewState::Decided { .. } => Self::Decided,
            ReviewState::Cancelled { .. } => Self::Cancelled,
        }
    }
}

/// A row of the queue.
pub async fn queued(app: &App, actor: &Actor, queued: &Queued) -> Result<DeskReview, Problem> {
    let review = read_state(&queued.state)?;
    let name = people::identity(app, review.candidate_id).await?.map(|who| who.name).unwrap_or_default();
    row(app, actor, &review, name, queued.urgent_since).await
}

async fn row(
    app: &App,
    actor: &Actor,
    review: &Review,
    candidate_name: String,
    urgent_since: Option<Timestamp>,
) -> Result<DeskReview, Problem> {
    let claimed_by = match review.claimed_by() {
        Some(by) => Some(colleague(app, &mut app.db.reader().await?, by).await?),
        None => None,
    };
    let waits = review.is_live() && !matches!(review.state, ReviewState::NeedMore { .. });
    Ok(DeskReview {
        id: review.id,
        kind: review.kind,
        topic: review.topic.clone(),
        candidate_id: review.candidate_id,
        candidate_name,
        state: (&review.state).into(),
        verdict: review.verdict(),
        claimed_by,
        mine: review.claimed_by() == Some(actor.account),
        four_eyes: review.four_eyes,
        opinions: u32::try_from(review.opinions.len()).unwrap_or(u32::MAX),
        opened_at: review.opened_at,
        due_at: review.due_at,
        closed_at: review.closed_at(),
        alarm_at: urgent_since.filter(|_| waits).map(|since| alarm_at(review.opened_at, since)),
    })
}

/// Everything that a decision needs.
pub async fn detail(
    app: &App,
    actor: &Actor,
    reader: &Reader,
    stored: &ReviewRow,
) -> Result<DeskReviewDetail, Problem> {
    let loaded = read(stored)?;
    let (key, events, urgent_since) = {
        let mut tx = app.db.reader().await?;
        let key = key_of(app, &mut tx, loaded.candidate_id).await?;
        let events = review::events(&mut tx, loaded.id).await?;
        (key, events, review::urgent_since(&mut tx, loaded.candidate_id).await?)
    };
    let candidate = person(app, loaded.candidate_id).await?;
    let mut shown = Vec::with_capacity(events.len());
    for event in &events {
        let words = words_of(&key, event)?;
        shown.push(event_view(app, &loaded, event, words).await?);
    }
    let now = app.clock.now();
    Ok(DeskReviewDetail {
        review: row(app, actor, &loaded, candidate.name.clone(), urgent_since).await?,
        sitting_id: loaded.sitting_id,
        candidate,
        facts: facts_of(&key, stored)?,
        events: shown,
        actions: desk_actions(&loaded, actor, reader, now),
        server_time: now,
    })
}

/// A candidate as the desk sees them.
pub async fn person(app: &App, candidate: CandidateId) -> Result<DeskPerson, Problem> {
    let account = yikao_domain::id::AccountId::from_uuid(*candidate.as_uuid());
    let contact = colleague(app, &mut app.db.reader().await?, account).await?;
    Ok(match people::identity(app, candidate).await? {
        Some(who) => DeskPerson {
            name: who.name,
            document_type: Some(who.document_type),
            document_number: who.document_number,
            province: who.province.name().to_owned(),
            contact,
        },
        None => DeskPerson { contact, ..DeskPerson::default() },
    })
}

async fn event_view(
    app: &App,
    review: &Review,
    event: &ReviewEvent,
    words: Option<String>,
) -> Result<ReviewEventView, Problem> {
    let account = event.actor.strip_prefix("account:").and_then(|id| id.parse().ok());
    let of_staff =
        account.filter(|id: &yikao_domain::id::AccountId| id.as_uuid() != review.candidate_id.as_uuid());
    let who = match of_staff {
        Some(id) => colleague(app, &mut app.db.reader().await?, id).await?,
        None => String::new(),
    };
    let verdict = match serde_json::from_str(&event.body) {
        Ok(Event::Decided { verdict, .. } | Event::OpinionGiven { verdict, .. }) => Some(verdict),
        _ => None,
    };
    Ok(ReviewEventView { at: event.at, kind: event.kind.clone(), who, verdict, words })
}

fn desk_actions(review: &Review, actor: &Actor, reader: &Reader, now: Timestamp) -> Vec<Action> {
    let by = actor.account;
    let said = || "…".to_owned();
    let commands = [
        ("claim", Command::Claim { by }),
        ("release", Command::Release { by }),
        ("decide", Command::Decide { by, verdict: Verdict::Approved, reason: said() }),
        ("ask", Command::AskForMore { by, what: said() }),
        ("cancel", Command::Cancel { by: Some(by), reason: said() }),
    ];
    ask(review, commands, reader, now)
}

fn ask<const N: usize>(
    review: &Review,
    commands: [(&'static str, Command); N],
    reader: &Reader,
    now: Timestamp,
) -> Vec<Action> {
    let one = |(name, command): (&'static str, Command)| {
        Action::new(name, rules::decide(review, &command, now).err().as_ref(), reader)
    };
    commands.into_iter().map(one).collect()
}

/// A candidate's own reviews, newest first.
pub async fn mine(app: &App, reader: &Reader, candidate: CandidateId) -> Result<Vec<MyReview>, Problem> {
    let mut tx = app.db.reader().await?;
    let rows = review::of_candidate(&mut tx, candidate, 20).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = key_of(app, &mut tx, candidate).await?;
    let mut reviews = Vec::with_capacity(rows.len());
    for row in rows {
        let events = review::events(&mut tx, row.id).await?;
        let last = events.iter().rev().find(|event| event.words_cipher.is_some());
        let words = last.map(|event| words_of(&key, event)).transpose()?.flatten();
        reviews.push(own(&read(&row)?, words.filter(|text| !text.is_empty()), reader, app.clock.now()));
    }
    Ok(reviews)
}

fn own(review: &Review, words: Option<String>, reader: &Reader, now: Timestamp) -> MyReview {
    let commands = [
        ("give_more", Command::GiveMore { due_at: now }),
        ("cancel", Command::Cancel { by: None, reason: String::new() }),
    ];
    MyReview {
        id: review.id,
        kind: review.kind,
        topic: review.topic.clone(),
        state: (&review.state).into(),
        verdict: review.verdict(),
        words,
        opened_at: review.opened_at,
        due_at: review.due_at,
        closed_at: review.closed_at(),
        actions: ask(review, commands, reader, now),
    }
}
