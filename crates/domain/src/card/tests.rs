//! Cards as readers see them: level, leaning, in pieces, misread, half gone.

use super::*;
use crate::document::BirthDate;

/// A valid number of a woman born on 2003-04-15 in Guangdong.
const NUMBER: &str = "440105200304150047";

/// Letters side by side, each as good as certain.
fn letters(text: &str) -> Vec<Letter> {
    #[expect(clippy::cast_precision_loss, reason = "a line is short")]
    let at = |place: usize| (place as f32 + 0.5) / text.chars().count() as f32;
    text.chars()
        .enumerate()
        .map(|(place, letter)| Letter { at: at(place), likely: vec![(letter, 0.98)] })
        .collect()
}

/// Lines on a card that leans by some degrees: text, x and y in pixels of a level card.
fn photo(lean: f32, lines: &[(&str, f32, f32)]) -> CardText {
    let (sine, cosine) = lean.to_radians().sin_cos();
    let place = |x: f32, y: f32| Point { x: 300.0 + x * cosine - y * sine, y: 250.0 + x * sine + y * cosine };
    let line = |(text, x, y): &(&str, f32, f32)| {
        #[expect(clippy::cast_precision_loss, reason = "a line is short")]
        let width = 30.0 * text.chars().count() as f32;
        TextLine {
            letters: letters(text),
            confidence: 0.97,
            corners: [place(*x, *y), place(x + width, *y), place(x + width, y + 36.0), place(*x, y + 36.0)],
        }
    };
    CardText {
        width: 1600,
        height: 1200,
        turned: 0,
        lines: lines.iter().map(line).collect(),
        sharpness: 0.6,
        blown: 0.0,
        brightness: 0.6,
    }
}

fn front_lines() -> Vec<(&'static str, f32, f32)> {
    vec![
        ("姓 名", 0.0, 4.0),
        ("欧阳晨曦", 110.0, 0.0),
        ("性别女", 0.0, 75.0),
        ("民族汉", 220.0, 77.0),
        ("出生2003年4月15日", 0.0, 150.0),
        ("住址广东省广州市海珠区昌岗东", 0.0, 220.0),
        ("路257号", 110.0, 266.0),
        ("公民身份号码", 0.0, 480.0),
        (NUMBER, 270.0, 474.0),
    ]
}

fn back_lines() -> Vec<(&'static str, f32, f32)> {
    vec![
        ("中华人民共和国", 200.0, 0.0),
        ("居民身份证", 200.0, 100.0),
        ("签发机关", 0.0, 400.0),
        ("广州市公安局海珠分局", 160.0, 402.0),
        ("有效期限2016.05.20-2026.05.20", 0.0, 460.0),
    ]
}

fn with(mut lines: Vec<(&'static str, f32, f32)>, at: usize, text: &'static str) -> CardFront {
    lines[at].0 = text;
    read_front(&photo(0.0, &lines))
}

#[test]
fn a_name_is_found_though_the_words_below_it_were_misread() {
    let mut lines = front_lines();
    lines.retain(|line| !line.0.starts_with("民族"));
    for (label, misread) in [("性别女", "女美汉"), ("出生2003年4月15日", "20037月415")] {
        lines.iter_mut().filter(|line| line.0 == label).for_each(|line| line.0 = misread);
        let front = read_front(&photo(0.0, &lines));
        assert_eq!(front.name.as_deref(), Some("欧阳晨曦"), "{misread}");
        assert_eq!(front.number.as_deref(), Some(NUMBER));
    }
    assert_eq!(read_front(&photo(0.0, &with_sex_row("性刻男民汉"))).name.as_deref(), Some("欧阳晨曦"));
}

fn with_sex_row(row: &'static str) -> Vec<(&'static str, f32, f32)> {
    let mut lines = front_lines();
    lines.retain(|line| !line.0.starts_with("民族"));
    lines.iter_mut().filter(|line| line.0 == "性别女").for_each(|line| line.0 = row);
    lines
}

#[test]
fn a_label_that_was_misread_takes_no_number_away() {
    let mut text = photo(0.0, &front_lines());
    assert_eq!(text.lines[7].text(), "公民身份号码");
    (text.lines[7].letters, text.lines[7].confidence) = (letters("公优身份号称"), 0.4);
    assert_eq!(read_front(&text).number.as_deref(), Some(NUMBER));
}

#[test]
fn the_portrait_side_is_read_field_by_field() {
    let front = read_front(&photo(0.0, &front_lines()));
    assert_eq!(front.name.as_deref(), Some("欧阳晨曦"));
    assert_eq!(front.number.as_deref(), Some(NUMBER));
    assert_eq!(front.sex, Some(Sex::Female));
    assert_eq!(front.ethnicity.as_deref(), Some("汉"));
    assert_eq!(front.birth, BirthDate::new(2003, 4, 15));
    assert_eq!(front.address.as_deref(), Some("广东省广州市海珠区昌岗东路257号"));
    assert_eq!(front.province, Some(Province::Guangdong));
    assert_eq!(front.faults, []);
}

#[test]
fn a_card_that_leans_reads_the_same() {
    let level = read_front(&photo(0.0, &front_lines()));
    assert_eq!(read_front(&photo(11.0, &front_lines())), level);
    assert_eq!(read_front(&photo(-11.0, &front_lines())), level);
}

#[test]
fn labels_may_stand_alone_or_with_their_values() {
    let mut lines = front_lines();
    lines.remove(0);
    lines[0] = ("姓名欧阳晨曦", 0.0, 0.0);
    lines[7] = ("号码440105200304150047", 200.0, 474.0);
    let front = read_front(&photo(3.0, &lines));
    assert_eq!(front.name.as_deref(), Some("欧阳晨曦"));
    assert_eq!(front.number.as_deref(), Some(NUMBER));
}

#[test]
fn a_name_is_read_without_its_label() {
    let mut lines = front_lines();
    lines.remove(0);
    assert_eq!(read_front(&photo(0.0, &lines)).name.as_deref(), Some("欧阳晨曦"));
}

#[test]
fn names_with_dots_rare_characters_and_thirty_characters_are_kept_as_read() {
    let named = |name| with(front_lines(), 1, name).name;
    assert_eq!(named("阿卜杜拉•买买提").as_deref(), Some("阿卜杜拉·买买提"));
    assert_eq!(named("李𠮷䶮").as_deref(), Some("李𠮷䶮"));
    let mut lines = front_lines();
    lines[1] = ("玛合巴丽·阿不都热合曼江·买买提依", 110.0, 0.0);
    lines.insert(2, ("明艾力·吐尔逊古丽·艾合", 110.0, 38.0));
    let long = read_front(&photo(0.0, &lines)).name.unwrap();
    assert_eq!(long, "玛合巴丽·阿不都热合曼江·买买提依明艾力·吐尔逊古丽·艾合");
}

#[test]
fn a_misread_digit_gives_no_number_and_leaves_the_rest() {
    let front = with(front_lines(), 8, "440105200304150147");
    assert_eq!(front.number, None);
    assert_eq!(front.name.as_deref(), Some("欧阳晨曦"));
    assert_eq!(front.faults, [CardFault::Unclear]);
}

#[test]
fn letters_that_look_like_digits_are_digits() {
    let front = with(front_lines(), 8, "44O1O52OO3O4l5OO47");
    assert_eq!(front.number.as_deref(), Some(NUMBER));
}

#[test]
fn two_misread_digits_that_mend_the_checksum_are_caught_by_the_birth_date() {
    let other_day = "440105200304250021";
    assert!(crate::document::IdCard::parse(other_day).is_ok());
    let front = with(front_lines(), 8, other_day);
    assert_eq!(front.number, None);
    assert_eq!(front.faults, [CardFault::Unclear, CardFault::Contradiction]);
}

#[test]
fn a_number_of_the_other_sex_is_not_believed() {
    let a_mans = "440105200304150071";
    assert_eq!(crate::document::IdCard::parse(a_mans).map(|_| ()), Ok(()));
    assert_eq!(with(front_lines(), 8, a_mans).number, None);
}

#[test]
fn an_unsure_line_gives_no_number() {
    let mut text = photo(0.0, &front_lines());
    text.lines[8].confidence = 0.6;
    assert_eq!(read_front(&text).number, None);
}

#[test]
fn a_name_that_the_reader_is_unsure_of_is_given_and_called_unclear() {
    let mut text = photo(0.0, &front_lines());
    text.lines[1].letters[3].likely = vec![('曦', 0.5)];
    let front = read_front(&text);
    assert_eq!(front.name.as_deref(), Some("欧阳晨曦"));
    assert_eq!(front.faults, [CardFault::Unclear]);
}

#[test]
fn the_emblem_side_is_read() {
    let back = read_back(&photo(4.0, &back_lines()));
    assert_eq!(back.authority.as_deref(), Some("广州市公安局海珠分局"));
    assert_eq!(back.valid_from, BirthDate::new(2016, 5, 20));
    assert_eq!(back.valid_until, BirthDate::new(2026, 5, 20).map(ValidUntil::Day));
    assert_eq!(back.faults, []);
}

#[test]
fn a_card_without_end_is_read() {
    let mut lines = back_lines();
    lines[4].0 = "有效期限2016.05.20-长期";
    assert_eq!(read_back(&photo(0.0, &lines)).valid_until, Some(ValidUntil::LongTerm));
}

#[test]
fn a_validity_that_ends_before_it_begins_is_unclear() {
    let mut lines = back_lines();
    lines[4].0 = "有效期限2036.05.20-2016.05.20";
    let back = read_back(&photo(0.0, &lines));
    assert_eq!((back.valid_from, back.faults), (None, vec![CardFault::Unclear]));
}

#[test]
fn each_side_is_told_from_the_other() {
    assert_eq!(read_front(&photo(0.0, &back_lines())).faults, [CardFault::BackForFront]);
    assert_eq!(read_back(&photo(0.0, &front_lines())).faults, [CardFault::FrontForBack]);
}

#[test]
fn what_is_wrong_with_the_photo_is_told_apart() {
    let half = || photo(0.0, &front_lines()[..5]);
    let fault = |change: fn(&mut CardText)| {
        let mut text = half();
        change(&mut text);
        read_front(&text).faults
    };
    assert_eq!(fault(|_| ()), [CardFault::Unclear]);
    assert_eq!(fault(|text| text.sharpness = 0.1), [CardFault::Blurred]);
    assert_eq!(fault(|text| text.blown = 0.2), [CardFault::Glare]);
    assert_eq!(fault(|text| text.brightness = 0.05), [CardFault::TooDark]);
    assert_eq!(fault(|text| text.height = 440), [CardFault::CutOff]);
    assert_eq!(read_front(&photo(0.0, &[("今天天气很好", 0.0, 0.0)])).faults, [CardFault::NoCard]);
    assert_eq!(read_front(&photo(0.0, &[])).faults, [CardFault::NoCard]);
}

#[test]
fn every_cause_has_words_of_its_own() {
    let codes: std::collections::BTreeSet<_> =
        CardFault::ALL.iter().map(|cause| cause.code().code()).collect();
    assert_eq!(codes.len(), CardFault::ALL.len());
}

proptest::proptest! {
    /// Whatever a reader makes of the number: what is given is valid, and fits what is printed beside it.
    #[test]
    fn no_number_is_given_that_is_invalid_or_does_not_fit(
        changes in proptest::collection::vec((0_usize..18, "[0-9XOl]"), 0..4),
    ) {
        let mut digits: Vec<String> = NUMBER.chars().map(String::from).collect();
        for (at, digit) in changes {
            digits[at] = digit;
        }
        let number: &'static str = digits.concat().leak();
        if let Some(read) = with(front_lines(), 8, number).number {
            let card = crate::document::IdCard::parse(&read).unwrap();
            proptest::prop_assert_eq!(Some(card.birth), BirthDate::new(2003, 4, 15));
            proptest::prop_assert_eq!(number::sex_of(&read), Some(Sex::Female));
        }
    }
}

#[test]
fn a_name_stands_right_of_its_label_however_that_was_read() {
    for label in ["姓8", "禁书", "18", "性", "☑"] {
        assert_eq!(with(front_lines(), 0, label).name.as_deref(), Some("欧阳晨曦"), "{label}");
    }
    let mut joined = front_lines();
    joined.retain(|line| line.0 != "姓 名");
    joined[0] = ("禁书 欧阳晨曦", -20.0, 0.0);
    assert_eq!(read_front(&photo(0.0, &joined)).name.as_deref(), Some("欧阳晨曦"));
}

#[test]
fn a_name_is_found_where_other_rows_are_missing() {
    let without = |gone: &[&str]| {
        let mut lines = front_lines();
        lines.retain(|line| !gone.iter().any(|start| line.0.starts_with(start)));
        read_front(&photo(0.0, &lines)).name
    };
    assert_eq!(without(&["姓 名", "性别", "民族"]).as_deref(), Some("欧阳晨曦"));
    assert_eq!(without(&["姓 名", "性别", "民族", "出生"]).as_deref(), Some("欧阳晨曦"));
    assert_eq!(without(&["姓 名", "欧阳"]), None, "the row of 性别 is no name");
    assert_eq!(read_front(&photo(0.0, &back_lines())).name, None);
}

#[test]
fn an_uncertain_letter_of_a_name_is_one_that_people_are_named_with() {
    let mut text = photo(0.0, &front_lines());
    let last = text.lines[1].letters.last_mut().unwrap();
    last.likely = vec![('罐', 0.5), ('曦', 0.1), ('缸', 0.3)];
    let front = read_front(&text);
    assert_eq!(front.name.as_deref(), Some("欧阳晨曦"));
    assert_eq!(front.faults, [CardFault::Unclear], "whoever it is looks at it once more");
    text.lines[1].letters.last_mut().unwrap().likely = vec![('罐', 0.98), ('曦', 0.02)];
    assert_eq!(read_front(&text).name.as_deref(), Some("欧阳晨罐"), "what was read for certain stays");
}

#[test]
fn an_address_in_minzu_avenue_is_no_row_of_the_sex() {
    let mut lines = front_lines();
    lines.retain(|line| line.0 != "姓 名" && !line.0.starts_with("民族"));
    lines[0] = ("姓名欧阳晨曦", 0.0, 0.0);
    lines[1] = ("性另女民旅壮", 0.0, 75.0);
    lines[3] = ("住址南宁市青秀区民族大道", 0.0, 220.0);
    let front = read_front(&photo(0.0, &lines));
    assert_eq!((front.name.as_deref(), front.ethnicity), (Some("欧阳晨曦"), None));
}
