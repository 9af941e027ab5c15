//! An academy with an open exam, a major, and candidates who may sit it.

use uuid::Uuid;
use yikao_domain::{
    exam::{ExamState, SittingKind},
    id::{
        AccountId, CandidateId, EnrolmentId, ExamId, MajorId, PartId, RevisionId, RosterEntryId, SchoolId,
        SessionId, SittingId, SubjectId, TakeId,
    },
    time::Timestamp,
};
use yikao_store::{
    Db, Result, Tx,
    account::{self, Account},
    contact::Contact,
    enrolment::{self, Enrolment},
    exam::{self, Exam},
    part::{self, Part},
    revision::{self, Revision},
    roster::RosterEntry,
    school::{self, School},
    sitting::{self, EventRow, SittingRow},
};

pub(crate) const NOW: Timestamp = Timestamp(1_790_000_000_000);
pub(crate) const LATER: Timestamp = Timestamp(1_790_000_060_000);

/// The n-th id of any kind.
pub(crate) fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

pub(crate) fn school() -> SchoolId {
    id(1)
}

pub(crate) fn exam() -> ExamId {
    id(2)
}

pub(crate) fn major() -> MajorId {
    id(3)
}

/// Opens the academy and its exam, with one candidate enrolled who has entered and films.
pub(crate) async fn with_sitting(db: &Db) {
    with_exam(db).await;
    db.write(|tx| {
        Box::pin(async move {
            enrolment::insert(tx, &an_enrolment(1)).await?;
            sitting::insert(tx, &a_sitting(1));
            sitting::append(tx, &[an_event(1)]);
            part::insert(tx, &a_part(1));
            Ok(())
        })
    })
    .await
    .unwrap();
}

/// Opens the academy and its exam, with two candidates' accounts.
pub(crate) async fn with_exam(db: &Db) {
    db.write(|tx| Box::pin(open_exam(tx))).await.unwrap();
}

async fn open_exam(tx: &mut Tx) -> Result<()> {
    account::insert(tx, &an_account(1), &a_phone(1)).await?;
    account::insert(tx, &an_account(2), &a_phone(2)).await?;
    school::insert(tx, &School { id: school(), name: "Academy".to_owned(), created_at: NOW });
    exam::insert(
        tx,
        &Exam {
            id: exam(),
            school_id: school(),
            state: ExamState::Open,
            current_revision_id: Some(id(4)),
            title: "Winter".to_owned(),
            opens_at: NOW,
            closes_at: LATER,
            version: 1,
            created_at: NOW,
        },
    );
    revision::insert(tx, &a_revision(1));
    Ok(())
}

pub(crate) fn a_revision(number: u32) -> Revision {
    Revision {
        id: id::<RevisionId>(3 + u128::from(number)),
        school_id: school(),
        exam_id: exam(),
        number,
        schema_version: 1,
        body: "{}".to_owned(),
        created_at: NOW,
        created_by: id(1),
    }
}

pub(crate) fn an_account(n: u128) -> Account {
    Account {
        id: id::<AccountId>(n),
        password_hash: "argon2".to_owned(),
        state: "active".to_owned(),
        created_at: NOW,
    }
}

pub(crate) fn a_phone(n: u128) -> Contact {
    Contact {
        account_id: id::<AccountId>(n),
        kind: "phone".to_owned(),
        kid: "k1".to_owned(),
        hash: format!("phone-{n}"),
        cipher: vec![1],
        verified_at: NOW,
    }
}

pub(crate) fn a_roster_entry(n: u128) -> RosterEntry {
    RosterEntry {
        id: id::<RosterEntryId>(n),
        school_id: school(),
        exam_id: exam(),
        major_id: major(),
        document_type: "id_card".to_owned(),
        kid: "k1".to_owned(),
        number_hash: format!("number-{n}"),
        name_hash: format!("name-{n}"),
        province: "湖南".to_owned(),
        cipher: vec![1],
        import_id: None,
        imported_at: NOW,
        removed_at: None,
    }
}

pub(crate) fn an_enrolment(n: u128) -> Enrolment {
    Enrolment {
        id: id::<EnrolmentId>(n),
        school_id: school(),
        exam_id: exam(),
        major_id: major(),
        revision_id: id(4),
        candidate_id: id::<CandidateId>(n),
        roster_entry_id: None,
        confirmed_at: NOW,
    }
}

pub(crate) fn a_sitting(n: u128) -> SittingRow {
    SittingRow {
        id: id::<SittingId>(n),
        school_id: school(),
        exam_id: exam(),
        revision_id: id(4),
        major_id: major(),
        session_id: id::<SessionId>(9),
        enrolment_id: id(n),
        candidate_id: id(n),
        kind: SittingKind::Formal,
        phase: "open".to_owned(),
        entered_at: NOW,
        closes_at: Some(LATER),
        due_at: Some(LATER),
        version: 1,
        schema_version: 1,
        state: "{\"takes\":0}".to_owned(),
    }
}

pub(crate) fn an_event(seq: i64) -> EventRow {
    EventRow {
        sitting_id: id(1),
        seq,
        school_id: school(),
        schema_version: 1,
        kind: "entered".to_owned(),
        at: NOW,
        actor: "account:1".to_owned(),
        command_id: Some(id(77)),
        body: "{}".to_owned(),
    }
}

pub(crate) fn a_part(n: u128) -> Part {
    Part {
        id: id::<PartId>(n),
        school_id: school(),
        sitting_id: id(1),
        owner_kind: 1,
        owner_id: Uuid::from_u128(50),
        subject_id: id::<SubjectId>(5),
        take_id: Some(id::<TakeId>(50)),
        candidate_id: id(1),
        camera: "main".to_owned(),
        number: u32::try_from(n).unwrap(),
        mime: "video/mp4".to_owned(),
        media: "{}".to_owned(),
        device: "{}".to_owned(),
        state: "open".to_owned(),
        opened_at: NOW,
        last_index: None,
        head: None,
        bytes: None,
        duration_ms: None,
        cipher: "aes-256-gcm-records".to_owned(),
        key_id: "k1".to_owned(),
        received: None,
        late_from: None,
        late_by_ms: None,
    }
}
