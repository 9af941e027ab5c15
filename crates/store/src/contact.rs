//! Contacts: the phone number and the e-mail address by which an account is found and its person reached.

use crate::{Result, Tx, args, columns::rows};
use uuid::Uuid;
use yikao_domain::{id::AccountId, time::Timestamp};

rows! {
    /// A way to reach a person. Each belongs to one account, and an account has at most one of a kind.
    pub struct Contact {
        /// Whose.
        pub account_id: AccountId,
        /// `phone` or `email`.
        pub kind: String,
        /// The key that hash and ciphertext were made with.
        pub kid: String,
        /// Keyed hash, by which it is found.
        pub hash: String,
        /// The number or address, closed.
        pub cipher: Vec<u8>,
        /// When its person was seen to have it.
        pub verified_at: Timestamp,
    }

    /// A contact that an agent put in another's place.
    pub struct ContactChange {
        /// Its id.
        pub id: Uuid,
        /// Whose contact.
        pub account_id: AccountId,
        /// `phone` or `email`.
        pub kind: String,
        /// Which agent.
        pub changed_by: AccountId,
        /// Both contacts and the evidence, under the candidate's key.
        pub cipher: Vec<u8>,
        /// When.
        pub at: Timestamp,
    }
}

/// Adds a contact; `false` where an account has it, or this account has one of its kind.
pub async fn insert(tx: &mut Tx, contact: &Contact) -> Result<bool> {
    let added = tx
        .execute(
            "INSERT INTO contact (account_id, kind, kid, hash, cipher, verified_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            args![
                contact.account_id,
                &contact.kind,
                &contact.kid,
                &contact.hash,
                &contact.cipher,
                contact.verified_at
            ],
        )
        .await?;
    Ok(added == 1)
}

/// Puts a contact in the place of the account's one of its kind; `false` where another account has it.
pub async fn replace(tx: &mut Tx, contact: &Contact) -> Result<bool> {
    let taken: Option<Contact> =
        tx.fetch_optional("SELECT * FROM contact WHERE hash = $1", args![&contact.hash]).await?;
    if taken.is_some_and(|taken| taken.account_id != contact.account_id) {
        return Ok(false);
    }
    tx.execute(
        "DELETE FROM contact WHERE account_id = $1 AND kind = $2",
        args![contact.account_id, &contact.kind],
    )
    .await?;
    if contact.kind == "phone" {
        tx.execute(
            "UPDATE account SET kid = $2, phone_hash = $3, phone_cipher = $4 WHERE id = $1",
            args![contact.account_id, &contact.kid, &contact.hash, &contact.cipher],
        )
        .await?;
    }
    insert(tx, contact).await
}

/// The contacts of an account, its e-mail address before its number.
pub async fn of_account(tx: &mut Tx, account: AccountId) -> Result<Vec<Contact>> {
    tx.fetch_all("SELECT * FROM contact WHERE account_id = $1 ORDER BY kind", args![account]).await
}

/// Notes at the end of the command that an agent changed a contact.
pub fn note_change(tx: &mut Tx, change: &ContactChange) {
    tx.defer(
        "INSERT INTO contact_change (id, account_id, kind, changed_by, cipher, at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![change.id, change.account_id, &change.kind, change.changed_by, &change.cipher, change.at],
    );
}

/// What agents changed about an account, newest first.
pub async fn changes_of(tx: &mut Tx, account: AccountId) -> Result<Vec<ContactChange>> {
    tx.fetch_all(
        "SELECT * FROM contact_change WHERE account_id = $1 ORDER BY at DESC, id DESC",
        args![account],
    )
    .await
}
