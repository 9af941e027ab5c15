//! An exam, a candidate and a clock to tell stories with.

use std::borrow::Borrow;

use uuid::Uuid;

use crate::delivery::DeliveryOutcome;
use crate::exam::{
    Electives, Major, Order, Paper, Question, RevisionBody, Session, SittingKind, Subject, SubjectForm,
};
use crate::id::{
    DeviceId, EnrolmentId, MajorId, PaperId, PartId, RevisionId, SessionId, SittingId, SubjectId,
    SubmissionId, TakeId,
};
use crate::policy::{Overrides, Preset};
use crate::refusal::{Refusal, RefusalCode};
use crate::seal::Hash32;
use crate::sitting::*;
use crate::time::{Millis, Timestamp};

/// When the window opens.
pub(super) const NINE: Timestamp = Timestamp(1_900_000_000_000);

pub(super) fn minutes(minutes: i64) -> Millis {
    Millis::minutes(minutes)
}

pub(super) fn seconds(seconds: i64) -> Millis {
    Millis::seconds(seconds)
}

pub(super) fn subject_id(number: u128) -> SubjectId {
    SubjectId::from_uuid(Uuid::from_u128(0x100 + number))
}

fn session_id() -> SessionId {
    SessionId::from_uuid(Uuid::from_u128(1))
}

pub(super) fn overrides(value: serde_json::Value) -> Overrides {
    serde_json::from_value(value).unwrap()
}

/// What an exam is built from; the window is 09:00 to 13:00.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) kind: SittingKind,
    pub(super) settings: Overrides,
    /// Compulsory or not, with the subject's own settings.
    pub(super) subjects: Vec<(bool, Overrides)>,
    pub(super) electives: Option<Electives>,
    pub(super) order: Order,
    pub(super) latest_entry_at: Option<Timestamp>,
    /// What is asked in the first subject.
    pub(super) paper: Option<Paper>,
}

impl Plan {
    pub(super) fn new(settings: serde_json::Value) -> Self {
        Self {
            kind: SittingKind::Formal,
            settings: overrides(settings),
            subjects: vec![(true, Overrides::default())],
            electives: None,
            order: Order::Free,
            latest_entry_at: None,
            paper: None,
        }
    }

    /// With so many questions in the first subject, of which some are drawn, read for so long.
    pub(super) fn paper(mut self, questions: u128, draw: Option<u32>, read_ms: Millis) -> Self {
        let question = |n| Question { id: Uuid::from_u128(0x500 + n).into(), text: String::new() };
        let questions = (0..questions).map(question).collect();
        let id = PaperId::from_uuid(Uuid::from_u128(0x400));
        self.paper = Some(Paper { id, sessions: vec![session_id()], draw, read_ms, questions });
        self
    }

    pub(super) fn subjects(mut self, compulsory: &[bool]) -> Self {
        self.subjects = compulsory.iter().map(|compulsory| (*compulsory, Overrides::default())).collect();
        self
    }

    pub(super) fn picks(mut self, pick_min: u32, pick_max: u32) -> Self {
        self.electives = Some(Electives { pick_min, pick_max });
        self
    }

    pub(super) fn context(&self) -> Context {
        let body = self.body();
        Context::new(&body, body.majors[0].id, body.sessions[0].id).unwrap()
    }

    fn body(&self) -> RevisionBody {
        let mut session = Session::new(session_id(), self.kind, "上午", NINE, NINE + Millis::hours(4));
        session.latest_entry_at = self.latest_entry_at;
        let subject = |(index, (compulsory, settings)): (usize, &(bool, Overrides))| Subject {
            id: subject_id(index as u128),
            name: format!("科目{index}"),
            form: SubjectForm::Video,
            compulsory: *compulsory,
            content: String::new(),
            requirements: String::new(),
            notes: String::new(),
            settings: settings.clone(),
            papers: self.paper.iter().filter(|_| index == 0).cloned().collect(),
        };
        let mut body = RevisionBody::from_preset(Preset::General, "考试", "Asia/Shanghai", session);
        body.settings = self.settings.clone();
        body.majors = vec![Major {
            id: MajorId::from_uuid(Uuid::from_u128(2)),
            name: "声乐".into(),
            notes: String::new(),
            settings: Overrides::default(),
            electives: self.electives,
            order: self.order,
            subjects: self.subjects.iter().enumerate().map(subject).collect(),
        }];
        body
    }
}

/// A sitting with its log and its clock.
pub(super) struct World {
    pub(super) ctx: Context,
    pub(super) sitting: Sitting,
    pub(super) log: Vec<Recorded>,
    pub(super) now: Timestamp,
    /// The latest the clock has ever shown.
    pub(super) latest: Timestamp,
    ids: u128,
}

impl World {
    pub(super) fn waiting(plan: &Plan) -> Self {
        Self::of(plan.context())
    }

    /// Any exam, made when its session opens.
    pub(super) fn of(ctx: Context) -> Self {
        let opens_at = ctx.session.opens_at;
        let seed = Seed {
            id: SittingId::from_uuid(Uuid::from_u128(3)),
            enrolment_id: EnrolmentId::from_uuid(Uuid::from_u128(4)),
            revision_id: RevisionId::from_uuid(Uuid::from_u128(5)),
            runs: (0..ctx.subjects.len() as u128).map(|n| Uuid::from_u128(0x200 + n).into()).collect(),
        };
        let (sitting, created) = create(&ctx, &seed, opens_at).unwrap();
        Self { ctx, sitting, log: vec![created], now: opens_at, latest: opens_at, ids: 0x1000 }
    }

    /// Entered at nine.
    pub(super) fn entered(plan: &Plan) -> Self {
        let mut world = Self::waiting(plan);
        world.give(Command::Enter);
        world
    }

    pub(super) fn after(&mut self, span: Millis) -> &mut Self {
        self.now = self.now + span;
        self.latest = self.latest.max(self.now);
        self
    }

    pub(super) fn try_to(&mut self, command: &Command) -> Result<(), Refusal> {
        let (sitting, events) = handle(&self.sitting, command, &self.ctx, self.now)?;
        self.sitting = sitting;
        self.log.extend(events);
        Ok(())
    }

    /// The same from a phone.
    pub(super) fn try_by(&mut self, device: Option<DeviceId>, command: &Command) -> Result<(), Refusal> {
        let (sitting, events) = handle_by(&self.sitting, device, command, &self.ctx, self.now)?;
        self.sitting = sitting;
        self.log.extend(events);
        Ok(())
    }

    pub(super) fn give(&mut self, command: impl Borrow<Command>) -> &mut Self {
        self.try_to(command.borrow()).unwrap();
        self
    }

    pub(super) fn refused(&mut self, command: impl Borrow<Command>) -> RefusalCode {
        self.try_to(command.borrow()).unwrap_err().code
    }

    pub(super) fn tick(&mut self) -> &mut Self {
        self.give(Command::Tick)
    }

    pub(super) fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    pub(super) fn start(&mut self, subject: u128) -> (TakeId, PartId) {
        let (take_id, part_id) = (self.id().into(), self.id().into());
        self.give(Command::StartTake { subject_id: subject_id(subject), take_id, part_id, face: None });
        (take_id, part_id)
    }

    /// A take that has begun.
    pub(super) fn record(&mut self, subject: u128) -> (TakeId, PartId) {
        let (take_id, part_id) = self.start(subject);
        self.give(Command::Beep { take_id, part_id });
        (take_id, part_id)
    }

    /// A take of one minute, finished.
    pub(super) fn finished(&mut self, subject: u128) -> TakeId {
        let (take_id, part_id) = self.record(subject);
        let parts = vec![end(part_id, 60)];
        self.after(minutes(1)).give(Command::FinishTake { take_id, parts });
        take_id
    }

    pub(super) fn submission(&mut self, subject: u128, take_id: TakeId) -> Command {
        Command::Submit { subject_id: subject_id(subject), take_id, submission_id: self.id().into() }
    }

    pub(super) fn submit(&mut self, subject: u128, take_id: TakeId) -> SubmissionId {
        let submit = self.submission(subject, take_id);
        self.give(submit);
        self.run(subject).submission().unwrap().id
    }

    pub(super) fn deliver(&mut self, submission_id: SubmissionId, outcome: DeliveryOutcome) {
        self.give(Command::Deliver { submission_id, outcome });
    }

    pub(super) fn run(&self, subject: u128) -> &SubjectRun {
        self.sitting.run(subject_id(subject)).unwrap()
    }

    pub(super) fn take(&self, take_id: TakeId) -> &Take {
        self.sitting.take(take_id).unwrap().1
    }

    pub(super) fn action(&self, name: ActionName) -> ActionState {
        actions(&self.sitting, &self.ctx, self.now).into_iter().find(|action| action.name == name).unwrap()
    }
}

pub(super) fn end(part_id: PartId, last_index: u64) -> PartEnd {
    let duration_ms = Millis::seconds(i64::try_from(last_index).unwrap());
    PartEnd { part_id, end: End { last_index, head: Hash32::of(&last_index.to_be_bytes()), duration_ms } }
}
