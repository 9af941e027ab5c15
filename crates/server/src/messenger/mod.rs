//! How a message reaches a person: shown to the operator, as a short message, by mail, or not at all. Real services
//! are given a message by a job, which tries again while it is worth sending.

mod mail;
mod settings;
mod sms;
mod words;

use uuid::Uuid;
use yikao_domain::time::{Millis, Timestamp};
use yikao_store::{Tx, message};

use crate::auth::contact::Contact;
use crate::jobs::{self, Work};
use crate::problem::Problem;
use crate::state::App;

pub use mail::Mail;
pub use settings::MessengerSettings;
pub use sms::Sms;
pub use words::Words;

/// How messages go out: numbers and addresses each by their own channel.
#[derive(Debug)]
pub struct Messenger {
    phones: Channel,
    emails: Channel,
}

/// One way out.
#[derive(Debug)]
pub enum Channel {
    /// Kept, encrypted, for the operator to read out until it expires.
    Embedded,
    /// Nobody gets anything: only codes that the operator issues can be used.
    Silent,
    /// Short messages through a provider.
    Sms(Box<Sms>),
    /// Mail through an SMTP server.
    Mail(Box<Mail>),
}

/// Why a message was not sent. The cause is the service's code and says nothing of the person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct NotSent {
    /// The service's code.
    pub cause: String,
    /// Whether it will never be sent: the number or address takes no messages.
    pub for_good: bool,
}

impl Messenger {
    /// The messenger that the operator configured.
    ///
    /// # Errors
    /// What is missing or cannot be.
    pub fn configured(settings: &MessengerSettings, codes_on_console: bool) -> Result<Self, String> {
        let plain = || if codes_on_console { Channel::Embedded } else { Channel::Silent };
        Ok(Self {
            phones: settings.sms()?.map_or_else(plain, |sms| Channel::Sms(Box::new(sms))),
            emails: settings.mail()?.map_or_else(plain, |mail| Channel::Mail(Box::new(mail))),
        })
    }

    /// The way to somebody.
    pub fn channel(&self, to: &Contact) -> &Channel {
        match to {
            Contact::Phone(_) => &self.phones,
            Contact::Email(_) => &self.emails,
        }
    }

    /// Gives a message to its service.
    ///
    /// # Errors
    /// Why it was not taken.
    pub async fn deliver(
        &self,
        id: Uuid,
        to: &Contact,
        words: &Words,
        now: Timestamp,
    ) -> Result<(), NotSent> {
        match (self.channel(to), to) {
            (Channel::Sms(sms), Contact::Phone(phone)) => sms.send(id, phone, words, now).await,
            (Channel::Mail(mail), Contact::Email(email)) => mail.send(id, email, words).await,
            _ => Err(NotSent { cause: "no service is configured".into(), for_good: false }),
        }
    }
}

impl Channel {
    /// The name on the message, and its state while it is new; none where nothing is kept.
    fn names(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Embedded => Some(("embedded", "shown")),
            Self::Silent => None,
            Self::Sms(_) => Some(("sms", "waiting")),
            Self::Mail(_) => Some(("mail", "waiting")),
        }
    }
}

/// A message, closed and ready to be kept; none where nobody would get it.
///
/// # Errors
/// Where there is no randomness.
pub fn prepare(
    app: &App,
    to: &Contact,
    words: &Words,
    life: Millis,
) -> Result<Option<message::Message>, Problem> {
    let Some((channel, state)) = app.messenger.channel(to).names() else { return Ok(None) };
    let id = app.clock.new_uuid();
    let now = app.clock.now();
    Ok(Some(message::Message {
        id,
        kid: app.keys.kid(),
        to_cipher: app.keys.close(&context(id), to.text().as_bytes())?,
        body_cipher: app.keys.close(&context(id), &serde_json::to_vec(words)?)?,
        created_at: now,
        expires_at: now + life,
        channel: channel.to_owned(),
        state: state.to_owned(),
        cause: None,
        sent_at: None,
    }))
}

/// Keeps a message with the command that causes it, and has it sent where a service sends it.
pub fn post(tx: &mut Tx, app: &App, message: &message::Message) {
    message::insert(tx, message);
    if message.state == "waiting" {
        jobs::enqueue_at(tx, app, Work::Send(message.id), message.created_at);
    }
}

/// Opens a kept message.
///
/// # Errors
/// Where it was changed.
pub fn open(app: &App, row: &message::Message) -> Result<(Contact, Words), Problem> {
    let text = |closed: &[u8]| -> Result<String, Problem> {
        Ok(String::from_utf8_lossy(&app.keys.open(&row.kid, &context(row.id), closed)?).into_owned())
    };
    Ok((Contact::parse(&text(&row.to_cipher)?)?, Words::read(&text(&row.body_cipher)?)))
}

fn context(id: Uuid) -> String {
    format!("message:{id}")
}
