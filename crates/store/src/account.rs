//! Accounts: people who can sign in.

use crate::{
    Result, Tx, args,
    columns::rows,
    contact::{self, Contact},
};
use yikao_domain::{id::AccountId, time::Timestamp};

rows! {
    /// A person's account. A candidate's id is the same.
    pub struct Account {
        /// Its id.
        pub id: AccountId,
        /// Argon2 in its usual text form.
        pub password_hash: String,
        /// `active` or `blocked`.
        pub state: String,
        /// When it was made.
        pub created_at: Timestamp,
    }
}

/// Makes an account with the contact that it was signed up with; `false` where the contact has one.
pub async fn insert(tx: &mut Tx, account: &Account, first: &Contact) -> Result<bool> {
    // The release before this one looks numbers up here.
    let (hash, cipher) = match first.kind.as_str() {
        "phone" => (first.hash.clone(), first.cipher.clone()),
        _ => (account.id.to_string(), Vec::new()),
    };
    let made = tx
        .execute(
            "INSERT INTO account (id, kid, phone_hash, phone_cipher, password_hash, state, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (phone_hash) DO NOTHING",
            args![
                account.id,
                &first.kid,
                hash,
                cipher,
                &account.password_hash,
                &account.state,
                account.created_at
            ],
        )
        .await?;
    if made == 0 {
        return Ok(false);
    }
    if !contact::insert(tx, first).await? {
        tx.execute("DELETE FROM account WHERE id = $1", args![account.id]).await?;
        return Ok(false);
    }
    Ok(true)
}

/// One account.
pub async fn get(tx: &mut Tx, id: AccountId) -> Result<Option<Account>> {
    tx.fetch_optional("SELECT * FROM account WHERE id = $1", args![id]).await
}

/// The account that a phone number or an e-mail address belongs to.
pub async fn by_contact(tx: &mut Tx, contact_hash: &str) -> Result<Option<Account>> {
    tx.fetch_optional(
        "SELECT account.* FROM account JOIN contact ON contact.account_id = account.id WHERE contact.hash = $1",
        args![contact_hash],
    )
    .await
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
