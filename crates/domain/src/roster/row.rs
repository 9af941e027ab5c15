//! A row of a school's list: columns in any order under any usual heading, each cell normalised or refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::document::{DocumentType, Province, check_name, half_width, normalise_number};
use crate::refusal::{Refusal, RefusalCode};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// 姓名.
    Name,
    /// 证件类型.
    DocumentType,
    /// 证件号码.
    DocumentNumber,
    /// 高考省份.
    Province,
    /// 考生号.
    CandidateNumber,
    /// 专业.
    Major,
    /// 手机号.
    Phone,
}

/// Which column stands where in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Position (from 0) and heading of each recognised column.
    pub columns: BTreeMap<Column, (usize, String)>,
}

/// A row that can be imported, normalised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Number in the file, as a spreadsheet shows it: the first line is 1.
    pub row: u32,
    /// Name.
    pub name: String,
    /// Type of document.
    pub document_type: DocumentType,
    /// Number of document.
    pub document_number: String,
    /// Province of the examination.
    pub province: Province,
    /// 考生号, where the list has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate_number: Option<String>,
    /// The major as written, where the list has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub major: Option<String>,
    /// Phone, where the list has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// What is wrong with a cell, or with a row as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// Number of the row, as a spreadsheet shows it.
    pub row: u32,
    /// Which column.
    pub column: Column,
    /// What is wrong; its texts are in the catalogue of refusals.
    pub code: RefusalCode,
    /// What the texts need.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, Value>,
}

impl Column {
    /// Every column.
    pub const ALL: [Self; 7] = [
        Self::Name,
        Self::DocumentType,
        Self::DocumentNumber,
        Self::Province,
        Self::CandidateNumber,
        Self::Major,
        Self::Phone,
    ];

    /// Columns without which nobody can be matched (G11).
    pub const REQUIRED: [Self; 3] = [Self::Name, Self::DocumentNumber, Self::Province];

    /// The name on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::DocumentType => "document_type",
            Self::DocumentNumber => "document_number",
            Self::Province => "province",
            Self::CandidateNumber => "candidate_number",
            Self::Major => "major",
            Self::Phone => "phone",
        }
    }

    /// The usual heading, for templates and messages.
    pub const fn heading(self) -> &'static str {
        self.headings()[0]
    }

    /// The headings that schools use.
    const fn headings(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["姓名", "考生姓名", "学生姓名", "名字", "name"],
            Self::DocumentType => &["证件类型", "证件种类", "证件类别", "documenttype"],
            Self::DocumentNumber => &[
                "证件号码",
                "证件号",
                "身份证号",
                "身份证号码",
                "身份证",
                "居民身份证号",
                "居民身份证号码",
                "身份证件号",
                "身份证件号码",
                "考生证件号",
                "考生身份证号",
                "documentnumber",
                "idnumber",
            ],
            Self::Province => &[
                "高考省份",
                "省份",
                "生源地",
                "生源省份",
                "生源地省份",
                "生源省",
                "高考所在地",
                "高考报名省份",
                "考生省份",
                "所在省份",
                "省",
                "省市",
                "province",
            ],
            Self::CandidateNumber => &["考生号", "高考考生号", "高考报名号", "报名号", "candidatenumber"],
            Self::Major => &["专业", "专业名称", "报考专业", "报考专业名称", "招考方向", "major"],
            Self::Phone => &["手机号", "手机", "手机号码", "联系电话", "电话", "联系方式", "phone", "mobile"],
        }
    }

    /// The column that a heading means.
    pub fn recognise(heading: &str) -> Option<Self> {
        let heading: String = half_width(heading)
            .to_lowercase()
            .chars()
            .take_while(|character| !matches!(character, '(' | '【' | '['))
            .filter(|character| character.is_alphanumeric())
            .collect();
        Self::ALL.into_iter().find(|column| column.headings().contains(&heading.as_str()))
    }
}

impl Header {
    /// Which column stands where; the first of two columns with the same meaning counts.
    pub fn recognise<S: AsRef<str>>(cells: &[S]) -> Self {
        let mut columns = BTreeMap::new();
        for (position, cell) in cells.iter().enumerate() {
            if let Some(column) = Column::recognise(cell.as_ref()) {
                columns.entry(column).or_insert_with(|| (position, cell.as_ref().trim().to_owned()));
            }
        }
        Self { columns }
    }

    /// Required columns that the file does not have.
    pub fn missing(&self) -> Vec<Column> {
        Column::REQUIRED.into_iter().filter(|column| !self.columns.contains_key(column)).collect()
    }

    /// The row in these cells.
    ///
    /// # Errors
    /// Everything that is wrong with it, not just the first.
    pub fn parse<S: AsRef<str>>(&self, row: u32, cells: &[S]) -> Result<Row, Vec<RowError>> {
        let cells = Cells { header: self, texts: cells, row };
        let mut errors = Vec::new();
        let name = cells.read(Column::Name, &mut errors, check_name);
        let document_type = cells.read(Column::DocumentType, &mut errors, document_type);
        let kind = document_type.unwrap_or(DocumentType::IdCard);
        let number = cells.read(Column::DocumentNumber, &mut errors, |cell| document_number(kind, cell));
        let province = cells.read(Column::Province, &mut errors, province);
        let candidate_number = cells.read(Column::CandidateNumber, &mut errors, candidate_number);
        let phone = cells.read(Column::Phone, &mut errors, phone);
        let major = cells.text(Column::Major).trim();
        match (name, number, province, errors.is_empty()) {
            (Some(name), Some(document_number), Some(province), true) => Ok(Row {
                row,
                name,
                document_type: kind,
                document_number,
                province,
                candidate_number: candidate_number.flatten(),
                major: (!major.is_empty()).then(|| major.to_owned()),
                phone: phone.flatten(),
            }),
            _ => Err(errors),
        }
    }
}

impl RowError {
    /// The error as a refusal, for its words.
    pub fn refusal(&self) -> Refusal {
        Refusal { code: self.code, params: self.params.clone() }
    }

    pub(super) fn new(row: u32, column: Column, refusal: Refusal) -> Self {
        Self { row, column, code: refusal.code, params: refusal.params }
    }
}

struct Cells<'a, S> {
    header: &'a Header,
    texts: &'a [S],
    row: u32,
}

impl<S: AsRef<str>> Cells<'_, S> {
    fn text(&self, column: Column) -> &str {
        let position = self.header.columns.get(&column).map(|(position, _)| *position);
        position.and_then(|position| self.texts.get(position)).map_or("", AsRef::as_ref)
    }

    fn read<T>(
        &self,
        column: Column,
        errors: &mut Vec<RowError>,
        read: impl FnOnce(&str) -> Result<T, Refusal>,
    ) -> Option<T> {
        read(self.text(column)).map_err(|refusal| errors.push(RowError::new(self.row, column, refusal))).ok()
    }
}

/// No cell, or an empty one, means an ID card.
fn document_type(cell: &str) -> Result<DocumentType, Refusal> {
    if cell.trim().is_empty() {
        return Ok(DocumentType::IdCard);
    }
    DocumentType::recognise(cell).ok_or_else(|| RefusalCode::IdentityDocumentType.into())
}

/// Spreadsheets turn 18 digits into a number of 15 and an exponent: the rest is gone for good.
fn document_number(kind: DocumentType, cell: &str) -> Result<String, Refusal> {
    let text = half_width(cell.trim()).to_uppercase();
    let spoilt = text.contains("E+") || (text.contains('.') && text.parse::<f64>().is_ok());
    if spoilt { Err(RefusalCode::RosterSpoiltNumber.into()) } else { kind.check_number(cell) }
}

fn province(cell: &str) -> Result<Province, Refusal> {
    let text = cell.trim();
    if text.is_empty() {
        return Err(RefusalCode::IdentityProvinceEmpty.into());
    }
    Province::recognise(text)
        .ok_or_else(|| Refusal::new(RefusalCode::IdentityProvinceUnknown).with("province", text))
}

/// Digits, and letters in some provinces; an unknown pattern is for the school to judge (D5).
fn candidate_number(cell: &str) -> Result<Option<String>, Refusal> {
    let number = normalise_number(cell);
    if number.is_empty() {
        return Ok(None);
    }
    let fits = (8..=20).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if fits {
        Ok(Some(number))
    } else {
        Err(Refusal::new(RefusalCode::RosterCandidateNumber).with("expected", "10–14"))
    }
}

fn phone(cell: &str) -> Result<Option<String>, Refusal> {
    let number = normalise_number(cell);
    let digits = number.trim_start_matches('+');
    if digits.is_empty() {
        return Ok(None);
    }
    let fits = (6..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if fits { Ok(Some(number)) } else { Err(RefusalCode::RosterPhone.into()) }
}
