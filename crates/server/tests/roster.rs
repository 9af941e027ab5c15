//! Lists as schools have them: read, shown, imported, corrected.

use axum::http::Method;
use serde_json::{Value, json};
use yikao_server::auth::actor::SchoolRole;
use yikao_server::seed::{id_card, somebody};

use crate::util::{Answer, Call, Person, TestApp};

/// A school with a draft exam, and its administrator.
struct Office {
    app: TestApp,
    admin: Person,
    exam: String,
    major: String,
}

const CSV: &str = "text/csv";
const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

impl Office {
    async fn open() -> Self {
        let app = TestApp::start().await;
        let school = app.school().await;
        let admin = app.staff(school, SchoolRole::Admin).await;
        let now = app.app.clock.now().as_ms();
        let body = json!({ "preset": "general", "title": "校考", "zone": "Asia/Shanghai",
            "opens_at": now, "closes_at": now + 3_600_000 });
        let exam = app.post(&admin, &format!("/schools/{school}/exams"), body).await.expect(201);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (exam, major) = (text(&exam["id"]), text(&exam["revision"]["body"]["majors"][0]["id"]));
        Self { app, admin, exam, major }
    }

    async fn upload(&self, kind: &str, file: impl Into<Vec<u8>>) -> Answer {
        let path = format!("/console/exams/{}/roster-previews?major={}", self.exam, self.major);
        self.app.ask(Call::new(Method::POST, &path).by(&self.admin).raw(kind, file)).await
    }

    async fn preview(&self, file: impl Into<Vec<u8>>) -> Value {
        self.upload(CSV, file).await.expect(201)
    }

    async fn import(&self, preview: &Value) -> Answer {
        let path = format!("/console/exams/{}/roster-imports", self.exam);
        self.app.post(&self.admin, &path, json!({ "preview_id": preview["preview_id"] })).await
    }

    async fn list(&self, query: &str) -> Value {
        self.app.get(&self.admin, &format!("/console/exams/{}/roster{query}", self.exam)).await.expect(200)
    }
}

/// Row, column and code of what is wrong.
fn errors(preview: &Value) -> Vec<(u64, &str, &str)> {
    let errors = preview["errors"].as_array().unwrap().iter();
    errors
        .map(|error| {
            (
                error["row"].as_u64().unwrap(),
                error["column"].as_str().unwrap(),
                error["code"].as_str().unwrap(),
            )
        })
        .collect()
}

#[tokio::test]
async fn a_list_in_gbk_reads_like_one_in_utf_8() {
    let office = Office::open().await;
    let text = format!("姓名,证件号码,高考省份\n王小艺,{},广东\n", id_card(1));
    let (gbk, _, _) = encoding_rs::GBK.encode(&text);
    let (gbk, utf8) = (office.preview(gbk.into_owned()).await, office.preview(text.clone()).await);
    assert_eq!(gbk["accepted"], utf8["accepted"]);
    assert_eq!(utf8["accepted"][0]["name"], "王小艺");
    assert_eq!(
        utf8["columns"],
        json!({ "name": "姓名", "document_number": "证件号码", "province": "高考省份" })
    );
}

#[tokio::test]
async fn merged_cells_of_a_spreadsheet_count_for_every_row() {
    let office = Office::open().await;
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let plain = rust_xlsxwriter::Format::new();
    sheet.merge_range(0, 0, 0, 2, "2027 年校考名单", &plain).unwrap();
    sheet.write_row(1, 0, ["省份", "考生姓名", "身份证号"]).unwrap();
    sheet.merge_range(2, 0, 3, 0, "新疆", &plain).unwrap();
    sheet.write_row(2, 1, ["阿依古丽·买买提", id_card(1).as_str()]).unwrap();
    sheet.write_row(3, 1, ["王小艺", id_card(2).as_str()]).unwrap();
    let preview = office.upload(EXCEL, book.save_to_buffer().unwrap()).await.expect(201);
    assert_eq!(errors(&preview), []);
    assert_eq!(preview["accepted"][1]["province"], "新疆");
    assert_eq!(preview["accepted"][1]["row"], 4);
}

#[tokio::test]
async fn numbers_are_read_as_people_and_spreadsheets_write_them() {
    let office = Office::open().await;
    let with_x = (1..100).map(id_card).find(|number| number.ends_with('X')).unwrap();
    let full_width: String =
        id_card(500).chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap()).collect();
    let file = format!(
        "姓名,证件号码,省份\n王一,{}x,广东\n王二,{full_width},广东\n王三,'{},广东省\n王四, {} ,广东\n",
        &with_x[..17],
        id_card(501),
        id_card(502),
    );
    let preview = office.preview(file).await;
    assert_eq!(errors(&preview), []);
    assert_eq!(preview["accepted_total"], 4);
    office.import(&preview).await.expect(201);
    let wide_x = format!("{}%EF%BC%B8", &with_x[..17]);
    assert_eq!(office.list(&format!("?q={wide_x}")).await["items"][0]["name"], "王一");
    assert_eq!(office.list(&format!("?q={}", id_card(500))).await["items"][0]["name"], "王二");
    assert_eq!(office.list(&format!("?q={}", id_card(501))).await["items"][0]["province"], "广东");
}

#[tokio::test]
async fn columns_may_stand_in_any_order_but_not_be_missing() {
    let office = Office::open().await;
    let preview =
        office.preview(format!("备注,生源地,身份证号码,考生姓名\n无,四川,{},王小艺\n", id_card(1))).await;
    assert_eq!(preview["accepted"][0]["name"], "王小艺");
    let without = office.preview(format!("姓名,证件号码\n王小艺,{}\n", id_card(1))).await;
    assert_eq!(without["missing_columns"], json!(["province"]));
    assert_eq!(without["accepted_total"], 0);
    assert_eq!(office.import(&without).await.refusal(422), "roster.file_empty");
}

#[tokio::test]
async fn each_wrong_cell_is_named_with_its_row_and_what_to_do() {
    let office = Office::open().await;
    let right = id_card(1);
    let wrong = format!("{}{}", &right[..17], if right.ends_with('1') { '2' } else { '1' });
    let file = format!(
        "姓名,证件号码,省份\n王一,{right},广东\n王二,{right},广东\n王三,{wrong},广东\n王四,1.10105E+17,火星\n"
    );
    let preview = office.preview(file).await;
    assert_eq!(
        errors(&preview),
        [
            (3, "document_number", "roster.duplicate"),
            (4, "document_number", "identity.checksum"),
            (5, "document_number", "roster.spoilt_number"),
            (5, "province", "identity.province_unknown"),
        ]
    );
    assert_eq!(preview["errors"][0]["message"], "Row 2 has the same document number.");
    assert_eq!(preview["rows_total"], 4);
    assert_eq!(preview["accepted_total"], 1);
}

#[tokio::test]
async fn what_is_no_list_is_refused() {
    let office = Office::open().await;
    assert_eq!(office.upload(CSV, "").await.refusal(422), "roster.file_empty");
    assert_eq!(office.upload(CSV, ",,\n,,\n").await.refusal(422), "roster.file_empty");
    assert_eq!(office.upload(EXCEL, "PK\u{3}\u{4} not a zip").await.refusal(422), "roster.file_unreadable");
    let large = vec![b'a'; 20 * 1024 * 1024 + 1];
    assert_eq!(office.upload(CSV, large).await.refusal(413), "request.too_large");
}

#[tokio::test]
async fn an_import_replaces_the_list_and_acts_once() {
    let office = Office::open().await;
    let row = |name: &str, serial: u32| format!("{name},{},广东\n", id_card(serial));
    let head = "姓名,证件号码,省份\n";
    let first = office.preview(format!("{head}{}{}{}", row("王一", 1), row("王二", 2), row("王三", 3))).await;
    assert_eq!(first["diff"], json!({ "added": 3, "changed": 0, "removed": 0, "unchanged": 0 }));
    assert_eq!(office.list("").await["total"], 0);
    assert_eq!(office.import(&first).await.expect(201)["imported"], 3);
    assert_eq!(office.import(&first).await.refusal(410), "roster.preview_over");
    let kept = office.list(&format!("?q={}", id_card(2))).await["items"][0]["id"].clone();

    let second =
        office.preview(format!("{head}{}{}{}", row("王一", 1), row("王贰", 2), row("王四", 4))).await;
    assert_eq!(second["diff"], json!({ "added": 1, "changed": 1, "removed": 1, "unchanged": 1 }));
    let done = office.import(&second).await.expect(201);
    assert_eq!(done, json!({ "imported": 3, "added": 1, "changed": 1, "removed": 1 }));
    let changed = office.list("?q=%E7%8E%8B%E8%B4%B0").await;
    assert_eq!((&changed["items"][0]["name"], &changed["items"][0]["id"]), (&json!("王贰"), &kept));
    assert_eq!(office.list("?q=%E7%8E%8B%E4%B8%89").await["total"], 0);
}

#[tokio::test]
async fn the_same_command_imports_once_and_answers_twice() {
    let office = Office::open().await;
    let preview = office.preview(format!("姓名,证件号码,省份\n王一,{},广东\n", id_card(1))).await;
    let body = json!({ "command_id": office.app.id(), "preview_id": preview["preview_id"] });
    let path = format!("/console/exams/{}/roster-imports", office.exam);
    let first = office.app.post(&office.admin, &path, body.clone()).await.expect(201);
    let second = office.app.post(&office.admin, &path, body).await.expect(201);
    assert_eq!(first, second);
}

#[tokio::test]
async fn a_corrected_entry_lets_its_candidate_confirm() {
    let office = Office::open().await;
    let who = somebody("王小艺", 1);
    let candidate = office.app.candidate(&who).await;
    let preview = office.preview(format!("姓名,证件号码,省份\n王小乙,{},广东\n", who.document_number)).await;
    office.import(&preview).await.expect(201);
    office
        .app
        .post(&office.admin, &format!("/console/exams/{}/open", office.exam), json!({}))
        .await
        .expect(200);

    let confirm = format!("/exams/{}/majors/{}/enrolments", office.exam, office.major);
    assert_eq!(
        office.app.post(&candidate, &confirm, json!({})).await.refusal(409),
        "roster.province_differs"
    );
    let entry = office.list("").await["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/console/roster-entries/{entry}");
    let correct = |body| office.app.command(Method::PATCH, &office.admin, &path, body);
    correct(json!({ "province": "北京" })).await.expect(200);
    assert_eq!(office.app.post(&candidate, &confirm, json!({})).await.refusal(409), "roster.name_differs");
    assert_eq!(correct(json!({ "name": "王小艺" })).await.expect(200)["name"], "王小艺");
    office.app.post(&candidate, &confirm, json!({})).await.expect(201);
    assert!(office.list("").await["items"][0]["enrolled_at"].is_i64());

    let removed = office.app.ask(Call::new(Method::DELETE, &path).by(&office.admin)).await;
    assert_eq!(removed.status, 204);
    assert_eq!(office.list("").await["total"], 0);
    let own = office.app.get(&candidate, "/me/enrolments").await.expect(200);
    assert_eq!(own["confirmed"].as_array().unwrap().len(), 1);
}
