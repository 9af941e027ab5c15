//! Pulses: what cameras report, and each camera's latest word.

use crate::{Result, Tx, args, columns::rows, many::numbers, value::Value};
use sqlx::AssertSqlSafe;
use yikao_domain::{
    id::{PartId, SittingId},
    time::Timestamp,
};

rows! {
    /// A camera's report.
    pub struct Pulse {
        /// Of which part.
        pub part_id: PartId,
        /// When it came.
        pub at: Timestamp,
        /// The report, JSON.
        pub body: String,
    }

    /// A camera's latest report.
    pub struct CameraState {
        /// Of which part.
        pub part_id: PartId,
        /// In which sitting.
        pub sitting_id: SittingId,
        /// When it came.
        pub at: Timestamp,
        /// The report, JSON.
        pub body: String,
    }
}

/// Keeps a report at the end of the command, and as the camera's latest unless a later one is there.
pub fn insert(tx: &mut Tx, sitting: SittingId, pulse: &Pulse) {
    tx.defer(
        "INSERT INTO pulse (part_id, at, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        args![pulse.part_id, pulse.at, &pulse.body],
    );
    set_camera_state(
        tx,
        &CameraState { part_id: pulse.part_id, sitting_id: sitting, at: pulse.at, body: pulse.body.clone() },
    );
}

/// Sets a camera's latest report alone, at the end of the command, unless a later one is there.
pub fn set_camera_state(tx: &mut Tx, state: &CameraState) {
    tx.defer(
        "INSERT INTO camera_state (part_id, sitting_id, at, body) VALUES ($1, $2, $3, $4)
         ON CONFLICT (part_id) DO UPDATE SET at = excluded.at, body = excluded.body
         WHERE camera_state.at <= excluded.at",
        args![state.part_id, state.sitting_id, state.at, &state.body],
    );
}

/// A part's reports, in order.
pub async fn of_part(tx: &mut Tx, part: PartId) -> Result<Vec<Pulse>> {
    tx.fetch_all("SELECT * FROM pulse WHERE part_id = $1 ORDER BY at", args![part]).await
}

/// The latest reports of all cameras of these sittings.
pub async fn cameras(tx: &mut Tx, sittings: &[SittingId]) -> Result<Vec<CameraState>> {
    let mut states = Vec::new();
    for some in sittings.chunks(128) {
        let sql = format!(
            "SELECT * FROM camera_state WHERE sitting_id IN ({}) ORDER BY sitting_id, part_id",
            numbers(0, some.len())
        );
        states.append(&mut tx.fetch_all(AssertSqlSafe(sql), some.iter().map(Value::from).collect()).await?);
    }
    Ok(states)
}
