//! How somebody is reached: a mainland number, or an e-mail address for everybody else (B1, B2).

use yikao_domain::id::AccountId;
use yikao_domain::refusal::RefusalCode;
use yikao_domain::time::Timestamp;
use yikao_store::contact;

use super::email::Email;
use super::phone::Phone;
use crate::keyring::{KeyError, Keyring};
use crate::problem::Problem;

/// A phone number or an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Contact {
    /// A number.
    Phone(Phone),
    /// An address.
    Email(Email),
}

impl Contact {
    /// Reads what was typed; with an `@` it is meant to be an address.
    ///
    /// # Errors
    /// `phone.invalid`, `email.invalid`.
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        if typed.contains(['@', '＠']) {
            let email = Email::parse(typed).map(Self::Email);
            return email.ok_or_else(|| Problem::new(RefusalCode::EmailInvalid));
        }
        Phone::parse(typed).map(Self::Phone).ok_or_else(|| Problem::new(RefusalCode::PhoneInvalid))
    }

    /// `phone` or `email`, as the database writes it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Phone(_) => "phone",
            Self::Email(_) => "email",
        }
    }

    /// The number or address.
    pub fn text(&self) -> &str {
        match self {
            Self::Phone(phone) => phone.digits(),
            Self::Email(email) => email.address(),
        }
    }

    /// As screens show it.
    pub fn masked(&self) -> String {
        match self {
            Self::Phone(phone) => phone.masked(),
            Self::Email(email) => email.masked(),
        }
    }

    /// The keyed hash by which it is found.
    pub fn hash(&self, keys: &Keyring) -> String {
        keys.lookup_hash(self.kind(), self.text())
    }

    /// Closed, as the contact of an account.
    ///
    /// # Errors
    /// Where there is no randomness.
    pub fn close(
        &self,
        keys: &Keyring,
        account: AccountId,
        at: Timestamp,
    ) -> Result<contact::Contact, KeyError> {
        Ok(contact::Contact {
            account_id: account,
            kind: self.kind().to_owned(),
            kid: keys.kid(),
            hash: self.hash(keys),
            cipher: keys.close(&context(self.kind(), account), self.text().as_bytes())?,
            verified_at: at,
        })
    }

    /// Opens a kept contact.
    ///
    /// # Errors
    /// Where it was changed, or is nobody's.
    pub fn open(keys: &Keyring, row: &contact::Contact) -> Result<Self, Problem> {
        let text = keys.open(&row.kid, &context(&row.kind, row.account_id), &row.cipher)?;
        Self::parse(&String::from_utf8_lossy(&text))
    }
}

fn context(kind: &str, account: AccountId) -> String {
    format!("{kind}:{account}")
}
