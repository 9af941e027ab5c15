//! Gives a message to the service that sends it, again and again while it is worth sending.

use uuid::Uuid;
use yikao_store::message;

use super::Failure;
use crate::messenger::{self, NotSent};
use crate::state::App;

/// Sends one message; done twice, its person may get it twice, and never not at all.
pub(super) async fn run(app: &App, id: Uuid) -> Result<(), Failure> {
    let row = message::get(&mut app.db.reader().await?, &id).await?;
    let Some(row) = row.filter(|row| row.state == "waiting") else { return Ok(()) };
    if row.expires_at <= app.clock.now() {
        return settle(app, id, "expired", row.cause).await;
    }
    let opened = messenger::open(app, &row).map_err(|problem| problem.code().code())?;
    match app.messenger.deliver(id, &opened.0, &opened.1, app.clock.now()).await {
        Ok(()) => settle(app, id, "sent", None).await,
        Err(NotSent { cause, for_good: true }) => settle(app, id, "refused", Some(cause)).await,
        Err(NotSent { cause, for_good: false }) => {
            delayed(app, id, cause.clone()).await?;
            Err(cause.into())
        }
    }
}

async fn settle(app: &App, id: Uuid, state: &'static str, cause: Option<String>) -> Result<(), Failure> {
    if state != "sent" {
        tracing::warn!(message = %id, state, cause, "a message was not sent");
    }
    let now = app.clock.now();
    let settled = app.db.write_with(cause, move |tx, cause| {
        Box::pin(async move {
            message::settle(tx, &id, state, cause.as_deref(), now);
            Ok(())
        })
    });
    Ok(settled.await?)
}

async fn delayed(app: &App, id: Uuid, cause: String) -> Result<(), Failure> {
    let noted = app.db.write_with(cause, move |tx, cause| {
        Box::pin(async move {
            message::delayed(tx, &id, cause);
            Ok(())
        })
    });
    Ok(noted.await?)
}
