//! Accounts: people who can sign in.

use crate::{Result, Tx, args, columns::rows};
use yikao_domain::{id::AccountId, time::Timestamp};

rows! {
    /// A person's account. A candidate's id is the same.
    pub struct Account {
        /// Its id.
        pub id: AccountId,
        /// The key that hash and ciphertext were made with.
        pub kid: String,
        /// Keyed hash of the phone number, by which it is found.
        pub phone_hash: String,
        /// The phone number, closed.
        pub phone_cipher: Vec<u8>,
        /// Argon2 in its usual text form.
        pub password_hash: String,
        /// `active` or `blocked`.
        pub state: String,
        /// When it was made.
        pub created_at: Timestamp,
    }
}

/// Makes an account; `false` where the number has one.
pub async fn insert(tx: &mut Tx, account: &Account) -> Result<bool> {
    let made = tx
        .execute(
            "INSERT INTO account (id, kid, phone_hash, phone_cipher, password_hash, state, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (phone_hash) DO NOTHING",
            args![
                account.id,
                &account.kid,
                &account.phone_hash,
                &account.phone_cipher,
                &account.password_hash,
                &account.state,
                account.created_at
            ],
        )
        .await?;
    Ok(made == 1)
}

/// One account.
pub async fn get(tx: &mut Tx, id: AccountId) -> Result<Option<Account>> {
    tx.fetch_optional("SELECT * FROM account WHERE id = $1", args![id]).await
}

/// The account of a phone number.
pub async fn by_phone(tx: &mut Tx, phone_hash: &str) -> Result<Option<Account>> {
    tx.fetch_optional("SELECT * FROM account WHERE phone_hash = $1", args![phone_hash]).await
}

/// The accounts that authenticated a document number, whichever its type (B5): at most one for each type.
pub async fn by_document(tx: &mut Tx, number_hash: &str) -> Result<Vec<Account>> {
    tx.fetch_all(
        "SELECT account.* FROM account JOIN identity ON identity.candidate_id = account.id
         WHERE identity.number_hash = $1 ORDER BY account.created_at",
        args![number_hash],
    )
    .await
}

/// Sets a new password.
pub fn set_password(tx: &mut Tx, id: AccountId, password_hash: &str) {
    tx.defer("UPDATE account SET password_hash = $2 WHERE id = $1", args![id, password_hash]);
}
