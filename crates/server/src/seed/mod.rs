//! Filling an installation without screens: the demo, and what trials and benchmarks start from.

pub mod bench;
#[cfg(feature = "faults")]
pub mod chaos;
pub mod demo;

use yikao_domain::consent::{ConsentKind, Signing, text};
use yikao_domain::document::{BirthDate, DocumentType, Province};
use yikao_domain::exam::{ExamState, Major, Order, RevisionBody, Subject, SubjectForm};
use yikao_domain::id::{
    AccountId, CandidateId, EnrolmentId, ExamId, LoginId, MajorId, RevisionId, RosterEntryId, SchoolId,
    SubjectId,
};
use yikao_domain::identity::Road;
use yikao_domain::policy::Overrides;
use yikao_domain::roster::{Identity, Row};
use yikao_domain::text::Language;
use yikao_domain::time::Millis;
use yikao_store::{consent, enrolment, exam, identity, login, membership, paper, revision, roster, school};

use crate::auth::actor::SchoolRole;
use crate::auth::contact::Contact;
use crate::auth::phone::Phone;
use crate::keyring::{random, token_hash};
use crate::problem::Problem;
use crate::rosters::{self, Place};
use crate::routes::accounts::sign_up::NewAccount;
use crate::state::App;
use crate::{base64url, consents, identities, papers};

/// An exam that was made, with what one needs to enrol for it.
#[derive(Debug, Clone)]
pub struct MadeExam {
    /// The exam.
    pub id: ExamId,
    /// Its school.
    pub school: SchoolId,
    /// Its only revision.
    pub revision: RevisionId,
    /// What it asks.
    pub body: RevisionBody,
}

impl MadeExam {
    /// Its first major.
    pub fn major(&self) -> Option<&Major> {
        self.body.majors.first()
    }
}

/// An ID card number with a right checksum, another for each `serial`.
pub fn id_card(serial: u32) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let (day, order) = (serial / 1000, serial % 1000);
    let (year, month, day) = (1970 + day / 336, 1 + day / 28 % 12, 1 + day % 28);
    let digits = format!("110105{year:04}{month:02}{day:02}{order:03}");
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = b"10X98765432"[(sum % 11) as usize];
    format!("{digits}{}", char::from(check))
}

/// A password that nobody can guess and anybody can type.
pub fn password() -> Result<String, Problem> {
    let random: [u8; 8] = random()?;
    let letters = b"abcdefghjkmnpqrstuvwxyz23456789";
    let chosen = random.iter().map(|byte| char::from(letters[usize::from(*byte) % letters.len()]));
    let text: String = chosen.collect();
    Ok(format!("{}-{}", &text[..4], &text[4..]))
}

/// Makes an account with this number; the hash of its password is made by the caller, who may share it.
pub async fn account(app: &App, phone: &Phone, password_hash: &str) -> Result<AccountId, Problem> {
    account_of(app, &Contact::Phone(phone.clone()), password_hash).await
}

/// Makes an account with this number or address.
pub async fn account_of(app: &App, contact: &Contact, password_hash: &str) -> Result<AccountId, Problem> {
    let id = AccountId::from_uuid(app.clock.new_uuid());
    let new = NewAccount::of(app, id, contact, password_hash.to_owned())?;
    let made = app.db.write_with(new, |tx, new| Box::pin(async move { new.insert(tx).await }));
    if made.await? { Ok(id) } else { Err(Problem::new(yikao_domain::RefusalCode::AccountExists)) }
}

/// Says who a candidate is.
pub async fn identify(app: &App, account: AccountId, who: &Identity) -> Result<(), Problem> {
    let candidate = CandidateId::from_uuid(*account.as_uuid());
    let row = identities::close(app, candidate, who, Road::Typed).await?;
    app.db.write_with(row, |tx, row| Box::pin(async move { identity::set(tx, row).await })).await?;
    Ok(())
}

/// Signs, for somebody of age, that their face may be photographed and compared.
pub async fn agree(app: &App, account: AccountId) -> Result<(), Problem> {
    let candidate = CandidateId::from_uuid(*account.as_uuid());
    let known = identities::of(app, candidate).await?;
    // A card says when its holder was born, other documents do not.
    let has_card = known.as_ref().is_some_and(|who| who.document_type == DocumentType::IdCard);
    let birth = (!has_card).then_some(BirthDate { year: 2000, month: 1, day: 1 });
    let name = known.map_or_else(|| "考生".to_owned(), |who| who.name);
    let signing = Signing { kind: ConsentKind::Faces, name, relation: None, birth };
    let shown = text(ConsentKind::Faces, Language::Chinese);
    let row = consents::signed(app, candidate, &signing, (shown.version, String::new(), "zh-CN")).await?;
    app.db.write_with(row, |tx, row| Box::pin(async move { consent::insert(tx, row).await })).await?;
    Ok(())
}

/// A made-up candidate with a document of their own.
pub fn somebody(name: &str, serial: u32) -> Identity {
    Identity {
        name: name.to_owned(),
        document_type: DocumentType::IdCard,
        document_number: id_card(serial),
        province: Province::Beijing,
    }
}

/// Makes a school.
pub async fn school(app: &App, name: &str) -> Result<SchoolId, Problem> {
    let row = school::School {
        id: SchoolId::from_uuid(app.clock.new_uuid()),
        name: name.to_owned(),
        created_at: app.clock.now(),
    };
    let id = row.id;
    let made = app.db.write_with(row, |tx, row| {
        Box::pin(async move {
            school::insert(tx, row);
            Ok(())
        })
    });
    made.await?;
    Ok(id)
}

/// Gives somebody a role in a school.
pub async fn role(app: &App, account: AccountId, school: SchoolId, role: SchoolRole) -> Result<(), Problem> {
    let now = app.clock.now();
    let given = app.db.write(move |tx| {
        Box::pin(async move {
            membership::grant(tx, account, school, role.name(), now);
            Ok(())
        })
    });
    Ok(given.await?)
}

/// Makes an exam that is open.
pub async fn open_exam(
    app: &App,
    school: SchoolId,
    by: AccountId,
    body: RevisionBody,
) -> Result<MadeExam, Problem> {
    let made = MadeExam {
        id: ExamId::from_uuid(app.clock.new_uuid()),
        school,
        revision: RevisionId::from_uuid(app.clock.new_uuid()),
        body,
    };
    let now = app.clock.now();
    let row = exam::Exam {
        id: made.id,
        school_id: school,
        state: ExamState::Open,
        current_revision_id: Some(made.revision),
        title: made.body.title.clone(),
        opens_at: made.body.sessions.iter().map(|session| session.opens_at).min().unwrap_or(now),
        closes_at: made.body.sessions.iter().map(|session| session.closes_at).max().unwrap_or(now),
        version: 1,
        created_at: now,
    };
    let mut stored = made.body.clone();
    let texts = papers::close(app, school, made.revision, &stored.take_texts())?;
    let revision = revision::Revision {
        id: made.revision,
        school_id: school,
        exam_id: made.id,
        number: 1,
        schema_version: 1,
        body: serde_json::to_string(&stored)?,
        created_at: now,
        created_by: by,
    };
    let kept = app.db.write_with((row, revision, texts), |tx, (row, revision, texts)| {
        Box::pin(async move {
            exam::insert(tx, row);
            revision::insert(tx, revision);
            if let Some(texts) = texts {
                paper::insert(tx, texts);
            }
            Ok(())
        })
    });
    kept.await?;
    Ok(made)
}

/// Puts somebody on the list of a major.
pub async fn put_on_roster(
    app: &App,
    exam: &MadeExam,
    major: MajorId,
    who: &Identity,
) -> Result<RosterEntryId, Problem> {
    let id = RosterEntryId::from_uuid(app.clock.new_uuid());
    let at = app.clock.now();
    let place = Place { school_id: exam.school, exam_id: exam.id, major_id: major, import_id: None, at };
    let listed = Row {
        row: 0,
        name: who.name.clone(),
        document_type: who.document_type,
        document_number: who.document_number.clone(),
        province: who.province,
        candidate_number: None,
        major: None,
        phone: None,
    };
    let row = rosters::close(app, id, &place, &listed)?;
    let kept = app.db.write_with(row, |tx, row| {
        Box::pin(async move {
            roster::put(tx, std::slice::from_ref(row));
            Ok(())
        })
    });
    kept.await?;
    Ok(id)
}

/// Confirms somebody for a major.
pub async fn enrol(
    app: &App,
    exam: &MadeExam,
    major: MajorId,
    account: AccountId,
    entry: RosterEntryId,
) -> Result<enrolment::Enrolment, Problem> {
    let row = enrolment::Enrolment {
        id: EnrolmentId::from_uuid(app.clock.new_uuid()),
        school_id: exam.school,
        exam_id: exam.id,
        major_id: major,
        revision_id: exam.revision,
        candidate_id: CandidateId::from_uuid(*account.as_uuid()),
        roster_entry_id: Some(entry),
        confirmed_at: app.clock.now(),
    };
    let kept = row.clone();
    let kept = app.db.write_with(kept, |tx, row| Box::pin(async move { enrolment::insert(tx, row).await }));
    kept.await?;
    Ok(row)
}

/// Signs somebody in without a password and gives the whole `Cookie` header.
pub async fn sign_in(app: &App, account_id: AccountId) -> Result<String, Problem> {
    sign_in_for(app, account_id, Millis::hours(24)).await
}

/// The same, for some other time than a day.
pub async fn sign_in_for(app: &App, account_id: AccountId, time: Millis) -> Result<String, Problem> {
    let token = base64url::encode(&random::<32>()?);
    let now = app.clock.now();
    let row = login::Login {
        id: LoginId::from_uuid(app.clock.new_uuid()),
        token_hash: token_hash(&token),
        account_id,
        device: "seed".into(),
        device_id: None,
        created_at: now,
        last_seen_at: now,
        expires_at: now + time,
        revoked_at: None,
    };
    let kept = app.db.write_with(row, |tx, row| {
        Box::pin(async move {
            login::insert(tx, row);
            Ok(())
        })
    });
    kept.await?;
    Ok(format!("{}={token}", crate::auth::actor::COOKIE))
}

/// A major with these subjects, in any order.
pub fn major(app: &App, name: &str, subjects: Vec<Subject>) -> Major {
    Major {
        id: MajorId::from_uuid(app.clock.new_uuid()),
        name: name.to_owned(),
        notes: String::new(),
        settings: Overrides::default(),
        electives: None,
        order: Order::Free,
        subjects,
    }
}

/// A subject that is filmed.
pub fn subject(app: &App, name: &str, compulsory: bool, content: &str, requirements: &str) -> Subject {
    Subject {
        id: SubjectId::from_uuid(app.clock.new_uuid()),
        name: name.to_owned(),
        form: SubjectForm::Video,
        compulsory,
        content: content.to_owned(),
        requirements: requirements.to_owned(),
        notes: String::new(),
        settings: Overrides::default(),
        papers: Vec::new(),
    }
}

/// Somebody's number, for a serial.
pub fn phone(serial: u32) -> Result<Phone, Problem> {
    let number = format!("139{serial:08}");
    Phone::parse(&number).ok_or_else(|| Problem::field("phone", "not a number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_documents_pass_the_checks_of_real_ones() {
        for serial in [0, 1, 999, 1000, 123_456] {
            assert!(DocumentType::IdCard.check_number(&id_card(serial)).is_ok(), "{}", id_card(serial));
        }
        assert_ne!(id_card(1), id_card(1001));
    }
}
