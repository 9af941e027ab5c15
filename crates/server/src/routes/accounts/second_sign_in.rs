//! What a sign-in meets while a formal sitting of the account is under way at another device (B7, B8). Whatever it
//! meets, that device is told, and nothing of its exam ends.

use yikao_domain::exam::SittingKind;
use yikao_domain::id::{AccountId, CandidateId, DeviceId};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::sitting::{Command, SignInOutcome};
use yikao_store::{login, sitting};

use crate::auth::device::{self, Device};
use crate::problem::Problem;
use crate::sittings::command::{self, Given, Loaded};
use crate::state::App;

/// Lets the sign-in pass, or says which exam it would disturb.
///
/// # Errors
/// `login.other_device`, `login.other_device_asks`.
pub async fn meet(app: &App, account: AccountId, device: &Device, taking_over: bool) -> Result<(), Problem> {
    for loaded in under_way(app, CandidateId::from_uuid(*account.as_uuid())).await? {
        let outcome = loaded.sitting.second_sign_in(device.id, &loaded.context.policy, taking_over);
        let Some(outcome) = outcome else { continue };
        // A device on which nobody is signed in any more cannot be disturbed.
        let Some(other) = loaded.sitting.device_id else { continue };
        if !is_signed_in(app, account, other).await? {
            continue;
        }
        tell(app, &loaded, device, outcome).await?;
        let code = match outcome {
            SignInOutcome::TakenOver => continue,
            SignInOutcome::Refused => RefusalCode::LoginOtherDevice,
            SignInOutcome::Asked => RefusalCode::LoginOtherDeviceAsks,
        };
        let exam = loaded.known.revision.body.title.clone();
        return Err(Refusal::new(code).with("exam", exam).into());
    }
    Ok(())
}

async fn under_way(app: &App, candidate: CandidateId) -> Result<Vec<Loaded>, Problem> {
    let mut tx = app.db.reader().await?;
    let rows = sitting::under_way(&mut tx, candidate, SittingKind::Formal).await?;
    let mut loaded = Vec::new();
    for row in rows {
        loaded.extend(command::load(app, &mut tx, row.id).await?);
    }
    Ok(loaded)
}

async fn is_signed_in(app: &App, account: AccountId, device: DeviceId) -> Result<bool, Problem> {
    let logins = login::of_account(&mut app.db.reader().await?, account, app.clock.now()).await?;
    // A login from before devices were known stands for its own.
    let is_it = |login: &login::Login| match login.device_id {
        Some(id) => id == device,
        None => login.id.as_uuid() == device.as_uuid(),
    };
    Ok(logins.iter().any(is_it))
}

async fn tell(app: &App, loaded: &Loaded, device: &Device, outcome: SignInOutcome) -> Result<(), Problem> {
    let (_, name) = device::name(&device.user_agent);
    let given = Given { sitting: loaded.row.id, command_id: None, actor: "sign_in".into(), device: None };
    let note = Command::NoteSignIn { device: name, outcome };
    command::run(app, given, note, Box::new(|_, _, _, _| ())).await?;
    Ok(())
}
