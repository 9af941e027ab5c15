//! Time passing: closes, graces that end, reservations that go silent.

use yikao_domain::id::SittingId;
use yikao_domain::sitting::Command;
use yikao_store::sitting;

use crate::problem::Problem;
use crate::sittings::command::{self, Given};
use crate::state::App;

/// Sittings that are looked at in one turn.
const AT_ONCE: u32 = 256;

/// Lets time pass in every sitting in which it is due.
pub(super) async fn due(app: App) -> Result<(), Problem> {
    let due = sitting::due(&mut app.db.reader().await?, app.clock.now(), AT_ONCE).await?;
    futures_util::future::join_all(due.into_iter().map(|id| tick(&app, id))).await;
    Ok(())
}

/// Lets time pass in one sitting.
pub async fn tick(app: &App, sitting: SittingId) {
    let given = Given { sitting, command_id: None, actor: "clock".into(), device: None };
    let passed = command::run(app, given, Command::Tick, Box::new(|_, _, _, _| ())).await;
    if let Err(problem) = passed {
        tracing::warn!(%sitting, code = problem.code().code(), "time could not pass");
    }
}
