//! Which actions are open now, and for a closed one why: by asking the rules themselves.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Command, Context, FaceEvidence, PartReason, Phase, Sitting, SubjectContext, SubjectRun, Take, handle,
};
use crate::id::{FaceCheckId, PartId, SubjectId, SubmissionId, TakeId};
use crate::refusal::{Refusal, RefusalCode};
use crate::seal::Hash32;
use crate::time::{Millis, Timestamp};

/// What a candidate, or staff, can do with a sitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionName {
    /// 开始考试.
    Enter,
    /// 打开试题, where the subject has a paper.
    OpenPaper,
    /// 开始录制(n).
    StartTake,
    /// 继续录制.
    ResumeTake,
    /// 完成录制.
    FinishTake,
    /// 提交.
    Submit,
    /// Leave out an elective.
    SkipSubject,
    /// End without the electives not taken (K7).
    FinishWithoutElectives,
    /// Ask for a new capability to send segments.
    RenewCapability,
    /// Staff: grant time.
    Grant,
    /// Staff: grant an attempt.
    GrantAttempt,
    /// Staff: stop.
    Suspend,
    /// Staff: let go on.
    Resume,
    /// Staff: open a subject again.
    Reopen,
    /// Staff: let another device drive it.
    ReleaseDevice,
    /// Staff: end.
    End,
}

/// An action, open or with the reason why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionState {
    /// Which action.
    pub name: ActionName,
    /// Of which subject, for a subject's or take's action.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_id: Option<SubjectId>,
    /// Of which take, for a take's action.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take_id: Option<TakeId>,
    /// Why it is closed; `None`: it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// What to know before doing it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Refusal>,
}

/// The candidate's actions: the sitting's, each subject's, each take's.
///
/// `Submit` of a subject is open when one of its takes can be submitted.
pub fn actions(sitting: &Sitting, ctx: &Context, now: Timestamp) -> Vec<ActionState> {
    let asker = Asker::new(sitting, ctx, now);
    let mut actions = vec![
        asker.ask(ActionName::Enter, &Command::Enter),
        asker.ask(ActionName::FinishWithoutElectives, &Command::Finish),
    ];
    for subject in &ctx.subjects {
        let Some(run) = asker.sitting.run(subject.id) else { continue };
        actions.extend(asker.of_subject(subject, run));
        actions.extend(run.takes.iter().flat_map(|take| asker.of_take(subject, take)));
    }
    actions
}

/// What staff can do.
pub fn staff_actions(sitting: &Sitting, ctx: &Context, now: Timestamp) -> Vec<ActionState> {
    let asker = Asker::new(sitting, ctx, now);
    let reason = String::new();
    let mut actions = vec![
        asker.ask(ActionName::Grant, &Command::Grant { extra_ms: Millis(1), reason: reason.clone() }),
        asker.ask(ActionName::Suspend, &Command::Suspend { reason: reason.clone() }),
        asker.ask(ActionName::Resume, &Command::Resume),
        asker.ask(ActionName::ReleaseDevice, &Command::ReleaseDevice { reason: reason.clone() }),
        asker.ask(ActionName::End, &Command::EndByStaff { reason: reason.clone() }),
    ];
    for subject in &ctx.subjects {
        let subject_id = subject.id;
        let attempt = Command::GrantAttempt { subject_id, reason: reason.clone() };
        let reopen = Command::Reopen { subject_id, until: Timestamp::NEVER, reason: reason.clone() };
        actions.push(asker.ask(ActionName::GrantAttempt, &attempt).of(subject_id));
        actions.push(asker.ask(ActionName::Reopen, &reopen).of(subject_id));
    }
    actions
}

/// Asks the rules about a state to which time has already done its part.
struct Asker<'a> {
    sitting: Sitting,
    ctx: &'a Context,
    now: Timestamp,
}

impl<'a> Asker<'a> {
    fn new(sitting: &Sitting, ctx: &'a Context, now: Timestamp) -> Self {
        let settled =
            handle(sitting, &Command::Tick, ctx, now).map_or_else(|_| sitting.clone(), |(state, _)| state);
        Self { sitting: settled, ctx, now }
    }

    fn ask(&self, name: ActionName, command: &Command) -> ActionState {
        let refusal = handle(&self.sitting, command, self.ctx, self.now).err();
        ActionState { name, subject_id: None, take_id: None, refusal, notices: Vec::new() }
    }

    fn of_subject(&self, subject: &SubjectContext, run: &SubjectRun) -> Vec<ActionState> {
        let subject_id = subject.id;
        // The face check is a part of starting: the action is open without one.
        let face = Some(FaceEvidence { check_id: NEW_CHECK, subject_id, at: self.now, flagged: false });
        let start = Command::StartTake { subject_id, take_id: NEW_TAKE, part_id: NEW_PART, face };
        let mut start = self.ask(ActionName::StartTake, &start).of(subject_id);
        if start.refusal.is_none() {
            start.notices = self.start_notices(subject, run);
        }
        let skip = self.ask(ActionName::SkipSubject, &Command::Skip { subject_id }).of(subject_id);
        let mut actions = vec![start, self.submit_of_subject(subject, run), skip];
        if subject.paper.is_some() {
            let open = Command::OpenPaper { subject_id, seed: Hash32([0; 32]) };
            actions.push(self.ask(ActionName::OpenPaper, &open).of(subject_id));
        }
        actions
    }

    /// As good as the best of its takes; without any take, what stands in the way of a subject's submission.
    fn submit_of_subject(&self, subject: &SubjectContext, run: &SubjectRun) -> ActionState {
        let subject_id = subject.id;
        let ask = |take_id| {
            let submit = Command::Submit { subject_id, take_id, submission_id: NEW_SUBMISSION };
            self.ask(ActionName::Submit, &submit).of(subject_id)
        };
        let mut best = ask(run.take_to_submit().map_or(NEW_TAKE, |take| take.id));
        if best.refusal.as_ref().is_some_and(|refusal| refusal.code == RefusalCode::TakeNotFound) {
            let left = run.attempts_left(subject.policy.attempts);
            best.refusal = Some(Refusal::new(RefusalCode::SubmissionNothingRecorded).with("left", left));
        }
        best
    }

    fn of_take(&self, subject: &SubjectContext, take: &Take) -> Vec<ActionState> {
        let (subject_id, take_id) = (subject.id, take.id);
        let mut actions = Vec::new();
        if take.is_live() {
            let finish = Command::FinishTake { take_id, parts: Vec::new() };
            actions.push(self.ask(ActionName::FinishTake, &finish));
            actions.push(self.resume_take(take_id));
        } else if take.is_finished() {
            let submit = Command::Submit { subject_id, take_id, submission_id: NEW_SUBMISSION };
            let mut submit = self.ask(ActionName::Submit, &submit);
            submit.notices.extend(short(subject, take));
            actions.push(submit);
        }
        actions.push(self.renew_capability());
        actions.into_iter().map(|action| action.of(subject_id).of_take(take_id)).collect()
    }

    /// Open only if the take would go on: a new recorder may be the interruption that ends it.
    fn resume_take(&self, take_id: TakeId) -> ActionState {
        let reason = PartReason::RecorderRestarted;
        let command =
            Command::OpenPart { take_id, part_id: NEW_PART, reason, lasted_ms: None, previous: Vec::new() };
        let refusal = match handle(&self.sitting, &command, self.ctx, self.now) {
            Ok((state, _)) if state.part(NEW_PART).is_some() => None,
            Ok(_) => Some(Refusal::new(RefusalCode::TakeLost).with("cause", "interrupted")),
            Err(refusal) => Some(refusal),
        };
        ActionState {
            name: ActionName::ResumeTake,
            subject_id: None,
            take_id: None,
            refusal,
            notices: Vec::new(),
        }
    }

    fn renew_capability(&self) -> ActionState {
        let refusal = match self.sitting.deliver_until {
            Some(until) if !self.sitting.delivery_is_open(self.now) => {
                Some(Refusal::new(RefusalCode::DeliveryLapsed).at("deliver_until_at", until))
            }
            _ => None,
        };
        ActionState {
            name: ActionName::RenewCapability,
            subject_id: None,
            take_id: None,
            refusal,
            notices: Vec::new(),
        }
    }

    fn start_notices(&self, subject: &SubjectContext, run: &SubjectRun) -> Vec<Refusal> {
        let mut notices = Vec::new();
        let left = self.sitting.run_closes_at(run).map(|close| close.since(self.now));
        let longest = subject.policy.position_ms + subject.policy.take_max_ms;
        if let Some(left) = left.filter(|left| *left < longest) {
            let notice = Refusal::new(RefusalCode::TakeMayNotFit).lasting("left_ms", left);
            notices.push(notice.lasting("take_max_ms", subject.policy.take_max_ms));
        }
        if run.attempts_left(subject.policy.attempts) == 1 {
            notices.push(RefusalCode::TakeLastAttempt.into());
        }
        notices
    }
}

impl ActionState {
    /// Whether it can be done.
    pub const fn is_open(&self) -> bool {
        self.refusal.is_none()
    }

    fn of(mut self, subject_id: SubjectId) -> Self {
        self.subject_id = Some(subject_id);
        self
    }

    fn of_take(mut self, take_id: TakeId) -> Self {
        self.take_id = Some(take_id);
        self
    }
}

impl Sitting {
    /// Whether the candidate waits for someone else: a proctor who stopped the sitting.
    pub const fn waits_for_staff(&self) -> bool {
        matches!(self.phase, Phase::Suspended { .. })
    }
}

fn short(subject: &SubjectContext, take: &Take) -> Option<Refusal> {
    let (shortest, duration) = (subject.policy.take_min_ms?, take.duration_ms()?);
    let notice = Refusal::new(RefusalCode::TakeShort).lasting("duration_ms", duration);
    (duration < shortest).then(|| notice.lasting("take_min_ms", shortest))
}

/// Ids that stand for what a real command would bring; no real id is all ones.
const NEW_TAKE: TakeId = TakeId::from_uuid(Uuid::max());
const NEW_PART: PartId = PartId::from_uuid(Uuid::max());
const NEW_CHECK: FaceCheckId = FaceCheckId::from_uuid(Uuid::max());
const NEW_SUBMISSION: SubmissionId = SubmissionId::from_uuid(Uuid::max());
