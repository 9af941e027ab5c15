//! A booked slot as a calendar takes it (RFC 5545), with a reminder the day before and an hour before.

use chrono::{DateTime, Utc};
use yikao_domain::id::EnrolmentId;
use yikao_domain::task::Slot;
use yikao_domain::text::Language;
use yikao_domain::time::Timestamp;

/// Octets on a line; longer ones are folded.
const LINE: usize = 75;

/// The file. Moments are written in UTC, so that it is right wherever the phone is.
pub fn calendar(
    enrolment: EnrolmentId,
    slot: &Slot,
    titles: (&str, &str),
    language: Language,
    now: Timestamp,
) -> String {
    let (exam, task) = titles;
    let hint = match language {
        Language::Chinese => "请在这个时段内进入，逾期不能进入。",
        Language::English => "Enter within this slot; later is too late.",
    };
    let summary = escaped(&format!("{exam} · {task}"));
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Yikao//Yikao//ZH".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{enrolment}-{}@yikao", slot.id),
        format!("DTSTAMP:{}", utc(now)),
        format!("DTSTART:{}", utc(slot.starts_at)),
        format!("DTEND:{}", utc(slot.ends_at)),
        format!("SUMMARY:{summary}"),
        format!("DESCRIPTION:{}", escaped(hint)),
    ];
    for before in ["-P1D", "-PT1H"] {
        let alarm = ["BEGIN:VALARM", "ACTION:DISPLAY"].map(str::to_owned);
        lines.extend(alarm);
        lines.extend([
            format!("DESCRIPTION:{summary}"),
            format!("TRIGGER:{before}"),
            "END:VALARM".to_owned(),
        ]);
    }
    lines.extend(["END:VEVENT", "END:VCALENDAR"].map(str::to_owned));
    lines.iter().map(|line| folded(line)).collect()
}

fn utc(at: Timestamp) -> String {
    let at = DateTime::<Utc>::from_timestamp_millis(at.as_ms()).unwrap_or_default();
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace(['\r', '\n'], "\\n")
}

fn folded(line: &str) -> String {
    let (mut text, mut octets) = (String::new(), 0);
    for character in line.chars() {
        if octets + character.len_utf8() > LINE {
            text.push_str("\r\n ");
            octets = 1;
        }
        text.push(character);
        octets += character.len_utf8();
    }
    text + "\r\n"
}

#[cfg(test)]
mod tests {
    use yikao_domain::id::SlotId;

    use super::*;

    #[test]
    fn a_slot_is_written_in_utc_with_its_reminders_and_folded_lines() {
        let slot = Slot {
            id: SlotId::from_uuid(uuid::Uuid::nil()),
            starts_at: Timestamp(1_800_000_000_000),
            ends_at: Timestamp(1_800_001_800_000),
            capacity: 1,
        };
        let enrolment = EnrolmentId::from_uuid(uuid::Uuid::nil());
        let exam = "2027 年校考，声乐；初试, 音乐学专业远程面试（示范）";
        let text = calendar(enrolment, &slot, (exam, "约考"), Language::Chinese, Timestamp(0));
        assert!(text.contains("DTSTART:20270115T080000Z\r\nDTEND:20270115T083000Z\r\n"), "{text}");
        assert_eq!(text.matches("BEGIN:VALARM").count(), 2);
        assert!(text.replace("\r\n ", "").contains("初试\\, 音乐学专业远程面试（示范） · 约考"), "{text}");
        assert!(text.split("\r\n").all(|line| line.len() <= LINE), "{text}");
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    }
}
