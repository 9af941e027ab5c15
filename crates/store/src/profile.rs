//! Profiles: what a candidate is in a season. A 考生号 belongs to one candidate of a season (C10, D7).

use crate::{Result, Tx, args, columns::rows};
use yikao_domain::{id::CandidateId, time::Timestamp};

rows! {
    /// A profile.
    pub struct Profile {
        /// Whose.
        pub candidate_id: CandidateId,
        /// The year of the 高考.
        pub season: String,
        /// `gaokao` or `other`.
        pub class: String,
        /// The key that the hash was made with; the ciphertext is under the candidate's own.
        pub kid: String,
        /// Keyed hash of the 考生号.
        pub number_hash: Option<String>,
        /// 考生号, 学籍, pictures: closed.
        pub cipher: Vec<u8>,
        /// When it was confirmed.
        pub confirmed_at: Timestamp,
    }
}

/// What became of a profile that was to be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// It is set.
    Done,
    /// This candidate has one for the season, which is final.
    AlreadySet,
    /// Another candidate has this 考生号.
    Taken,
}

/// Sets a candidate's profile for a season.
pub async fn set(tx: &mut Tx, profile: &Profile) -> Result<Set> {
    let done = tx
        .execute(
            "INSERT INTO profile (candidate_id, season, class, kid, number_hash, cipher, confirmed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            args![
                profile.candidate_id,
                &profile.season,
                &profile.class,
                &profile.kid,
                profile.number_hash.clone(),
                &profile.cipher,
                profile.confirmed_at
            ],
        )
        .await?;
    if done == 1 {
        return Ok(Set::Done);
    }
    let own = get(tx, profile.candidate_id, &profile.season).await?;
    Ok(if own.is_some() { Set::AlreadySet } else { Set::Taken })
}

/// A candidate's profile for a season.
pub async fn get(tx: &mut Tx, candidate: CandidateId, season: &str) -> Result<Option<Profile>> {
    tx.fetch_optional(
        "SELECT * FROM profile WHERE candidate_id = $1 AND season = $2",
        args![candidate, season],
    )
    .await
}

/// Whose 考生号 this is.
pub async fn by_number(tx: &mut Tx, season: &str, number_hash: &str) -> Result<Option<Profile>> {
    tx.fetch_optional(
        "SELECT * FROM profile WHERE season = $1 AND number_hash = $2",
        args![season, number_hash],
    )
    .await
}

/// Whose 考生号 this is or was, the newest season first.
pub async fn of_number(tx: &mut Tx, number_hash: &str) -> Result<Vec<Profile>> {
    tx.fetch_all("SELECT * FROM profile WHERE number_hash = $1 ORDER BY season DESC", args![number_hash])
        .await
}

/// Changes a profile as an agent decided.
pub fn replace(tx: &mut Tx, profile: &Profile) {
    tx.defer_expecting(
        1,
        "UPDATE profile SET class = $3, kid = $4, number_hash = $5, cipher = $6
         WHERE candidate_id = $1 AND season = $2",
        args![
            profile.candidate_id,
            &profile.season,
            &profile.class,
            &profile.kid,
            profile.number_hash.clone(),
            &profile.cipher
        ],
    );
}

/// Takes a profile away: its 考生号 is another's.
pub async fn remove(tx: &mut Tx, candidate: CandidateId, season: &str) -> Result<bool> {
    let gone = tx
        .execute("DELETE FROM profile WHERE candidate_id = $1 AND season = $2", args![candidate, season])
        .await?;
    Ok(gone == 1)
}
