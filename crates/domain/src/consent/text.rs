//! What is shown in full before it is signed. A changed text gets a new version: what was signed stays provable.

use super::ConsentKind;
use crate::text::Language;

/// A consent's text in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsentText {
    /// Of which version it is.
    pub version: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// What is agreed to.
    pub paragraphs: &'static [&'static str],
    /// What withdrawing it means.
    pub withdrawal: &'static str,
}

impl ConsentText {
    /// The whole text, of which the signature keeps the hash.
    pub fn whole(&self) -> String {
        let mut lines = vec![self.version, self.title];
        lines.extend(self.paragraphs);
        lines.push(self.withdrawal);
        lines.join("\n")
    }
}

/// The text of a consent.
pub const fn text(kind: ConsentKind, language: Language) -> ConsentText {
    match (kind, language) {
        (ConsentKind::Faces, Language::Chinese) => FACES_CHINESE,
        (ConsentKind::Faces, Language::English) => FACES_ENGLISH,
        (ConsentKind::Guardian, Language::Chinese) => GUARDIAN_CHINESE,
        (ConsentKind::Guardian, Language::English) => GUARDIAN_ENGLISH,
    }
}

const FACES_CHINESE: ConsentText = ConsentText {
    version: "1",
    title: "人脸信息处理同意书",
    paragraphs: &[
        "为什么：院校要确认坐在镜头前的是您本人。因此在身份认证时，以及考试录制之前，需要把现场拍摄的人脸与您的证件照片进行比对。",
        "处理什么：证件上的照片、现场拍摄的人脸照片，以及由照片计算出的一组数字（人脸特征）。人脸信息属于敏感个人信息，所以在其他个人信息之外，单独征得您的同意。",
        "怎样处理：比对在考试平台自己的服务器上进行，不交给其他公司，不用于任何其他目的。照片和人脸特征用只属于您的密钥加密保存。",
        "谁能看到：通常没有人看。只有自动比对没有通过、转入人工审核时，负责身份审核的工作人员才能看到照片；每一次查看都有记录。",
        "程序只作标记，由人决定：自动比对的结果不会直接取消您的考试资格。",
        "您可以不同意。不同意不影响报名；身份改由工作人员人工核验，可能需要多等一些时间。",
    ],
    withdrawal: "您可以随时在“我的—同意书”里撤回。撤回之后，系统不再拍摄和比对您的人脸，并删除保存的人脸照片和人脸特征；撤回之前已经得出的比对结论（通过、存疑、未通过）和考试录像作为考试记录保留。撤回后身份改由工作人员人工核验。",
};

const FACES_ENGLISH: ConsentText = ConsentText {
    version: "1",
    title: "Consent to the processing of your face",
    paragraphs: &[
        "Why: the school has to know that it is you in front of the camera. When you confirm who you are, and before you record, a picture of your face is compared with the one on your document.",
        "What: the picture on your document, pictures of your face taken on the spot, and a row of numbers computed from them. Faces are sensitive personal data, so you are asked about them separately.",
        "How: the comparison runs on the exam platform's own server. Nothing goes to another company or serves another purpose. Pictures and numbers are kept encrypted under a key of your own.",
        "Who sees them: as a rule nobody. Only when the comparison fails and a person has to decide do identity staff see the pictures; every look is logged.",
        "Programs only mark, people decide: no automatic result disqualifies you by itself.",
        "You may say no. It does not keep you from applying; staff will then check who you are, which may take longer.",
    ],
    withdrawal: "You can withdraw at any time under “My – Consents”. From then on your face is neither photographed nor compared, and the pictures and numbers that are kept are deleted. Results from before (passed, doubtful, failed) and the exam's recordings stay as records of the exam. Staff will then check who you are.",
};

const GUARDIAN_CHINESE: ConsentText = ConsentText {
    version: "1",
    title: "未成年考生监护人同意书",
    paragraphs: &[
        "本页请由考生的父母或其他监护人阅读并签名。考生未满 18 周岁，处理其个人信息需要监护人同意。",
        "同意什么：考生使用本平台参加远程艺术考试；平台为此处理考生的姓名、证件、考生信息、录制的视频和声音。",
        "人脸信息：院校要确认参加考试的是考生本人，需要拍摄考生的人脸并与证件照片比对。考生本人还要另外签署《人脸信息处理同意书》；没有您的同意，考生的签名不生效。",
        "怎样保护：考生的个人信息和录像用只属于该考生的密钥加密保存，只供院校评判本次考试；工作人员每一次查看都有记录。",
        "您可以不同意其中的人脸比对：身份改由工作人员人工核验，不影响考生报名。",
    ],
    withdrawal: "您可以随时在考生账号的“我的—同意书”里撤回。撤回之后，考生的人脸同意书同时失效，平台不再拍摄和比对考生的人脸；已经提交的作答和考试记录保留到考试结束并过了申诉期。",
};

const GUARDIAN_ENGLISH: ConsentText = ConsentText {
    version: "1",
    title: "Consent of a minor's guardian",
    paragraphs: &[
        "This page is for a parent or another guardian of the candidate to read and sign. The candidate is under 18; processing their personal data needs a guardian's consent.",
        "To what: that the candidate takes part in a remote arts examination on this platform, and that it processes their name, document, particulars, and what they record.",
        "Faces: the school has to know that it is the candidate who sits the exam. Their face is photographed and compared with their document. The candidate signs a consent of their own about that; without yours it has no effect.",
        "Protection: the candidate's data and recordings are kept encrypted under a key of their own, for the school's judging of this exam only; every look by staff is logged.",
        "You may refuse the comparison of faces: staff will then check who the candidate is, and the candidate can apply all the same.",
    ],
    withdrawal: "You can withdraw at any time under “My – Consents” in the candidate's account. The candidate's own consent about faces then ceases to hold, and their face is neither photographed nor compared. What was submitted and the exam's records stay until the exam and the time for appeals are over.",
};
