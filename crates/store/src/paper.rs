//! What papers ask, closed, beside the revisions they belong to.

use crate::{Result, Tx, args, columns::rows};
use yikao_domain::id::{RevisionId, SchoolId};

rows! {
    /// What the papers of a revision ask.
    pub struct ClosedTexts {
        /// Of which revision.
        pub revision_id: RevisionId,
        /// Whose.
        pub school_id: SchoolId,
        /// Under which key.
        pub kid: String,
        /// The texts, closed.
        pub cipher: Vec<u8>,
    }
}

/// Adds the texts of a revision at the end of the command.
pub fn insert(tx: &mut Tx, texts: &ClosedTexts) {
    tx.defer(
        "INSERT INTO question_texts (revision_id, school_id, kid, cipher) VALUES ($1, $2, $3, $4)",
        args![texts.revision_id, texts.school_id, &texts.kid, &texts.cipher],
    );
}

/// The texts of a revision, if its papers ask anything.
pub async fn of_revision(tx: &mut Tx, revision: RevisionId) -> Result<Option<ClosedTexts>> {
    tx.fetch_optional("SELECT * FROM question_texts WHERE revision_id = $1", args![revision]).await
}
