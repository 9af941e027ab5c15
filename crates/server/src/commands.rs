//! Commands on everything that is no sitting: each acts once, however often its client sends it.

use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use yikao_domain::id::CommandId;
use yikao_domain::refusal::Refusal;
use yikao_store::{StoreError, Tx, command};

use crate::auth::actor::Actor;
use crate::problem::Problem;
use crate::state::App;

/// What a command's body answers: what it made, or why not.
pub type Outcome<T> = Result<Result<T, Refusal>, StoreError>;

/// Runs `body` in one transaction, and keeps what it made under the client's id for the command. A command
/// that is repeated gets that answer; one that was refused may be tried again. `name` says which command it is, and
/// stays as it is from release to release.
pub async fn once<I, T, F>(
    app: &App,
    actor: &Actor,
    name: &str,
    id: CommandId,
    input: I,
    body: F,
) -> Result<T, Problem>
where
    I: Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + 'static,
    F: for<'c> Fn(&'c mut Tx, &'c I) -> BoxFuture<'c, Outcome<T>> + Send + Sync + 'static,
{
    let scope = scope(actor, name);
    let done = app.db.write_with((scope, input, body, app.clone()), move |tx, (scope, input, body, app)| {
        Box::pin(async move {
            if let Some(answer) = command::answer(tx, scope, id).await? {
                return Ok(Ok(serde_json::from_str(&answer).map_err(|e| unreadable(&e))?));
            }
            let made = match body(tx, input).await? {
                Ok(made) => made,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let answer = serde_json::to_string(&made).map_err(|e| unreadable(&e))?;
            command::keep(tx, scope, id, &answer, app.clock.now());
            Ok(Ok(made))
        })
    });
    let done: Result<T, Refusal> = done.await?;
    Ok(done?)
}

/// Whether the command was given before, and not refused.
pub async fn was_given(app: &App, actor: &Actor, name: &str, id: CommandId) -> Result<bool, Problem> {
    Ok(command::answer(&mut app.db.reader().await?, &scope(actor, name), id).await?.is_some())
}

/// Ids are the clients' own, so that they mean something only beside who gave them and for what.
fn scope(actor: &Actor, name: &str) -> String {
    format!("{}:{name}", actor.signature())
}

fn unreadable(error: &serde_json::Error) -> StoreError {
    StoreError::Unreadable { what: "command.answer", why: error.to_string() }
}
