//! Logins: an account signed in on a device. Tokens are kept hashed.

use crate::{Result, Tx, args, columns::rows};
use yikao_domain::{
    id::{AccountId, DeviceId, LoginId, SchoolId},
    time::Timestamp,
};

rows! {
    /// A sign-in on one device.
    pub struct Login {
        /// Its id.
        pub id: LoginId,
        /// Hash of the cookie's token.
        pub token_hash: String,
        /// Whose.
        pub account_id: AccountId,
        /// What the device calls itself.
        pub device: String,
        /// The device, known again by its cookie; none of logins from before devices were known.
        pub device_id: Option<DeviceId>,
        /// When it began.
        pub created_at: Timestamp,
        /// When it was last used, to the minute or so.
        pub last_seen_at: Timestamp,
        /// When it ends by itself.
        pub expires_at: Timestamp,
        /// When it was ended.
        pub revoked_at: Option<Timestamp>,
    }

    /// A sign-in with one of the account's roles in a school and one on the installation.
    pub struct SignedIn {
        /// The login.
        pub id: LoginId,
        /// Whose.
        pub account_id: AccountId,
        /// The device; none of logins from before devices were known.
        pub device_id: Option<DeviceId>,
        /// When it was last used, to the minute or so.
        pub last_seen_at: Timestamp,
        /// When it ends by itself.
        pub expires_at: Timestamp,
        /// In which school.
        pub school_id: Option<SchoolId>,
        /// The role there.
        pub school_role: Option<String>,
        /// The role on the installation.
        pub platform_role: Option<String>,
    }
}

/// Adds a login at the end of the command.
pub fn insert(tx: &mut Tx, login: &Login) {
    tx.defer(
        "INSERT INTO login (id, token_hash, account_id, device, created_at, last_seen_at, expires_at, device_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            login.id,
            &login.token_hash,
            login.account_id,
            &login.device,
            login.created_at,
            login.last_seen_at,
            login.expires_at,
            login.device_id
        ],
    );
}

/// Who a good token signs in, and what they may do: a row for each pair of roles, or one without any. One trip,
/// for it is made at nearly every request.
pub async fn signed_in(tx: &mut Tx, token_hash: &str, now: Timestamp) -> Result<Vec<SignedIn>> {
    tx.fetch_all(
        "SELECT login.id, login.account_id, login.device_id, login.last_seen_at, login.expires_at,
             membership.school_id AS school_id, membership.role AS school_role,
             platform_role.role AS platform_role
         FROM login
         LEFT JOIN membership ON membership.account_id = login.account_id
         LEFT JOIN platform_role ON platform_role.account_id = login.account_id
         WHERE token_hash = $1 AND revoked_at IS NULL AND expires_at > $2",
        args![token_hash, now],
    )
    .await
}

/// The good logins of an account, newest first.
pub async fn of_account(tx: &mut Tx, account: AccountId, now: Timestamp) -> Result<Vec<Login>> {
    tx.fetch_all(
        "SELECT * FROM login WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > $2
         ORDER BY created_at DESC, id DESC",
        args![account, now],
    )
    .await
}

/// Notes that it was used, and until when it is good now.
pub fn touch(tx: &mut Tx, id: LoginId, seen_at: Timestamp, expires_at: Timestamp) {
    tx.defer(
        "UPDATE login SET last_seen_at = $2, expires_at = $3 WHERE id = $1 AND revoked_at IS NULL",
        args![id, seen_at, expires_at],
    );
}

/// Ends one of an account's logins; `false` where it is none of its good ones.
pub async fn revoke(tx: &mut Tx, account: AccountId, id: LoginId, now: Timestamp) -> Result<bool> {
    let ended = tx
        .execute(
            "UPDATE login SET revoked_at = $3 WHERE id = $2 AND account_id = $1 AND revoked_at IS NULL",
            args![account, id, now],
        )
        .await?;
    Ok(ended == 1)
}

/// Ends the logins that an account has on a device: who signs in again there has one.
pub fn revoke_on_device(tx: &mut Tx, account: AccountId, device: DeviceId, now: Timestamp) {
    tx.defer(
        "UPDATE login SET revoked_at = $3 WHERE account_id = $1 AND device_id = $2 AND revoked_at IS NULL",
        args![account, device, now],
    );
}

/// Ends all of an account's logins but the one to keep.
pub fn revoke_others(tx: &mut Tx, account: AccountId, keep: Option<LoginId>, now: Timestamp) {
    let keep = keep.map_or_else(String::new, |id| id.to_string());
    tx.defer(
        "UPDATE login SET revoked_at = $3 WHERE account_id = $1 AND id <> $2 AND revoked_at IS NULL",
        args![account, keep, now],
    );
}

/// Deletes logins that ended before `before`.
pub fn purge(tx: &mut Tx, before: Timestamp) {
    tx.defer("DELETE FROM login WHERE expires_at < $1 OR revoked_at < $1", args![before]);
}
