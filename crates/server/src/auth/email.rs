//! E-mail addresses, as people type them and as they are kept.

use yikao_domain::document::half_width;

/// The longest address (RFC 5321) and the longest part before the `@`, in bytes.
const LONGEST: (usize, usize) = (254, 64);

/// An address in its canonical form: half-width, small letters, no spaces around it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Email({})", self.masked())
    }
}

impl Email {
    /// Reads what was typed. Quoted local parts and addresses of hosts without a dot are nobody's mailbox.
    pub fn parse(typed: &str) -> Option<Self> {
        let address = half_width(typed).trim().to_lowercase();
        let (local, domain) = address.rsplit_once('@')?;
        let fits = address.len() <= LONGEST.0 && (1..=LONGEST.1).contains(&local.len());
        let labels: Vec<&str> = domain.split('.').collect();
        let is_address = fits && is_local(local) && labels.len() >= 2 && labels.iter().all(|l| is_label(l));
        is_address.then_some(Self(address))
    }

    /// The whole address.
    pub fn address(&self) -> &str {
        &self.0
    }

    /// `li***@example.com`, for screens.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        let shown = if local.len() > 3 { 2 } else { 1 };
        format!("{}***@{domain}", local.get(..shown).unwrap_or_default())
    }
}

fn is_local(local: &str) -> bool {
    let dotted = local.starts_with('.') || local.ends_with('.') || local.contains("..");
    !dotted && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b))
}

fn is_label(label: &str) -> bool {
    let plain = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    plain && !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_read_as_one_address() {
        for typed in ["li.hua@example.com", " Li.Hua@Example.COM ", "ｌｉ．ｈｕａ＠ｅｘａｍｐｌｅ．ｃｏｍ"]
        {
            assert_eq!(Email::parse(typed).unwrap().address(), "li.hua@example.com");
        }
        assert_eq!(Email::parse("li.hua@example.com").unwrap().masked(), "li***@example.com");
        assert_eq!(Email::parse("li@example.com").unwrap().masked(), "l***@example.com");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        let typed =
            ["", "@", "a@", "@b.c", "a@b", "a b@c.d", "a@b..c", "a@-b.c", "a@b.c\r\nBcc: d@e.f", "\"a\"@b.c"];
        for typed in typed.into_iter().chain([long.as_str()]) {
            assert!(Email::parse(typed).is_none(), "{typed}");
        }
    }
}
