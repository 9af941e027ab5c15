//! Finding a candidate on a list (G6–G11). A refusal says what differs, never what the list holds.

use crate::document::{DocumentType, Province, normalise_name};
use crate::id::RosterEntryId;
use crate::refusal::{Refusal, RefusalCode};

/// Who a candidate is, as authenticated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Name.
    pub name: String,
    /// Type of document.
    pub document_type: DocumentType,
    /// Number of document, normalised.
    pub document_number: String,
    /// Province of the examination.
    pub province: Province,
}

/// An entry of the list that has the candidate's document number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterEntry {
    /// The entry.
    pub id: RosterEntryId,
    /// Name.
    pub name: String,
    /// Type of document.
    pub document_type: DocumentType,
    /// Province of the examination.
    pub province: Province,
}

/// The entry that is the candidate, among those with the same document number.
///
/// # Errors
/// `roster.nothing_found` (U1, U2) without any entry. Otherwise, of the entry that comes closest,
/// `roster.document_type_differs` (U4), `roster.province_differs` (U3) or `roster.name_differs` (U5), in this order.
pub fn match_candidate(entries: &[RosterEntry], identity: &Identity) -> Result<RosterEntryId, Refusal> {
    let differences = |entry: &RosterEntry| -> Vec<RefusalCode> {
        [
            (entry.document_type != identity.document_type, RefusalCode::RosterDocumentTypeDiffers),
            (entry.province != identity.province, RefusalCode::RosterProvinceDiffers),
            (normalise_name(&entry.name) != normalise_name(&identity.name), RefusalCode::RosterNameDiffers),
        ]
        .into_iter()
        .filter_map(|(differs, code)| differs.then_some(code))
        .collect()
    };
    let closest =
        entries.iter().map(|entry| (entry.id, differences(entry))).min_by_key(|(_, found)| found.len());
    match closest {
        None => Err(RefusalCode::RosterNothingFound.into()),
        Some((id, found)) => found.first().map_or(Ok(id), |code| Err((*code).into())),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn entry(number: u128) -> RosterEntry {
        RosterEntry {
            id: RosterEntryId::from_uuid(Uuid::from_u128(number)),
            name: "阿卜杜拉·买买提".into(),
            document_type: DocumentType::IdCard,
            province: Province::Xinjiang,
        }
    }

    fn candidate() -> Identity {
        Identity {
            name: "阿卜杜拉•买买提".into(),
            document_type: DocumentType::IdCard,
            document_number: "11010519491231002X".into(),
            province: Province::Xinjiang,
        }
    }

    fn code(entries: &[RosterEntry], identity: &Identity) -> RefusalCode {
        match_candidate(entries, identity).unwrap_err().code
    }

    #[test]
    fn a_candidate_is_found_by_number_type_province_and_name() {
        assert_eq!(match_candidate(&[entry(1)], &candidate()), Ok(entry(1).id));
    }

    #[test]
    fn nobody_with_this_number_is_nothing_found() {
        assert_eq!(code(&[], &candidate()), RefusalCode::RosterNothingFound);
    }

    #[test]
    fn each_difference_has_its_own_refusal() {
        let typed = Identity { document_type: DocumentType::Passport, ..candidate() };
        assert_eq!(code(&[entry(1)], &typed), RefusalCode::RosterDocumentTypeDiffers);
        let moved = Identity { province: Province::Gansu, ..candidate() };
        assert_eq!(code(&[entry(1)], &moved), RefusalCode::RosterProvinceDiffers);
        let renamed = Identity { name: "阿卜杜拉".into(), ..candidate() };
        assert_eq!(code(&[entry(1)], &renamed), RefusalCode::RosterNameDiffers);
    }

    #[test]
    fn a_refusal_does_not_tell_what_the_list_holds() {
        let moved = Identity { province: Province::Gansu, ..candidate() };
        assert!(match_candidate(&[entry(1)], &moved).unwrap_err().params.is_empty());
    }

    #[test]
    fn of_several_entries_the_closest_decides() {
        let other = RosterEntry { name: "别人".into(), province: Province::Gansu, ..entry(1) };
        assert_eq!(match_candidate(&[other.clone(), entry(2)], &candidate()), Ok(entry(2).id));
        let moved = RosterEntry { province: Province::Gansu, ..entry(2) };
        assert_eq!(code(&[other, moved], &candidate()), RefusalCode::RosterProvinceDiffers);
    }
}
