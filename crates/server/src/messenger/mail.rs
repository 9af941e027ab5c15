//! Mail through an SMTP server.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::response::Category;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use uuid::Uuid;

use super::{NotSent, Words};
use crate::auth::email::Email;
use crate::secret::Secret;

/// How long the server may take for a step.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server that takes mail.
#[derive(Debug)]
pub struct Mail {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mail {
    /// A server at this address.
    ///
    /// # Errors
    /// Where the address or the sender is none, or mail would cross a network in clear.
    pub fn new(server: &str, login: Option<(String, Secret)>, from: &str) -> Result<Self, String> {
        let from: Mailbox = from.parse().map_err(|_| "--mail-from is no sender".to_owned())?;
        let address: reqwest::Url = server.parse().map_err(|_| "--smtp is no address".to_owned())?;
        let is_here = matches!(address.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
        let is_closed = address.scheme() == "smtps" || address.query() == Some("tls=required");
        if !is_here && !is_closed {
            return Err("--smtp: only smtps:// or ?tls=required leaves this machine".into());
        }
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(server);
        let mut builder = builder.map_err(|_| "--smtp is no address".to_owned())?.timeout(Some(PATIENCE));
        if let Some((user, password)) = login {
            builder = builder.credentials(Credentials::new(user, password.reveal().to_owned()));
        }
        Ok(Self { server: builder.build(), from })
    }

    /// Has a message sent.
    ///
    /// # Errors
    /// The server's code, or that it did not answer.
    pub async fn send(&self, id: Uuid, to: &Email, words: &Words) -> Result<(), NotSent> {
        let message = self.message(id, to, words).map_err(|_| later("no such address", true))?;
        match self.server.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => Err(refused(&error)),
        }
    }

    fn message(&self, id: Uuid, to: &Email, words: &Words) -> Result<Message, Box<dyn std::error::Error>> {
        let to: Address = to.address().parse()?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            // The same message, sent twice because the first answer was lost, is one mail to a good reader.
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .subject(words.subject())
            .header(ContentType::TEXT_PLAIN);
        Ok(message.body(words.text())?)
    }
}

/// The server's code says what failed; its text may name the person.
fn refused(error: &lettre::transport::smtp::Error) -> NotSent {
    let Some(code) = error.status() else { return later("the server did not answer", false) };
    // 55x is about the mailbox; what is refused for good otherwise is the operator's to mend.
    let is_mailbox = error.is_permanent() && code.category == Category::MailSystem && u16::from(code) != 554;
    later(&format!("SMTP {code}"), is_mailbox)
}

fn later(cause: &str, for_good: bool) -> NotSent {
    NotSent { cause: cause.to_owned(), for_good }
}
