//! Robots go through an exam before people do.

use yikao_domain::exam::{Paper, Question, RevisionBody, Session, SittingKind};
use yikao_domain::id::{PaperId, QuestionId, SessionId, SlotId, TaskId};
use yikao_domain::policy::Preset;
use yikao_domain::task::{Before, Booking, Slot, Task, TaskForm, Worded, standard};
use yikao_domain::time::{Millis, Timestamp};
use yikao_server::rehearse::{Report, Robot, Verdict, rehearse};
use yikao_server::seed;

use crate::util::TestApp;

/// Half past five on 2027-01-11 in Beijing: the exam opens half an hour later.
const DAWN: Timestamp = Timestamp(1_799_616_600_000);

async fn exam(preset: Preset, length: Millis) -> RevisionBody {
    let app = TestApp::start().await;
    let opens = DAWN + Millis::minutes(30);
    let session = |kind, title: &str, opens: Timestamp| {
        let id = SessionId::from_uuid(app.app.clock.new_uuid());
        Session::new(id, kind, title, opens, opens + length)
    };
    let formal = session(SittingKind::Formal, "正式", opens + Millis::hours(24 * 14));
    let mut body = RevisionBody::from_preset(preset, "校考", "Asia/Shanghai", formal);
    body.sessions.insert(0, session(SittingKind::Mock, "模拟", opens));
    let songs = [("声乐", true), ("视唱", true), ("才艺", false)];
    let subject = |(name, compulsory)| seed::subject(&app.app, name, compulsory, "一首", "全身入镜");
    body.majors.push(seed::major(&app.app, "音乐学", songs.map(subject).into()));
    let new = || TaskId::from_uuid(app.app.clock.new_uuid());
    body.tasks = standard(preset).into_iter().map(|draft| draft.with_id(new())).collect();
    app.stop().await;
    body
}

fn told(report: &Report, robot: Robot) -> Vec<(Verdict, &str)> {
    let scenes = report.scenes.iter().filter(|scene| scene.robot == robot);
    scenes.map(|scene| (scene.verdict, scene.told.as_str())).collect()
}

#[tokio::test]
async fn a_rehearsal_of_each_preset_ends_green() {
    for preset in Preset::ALL {
        let body = exam(preset, Millis::hours(24 * 7)).await;
        let report = rehearse(&body).await.unwrap();
        assert!(report.is_green(), "{preset:?} {report:#?}");
        assert_eq!(report.scenes.len(), 16, "eight robots in two sessions");
        for robot in [Robot::Brisk, Robot::Early, Robot::Late, Robot::Interrupted, Robot::Forgetful] {
            assert!(told(&report, robot).iter().all(|(verdict, _)| *verdict == Verdict::Fine), "{report:#?}");
        }
    }
}

#[tokio::test]
async fn a_rehearsal_says_which_takes_the_clock_does_not_allow() {
    let mut body = exam(Preset::General, Millis::hours(8)).await;
    body.settings.duration_ms = Some(Some(Millis::minutes(20)));
    body.settings.take_max_ms = Some(Millis::minutes(15));
    let report = rehearse(&body).await.unwrap();
    for (verdict, said) in told(&report, Robot::Thorough) {
        assert_eq!(verdict, Verdict::Odd, "{said}");
        assert!(said.contains("1 of 2 subjects"), "{said}");
    }
}

#[tokio::test]
async fn an_exam_that_cannot_be_opened_is_not_rehearsed() {
    let mut body = exam(Preset::General, Millis::hours(8)).await;
    body.settings.attempts = Some(0);
    let report = rehearse(&body).await.unwrap();
    assert!(!report.is_green() && report.scenes.is_empty());
}

#[tokio::test]
async fn a_rehearsal_signs_books_and_reads_the_paper() {
    let mut body = exam(Preset::General, Millis::hours(8)).await;
    let formal = body.sessions[1].clone();
    let paper = |number: u128| Paper {
        id: PaperId::from_uuid(uuid::Uuid::from_u128(number)),
        sessions: vec![formal.id],
        draw: None,
        read_ms: Millis::minutes(5),
        questions: vec![Question {
            id: QuestionId::from_uuid(uuid::Uuid::from_u128(number + 1)),
            text: "一".into(),
        }],
    };
    body.majors[0].subjects[0].papers.push(paper(7));
    let (starts_at, booked_by) = (formal.opens_at + Millis::hours(1), formal.opens_at - Millis::hours(24));
    let slot = Slot {
        id: SlotId::from_uuid(uuid::Uuid::from_u128(9)),
        starts_at,
        ends_at: starts_at + Millis::minutes(30),
        capacity: 1,
    };
    let booking = Booking {
        opens_at: booked_by - Millis::hours(24),
        closes_at: booked_by,
        changeable: false,
        notice: false,
        slots: vec![slot],
    };
    body.tasks.push(Task {
        id: TaskId::from_uuid(uuid::Uuid::from_u128(8)),
        title: Worded::new("约考", "Booking"),
        before: Before::Formal,
        due_at: None,
        majors: None,
        form: TaskForm::Booking(booking),
    });
    let report = rehearse(&body).await.unwrap();
    assert!(report.is_green(), "{report:#?}");
    let [_, (_, unprepared)] = told(&report, Robot::Unprepared)[..] else { panic!("{report:#?}") };
    assert!(unprepared.ends_with("task.open"), "{unprepared}");
    let [_, (_, early)] = told(&report, Robot::Early)[..] else { panic!("{report:#?}") };
    assert!(early.ends_with("booking.early"), "{early}");
    let [_, (_, brisk)] = told(&report, Robot::Brisk)[..] else { panic!("{report:#?}") };
    assert_eq!(brisk, "submitted everything in 5 min", "five of them read");
}
