//! Roster files as schools have them: Excel with merged cells, or CSV in UTF-8 or GBK. What comes out is a
//! table of texts; what the texts mean is `domain::roster`'s business.

mod sheet;
mod text;

/// The largest roster file that is read, in bytes.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;

/// The most rows that are read from one file.
pub const MAX_ROWS: usize = 200_000;

/// Rows of texts, the first being the first row of the file.
pub type Table = Vec<Vec<String>>;

/// Why a file cannot be read as a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Neither a spreadsheet nor text.
    #[error("not a spreadsheet: {0}")]
    Unreadable(String),
    /// More than [`MAX_ROWS`] rows, or unpacks to too much.
    #[error("too large")]
    TooLarge,
}

/// Reads a file by what is in it, not by its name.
pub fn read(bytes: &[u8]) -> Result<Table, FileError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(FileError::Empty);
    }
    let table = if bytes.starts_with(b"PK") { sheet::read(bytes)? } else { text::read(bytes)? };
    if table.len() > MAX_ROWS {
        return Err(FileError::TooLarge);
    }
    if table.iter().flatten().all(String::is_empty) {
        return Err(FileError::Empty);
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(table: &Table) -> Vec<Vec<&str>> {
        table.iter().map(|row| row.iter().map(String::as_str).collect()).collect()
    }

    #[test]
    fn a_csv_in_gbk_reads_like_one_in_utf_8() {
        let text = "姓名,证件号码\n王小艺,11010519491231002X\n";
        let (gbk, _, _) = encoding_rs::GBK.encode(text);
        assert_eq!(read(&gbk).unwrap(), read(text.as_bytes()).unwrap());
        assert_eq!(cells(&read(&gbk).unwrap())[1], ["王小艺", "11010519491231002X"]);
    }

    #[test]
    fn a_byte_order_mark_and_semicolons_are_no_part_of_the_names() {
        let table = read("\u{feff}姓名;证件号码\n王小艺;1\n".as_bytes()).unwrap();
        assert_eq!(cells(&table)[0], ["姓名", "证件号码"]);
    }

    #[test]
    fn merged_cells_count_for_every_row_they_cover_and_numbers_keep_their_digits() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let plain = rust_xlsxwriter::Format::new();
        sheet.write_row(0, 0, ["专业", "姓名", "考生号"]).unwrap();
        sheet.merge_range(1, 0, 2, 0, "声乐", &plain).unwrap();
        sheet.write_row(1, 1, ["王小艺", "李小帮"]).unwrap();
        sheet.write(2, 1, "李小帮").unwrap();
        sheet.write(2, 2, 20_261_101_010_123_i64).unwrap();
        let table = read(&book.save_to_buffer().unwrap()).unwrap();
        assert_eq!(cells(&table)[2], ["声乐", "李小帮", "20261101010123"]);
    }

    #[test]
    fn empty_files_and_files_that_are_no_table_say_so() {
        assert_eq!(read(b" \n ").unwrap_err(), FileError::Empty);
        assert_eq!(read(b",,\n,,\n").unwrap_err(), FileError::Empty);
        assert!(matches!(read(b"PK\x03\x04 not a zip").unwrap_err(), FileError::Unreadable(_)));
        assert!(matches!(read(b"\x00\x01\x02\xff\xfe\x00").unwrap_err(), FileError::Unreadable(_)));
    }
}
