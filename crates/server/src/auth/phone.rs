//! Phone numbers, as people type them and as they are kept.

/// A mainland mobile number in its canonical eleven digits. Numbers of other regions sign up by e-mail (B2).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

impl Phone {
    /// Reads what was typed: spaces, hyphens, full-width digits and a leading +86 are no part of it.
    pub fn parse(typed: &str) -> Option<Self> {
        let digits: String = typed
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| match c {
                '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
                '＋' => '+',
                other => other,
            })
            .collect();
        let digits = digits.strip_prefix("+86").unwrap_or(&digits);
        let is_mobile = digits.len() == 11
            && digits.bytes().all(|b| b.is_ascii_digit())
            && digits.starts_with('1')
            && digits.as_bytes()[1] >= b'3';
        is_mobile.then(|| Self(digits.to_owned()))
    }

    /// The eleven digits.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// `138****0000`, for screens.
    pub fn masked(&self) -> String {
        format!("{}****{}", &self.0[..3], &self.0[7..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_read_as_one_number() {
        for typed in ["13800000000", "+86 138 0000 0000", "138-0000-0000", "１３８００００００００"]
        {
            assert_eq!(Phone::parse(typed).unwrap().digits(), "13800000000");
        }
        assert_eq!(Phone::parse("13800000000").unwrap().masked(), "138****0000");
    }

    #[test]
    fn what_is_no_mobile_number_is_refused() {
        for typed in ["", "1380000000", "138000000001", "02100000000", "12000000000", "1380000000x"] {
            assert!(Phone::parse(typed).is_none(), "{typed}");
        }
    }
}
