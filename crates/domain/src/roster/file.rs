//! A school's file as a whole: finding the headings, twins within it, and what it changes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::row::{Column, Header, Row, RowError};
use crate::document::normalise_name;
use crate::refusal::{Refusal, RefusalCode};

/// Lines at the top of a file that may be titles before the headings come.
const TITLE_LINES: usize = 10;

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Which column stands where.
    pub header: Header,
    /// Required columns that are missing; then no row is read.
    pub missing_columns: Vec<Column>,
    /// How many rows below the headings hold anything.
    pub rows_total: u32,
    /// Rows that can be imported.
    pub rows: Vec<Row>,
    /// What is wrong with the others.
    pub errors: Vec<RowError>,
}

/// What an import would change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Diff {
    /// In the new list only.
    pub added: u32,
    /// In both, with another name, type or province.
    pub changed: u32,
    /// In the old list only.
    pub removed: u32,
    /// In both, the same.
    pub unchanged: u32,
}

/// Reads a table of cells: the headings are the line of the first ten in which most columns are recognised.
///
/// Of rows with the same document number the first counts; the others are errors that name it.
pub fn read<L: AsRef<[S]>, S: AsRef<str>>(table: &[L]) -> Sheet {
    let (heading, header) = find_header(table);
    let missing_columns = header.missing();
    let body = table.get(heading + 1..).unwrap_or_default();
    let filled = |line: &&L| line.as_ref().iter().any(|cell| !cell.as_ref().trim().is_empty());
    let rows_total = u32::try_from(body.iter().filter(filled).count()).unwrap_or(u32::MAX);
    let mut sheet = Sheet { header, missing_columns, rows_total, rows: Vec::new(), errors: Vec::new() };
    if !sheet.missing_columns.is_empty() {
        return sheet;
    }
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for (index, line) in body.iter().enumerate().filter(|(_, line)| filled(line)) {
        let number = u32::try_from(heading + index + 2).unwrap_or(u32::MAX);
        match sheet.header.parse(number, line.as_ref()) {
            Ok(row) => sheet.take_in(row, &mut seen),
            Err(errors) => sheet.errors.extend(errors),
        }
    }
    sheet
}

/// Compares lists by document number, as `(number, what stands beside it)`.
pub fn diff<'a>(old: impl IntoIterator<Item = &'a Row>, new: impl IntoIterator<Item = &'a Row>) -> Diff {
    let mut before: BTreeMap<&str, &Row> =
        old.into_iter().map(|row| (row.document_number.as_str(), row)).collect();
    let mut diff = Diff::default();
    for row in new {
        match before.remove(row.document_number.as_str()) {
            None => diff.added += 1,
            Some(previous) if is_same(previous, row) => diff.unchanged += 1,
            Some(_) => diff.changed += 1,
        }
    }
    diff.removed = u32::try_from(before.len()).unwrap_or(u32::MAX);
    diff
}

impl Sheet {
    fn take_in(&mut self, row: Row, seen: &mut BTreeMap<String, u32>) {
        let first = *seen.entry(row.document_number.clone()).or_insert(row.row);
        if first == row.row {
            self.rows.push(row);
        } else {
            let twin = Refusal::new(RefusalCode::RosterDuplicate).with("first_row", first);
            self.errors.push(RowError::new(row.row, Column::DocumentNumber, twin));
        }
    }
}

fn find_header<L: AsRef<[S]>, S: AsRef<str>>(table: &[L]) -> (usize, Header) {
    let mut best = (0, Header { columns: BTreeMap::new() });
    for (index, line) in table.iter().take(TITLE_LINES).enumerate() {
        let header = Header::recognise(line.as_ref());
        if header.columns.len() > best.1.columns.len() {
            best = (index, header);
        }
    }
    best
}

fn is_same(old: &Row, new: &Row) -> bool {
    normalise_name(&old.name) == normalise_name(&new.name)
        && (old.document_type, old.province) == (new.document_type, new.province)
        && (&old.candidate_number, &old.major, &old.phone) == (&new.candidate_number, &new.major, &new.phone)
}
