//! The short-lived right to send one part's footage. It is checked without a look-up: everything a node
//! must know about the part (whose it is, how long, how many segments) is inside, under a MAC.

use yikao_domain::id::{PartId, SittingId};
use yikao_domain::seal::{Chain, Owner};
use yikao_domain::time::Timestamp;

use crate::base64url;
use crate::keyring::Keyring;

const VERSION: u8 = 2;
const BODY: usize = 1 + 1 + 16 + 16 + 1 + 16 + 8 + 4 + 8;
const MAC: usize = 32;

/// What a capability says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capability {
    /// The part that may be sent.
    pub part: PartId,
    /// The sitting it belongs to; seals are bound to it.
    pub sitting: SittingId,
    /// The take or subject run it belongs to; seals are bound to it.
    pub owner: Owner,
    /// Server time after which it is refused.
    pub expires_at: Timestamp,
    /// The highest segment index it may send (quota).
    pub max_index: u32,
    /// The bytes of its sitting beyond which nothing is taken (quota).
    pub max_bytes: u64,
}

/// Why a capability is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapabilityError {
    /// Not one of ours, or changed.
    Invalid,
    /// One of ours, too old: the phone renews it.
    Expired,
}

impl Capability {
    /// Writes the capability as a token.
    pub fn issue(&self, keys: &Keyring) -> String {
        let body = self.body(keys.generation_number());
        let mac = keys.capability_mac(&body);
        base64url::encode(&[&body[..], mac.as_ref()].concat())
    }

    fn body(&self, kid: u8) -> Vec<u8> {
        let mut out = Vec::with_capacity(BODY + MAC);
        out.extend([VERSION, kid]);
        out.extend(self.part.as_bytes());
        out.extend(self.sitting.as_bytes());
        out.push(self.owner.kind_byte());
        out.extend(self.owner.id_bytes());
        out.extend(self.expires_at.0.to_be_bytes());
        out.extend(self.max_index.to_be_bytes());
        out.extend(self.max_bytes.to_be_bytes());
        out
    }

    /// Checks a token at server time `now`.
    pub fn check(token: &str, keys: &Keyring, now: Timestamp) -> Result<Self, CapabilityError> {
        use CapabilityError::{Expired, Invalid};
        let bytes = base64url::decode(token).filter(|b| b.len() == BODY + MAC).ok_or(Invalid)?;
        let (body, mac) = bytes.split_at(BODY);
        if body[0] != VERSION {
            return Err(Invalid);
        }
        if !keys.is_capability_mac(body[1], body, mac) {
            return Err(Invalid);
        }
        let capability = Self::read(body).ok_or(Invalid)?;
        if capability.expires_at <= now { Err(Expired) } else { Ok(capability) }
    }

    /// The chain of the part's seals at its beginning.
    pub fn chain(&self) -> Chain {
        Chain::start(self.sitting, self.owner, self.part)
    }

    fn read(body: &[u8]) -> Option<Self> {
        let uuid = |at: usize| uuid::Uuid::from_slice(body.get(at..at + 16)?).ok();
        Some(Self {
            part: PartId::from_uuid(uuid(2)?),
            sitting: SittingId::from_uuid(uuid(18)?),
            owner: Owner::from_bytes(body[34], *uuid(35)?.as_bytes())?,
            expires_at: Timestamp(i64::from_be_bytes(body[51..59].try_into().ok()?)),
            max_index: u32::from_be_bytes(body[59..63].try_into().ok()?),
            max_bytes: u64::from_be_bytes(body[63..71].try_into().ok()?),
        })
    }
}
