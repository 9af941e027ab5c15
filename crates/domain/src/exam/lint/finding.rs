//! What the linter finds, with its words in both languages.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::exam::Terms;
use crate::text::{Filling, Language};
use crate::time::{Millis, Timestamp};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The exam cannot open so.
    Error,
    /// It can, but probably should not.
    Warning,
}

/// Something the linter found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What it is.
    pub code: FindingCode,
    /// Where: a path into the body, such as `majors[0].subjects[1].name`.
    #[serde(rename = "where")]
    pub place: String,
    /// What the message needs.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, Value>,
}

macro_rules! findings {
    ($($name:ident = $code:literal $severity:ident [$($param:literal),*] $zh:literal, $en:literal;)+) => {
        /// What the linter can find.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum FindingCode {
            $(
                #[doc = concat!("`", $code, "`")]
                #[serde(rename = $code)]
                $name,
            )+
        }

        impl FindingCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stable text of the code.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// How bad it is.
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$name => Severity::$severity,)+
                }
            }

            /// The parameters that the texts may use.
            pub const fn params(self) -> &'static [&'static str] {
                match self {
                    $(Self::$name => &[$($param),*],)+
                }
            }

            /// The message's template.
            pub const fn template(self, language: Language) -> &'static str {
                match (self, language) {
                    $(
                        (Self::$name, Language::Chinese) => $zh,
                        (Self::$name, Language::English) => $en,
                    )+
                }
            }
        }
    };
}

findings! {
    TitleEmpty = "title.empty" Error []
        "{term.exam}还没有名称。", "The exam has no title.";
    ZoneUnknown = "zone.unknown" Error ["zone"]
        "时区「{zone}」不是有效的时区名，例如 Asia/Shanghai。", "“{zone}” is no time zone; Asia/Shanghai would be one.";
    MajorsNone = "majors.none" Error []
        "还没有{term.major}。", "There is no major.";
    MajorNameEmpty = "major.name_empty" Error []
        "{term.major}还没有名称。", "The major has no name.";
    MajorNameTwice = "major.name_twice" Error ["name"]
        "有两个{term.major}都叫「{name}」。", "Two majors are called “{name}”.";
    IdTwice = "id.twice" Error ["id"]
        "标识 {id} 出现了两次。", "The id {id} occurs twice.";
    SubjectsNone = "subjects.none" Error ["name"]
        "{term.major}「{name}」还没有{term.subject}。", "The major “{name}” has no subject.";
    SubjectNameEmpty = "subject.name_empty" Error []
        "{term.subject}还没有名称。", "The subject has no name.";
    SubjectNameTwice = "subject.name_twice" Error ["name"]
        "同一{term.major}有两个{term.subject}都叫「{name}」。", "Two subjects of one major are called “{name}”.";
    SubjectFormUnavailable = "subject.form_unavailable" Error ["name"]
        "{term.subject}「{name}」的形式目前还不能使用，只能用视频。", "The form of “{name}” cannot be used yet: only video can.";
    SubjectContentEmpty = "subject.content_empty" Warning ["name"]
        "{term.subject}「{name}」没有写考试内容，{term.candidate}看不到要求。", "“{name}” says nothing about its content.";
    ElectivesInverted = "electives.inverted" Error ["pick_min", "pick_max"]
        "选考至少 {pick_min} 门却至多 {pick_max} 门。", "At least {pick_min} electives, but at most {pick_max}.";
    ElectivesImpossible = "electives.impossible" Error ["pick_min", "count"]
        "要求选考 {pick_min} 门，但只有 {count} 门选考{term.subject}。", "{pick_min} electives are asked for, but there are only {count}.";
    ElectivesSurplus = "electives.surplus" Warning ["pick_max", "count"]
        "至多可选 {pick_max} 门，但只有 {count} 门选考{term.subject}。", "Up to {pick_max} electives may be picked, but there are only {count}.";
    SessionsNone = "sessions.none" Error []
        "还没有场次。", "There is no session.";
    SessionsNoFormal = "sessions.no_formal" Warning []
        "没有正式{term.exam}的场次。", "There is no formal session.";
    SessionsNoMock = "sessions.no_mock" Warning []
        "没有模拟场次，{term.candidate}第一次使用就是正式{term.exam}。", "There is no mock: candidates first use it in the formal exam.";
    SessionTitleEmpty = "session.title_empty" Warning []
        "场次还没有名称。", "The session has no title.";
    SessionWindowInverted = "session.window_inverted" Error []
        "场次的结束时间不晚于开始时间。", "The session does not end after it opens.";
    SessionOver = "session.over" Warning []
        "场次的时间已经过去。", "The session is already over.";
    SessionLatestEntryOutside = "session.latest_entry_outside" Error []
        "最晚进入时间不在场次时间之内。", "The latest entry is outside the session's window.";
    SessionCapacityZero = "session.capacity_zero" Error []
        "场次人数上限为 0，没有人能进入。", "The session's capacity is 0: nobody can enter.";
    SessionMajorUnknown = "session.major_unknown" Error ["major"]
        "场次指定了不存在的{term.major}（{major}）。", "The session names a major that does not exist ({major}).";
    SessionMajorsNone = "session.majors_none" Error []
        "场次没有对任何{term.major}开放。", "The session is open to no major.";
    MajorWithoutSession = "major.without_session" Error ["name"]
        "{term.major}「{name}」没有可参加的场次。", "No session is open to the major “{name}”.";
    AttemptsZero = "attempts.zero" Error []
        "录制机会为 0 次，无法录制。", "With 0 attempts nothing can be recorded.";
    AttemptsMany = "attempts.many" Warning ["attempts"]
        "录制机会 {attempts} 次，比通常多很多。", "{attempts} attempts are far more than usual.";
    TakeMaxZero = "take.max_zero" Error []
        "单次录制最长时间必须大于 0。", "The longest take must be longer than 0.";
    TakeMinOverMax = "take.min_over_max" Error ["take_min_ms", "take_max_ms"]
        "最短录制 {take_min_ms} 超过最长录制 {take_max_ms}。", "The shortest take, {take_min_ms}, is longer than the longest, {take_max_ms}.";
    TakeOverDuration = "take.over_duration" Error ["take_max_ms", "duration_ms"]
        "单次录制最长 {take_max_ms}，超过{term.exam}时长 {duration_ms}。", "The longest take, {take_max_ms}, does not fit into the duration, {duration_ms}.";
    TakesOverDuration = "takes.over_duration" Warning ["take_max_ms", "duration_ms"]
        "所有必考{term.subject}各录一次最长共需 {take_max_ms}，超过{term.exam}时长 {duration_ms}。", "One longest take of every compulsory subject needs {take_max_ms}, more than the duration, {duration_ms}.";
    TakeOverWindow = "take.over_window" Error ["take_max_ms", "window_ms"]
        "单次录制最长 {take_max_ms}，超过场次时长 {window_ms}。", "The longest take, {take_max_ms}, does not fit into the session, {window_ms}.";
    DurationNotPositive = "duration.not_positive" Error []
        "时长必须大于 0。", "The duration must be longer than 0.";
    DurationOverWindow = "duration.over_window" Warning ["duration_ms", "window_ms"]
        "{term.exam}时长 {duration_ms} 超过场次时长 {window_ms}，没有人能用满时间。", "The duration, {duration_ms}, is longer than the session, {window_ms}: nobody gets all of it.";
    SubjectClockOverSitting = "duration.subject_over_sitting" Warning ["duration_ms", "sitting_ms"]
        "{term.subject}时长 {duration_ms} 超过整场时长 {sitting_ms}。", "The subject's duration, {duration_ms}, is longer than the sitting's, {sitting_ms}.";
    SpanNegative = "span.negative" Error ["setting"]
        "设置「{setting}」不能为负数。", "The setting “{setting}” cannot be negative.";
    DeliverAtOnce = "deliver.at_once" Warning []
        "{term.exam}结束后不留传送时间，网络慢的{term.candidate}会交不全。", "No time for delivery after the close: footage on slow networks will not arrive.";
    PartsZero = "parts.zero" Error []
        "每次录制至少要有一个片段。", "A take needs at least one part.";
    ResumeWithoutParts = "interruption.no_parts" Warning ["act"]
        "允许中断后恢复（{act}），但每次录制只允许一个片段，恢复不了。", "Resuming is allowed ({act}), but a take may have only one part, so it cannot go on.";
    AllowedWithoutTime = "interruption.no_time" Warning ["act"]
        "允许中断（{act}），但恢复时间为 0。", "Interruptions are allowed ({act}), but there is no time to resume.";
    MediaImpossible = "media.impossible" Error []
        "画面尺寸、帧率和码率都必须大于 0。", "Picture size, frame rate and bit rates must all be greater than 0.";
    MediaOrientation = "media.orientation" Warning ["width", "height"]
        "画面方向与尺寸 {width}×{height} 不符。", "The orientation does not fit the size {width}×{height}.";
    MediaAudioLow = "media.audio_low" Warning []
        "声音码率低于 64 kbit/s，音乐会失真。", "Sound below 64 kbit/s spoils music.";
    BatteryOutOfRange = "battery.out_of_range" Error []
        "电量下限应在 0 到 1 之间。", "The battery minimum is between 0 and 1.";
    CompanionUnavailable = "companion.unavailable" Error []
        "双机位目前还不能使用。", "A second camera cannot be required yet.";
    TaskTitleEmpty = "task.title_empty" Error []
        "考前任务还没有名称。", "The task has no title.";
    TaskTextEmpty = "task.text_empty" Error []
        "考前任务还没有正文。", "The task has no text.";
    TaskMajorUnknown = "task.major_unknown" Error ["major"]
        "考前任务指定了不存在的{term.major}（{major}）。", "The task names a major that does not exist ({major}).";
    BookingWindowInverted = "booking.window_inverted" Error []
        "预约的截止时间不晚于开始时间。", "Booking does not close after it opens.";
    BookingSlotsNone = "booking.slots_none" Error []
        "还没有可以预约的时段。", "There is no slot to book.";
    SlotInverted = "slot.inverted" Error []
        "时段的结束时间不晚于开始时间。", "The slot does not end after it starts.";
    SlotCapacityZero = "slot.capacity_zero" Error []
        "时段人数上限为 0，没有人能预约。", "The slot has no place: nobody can book it.";
    SlotOutsideSessions = "slot.outside_sessions" Error []
        "这个时段里没有可以进入的场次，约了也进不去。", "No session can be entered in this slot: who books it cannot enter.";
    PaperEmpty = "paper.empty" Error []
        "试卷里还没有试题。", "The paper has no question.";
    QuestionEmpty = "paper.question_empty" Error ["number"]
        "第 {number} 题还没有内容。", "Question {number} says nothing.";
    PaperDrawsNothing = "paper.draws_nothing" Error []
        "抽题数为 0，{term.candidate}看不到试题。", "0 questions are drawn: candidates would see none.";
    PaperDrawsMore = "paper.draws_more" Error ["draw", "count"]
        "要抽 {draw} 题，但只有 {count} 题。", "{draw} questions are to be drawn, but there are only {count}.";
    PaperUnused = "paper.unused" Warning []
        "试卷没有用于任何场次，没有人会看到。", "No session uses the paper: nobody will see it.";
    PaperSessionUnknown = "paper.session_unknown" Error []
        "试卷用于不存在的场次，或不对本{term.major}开放的场次。", "The paper is for a session that does not exist, or is not for this major.";
    PaperTwice = "paper.twice" Error ["session"]
        "场次「{session}」用了同一{term.subject}的两份试卷。", "The session “{session}” uses two papers of one subject.";
    PaperRehearsed = "paper.rehearsed" Error []
        "正式{term.exam}的试卷也用于练习或模拟，会提前泄题。", "The formal exam's paper is also used in practice or a mock: it would be known beforehand.";
    PaperReadOverClock = "paper.read_over_clock" Error ["read_ms", "duration_ms"]
        "审题时间 {read_ms} 不短于{term.subject}可用的时间 {duration_ms}，来不及{term.record}。", "Reading, {read_ms}, leaves nothing of the subject's time, {duration_ms}: nobody could record.";
    SessionLevelSetting = "settings.no_effect" Warning ["setting"]
        "「{setting}」对单个{term.subject}不起作用，请在{term.major}或{term.exam}中设置。", "“{setting}” has no effect on a single subject: set it for the major or the exam.";
    ElectivesClosed = "electives.closed" Warning ["count"]
        "至多可选 0 门，{count} 门选考{term.subject}没有人能参加。", "At most 0 electives may be picked: nobody can take any of the {count}.";
    ElectivesAll = "electives.all" Warning ["count"]
        "{count} 门选考{term.subject}全部必须选，等于必考。", "All {count} electives must be picked: they are compulsory in all but name.";
    LatestEntryTooLate = "session.latest_entry_too_late" Warning ["left_ms", "needed_ms"]
        "最晚进入的{term.candidate}只剩 {left_ms}，准备和最长一次录制需要 {needed_ms}。", "Who enters at the latest moment has {left_ms} left; getting ready and a longest take need {needed_ms}.";
    MockTooLate = "session.mock_too_late" Warning []
        "模拟场次在正式场次全部结束之后才开始，起不到演练作用。", "The mock opens after the last formal session is over: it rehearses nothing.";
    SettingOfOtherKind = "session.setting_no_effect" Warning ["setting"]
        "「{setting}」在这种场次中不起作用。", "“{setting}” has no effect in a session of this kind.";
    LateEntryWithoutDuration = "late_entry.without_duration" Warning []
        "晚进入也给足时长，但没有设置时长，场次结束就全部结束。", "Late entry keeps the full duration, but there is no duration: the session's end ends everything.";
    CountdownOverDuration = "countdown.over_duration" Warning ["warning_ms", "duration_ms"]
        "结束前 {warning_ms} 提醒，但{term.exam}时长只有 {duration_ms}。", "A warning {warning_ms} before the close, but the duration is only {duration_ms}.";
    ClocksAtOnce = "duration.clocks_at_once" Warning []
        "多个{term.subject}各有时长且顺序自由：进入后同时计时，而一次只能录一个{term.subject}。", "Several subjects have clocks of their own and a free order: all run from entry on, though only one subject is recorded at a time.";
    ClocksOverSitting = "duration.clocks_over_sitting" Warning ["clocks_ms", "duration_ms"]
        "各{term.subject}时长依次共 {clocks_ms}，超过整场时长 {duration_ms}。", "The subjects' clocks, one after another, need {clocks_ms}, more than the sitting's {duration_ms}.";
    PositionOverTake = "position.over_take" Warning ["position_ms", "take_max_ms"]
        "就位时间 {position_ms} 比最长录制 {take_max_ms} 还长。", "Getting into position takes {position_ms}, longer than the longest take, {take_max_ms}.";
    PositionOverDuration = "position.over_duration" Error ["position_ms", "duration_ms"]
        "就位时间 {position_ms} 不短于可用时间 {duration_ms}，还没开始录制就结束了。", "Getting into position, {position_ms}, leaves nothing of the time there is, {duration_ms}: no take begins.";
    TakeNeverEnds = "take.never_ends" Error ["needed_ms", "duration_ms"]
        "不能提前结束，就位和最长录制共需 {needed_ms}，超过可用时间 {duration_ms}：结束时未提交即放弃，永远无法提交。", "Takes cannot be ended early, and getting ready and the longest take need {needed_ms} of {duration_ms}: the close gives up every take, so none can ever be submitted.";
    LateSealsWithoutTime = "late_seals.no_time" Warning []
        "结束后封存的片段算数，但结束后不留传送时间，它们到不了。", "What is sealed after the close counts, but nothing may arrive after the close.";
    PhoneAskedInVain = "phone_change.asks_in_vain" Warning []
        "在另一设备登录时会问由哪台继续，但不允许更换手机，答了也换不了。", "A sign-in on another device asks which one goes on, but the phone may not be changed: the answer changes nothing.";
    StorageTooSmall = "storage.too_small" Warning ["needed_mb", "storage_mb"]
        "剩余空间提醒线 {storage_mb} MB，少于全部录制可能需要的 {needed_mb} MB。", "Phones are warned below {storage_mb} MB, less than the {needed_mb} MB that all takes may need.";
    PartsOverLimit = "parts.over_limit" Warning ["parts", "limit"]
        "每次录制允许 {parts} 个片段，但系统上限是 {limit} 个。", "A take may have {parts} parts, but never more than {limit} are kept.";
    PartsShort = "interruption.parts_short" Warning ["act", "allowed", "parts"]
        "允许中断 {allowed} 次（{act}），但每次录制只有 {parts} 个片段，恢复不了那么多次。", "{allowed} interruptions are allowed ({act}), but with {parts} parts a take cannot go on so often.";
    ResumeOverTake = "interruption.over_take" Warning ["act", "resume_within_ms", "take_max_ms"]
        "中断（{act}）可在 {resume_within_ms} 内恢复，不短于最长录制 {take_max_ms}：离开的后果永远不会出现。", "There are {resume_within_ms} to resume ({act}), no less than the longest take, {take_max_ms}: leaving never has its effect.";
    LimitOfNote = "interruption.limit_of_note" Warning ["act", "allowed"]
        "中断（{act}）只记录不处理，允许 {allowed} 次没有意义。", "Interruptions ({act}) are only noted, so that {allowed} are allowed means nothing.";
    FaceWithinWhileOff = "face.within_while_off" Warning []
        "设置了录制中比对人脸，但人脸比对已关闭。", "Faces are to be compared while recording, but face checks are off.";
    FaceWithinOverTake = "face.within_over_take" Warning ["face_within_ms", "take_max_ms"]
        "录制中每 {face_within_ms} 比对一次，但最长录制只有 {take_max_ms}，一次也比对不到。", "A face is compared every {face_within_ms} while recording, but the longest take is {take_max_ms}: it never is.";
    FaceMockWhileOff = "face.mock_while_off" Warning []
        "设置了模拟考试的人脸比对，但人脸比对已关闭。", "Faces are to be checked in mocks, but face checks are off.";
    FaceUnrehearsed = "face.unrehearsed" Warning []
        "正式录制前人脸不符不能开始，模拟时却不比对，{term.candidate}第一次遇到就是正式{term.exam}。", "A face that does not match keeps a formal take from starting, but mocks check none: candidates first meet it in the formal exam.";
    StrikesWhileOff = "face.strikes_while_off" Warning []
        "设置了三次人脸不符后不能开始录制，但人脸比对已关闭。", "Three failed faces are to block takes, but face checks are off.";
    StrikesWhileFlag = "face.strikes_while_flag" Warning []
        "设置了三次人脸不符后不能开始录制，但人脸不符只标记、不计次数。", "Three failed faces are to block takes, but a failed face is only marked and never counted.";
    TermEmpty = "terms.empty" Error ["name"]
        "用词「{name}」是空的，页面上会缺字。", "The word for “{name}” is empty: it would be missing on every page.";
    SupportHoursOnly = "support.hours_only" Warning []
        "写了咨询时间，但没有电话、邮箱或 QQ 可以咨询。", "There are support hours, but no telephone, e-mail or QQ to ask.";
}

impl Finding {
    /// A finding at a place.
    pub(super) fn new(code: FindingCode, place: impl Into<String>) -> Self {
        Self { severity: code.severity(), code, place: place.into(), params: BTreeMap::new() }
    }

    /// The same with a parameter.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// The same with a span; the name ends in `_ms`.
    pub(super) fn lasting(self, name: &str, span: Millis) -> Self {
        self.with(name, span.as_ms())
    }

    /// The finding in words.
    pub fn message(&self, language: Language, terms: &Terms) -> String {
        let format_time = |at: Timestamp| at.as_ms().to_string();
        let filling = Filling { language, terms, params: &self.params, format_time: &format_time };
        filling.fill(self.code.template(language))
    }
}
