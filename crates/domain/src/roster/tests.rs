//! Files as schools have them.

use super::*;
use crate::document::{DocumentType, Province};
use crate::refusal::RefusalCode;

const WANG: [&str; 4] = ["王小艺", "11010519491231002X", "广东省", "声乐"];

fn sheet(lines: &[&[&str]]) -> Sheet {
    read(lines)
}

fn errors(sheet: &Sheet) -> Vec<(u32, Column, RefusalCode)> {
    sheet.errors.iter().map(|error| (error.row, error.column, error.code)).collect()
}

#[test]
fn columns_are_found_in_any_order_under_any_usual_heading() {
    let sheet = sheet(&[
        &["序号", "生源地", " 考生姓名 ", "身份证号（必填）", "报考专业", "考生号"],
        &["1", "广东省", "王 小艺", "'11010519491231002x", "声乐", "2244000001"],
    ]);
    assert_eq!(errors(&sheet), []);
    let row = &sheet.rows[0];
    assert_eq!((row.row, row.name.as_str(), row.province), (2, "王 小艺", Province::Guangdong));
    assert_eq!(
        (row.document_type, row.document_number.as_str()),
        (DocumentType::IdCard, "11010519491231002X")
    );
    assert_eq!((row.major.as_deref(), row.candidate_number.as_deref()), (Some("声乐"), Some("2244000001")));
    assert_eq!(sheet.header.columns[&Column::Province], (1, "生源地".to_owned()));
}

#[test]
fn titles_above_the_headings_do_not_disturb() {
    let sheet = sheet(&[&["2026 年校考名单"], &[], &["姓名", "证件号码", "省份", "专业"], &WANG]);
    assert_eq!((sheet.rows_total, sheet.rows[0].row), (1, 4));
}

#[test]
fn a_missing_column_is_named_and_no_row_is_read() {
    let sheet = sheet(&[&["姓名", "证件号码"], &["王小艺", "11010519491231002X"]]);
    assert_eq!(sheet.missing_columns, [Column::Province]);
    assert!(sheet.rows.is_empty() && sheet.errors.is_empty());
}

#[test]
fn every_mistake_of_a_row_is_reported_with_its_place() {
    let sheet = sheet(&[
        &["姓名", "证件号码", "省份", "手机号"],
        &["", "110105194912310021", "广洲", "电话"],
        &["王小艺", "11010519491231002X", "广东", ""],
    ]);
    assert_eq!(
        errors(&sheet),
        [
            (2, Column::Name, RefusalCode::IdentityNameEmpty),
            (2, Column::DocumentNumber, RefusalCode::IdentityChecksum),
            (2, Column::Province, RefusalCode::IdentityProvinceUnknown),
            (2, Column::Phone, RefusalCode::RosterPhone),
        ]
    );
    assert_eq!((sheet.rows_total, sheet.rows.len()), (2, 1));
}

#[test]
fn a_number_that_a_spreadsheet_turned_into_a_figure_is_told_as_such() {
    let sheet = sheet(&[
        &["姓名", "证件号码", "省份"],
        &["王小艺", "1.10105E+17", "广东"],
        &["王小二", "110105194912310000.0", "广东"],
    ]);
    let codes: Vec<_> = sheet.errors.iter().map(|error| error.code).collect();
    assert_eq!(codes, [RefusalCode::RosterSpoiltNumber, RefusalCode::RosterSpoiltNumber]);
}

#[test]
fn the_second_row_with_a_number_names_the_first() {
    let sheet = sheet(&[&["姓名", "证件号码", "省份", "专业"], &WANG, &[], &WANG]);
    assert_eq!(errors(&sheet), [(4, Column::DocumentNumber, RefusalCode::RosterDuplicate)]);
    assert_eq!(sheet.errors[0].params["first_row"], 2);
}

#[test]
fn another_type_of_document_is_checked_by_its_own_rules() {
    let sheet = sheet(&[
        &["姓名", "证件类型", "证件号码", "省份"],
        &["Li Ming", "护照", "E12345678", "北京"],
        &["王小艺", "学生证", "11010519491231002X", "北京"],
    ]);
    assert_eq!(sheet.rows[0].document_type, DocumentType::Passport);
    assert_eq!(errors(&sheet), [(3, Column::DocumentType, RefusalCode::IdentityDocumentType)]);
}

#[test]
fn an_import_tells_what_it_changes() {
    let read = |lines: &[&[&str]]| sheet(lines).rows;
    let header: &[&str] = &["姓名", "证件类型", "证件号码", "省份"];
    let old = read(&[
        header,
        &["王小艺", "", "11010519491231002X", "广东"],
        &["李明", "护照", "E12345678", "北京"],
        &["张三", "护照", "E11111111", "北京"],
    ]);
    let new = read(&[
        header,
        &["王小艺", "", "11010519491231002X", "广东省"],
        &["李明", "护照", "E12345678", "天津"],
        &["赵四", "护照", "E22222222", "北京"],
    ]);
    assert_eq!(diff(&old, &new), Diff { added: 1, changed: 1, removed: 1, unchanged: 1 });
}

#[test]
fn an_empty_file_lacks_every_required_column() {
    let empty: [&[&str]; 0] = [];
    assert_eq!(read(&empty).missing_columns, Column::REQUIRED);
}
