//! What papers ask, from the draft to the candidate's page. A stored revision holds it closed and apart, so that whatever
//! shows a revision cannot show it by mistake. Candidates fetch it ahead, each question sealed under a key of its own,
//! and get the keys of the questions that are theirs when they open the paper in a sitting they have entered (K6).

use bytes::Bytes;
use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::exam::{QuestionTexts, Subject};
use yikao_domain::id::{MajorId, PaperId, QuestionId, RevisionId, SchoolId, SessionId, SubjectId};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::sitting::{OpenedPaper, Phase};
use yikao_domain::time::Timestamp;
use yikao_store::paper::{self, ClosedTexts};
use yikao_store::{StoreError, Tx};

use crate::base64url;
use crate::keyring::KeyError;
use crate::problem::Problem;
use crate::revisions::Known;
use crate::sittings::command::Loaded;
use crate::state::App;

/// Sealed questions are of a length that is a multiple of this, so that the length tells little.
const BLOCK_BYTES: usize = 256;

/// The papers of a major in a session, sealed: of no use before their keys are handed out.
#[derive(Debug, Serialize, ToSchema)]
pub struct SealedPapers {
    /// Which edition: keys open the questions of their own edition alone.
    pub edition: String,
    /// The session that uses them.
    pub session_id: SessionId,
    /// The papers, none where the session uses none.
    pub papers: Vec<SealedPaper>,
}

/// A paper, sealed.
#[derive(Debug, Serialize, ToSchema)]
pub struct SealedPaper {
    /// Of which subject.
    pub subject_id: SubjectId,
    /// The paper.
    pub paper_id: PaperId,
    /// All its questions; who draws some gets the keys of these alone.
    pub questions: Vec<SealedQuestion>,
}

/// A question, sealed.
#[derive(Debug, Serialize, ToSchema)]
pub struct SealedQuestion {
    /// The question.
    pub id: QuestionId,
    /// Base64url: a nonce of 12 bytes, then AES-256-GCM over the text, padded with spaces, and its tag. The associated
    /// data is `yikao-question-1:<edition>:<session>:<question>`.
    pub sealed: String,
}

/// The keys of the questions that are a candidate's own.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperKeys {
    /// The edition of sealed papers that they open.
    pub edition: String,
    /// In which session.
    pub session_id: SessionId,
    /// Of which subject.
    pub subject_id: SubjectId,
    /// In the order in which they are asked.
    pub questions: Vec<KeyOfQuestion>,
}

/// The key of a question.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyOfQuestion {
    /// The question.
    pub id: QuestionId,
    /// Its AES-256 key, base64url.
    pub key: String,
}

/// What a candidate was asked in a subject, for reviewers.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskedPaper {
    /// In which subject.
    pub subject_id: SubjectId,
    /// When the candidate opened it, ms.
    pub opened_at: Timestamp,
    /// From when a take could begin, ms.
    pub answer_from: Timestamp,
    /// The candidate's own questions in their order.
    pub questions: Vec<String>,
}

/// Closes what the papers of a new revision ask; `None` where they ask nothing.
pub fn close(
    app: &App,
    school_id: SchoolId,
    revision_id: RevisionId,
    texts: &QuestionTexts,
) -> Result<Option<ClosedTexts>, Problem> {
    if texts.is_empty() {
        return Ok(None);
    }
    let cipher = app.keys.close(&row(revision_id), &serde_json::to_vec(texts)?)?;
    Ok(Some(ClosedTexts { revision_id, school_id, kid: app.keys.kid(), cipher }))
}

/// What the papers of a revision ask.
pub async fn texts(app: &App, tx: &mut Tx, revision: RevisionId) -> Result<QuestionTexts, StoreError> {
    let Some(closed) = paper::of_revision(tx, revision).await? else { return Ok(QuestionTexts::new()) };
    let unreadable = |why: String| StoreError::Unreadable { what: "question_texts.cipher", why };
    let plain =
        app.keys.open(&closed.kid, &row(revision), &closed.cipher).map_err(|e| unreadable(e.to_string()))?;
    serde_json::from_slice(&plain).map_err(|_| unreadable("not the texts of questions".into()))
}

/// The sealed papers of a major in a session, as JSON: made once, the same for everybody.
pub async fn sealed(
    app: &App,
    tx: &mut Tx,
    known: &Known,
    major: MajorId,
    session: SessionId,
) -> Result<Bytes, Problem> {
    known.context(major, session)?;
    if let Some(made) = known.sealed(major, session) {
        return Ok(made);
    }
    let texts = texts(app, tx, known.revision.id).await?;
    let subjects =
        known.revision.body.major(major).map(|major| major.subjects.as_slice()).unwrap_or_default();
    let papers = subjects.iter().filter_map(|subject| seal(app, known, subject, session, &texts).transpose());
    let made = SealedPapers {
        edition: edition(app, known.revision.id),
        session_id: session,
        papers: papers.collect::<Result<_, _>>()?,
    };
    Ok(known.keep_sealed(major, session, serde_json::to_vec(&made)?.into()))
}

fn seal(
    app: &App,
    known: &Known,
    subject: &Subject,
    session: SessionId,
    texts: &QuestionTexts,
) -> Result<Option<SealedPaper>, KeyError> {
    let Some(paper) = subject.paper_in(session) else { return Ok(None) };
    let one = |id: QuestionId| {
        let context = context(app, known.revision.id, session, id);
        let mut plain = texts.get(&id).cloned().unwrap_or_default().into_bytes();
        plain.resize(plain.len().next_multiple_of(BLOCK_BYTES).max(BLOCK_BYTES), b' ');
        let sealed = app.keys.question_key(&context).close(&context, &plain)?;
        Ok(SealedQuestion { id, sealed: base64url::encode(&sealed) })
    };
    let questions =
        paper.questions.iter().map(|question| one(question.id)).collect::<Result<_, KeyError>>()?;
    Ok(Some(SealedPaper { subject_id: subject.id, paper_id: paper.id, questions }))
}

/// The keys of the questions that the candidate of this sitting has in a subject.
///
/// # Errors
/// `subject.not_found`, `paper.none`, `paper.not_opened`; `sitting.closed` once the sitting is over.
pub fn keys(app: &App, loaded: &Loaded, subject: SubjectId) -> Result<PaperKeys, Refusal> {
    loaded.context.subject(subject)?.paper.as_ref().ok_or(RefusalCode::PaperNone)?;
    if let Phase::Closed { closed_at, .. } = loaded.sitting.phase {
        return Err(Refusal::new(RefusalCode::SittingClosed).at("closed_at", closed_at));
    }
    let run = loaded.sitting.run(subject).ok_or(RefusalCode::SubjectNotFound)?;
    let opened = run.paper.as_ref().ok_or(RefusalCode::PaperNotOpened)?;
    let (revision, session) = (loaded.row.revision_id, loaded.row.session_id);
    let one = |id: &QuestionId| KeyOfQuestion {
        id: *id,
        key: app.keys.question_key(&context(app, revision, session, *id)).text(),
    };
    Ok(PaperKeys {
        edition: edition(app, revision),
        session_id: session,
        subject_id: subject,
        questions: opened.questions.iter().map(one).collect(),
    })
}

/// What the candidate of a sitting was asked, subject by subject.
pub async fn asked(app: &App, loaded: &Loaded) -> Result<Vec<AskedPaper>, Problem> {
    let opened = loaded.sitting.subjects.iter().filter_map(|run| Some((run.subject_id, run.paper.as_ref()?)));
    let opened: Vec<_> = opened.collect();
    if opened.is_empty() {
        return Ok(Vec::new());
    }
    let texts = texts(app, &mut app.db.reader().await?, loaded.row.revision_id).await?;
    let text = |id: &QuestionId| texts.get(id).cloned().unwrap_or_default();
    let paper = |(subject_id, paper): (SubjectId, &OpenedPaper)| AskedPaper {
        subject_id,
        opened_at: paper.opened_at,
        answer_from: paper.answer_from,
        questions: paper.questions.iter().map(text).collect(),
    };
    Ok(opened.into_iter().map(paper).collect())
}

/// Which edition of a revision's sealed papers is handed out: another key of the installation makes another.
fn edition(app: &App, revision: RevisionId) -> String {
    format!("{revision}.{}", app.keys.kid())
}

fn context(app: &App, revision: RevisionId, session: SessionId, question: QuestionId) -> String {
    format!("yikao-question-1:{}:{session}:{question}", edition(app, revision))
}

fn row(revision: RevisionId) -> String {
    format!("question-texts:{revision}")
}
