//! What a statement is given: four kinds of value that both databases know, each with its own NULL.

use sqlx::{Arguments as _, postgres::PgArguments, sqlite::SqliteArguments};
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

/// One bound value. A NULL keeps its kind, which PostgreSQL wants to know.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// BIGINT: counts, milliseconds, bytes.
    Int(Option<i64>),
    /// DOUBLE PRECISION.
    Real(Option<f64>),
    /// TEXT: ids, names, JSON documents.
    Text(Option<String>),
    /// BLOB on SQLite, BYTEA on PostgreSQL.
    Blob(Option<Vec<u8>>),
}

/// The values of one statement, `$1` first. Built with [`args!`](crate::args).
pub type Args = Vec<Value>;

/// The values of one statement, in order: `args![id, at, &name, None::<i64>]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::Value::from($value)),*] };
}

macro_rules! kinds {
    ($($kind:ident: $($from:ty => $into:expr),+;)+) => { $($(
        impl From<$from> for Value {
            fn from(value: $from) -> Self { Self::$kind(Some($into(value))) }
        }
        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self { Self::$kind(value.map($into)) }
        }
    )+)+ };
}

kinds! {
    Int: i64 => |v| v, Timestamp => Timestamp::as_ms, Millis => Millis::as_ms, u32 => i64::from, u16 => i64::from, u8 => i64::from, i32 => i64::from, bool => i64::from,
        u64 => |v| i64::try_from(v).unwrap_or(i64::MAX);
    Real: f64 => |v| v;
    Text: String => |v| v, &str => str::to_owned, &String => String::clone,
        uuid::Uuid => |v: uuid::Uuid| v.to_string(), &uuid::Uuid => uuid::Uuid::to_string;
    Blob: Vec<u8> => |v| v, &[u8] => <[u8]>::to_vec, &Vec<u8> => Vec::clone, [u8; 32] => |v: [u8; 32]| v.to_vec(),
        &[u8; 32] => |v: &[u8; 32]| v.to_vec(), Hash32 => |v: Hash32| v.0.to_vec(), &Hash32 => |v: &Hash32| v.0.to_vec();
}

macro_rules! ids {
    ($($id:ident),+ $(,)?) => {
        kinds! { Text: $($id => |v: $id| v.to_string(), &$id => $id::to_string),+; }
    };
}

ids!(
    AccountId,
    BlockId,
    CandidateId,
    ClaimId,
    CommandId,
    CorrectionId,
    DeviceId,
    EnrolmentId,
    ExamId,
    FaceChallengeId,
    FaceCheckId,
    JobId,
    LoginId,
    MajorId,
    PartId,
    PictureId,
    ReceiptId,
    ReviewId,
    RevisionId,
    RosterEntryId,
    RosterPreviewId,
    SchoolId,
    SessionId,
    SittingId,
    SlotId,
    SubjectId,
    TakeId,
    TaskId,
);

macro_rules! names {
    ($($named:ty),+) => { kinds! { Text: $($named => name_of),+; } };
}

names!(ExamState, ReviewKind, SittingKind);

/// The name of an enum's variant, as JSON writes it.
fn name_of<T: serde::Serialize>(variant: T) -> String {
    match serde_json::to_value(variant) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

pub(crate) fn sqlite_args(args: Args) -> Result<SqliteArguments, sqlx::Error> {
    let mut bound = SqliteArguments::default();
    bound.reserve(args.len(), 0);
    for value in args {
        match value {
            Value::Int(v) => bound.add(v),
            Value::Real(v) => bound.add(v),
            Value::Text(v) => bound.add(v),
            Value::Blob(v) => bound.add(v),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(bound)
}

pub(crate) fn postgres_args(args: Args) -> Result<PgArguments, sqlx::Error> {
    let mut bound = PgArguments::default();
    bound.reserve(args.len(), 0);
    for value in args {
        match value {
            Value::Int(v) => bound.add(v),
            Value::Real(v) => bound.add(v),
            Value::Text(v) => bound.add(v),
            Value::Blob(v) => bound.add(v),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(bound)
}
