//! How rows become structs: each type says what a database gives for it and how that is read.

use serde::de::DeserializeOwned;
use std::str::FromStr;
use yikao_domain::{
    exam::{ExamState, SittingKind},
    id::{
        AccountId, BlockId, CandidateId, ClaimId, CommandId, CorrectionId, DeviceId, EnrolmentId, ExamId,
        FaceChallengeId, FaceCheckId, JobId, LoginId, MajorId, PartId, PictureId, ReceiptId, ReviewId,
        RevisionId, RosterEntryId, RosterPreviewId, SchoolId, SessionId, SittingId, SlotId, SubjectId,
        TakeId, TaskId,
    },
    review::ReviewKind,
    seal::Hash32,
    time::{Millis, Timestamp},
};

/// A type that a column can hold.
pub trait Column: Sized {
    /// What both databases give for it.
    type Raw;

    /// Reads what the database gave.
    ///
    /// # Errors
    /// What is wrong with it.
    fn read(raw: Self::Raw) -> Result<Self, String>;
}

macro_rules! columns {
    ($($raw:ty: $($type:ty => $read:expr),+;)+) => { $($(
        impl Column for $type {
            type Raw = $raw;
            fn read(raw: $raw) -> Result<Self, String> { $read(raw) }
        }
    )+)+ };
}

columns! {
    i64: i64 => Ok, Timestamp => |ms| Ok(Timestamp(ms)), Millis => |ms| Ok(Millis(ms)), bool => |n| Ok(n != 0),
        u64 => whole::<u64>, u32 => whole::<u32>, u8 => whole::<u8>;
    f64: f64 => Ok;
    Vec<u8>: Vec<u8> => Ok, Hash32 => hash;
    String: String => Ok, uuid::Uuid => parsed, AccountId => parsed, BlockId => parsed, CandidateId => parsed,
        CommandId => parsed, DeviceId => parsed, EnrolmentId => parsed, ExamId => parsed, FaceChallengeId => parsed,
        FaceCheckId => parsed, JobId => parsed, LoginId => parsed,
        MajorId => parsed, PartId => parsed, ReceiptId => parsed, ReviewId => parsed, RevisionId => parsed, RosterEntryId => parsed,
        ClaimId => parsed, CorrectionId => parsed, PictureId => parsed,
        RosterPreviewId => parsed, SchoolId => parsed, SessionId => parsed, SittingId => parsed,
        SubjectId => parsed, TakeId => parsed, TaskId => parsed, SlotId => parsed, ExamState => named, SittingKind => named, ReviewKind => named;
}

impl<T: Column> Column for Option<T> {
    type Raw = Option<T::Raw>;

    fn read(raw: Self::Raw) -> Result<Self, String> {
        raw.map(T::read).transpose()
    }
}

fn whole<T: TryFrom<i64, Error: ToString>>(raw: i64) -> Result<T, String> {
    T::try_from(raw).map_err(|e| e.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "columns are read from owned values")]
fn parsed<T: FromStr<Err: ToString>>(raw: String) -> Result<T, String> {
    raw.parse().map_err(|e: T::Err| e.to_string())
}

fn named<T: DeserializeOwned>(raw: String) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::String(raw)).map_err(|e| e.to_string())
}

fn hash(raw: Vec<u8>) -> Result<Hash32, String> {
    raw.try_into().map(Hash32).map_err(|raw: Vec<u8>| format!("a hash of {} bytes", raw.len()))
}

/// Reads one column of a row.
pub(crate) fn column<'r, R, T>(row: &'r R, name: &'static str) -> Result<T, sqlx::Error>
where
    R: sqlx::Row,
    T: Column,
    T::Raw: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    &'static str: sqlx::ColumnIndex<R>,
{
    T::read(row.try_get(name)?)
        .map_err(|why| sqlx::Error::ColumnDecode { index: name.to_owned(), source: why.into() })
}

/// Structs that are read from rows, column by field name.
macro_rules! rows {
    ($($(#[$doc:meta])* pub struct $name:ident { $($(#[$field_doc:meta])* pub $field:ident: $type:ty,)+ })+) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)+ }

        impl<'r, R: sqlx::Row> sqlx::FromRow<'r, R> for $name
        where
            &'static str: sqlx::ColumnIndex<R>,
            $(<$type as $crate::columns::Column>::Raw: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,)+
        {
            fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
                Ok(Self { $($field: $crate::columns::column(row, stringify!($field))?,)+ })
            }
        }
    )+ };
}
pub(crate) use rows;
