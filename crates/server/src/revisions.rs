//! Exam revisions never change, so they are read once and kept, with the rules of each session made ready.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use yikao_domain::exam::{ExamRevision, RevisionBody};
use yikao_domain::id::{MajorId, RevisionId, SchoolId, SessionId};
use yikao_domain::sitting::Context;
use yikao_store::{StoreError, Tx, revision, school};

use crate::problem::Problem;
use crate::sittings::view::Named;

/// A revision and what sittings are decided against. What its papers ask is no part of it: see `papers`.
#[derive(Debug)]
pub struct Known {
    /// The revision.
    pub revision: ExamRevision,
    /// The school that owns it.
    pub school: Named<SchoolId>,
    contexts: RwLock<HashMap<(MajorId, SessionId), Arc<Context>>>,
    sealed: RwLock<HashMap<(MajorId, SessionId), Bytes>>,
}

/// The revisions that were asked for.
#[derive(Debug, Default)]
pub struct Revisions {
    known: RwLock<HashMap<RevisionId, Arc<Known>>>,
}

impl Known {
    /// The rules of sittings of `major` in `session`.
    pub fn context(&self, major: MajorId, session: SessionId) -> Result<Arc<Context>, Problem> {
        let found =
            self.contexts.read().unwrap_or_else(PoisonError::into_inner).get(&(major, session)).cloned();
        if let Some(context) = found {
            return Ok(context);
        }
        let context = Arc::new(Context::new(&self.revision.body, major, session)?);
        let mut contexts = self.contexts.write().unwrap_or_else(PoisonError::into_inner);
        Ok(contexts.entry((major, session)).or_insert(context).clone())
    }

    /// The sealed papers of `major` in `session`, once they were made: everybody gets the same bytes.
    pub fn sealed(&self, major: MajorId, session: SessionId) -> Option<Bytes> {
        self.sealed.read().unwrap_or_else(PoisonError::into_inner).get(&(major, session)).cloned()
    }

    /// Keeps sealed papers for whoever asks next; the first that were made stay.
    pub fn keep_sealed(&self, major: MajorId, session: SessionId, made: Bytes) -> Bytes {
        let mut sealed = self.sealed.write().unwrap_or_else(PoisonError::into_inner);
        sealed.entry((major, session)).or_insert(made).clone()
    }
}

impl Revisions {
    /// The revision of this id.
    pub async fn get(&self, tx: &mut Tx, id: RevisionId) -> Result<Arc<Known>, StoreError> {
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return Ok(known.clone());
        }
        let row = revision::get(tx, id).await?.ok_or(StoreError::NotFound)?;
        let school = school::get(tx, row.school_id).await?.ok_or(StoreError::NotFound)?;
        let known = Arc::new(Known {
            revision: read(&row)?,
            school: Named { id: school.id, name: school.name },
            contexts: RwLock::default(),
            sealed: RwLock::default(),
        });
        let mut all = self.known.write().unwrap_or_else(PoisonError::into_inner);
        Ok(all.entry(id).or_insert(known).clone())
    }
}

/// A stored revision as the rules know it.
pub fn read(row: &revision::Revision) -> Result<ExamRevision, StoreError> {
    let body: RevisionBody = serde_json::from_str(&row.body)
        .map_err(|e| StoreError::Unreadable { what: "exam_revision.body", why: e.to_string() })?;
    Ok(ExamRevision { id: row.id, exam_id: row.exam_id, school_id: row.school_id, number: row.number, body })
}
