//! Makes the view of a sitting.

use yikao_domain::exam::Subject;
use yikao_domain::sitting::{
    ActionState, LostCause, Phase, Sitting, SubjectContext, SubjectRun, Submission, Take, TakeState,
};
use yikao_domain::standing::FaceRule;

use super::names::PhaseName;
use super::view::{
    Action, AttemptsView, ExamBrief, Named, PaperView, PartView, PhaseView, Scene, SittingView, SubjectView,
    SubmissionView, TakeView,
};
use crate::problem::RefusalView;

/// The view of `sitting` with what its reader can do.
pub fn with_actions(sitting: &Sitting, open: &[ActionState], scene: Scene<'_>) -> SittingView {
    let body = &scene.revision.body;
    let name = body.major(sitting.major_id).map(|major| major.name.clone()).unwrap_or_default();
    let of_all = |state: &&ActionState| state.subject_id.is_none() && state.take_id.is_none();
    SittingView {
        id: sitting.id,
        version: sitting.version,
        kind: sitting.kind,
        enrolment_id: sitting.enrolment_id,
        school: scene.school.clone(),
        exam: ExamBrief {
            id: scene.revision.exam_id,
            title: body.title.clone(),
            zone: body.zone.clone(),
            terms: body.terms.clone(),
        },
        major: Named { id: sitting.major_id, name },
        session_id: sitting.session_id,
        server_time: scene.now,
        phase: phase(sitting),
        device_id: sitting.device_id,
        second_sign_in: sitting.second_sign_in.clone(),
        countdown_warnings_ms: scene.context.policy.countdown_warnings_ms.clone(),
        subjects: sitting.subjects.iter().filter_map(|run| subject(run, open, scene)).collect(),
        actions: open.iter().filter(of_all).map(|state| action(state, scene)).collect(),
    }
}

/// How far a sitting is.
pub fn phase(sitting: &Sitting) -> PhaseView {
    let (state, entered_at, closes_at, outcome) = match sitting.phase {
        Phase::Waiting { .. } => (PhaseName::Waiting, None, None, None),
        Phase::Open { entered_at, closes_at } => (PhaseName::Open, Some(entered_at), Some(closes_at), None),
        Phase::Suspended { entered_at, closes_at, .. } => {
            (PhaseName::Suspended, Some(entered_at), Some(closes_at), None)
        }
        Phase::Reopened { entered_at, until, .. } => (PhaseName::Reopened, entered_at, Some(until), None),
        Phase::Closed { entered_at, closed_at, outcome } => {
            (PhaseName::Closed, entered_at, Some(closed_at), Some(outcome))
        }
    };
    PhaseView { state, entered_at, closes_at, outcome, deliver_until: sitting.deliver_until }
}

fn subject(run: &SubjectRun, open: &[ActionState], scene: Scene<'_>) -> Option<SubjectView> {
    let context = scene.context.subject(run.subject_id).ok()?;
    let (_, Subject { form, content, requirements, notes, .. }) =
        scene.revision.body.subject(run.subject_id)?;
    let of_it = |state: &&ActionState| state.subject_id == Some(run.subject_id) && state.take_id.is_none();
    let policy = &context.policy;
    let face = FaceRule::of(policy, scene.context.session.kind);
    Some(SubjectView {
        subject_id: run.subject_id,
        run_id: run.id,
        name: context.name.clone(),
        form: *form,
        compulsory: context.compulsory,
        content: content.clone(),
        requirements: requirements.clone(),
        notes: notes.clone(),
        paper: paper(run, context),
        state: run.state.into(),
        closes_at: run.closes_at(),
        take_max_ms: policy.take_max_ms,
        take_min_ms: policy.take_min_ms,
        position_ms: policy.position_ms,
        early_stop: policy.early_stop,
        face: face.mode,
        face_within_ms: face.within_ms,
        media: policy.media,
        interruption: policy.interruption,
        attempts: attempts(run, context),
        takes: run.takes.iter().map(|one| take(one, open, scene)).collect(),
        chosen_take_id: run.chosen,
        submission: run.submission().map(submission),
        actions: open.iter().filter(of_it).map(|state| action(state, scene)).collect(),
    })
}

fn paper(run: &SubjectRun, context: &SubjectContext) -> Option<PaperView> {
    let (paper, opened) = (context.paper.as_ref()?, run.paper.as_ref());
    Some(PaperView {
        questions: paper.dealt(),
        drawn: paper.questions.len() > paper.dealt() as usize,
        read_ms: paper.read_ms,
        opened_at: opened.map(|opened| opened.opened_at),
        answer_from: opened.map(|opened| opened.answer_from),
    })
}

fn attempts(run: &SubjectRun, context: &SubjectContext) -> AttemptsView {
    let by_policy = context.policy.attempts;
    AttemptsView {
        allowed: run.attempts_allowed(by_policy),
        used: run.attempts_used(),
        left: run.attempts_left(by_policy),
    }
}

fn submission(submission: &Submission) -> SubmissionView {
    SubmissionView {
        id: submission.id,
        revision: submission.revision,
        take_id: submission.take_id,
        submitted_at: submission.submitted_at,
        delivery: submission.delivery,
    }
}

fn take(take: &Take, open: &[ActionState], scene: Scene<'_>) -> TakeView {
    let of_it = |state: &&ActionState| state.take_id == Some(take.id);
    let part = |(at, part): (usize, &yikao_domain::sitting::Part)| {
        let received = scene.received.get(&part.id).copied().unwrap_or_default();
        PartView {
            id: part.id,
            number: u32::try_from(at + 1).unwrap_or(u32::MAX),
            last_index: part.end.map(|end| end.last_index),
            received,
            complete: part.end.is_some_and(|end| received >= end.last_index),
            duration_ms: part.end.map(|end| end.duration_ms),
        }
    };
    TakeView {
        id: take.id,
        number: take.number,
        state: take.state.into(),
        grace_until: match take.state {
            TakeState::Grace { until, .. } => Some(until),
            _ => None,
        },
        beep_at: take.beep_at(),
        max_ends_at: match take.state {
            TakeState::Recording { max_ends_at, .. } | TakeState::Grace { max_ends_at, .. } => {
                Some(max_ends_at)
            }
            _ => None,
        },
        finished_at: match take.state {
            TakeState::Finished { finished_at, .. } => Some(finished_at),
            _ => None,
        },
        duration_ms: take.duration_ms(),
        lost_cause: lost_cause(take.state),
        interruptions: take.interruption_count(),
        parts: take.parts.iter().enumerate().map(part).collect(),
        actions: open.iter().filter(of_it).map(|state| action(state, scene)).collect(),
    }
}

fn lost_cause(state: TakeState) -> Option<LostCause> {
    match state {
        TakeState::Lost { cause, .. } => Some(cause),
        _ => None,
    }
}

/// An action's name, as it is written on the wire.
fn name_of(state: &ActionState) -> String {
    let name = serde_json::to_value(state.name).ok();
    name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn action(state: &ActionState, scene: Scene<'_>) -> Action {
    let reader = scene.reader.within(&scene.revision.body);
    Action {
        name: name_of(state),
        open: state.refusal.is_none(),
        refusal: state.refusal.as_ref().map(|refusal| RefusalView::new(refusal, &reader)),
        notices: state.notices.iter().map(|notice| RefusalView::new(notice, &reader)).collect(),
    }
}
