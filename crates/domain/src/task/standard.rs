//! Tasks that exams begin with: a pledge about conduct (R1–R7, A18, A19, A26–A28, O3) and, before a recital, what to know.
//! They are copied into an exam, where the school may change every word.

use serde::Serialize;

use super::{Before, Task, TaskForm, Worded};
use crate::id::TaskId;
use crate::policy::Preset;
use crate::time::Millis;

/// A task that has no id yet.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = TaskDraft))]
pub struct Draft {
    /// Its name.
    pub title: Worded,
    /// What it gates.
    pub before: Before,
    /// What is to be done.
    pub form: TaskForm,
}

impl Draft {
    /// The task, for every major and without an end of its own.
    pub fn with_id(self, id: TaskId) -> Task {
        Task { id, title: self.title, before: self.before, due_at: None, majors: None, form: self.form }
    }
}

/// The tasks that an exam of this preset begins with. Where the manual of a recital wants them done before the mock
/// (H3, S4), the others want them before the formal exam.
pub fn standard(preset: Preset) -> Vec<Draft> {
    match preset {
        Preset::General | Preset::FitnessTest => vec![pledge(Before::Formal)],
        Preset::Recital => vec![reading(Before::Mock), pledge(Before::Mock)],
    }
}

fn pledge(before: Before) -> Draft {
    Draft {
        title: Worded::new("诚信录制承诺书", "Pledge of honest recording"),
        before,
        form: TaskForm::Pledge { text: Worded::new(PLEDGE_CHINESE, PLEDGE_ENGLISH) },
    }
}

fn reading(before: Before) -> Draft {
    Draft {
        title: Worded::new("录前阅读", "Read this before you record"),
        before,
        form: TaskForm::Reading {
            text: Worded::new(READING_CHINESE, READING_ENGLISH),
            min_ms: Millis::seconds(30),
        },
    }
}

const PLEDGE_CHINESE: &str = "\
我自愿参加本次{term.exam}，已阅读并理解各项要求，郑重承诺：

一、本人。由本人独立完成全部{term.record}，身份信息真实，不请人代替，也不代替他人。

二、环境。在安静、明亮、背景简洁的房间里进行，全程没有其他人在场、出声或进入，本人不离开房间和镜头画面；{term.school}公告允许的伴奏等人员除外。

三、设备。手机固定在支架上，不遮挡麦克风；不使用耳机、外接麦克风和其他任何外接设备，{term.school}公告允许佩戴耳机的{term.major}、{term.subject}除外。

四、手机设置。关闭通话功能、闹钟和通知；退出微信、QQ、钉钉、录屏、视频、音乐等一切可能占用麦克风、扬声器和摄像头的应用；关闭 Siri、小艺等语音助手；不截屏、不录屏、不投屏。

五、镜头。不遮挡镜头，各机位全程{term.record}，中途不改变拍摄角度。

六、举止。不做与{term.exam}无关和影响公正评判的事；画面、文字、图案、声音、背景和服装中不出现任何个人信息，言语和动作不作暗示。

七、物品。身边不放资料、自备的草稿纸和笔、能显示时间的手表手环，也不放其他收发信息的设备。

八、着装妆容。按{term.school}的要求着装；不浓妆，不戴美瞳，看得清面部。

九、保密。不截取、翻拍、传播{term.exam}内容、示范视频和作品。

十、后果。我知道违反以上承诺，{term.school}可以按违规处理、判定{term.exam}失败或取消{term.exam}资格，责任由本人承担。";

const PLEDGE_ENGLISH: &str = "\
I take part in this {term.exam} of my own will, have read and understood what it asks, and promise:

1. Myself. I perform every {term.record} myself and alone; what I say of myself is true; I stand in for nobody, and nobody for me.

2. The room. It is quiet and light, with a plain background. Nobody else is in it, speaks or comes in, and I leave neither the room nor the picture. Excepted are accompanists and others whom the {term.school} allows.

3. Equipment. The phone stands in a mount that leaves the microphone free. I use no earphones, no external microphone and no other external device, except in majors and subjects for which the {term.school} allows earphones.

4. The phone. Calls, alarms and notifications are off. Every app that may take microphone, speaker or camera is closed: chat, screen recording, video, music. Assistants such as Siri are off. I take no screenshots, record no screen and cast to none.

5. The cameras. I do not cover them; each of them records throughout, and its angle does not change.

6. Conduct. I do nothing that is foreign to the {term.exam} or could affect fair judging. No text, pattern, sound, background or clothing tells who I am, and neither words nor gestures hint at it.

7. Things. I have no materials, no paper or pens of my own, no watch or band that shows the time, and no other device that sends or receives.

8. Clothing and make-up. I dress as the {term.school} asks. I wear no heavy make-up and no coloured lenses, and my face can be seen.

9. Secrecy. I do not copy, film or spread the contents of the {term.exam}, its demonstrations or works.

10. What a breach means. I know that the {term.school} may then treat it as a violation, declare the {term.exam} failed or disqualify me, and that I bear the consequences.";

const READING_CHINESE: &str = "\
一、先在“设备检查”里检查摄像头、麦克风、存储空间、电量和网络，再参加模拟{term.record}；模拟和正式的步骤完全一样。

二、{term.record}中离开页面、锁屏、接电话都算中断，可能失去一次机会；请关闭通话功能、通知和语音助手，接上电源。

三、每个{term.subject}录完后先回放，再选定一次提交；提交后不可更改。

四、提交后继续传送视频，请等页面显示“已送达”再关闭；在此之前不要清理浏览器数据。

五、声音按原样{term.record}，没有降噪；请用手机自带的麦克风，不要遮挡。";

const READING_ENGLISH: &str = "\
1. Check this device first: camera, microphone, space, battery and network. Then take the mock; its steps are those of the formal {term.record}.

2. Leaving the page, locking the phone or answering a call interrupts a {term.record} and may cost you one of your takes. Turn off calls, notifications and assistants, and plug the phone in.

3. Play each take back, then choose one to submit for each {term.subject}. What is submitted cannot be changed.

4. The video goes on being sent after that. Wait for “Delivered” before you close the page, and do not clear the browser's data before.

5. Sound is recorded as it is, without noise suppression. Use the phone's own microphone and do not cover it.";
