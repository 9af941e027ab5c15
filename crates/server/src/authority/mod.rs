//! Who says whether a name and a number belong together: this server by itself (format, checksum, uniqueness), or a
//! certified real-name service that it asks. Which one is configuration alone.

mod settings;
mod tencent;

use yikao_domain::document::DocumentType;
use yikao_domain::identity::{Answer, RecordCause};
use yikao_domain::roster::Identity;
use yikao_domain::time::Timestamp;

pub use settings::AuthoritySettings;
pub use tencent::Tencent;

/// The authority that is configured.
#[derive(Debug)]
pub enum IdentityAuthority {
    /// Format, checksum, region, birth date and uniqueness, which are checked in any case.
    Embedded,
    /// A service that speaks Tencent Cloud's `faceid` API.
    Tencent(Box<Tencent>),
}

impl IdentityAuthority {
    /// The authority that the operator configured.
    ///
    /// # Errors
    /// What is missing or cannot be.
    pub fn configured(settings: &AuthoritySettings) -> Result<Self, String> {
        Ok(settings.tencent()?.map_or(Self::Embedded, |service| Self::Tencent(Box::new(service))))
    }

    /// The answer that needs nobody to be asked; none where somebody has to be.
    pub fn at_once(&self, who: &Identity) -> Option<Answer> {
        match self {
            Self::Embedded => Some(Answer::Confirmed),
            // Such services know resident ID cards only: people look at the others.
            Self::Tencent(_) if who.document_type != DocumentType::IdCard => {
                Some(Answer::Refused(RecordCause::NotCovered))
            }
            Self::Tencent(_) => None,
        }
    }

    /// Asks. Whatever goes wrong on the way is [`Answer::Unavailable`], and logged without naming anybody.
    pub async fn ask(&self, who: &Identity, now: Timestamp) -> Answer {
        match (self, self.at_once(who)) {
            (_, Some(answer)) => answer,
            (Self::Tencent(service), None) => service.verify(&who.name, &who.document_number, now).await,
            (Self::Embedded, None) => Answer::Confirmed,
        }
    }
}
