//! Exams whose settings are drawn at every level, as far as the linter lets them open.

use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

use crate::exam::{
    Electives, Major, Order, RevisionBody, Session, Severity, SittingKind, Subject, SubjectForm, lint,
};
use crate::policy::*;
use crate::sitting::tests::world::NINE;
use crate::time::Millis;

const MINUTE: i64 = 60_000;

/// An exam of one major in one session, without errors.
pub(super) fn exams(preset: Preset) -> BoxedStrategy<RevisionBody> {
    (settings(0.5), sessions(), majors())
        .prop_map(move |(settings, session, major)| {
            let mut body = RevisionBody::from_preset(preset, "考试", "Asia/Shanghai", session);
            body.settings = settings;
            body.majors = vec![major];
            body
        })
        .prop_filter("the linter finds errors", opens)
        .boxed()
}

fn opens(body: &RevisionBody) -> bool {
    lint(body, NINE).iter().all(|finding| finding.severity != Severity::Error)
}

fn sessions() -> BoxedStrategy<Session> {
    let kind = prop_oneof![
        1 => Just(SittingKind::Practice), 1 => Just(SittingKind::Mock), 4 => Just(SittingKind::Formal)
    ];
    let own = prop_oneof![4 => Just(Overrides::default()), 1 => settings(0.1)];
    (kind, 150..600_i64, prop::option::of(1..150_i64), own)
        .prop_map(|(kind, minutes, latest, settings)| {
            let id = Uuid::from_u128(1).into();
            let mut session = Session::new(id, kind, "上午", NINE, NINE + Millis::minutes(minutes));
            session.latest_entry_at = latest.map(|minutes| NINE + Millis::minutes(minutes));
            session.settings = settings;
            session
        })
        .boxed()
}

fn majors() -> BoxedStrategy<Major> {
    let own = prop_oneof![3 => Just(Overrides::default()), 1 => settings(0.1)];
    let subjects = prop::collection::vec((any::<bool>(), own), 1..4);
    let picks = prop::option::of((0..3_u32, 0..3_u32));
    (subjects, picks, any::<bool>(), prop_oneof![3 => Just(Overrides::default()), 1 => settings(0.1)])
        .prop_map(|(subjects, picks, fixed, settings)| {
            let electives =
                u32::try_from(subjects.iter().filter(|(compulsory, _)| !compulsory).count()).unwrap();
            let picked = |(min, more): (u32, u32)| {
                let pick_min = min.min(electives);
                Electives { pick_min, pick_max: (pick_min + more).min(electives) }
            };
            Major {
                id: Uuid::from_u128(2).into(),
                name: "声乐".into(),
                notes: String::new(),
                settings,
                electives: picks.map(picked),
                order: if fixed { Order::Fixed } else { Order::Free },
                subjects: subjects.into_iter().zip(0x100..).map(subject).collect(),
            }
        })
        .boxed()
}

fn subject(((compulsory, settings), number): ((bool, Overrides), u128)) -> Subject {
    Subject {
        id: Uuid::from_u128(number).into(),
        name: format!("科目{number}"),
        form: SubjectForm::Video,
        compulsory,
        content: "一首".into(),
        requirements: String::new(),
        notes: String::new(),
        papers: Vec::new(),
        settings,
    }
}

/// Every setting, each stated with this probability.
fn settings(stated: f64) -> BoxedStrategy<Overrides> {
    (clocks(stated), takes(stated), faces(stated), phones(stated))
        .prop_map(|(clocks, takes, faces, phones)| Overrides {
            duration_ms: clocks.0,
            late_entry: clocks.1,
            at_close: clocks.2,
            deliver_within_ms: clocks.3,
            late_seals: clocks.4,
            countdown_warnings_ms: clocks.5,
            attempts: takes.0,
            take_max_ms: takes.1,
            take_min_ms: takes.2,
            position_ms: takes.3,
            early_stop: takes.4,
            parts_per_take_max: takes.5,
            interruption: takes.6,
            media: takes.7,
            face: faces.0,
            after_three_strikes: faces.1,
            face_in_mock: faces.2,
            face_within_ms: faces.3,
            companion: phones.0,
            phone_change: phones.1,
            second_login: phones.2,
            storage_min_bytes: phones.3,
            battery_min: phones.4,
            hold_to_enter_ms: phones.5,
        })
        .boxed()
}

fn maybe<T: std::fmt::Debug + Clone>(
    stated: f64,
    values: impl Strategy<Value = T>,
) -> impl Strategy<Value = Option<T>> {
    prop::option::weighted(stated, values)
}

type Clocks = (
    Option<Option<Millis>>,
    Option<LateEntry>,
    Option<AtClose>,
    Option<Millis>,
    Option<LateSeals>,
    Option<Vec<Millis>>,
);

fn clocks(stated: f64) -> BoxedStrategy<Clocks> {
    let duration = prop::option::weighted(0.8, span(MINUTE, 180 * MINUTE));
    (
        maybe(stated, duration),
        maybe(stated, select(vec![LateEntry::Cut, LateEntry::Full])),
        maybe(stated, select(vec![AtClose::Abandon, AtClose::SubmitChosen])),
        maybe(stated, prop_oneof![1 => Just(Millis::ZERO), 4 => span(1, 48 * 60 * MINUTE)]),
        maybe(stated, select(vec![LateSeals::Mark, LateSeals::Accept])),
        maybe(stated, prop::collection::vec(span(0, 30 * MINUTE), 0..3)),
    )
        .boxed()
}

type Takes = (
    Option<u32>,
    Option<Millis>,
    Option<Option<Millis>>,
    Option<Millis>,
    Option<bool>,
    Option<u32>,
    Option<InterruptionOverrides>,
    Option<MediaProfile>,
);

fn takes(stated: f64) -> BoxedStrategy<Takes> {
    (
        maybe(stated, 1..6_u32),
        // Shorter than most clocks.
        maybe(0.5 + stated / 2.0, span(1, 12 * MINUTE)),
        maybe(stated / 2.0, prop::option::of(span(0, MINUTE))),
        maybe(stated, span(0, MINUTE)),
        maybe(stated, any::<bool>()),
        maybe(stated, 1..6_u32),
        maybe(stated, interruptions()),
        maybe(stated, select(vec![MediaProfile::MUSIC, MediaProfile::DANCE, MediaProfile::DRAWING])),
    )
        .boxed()
}

fn interruptions() -> BoxedStrategy<InterruptionOverrides> {
    let effect = select(vec![Effect::Note, Effect::LoseTake, Effect::EndSubject, Effect::EndSitting]);
    let rule = (0..4_u32, span(0, 2 * MINUTE), effect)
        .prop_map(|(allowed, resume_within_ms, effect)| ActPolicy { allowed, resume_within_ms, effect });
    prop::array::uniform6(prop::option::of(rule))
        .prop_map(|acts| InterruptionOverrides {
            left_page: acts[0],
            locked: acts[1],
            call: acts[2],
            track_ended: acts[3],
            reload: acts[4],
            recorder_error: acts[5],
        })
        .boxed()
}

type Faces = (Option<FaceCheck>, Option<AfterThreeStrikes>, Option<MockFace>, Option<Millis>);

fn faces(stated: f64) -> BoxedStrategy<Faces> {
    (
        maybe(stated, select(vec![FaceCheck::Off, FaceCheck::Flag, FaceCheck::Block])),
        maybe(stated, select(vec![AfterThreeStrikes::Block, AfterThreeStrikes::ContinueFlagged])),
        maybe(stated, select(vec![MockFace::Real, MockFace::Simulated, MockFace::Off])),
        maybe(stated, span(0, 3 * MINUTE)),
    )
        .boxed()
}

type Phones =
    (Option<Companion>, Option<PhoneChange>, Option<SecondLogin>, Option<u64>, Option<f64>, Option<Millis>);

fn phones(stated: f64) -> BoxedStrategy<Phones> {
    (
        maybe(stated, Just(Companion::Off)),
        maybe(stated, select(vec![PhoneChange::Allow, PhoneChange::Refuse])),
        maybe(stated, select(vec![SecondLogin::Ask, SecondLogin::Refuse])),
        maybe(stated, 1..40_000_000_000_u64),
        maybe(stated, 0.0..1.0_f64),
        maybe(stated, span(0, 10_000)),
    )
        .boxed()
}

fn span(from: i64, to: i64) -> impl Strategy<Value = Millis> {
    (from..to).prop_map(Millis)
}
