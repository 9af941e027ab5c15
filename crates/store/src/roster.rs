//! Rosters: whom a school says may sit, per exam and major.

use crate::{
    Page, Paged, Result, Tx, args,
    columns::rows,
    many::{defer_rows, numbers},
    value::Value,
};
use sqlx::AssertSqlSafe;
use uuid::Uuid;
use yikao_domain::{
    id::{AccountId, CandidateId, ExamId, MajorId, RosterEntryId, RosterPreviewId, SchoolId},
    time::Timestamp,
};

rows! {
    /// A row of a school's list.
    pub struct RosterEntry {
        /// Its id.
        pub id: RosterEntryId,
        /// Whose list.
        pub school_id: SchoolId,
        /// For which exam.
        pub exam_id: ExamId,
        /// For which major.
        pub major_id: MajorId,
        /// `id_card`, `passport` or `permit`.
        pub document_type: String,
        /// The key that hashes and ciphertext were made with.
        pub kid: String,
        /// Keyed hash of the document number, by which candidates find it.
        pub number_hash: String,
        /// Keyed hash of the name, by which staff find it.
        pub name_hash: String,
        /// Province of the examination.
        pub province: String,
        /// Name and number, closed.
        pub cipher: Vec<u8>,
        /// The import that brought it, unless it was typed.
        pub import_id: Option<Uuid>,
        /// When it came.
        pub imported_at: Timestamp,
        /// When a later list no longer had it.
        pub removed_at: Option<Timestamp>,
    }

    /// A parsed file waiting to be imported.
    pub struct RosterPreview {
        /// Its id.
        pub id: RosterPreviewId,
        /// Whose.
        pub school_id: SchoolId,
        /// For which exam.
        pub exam_id: ExamId,
        /// For which major.
        pub major_id: MajorId,
        /// What the file was called.
        pub file_name: String,
        /// The key that the rows were closed with.
        pub kid: String,
        /// The accepted rows, closed.
        pub cipher: Vec<u8>,
        /// When it was parsed.
        pub created_at: Timestamp,
        /// Until when it can be imported.
        pub expires_at: Timestamp,
    }

    /// An import that was made.
    pub struct RosterImport {
        /// Its id.
        pub id: Uuid,
        /// Whose.
        pub school_id: SchoolId,
        /// For which exam.
        pub exam_id: ExamId,
        /// For which major.
        pub major_id: MajorId,
        /// By whom.
        pub imported_by: AccountId,
        /// When.
        pub imported_at: Timestamp,
        /// Rows that were new.
        pub added: u64,
        /// Rows that were changed.
        pub changed: u64,
        /// Rows that went.
        pub removed: u64,
    }
}

/// Which entries the console asks for. Names and numbers are looked up by their hashes.
#[derive(Debug, Clone, Default)]
pub struct RosterFilter {
    /// Only of this major.
    pub major: Option<MajorId>,
    /// Only with this number.
    pub number_hash: Option<String>,
    /// Only with this name.
    pub name_hash: Option<String>,
}

/// Keeps a preview at the end of the command.
pub fn insert_preview(tx: &mut Tx, preview: &RosterPreview) {
    tx.defer(
        "INSERT INTO roster_preview (id, school_id, exam_id, major_id, file_name, kid, cipher, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            preview.id,
            preview.school_id,
            preview.exam_id,
            preview.major_id,
            &preview.file_name,
            &preview.kid,
            &preview.cipher,
            preview.created_at,
            preview.expires_at
        ],
    );
}

/// A preview, if it can still be imported.
pub async fn preview(tx: &mut Tx, id: RosterPreviewId, now: Timestamp) -> Result<Option<RosterPreview>> {
    tx.fetch_optional("SELECT * FROM roster_preview WHERE id = $1 AND expires_at > $2", args![id, now]).await
}

/// Deletes a preview at the end of the command: it was imported.
pub fn delete_preview(tx: &mut Tx, id: RosterPreviewId) {
    tx.defer("DELETE FROM roster_preview WHERE id = $1", args![id]);
}

/// Deletes previews that expired before `before`.
pub fn purge_previews(tx: &mut Tx, before: Timestamp) {
    tx.defer("DELETE FROM roster_preview WHERE expires_at < $1", args![before]);
}

/// Notes an import at the end of the command.
pub fn insert_import(tx: &mut Tx, import: &RosterImport) {
    tx.defer(
        "INSERT INTO roster_import
             (id, school_id, exam_id, major_id, imported_by, imported_at, added, changed, removed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            import.id,
            import.school_id,
            import.exam_id,
            import.major_id,
            import.imported_by,
            import.imported_at,
            import.added,
            import.changed,
            import.removed
        ],
    );
}

/// Adds entries at the end of the command; one that is on the list already is brought up to date.
pub fn put(tx: &mut Tx, entries: &[RosterEntry]) {
    let rows = entries.iter().map(|entry| {
        args![
            entry.id,
            entry.school_id,
            entry.exam_id,
            entry.major_id,
            &entry.document_type,
            &entry.kid,
            &entry.number_hash,
            &entry.name_hash,
            &entry.province,
            &entry.cipher,
            entry.import_id,
            entry.imported_at
        ]
    });
    defer_rows(
        tx,
        "INSERT INTO roster_entry (id, school_id, exam_id, major_id, document_type, kid, number_hash, name_hash,
             province, cipher, import_id, imported_at)",
        rows.collect(),
        "ON CONFLICT (exam_id, major_id, document_type, number_hash) WHERE removed_at IS NULL
         DO UPDATE SET kid = excluded.kid, name_hash = excluded.name_hash, province = excluded.province,
             cipher = excluded.cipher, import_id = excluded.import_id, imported_at = excluded.imported_at",
    );
}

/// Takes entries off the list at the end of the command. Enrolments made by them stay.
pub fn remove(tx: &mut Tx, entries: &[RosterEntryId], at: Timestamp) {
    for some in entries.chunks(64) {
        let mut args = args![at];
        args.extend(some.iter().map(Value::from));
        let sql = format!(
            "UPDATE roster_entry SET removed_at = $1 WHERE removed_at IS NULL AND id IN ({})",
            numbers(1, some.len())
        );
        tx.defer(AssertSqlSafe(sql), args);
    }
}

/// Changes what an entry on the list says, at the end of the command: name, number, province and ciphertext.
pub fn correct(tx: &mut Tx, entry: &RosterEntry) {
    tx.defer_expecting(
        1,
        "UPDATE roster_entry SET document_type = $2, kid = $3, number_hash = $4, name_hash = $5, province = $6,
             cipher = $7
         WHERE id = $1 AND removed_at IS NULL",
        args![
            entry.id,
            &entry.document_type,
            &entry.kid,
            &entry.number_hash,
            &entry.name_hash,
            &entry.province,
            &entry.cipher
        ],
    );
}

/// One entry, on the list or off it.
pub async fn get(tx: &mut Tx, id: RosterEntryId) -> Result<Option<RosterEntry>> {
    tx.fetch_optional("SELECT * FROM roster_entry WHERE id = $1", args![id]).await
}

/// The whole list of a major.
pub async fn of_major(tx: &mut Tx, exam: ExamId, major: MajorId) -> Result<Vec<RosterEntry>> {
    tx.fetch_all(
        "SELECT * FROM roster_entry WHERE exam_id = $1 AND major_id = $2 AND removed_at IS NULL ORDER BY id",
        args![exam, major],
    )
    .await
}

/// The entries of a document number for a major, whichever the document's type: what a refusal compares.
pub async fn by_number(
    tx: &mut Tx,
    exam: ExamId,
    major: MajorId,
    number_hash: &str,
) -> Result<Vec<RosterEntry>> {
    tx.fetch_all(
        "SELECT * FROM roster_entry
         WHERE number_hash = $3 AND exam_id = $1 AND major_id = $2 AND removed_at IS NULL ORDER BY id",
        args![exam, major, number_hash],
    )
    .await
}

/// Entries of open exams under this number for which the candidate has not enrolled yet (U25).
pub async fn pending(tx: &mut Tx, candidate: CandidateId, number_hash: &str) -> Result<Vec<RosterEntry>> {
    tx.fetch_all(
        "SELECT roster_entry.* FROM roster_entry JOIN exam ON exam.id = roster_entry.exam_id
         WHERE roster_entry.number_hash = $2 AND removed_at IS NULL AND exam.state = 'open'
           AND NOT EXISTS (SELECT 1 FROM enrolment WHERE enrolment.exam_id = roster_entry.exam_id
               AND enrolment.major_id = roster_entry.major_id AND enrolment.candidate_id = $1)
         ORDER BY exam.opens_at, roster_entry.id",
        args![candidate, number_hash],
    )
    .await
}

/// A page of an exam's list.
pub async fn page(
    tx: &mut Tx,
    exam: ExamId,
    filter: &RosterFilter,
    page: Page,
) -> Result<Paged<RosterEntry>> {
    let mut args = args![exam, filter.major, filter.number_hash.clone(), filter.name_hash.clone()];
    let (total,): (i64,) = tx
        .fetch_one(
            "SELECT count(*) FROM roster_entry WHERE exam_id = $1 AND removed_at IS NULL
               AND ($2 IS NULL OR major_id = $2) AND ($3 IS NULL OR number_hash = $3)
               AND ($4 IS NULL OR name_hash = $4)",
            args.clone(),
        )
        .await?;
    args.extend(args![page.limit, page.offset]);
    let items = tx
        .fetch_all(
            "SELECT * FROM roster_entry WHERE exam_id = $1 AND removed_at IS NULL
               AND ($2 IS NULL OR major_id = $2) AND ($3 IS NULL OR number_hash = $3)
               AND ($4 IS NULL OR name_hash = $4)
             ORDER BY id LIMIT $5 OFFSET $6",
            args,
        )
        .await?;
    Ok(Paged { items, total: total.unsigned_abs() })
}
