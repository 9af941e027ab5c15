//! How a message reaches a person. The embedded form shows it to the operator on a console page, for
//! trials and for hosting without any outside service.

use yikao_domain::time::Millis;
use yikao_store::message;

use crate::auth::phone::Phone;
use crate::problem::Problem;
use crate::state::App;

/// A message to one person.
#[derive(Debug)]
pub struct Message {
    to: Phone,
    text: String,
    life: Millis,
}

impl Message {
    /// A one-time code.
    pub fn code(to: &Phone, digits: &str, life: Millis) -> Self {
        let minutes = life.as_ms() / 60_000;
        let text = format!(
            "【艺考 Yikao】验证码 {digits}，{minutes} 分钟内有效。Your code is {digits}, valid for {minutes} min."
        );
        Self { to: to.clone(), text, life }
    }
}

/// The messenger that is configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Messenger {
    /// Kept, encrypted, for the operator to read out until it expires.
    Embedded,
    /// Nobody gets anything: only codes that the operator issues can be used.
    Silent,
}

impl Messenger {
    /// Sends a message, or keeps it for the operator.
    pub async fn send(&self, app: &App, message: Message) -> Result<(), Problem> {
        if *self == Self::Silent {
            return Ok(());
        }
        let id = app.clock.new_uuid();
        let context = format!("message:{id}");
        let now = app.clock.now();
        let row = message::NewMessage {
            id,
            kid: app.keys.kid(),
            to_cipher: app.keys.close(&context, message.to.digits().as_bytes())?,
            body_cipher: app.keys.close(&context, message.text.as_bytes())?,
            created_at: now,
            expires_at: now + message.life,
        };
        let kept = app.db.write_with(row, |tx, row| {
            Box::pin(async move {
                message::insert(tx, row);
                Ok(())
            })
        });
        Ok(kept.await?)
    }
}
