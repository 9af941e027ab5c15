//! Reading documents and events of earlier releases: each shape is brought to the next until it is today's.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Recorded, Sitting};

/// Version of the shapes written today.
pub const SCHEMA_VERSION: u32 = 1;

/// Brings a document from one version to the next.
type Step = fn(Value) -> Value;

/// `SITTING_STEPS[n]` brings a sitting from version `n + 1` to `n + 2`.
const SITTING_STEPS: &[Step] = &[];

/// `EVENT_STEPS[n]` brings an event from version `n + 1` to `n + 2`.
const EVENT_STEPS: &[Step] = &[];

/// A stored document that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum UpcastError {
    /// It has no version.
    #[error("the document has no schema_version")]
    NoVersion,
    /// It was written by a later release.
    #[error("the document has schema_version {0}, this release knows up to {SCHEMA_VERSION}")]
    TooNew(u64),
    /// It is not what its version says.
    #[error("the document does not have the shape of its version: {0}")]
    Shape(#[from] serde_json::Error),
}

/// Reads a stored sitting of any version up to today's.
///
/// # Errors
/// No version, a later version, or another shape than the version's.
pub fn read_sitting(document: Value) -> Result<Sitting, UpcastError> {
    read(document, SITTING_STEPS)
}

/// Reads a stored event of any version up to today's.
///
/// # Errors
/// No version, a later version, or another shape than the version's.
pub fn read_event(document: Value) -> Result<Recorded, UpcastError> {
    read(document, EVENT_STEPS)
}

fn read<T: DeserializeOwned>(document: Value, steps: &[Step]) -> Result<T, UpcastError> {
    Ok(serde_json::from_value(upcast(document, steps)?)?)
}

fn upcast(mut document: Value, steps: &[Step]) -> Result<Value, UpcastError> {
    let latest = steps.len() as u64 + 1;
    let version = document.get("schema_version").and_then(Value::as_u64).ok_or(UpcastError::NoVersion)?;
    let done = version.checked_sub(1).ok_or(UpcastError::NoVersion)?;
    let Some(remaining) = usize::try_from(done).ok().and_then(|done| steps.get(done..)) else {
        return Err(UpcastError::TooNew(version));
    };
    for step in remaining {
        document = step(document);
    }
    if let Some(fields) = document.as_object_mut() {
        fields.insert("schema_version".to_owned(), latest.into());
    }
    Ok(document)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const STEPS: &[Step] = &[
        |document| json!({"schema_version": 1, "full_name": document["name"]}),
        |document| json!({"schema_version": 2, "full_name": document["full_name"], "tags": []}),
    ];

    #[test]
    fn an_old_document_goes_through_every_later_step() {
        let now = upcast(json!({"schema_version": 1, "name": "a"}), STEPS).unwrap();
        assert_eq!(now, json!({"schema_version": 3, "full_name": "a", "tags": []}));
    }

    #[test]
    fn a_document_of_a_middle_version_goes_through_the_rest() {
        let now = upcast(json!({"schema_version": 2, "full_name": "a"}), STEPS).unwrap();
        assert_eq!(now["tags"], json!([]));
    }

    #[test]
    fn a_document_of_today_stays_as_it_is() {
        let today = json!({"schema_version": 3, "full_name": "a", "tags": [1]});
        assert_eq!(upcast(today.clone(), STEPS).unwrap(), today);
    }

    #[test]
    fn a_document_of_a_later_release_is_refused() {
        assert!(matches!(upcast(json!({"schema_version": 4}), STEPS), Err(UpcastError::TooNew(4))));
        assert!(matches!(read_sitting(json!({"schema_version": 2})), Err(UpcastError::TooNew(2))));
    }

    #[test]
    fn a_document_without_a_version_is_refused() {
        assert!(matches!(upcast(json!({}), STEPS), Err(UpcastError::NoVersion)));
        assert!(matches!(upcast(json!({"schema_version": 0}), STEPS), Err(UpcastError::NoVersion)));
    }

    #[test]
    fn todays_version_is_the_one_after_the_last_step() {
        assert_eq!(SITTING_STEPS.len() + 1, SCHEMA_VERSION as usize);
        assert_eq!(EVENT_STEPS.len() + 1, SCHEMA_VERSION as usize);
    }
}
