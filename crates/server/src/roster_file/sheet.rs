//! Excel: the first sheet that has anything in it.

use std::io::Cursor;

use calamine::{Data, Dimensions, Range, Reader, Xlsx};

use super::{FileError, MAX_ROWS, Table};

/// Reads the first sheet with content; a merged cell counts for every cell it covers.
pub(super) fn read(bytes: &[u8]) -> Result<Table, FileError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| unreadable(&e))?;
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(|e| unreadable(&e))?;
        if range.is_empty() {
            continue;
        }
        if range.height() > MAX_ROWS || range.width() > 256 {
            return Err(FileError::TooLarge);
        }
        let merged = book.merge_cells_by_sheet_name(&name).map_err(|e| unreadable(&e))?;
        return Ok(table(&range, &merged));
    }
    Err(FileError::Empty)
}

fn unreadable(error: &calamine::XlsxError) -> FileError {
    FileError::Unreadable(error.to_string())
}

fn table(range: &Range<Data>, merged: &[Dimensions]) -> Table {
    let (top, left) = range.start().unwrap_or_default();
    let mut table: Table = range.rows().map(|row| row.iter().map(text).collect()).collect();
    for area in merged {
        let Some(value) = range.get_value(area.start).map(text) else { continue };
        for row in area.start.0..=area.end.0 {
            for column in area.start.1..=area.end.1 {
                let row = table.get_mut(row.saturating_sub(top) as usize);
                if let Some(cell) = row.and_then(|row| row.get_mut(column.saturating_sub(left) as usize)) {
                    cell.clone_from(&value);
                }
            }
        }
    }
    table
}

fn text(cell: &Data) -> String {
    match cell {
        // A whole number typed into a cell must not come back as 2.0261101e13.
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 9.0e15 => format!("{number:.0}"),
        other => other.to_string().trim().to_owned(),
    }
}
