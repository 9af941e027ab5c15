//! CSV: the encoding and the separator are found out, not asked for.

use encoding_rs::{GB18030, UTF_8};

use super::{FileError, Table};

/// Reads comma, semicolon or tab separated text in UTF-8 or GBK.
pub(super) fn read(bytes: &[u8]) -> Result<Table, FileError> {
    let text = decode(bytes)?;
    let separator = separator(&text);
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes())
        .records()
        .map(|record| {
            let record = record.map_err(|e| FileError::Unreadable(e.to_string()))?;
            Ok(record.iter().map(|cell| cell.trim().to_owned()).collect())
        })
        .collect()
}

fn decode(bytes: &[u8]) -> Result<String, FileError> {
    let (text, _, damaged) = UTF_8.decode(bytes);
    let (text, damaged) = if damaged {
        let (text, _, damaged) = GB18030.decode(bytes);
        (text, damaged)
    } else {
        (text, false)
    };
    if damaged || text.contains('\0') {
        return Err(FileError::Unreadable("neither UTF-8 nor GBK text".into()));
    }
    Ok(text.into_owned())
}

fn separator(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |separator: u8| first.bytes().filter(|byte| *byte == separator).count();
    // Of equals the last wins, so the comma stands last.
    [b'\t', b';', b','].into_iter().max_by_key(|separator| count(*separator)).unwrap_or(b',')
}
