//! The stable codes of refusals and the class each belongs to.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What kind of no it is, whatever the protocol makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The state does not allow it (now).
    Conflict,
    /// There is no such thing, or not for this person.
    NotFound,
    /// What was sent cannot be right.
    Invalid,
    /// This person may not.
    Forbidden,
    /// It was possible once and will not be again.
    Gone,
    /// Who asks has to sign in, or show a right that holds.
    Unauthenticated,
    /// More than is taken at once.
    TooLarge,
    /// More often than is answered.
    TooMany,
    /// No room is left.
    Full,
    /// Not at this moment: whoever comes again a little later is answered.
    Busy,
    /// The server failed; the caller did nothing wrong.
    Unexpected,
    /// No refusal: a warning beside an open action, or a state that needs words.
    Notice,
}

macro_rules! codes {
    ($($class:ident { $($(#[$doc:meta])* $name:ident = $code:literal [$($param:literal),*],)+ })+) => {
        /// Every refusal there is. The texts are in the catalogue.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RefusalCode {
            $($(
                #[doc = concat!("`", $code, "`")]
                $(#[$doc])*
                $name,
            )+)+
        }

        impl RefusalCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$($(Self::$name,)+)+];

            /// The stable text of the code, as clients know it.
            pub const fn code(self) -> &'static str {
                match self {
                    $($(Self::$name => $code,)+)+
                }
            }

            /// What kind of no it is.
            pub const fn class(self) -> Class {
                match self {
                    $($(Self::$name => Class::$class,)+)+
                }
            }

            /// The parameters that the code's texts may use.
            pub const fn params(self) -> &'static [&'static str] {
                match self {
                    $($(Self::$name => &[$($param),*],)+)+
                }
            }
        }
    };
}

codes! {
    Conflict {
        ExamNotOpen = "exam.not_open" [],
        ExamAlreadyOpen = "exam.already_open" [],
        ExamAlreadyClosed = "exam.already_closed" [],
        TakeNotLate = "take.not_late" [],
        ExamFindings = "exam.findings" ["errors"],
        ExamDraftStale = "exam.draft_stale" ["number", "saved_at"],
        SessionNotOpenYet = "session.not_open_yet" ["opens_at"],
        SessionFull = "session.full" ["capacity"],
        SessionOtherMajor = "session.other_major" [],
        IdentityRequired = "identity.required" [],
        IdentityAlreadySet = "identity.already_set" [],
        IdentityTaken = "identity.taken" [],
        IdentityInReview = "identity.in_review" [],
        IdentityRecordMissing = "identity.record_missing" [],
        IdentityRecordDiffers = "identity.record_differs" [],
        IdentityRecordName = "identity.record_name" [],
        IdentityRecordNumber = "identity.record_number" [],
        IdentityRecordAskedOften = "identity.record_asked_often" [],
        IdentityRecordNotCovered = "identity.record_not_covered" [],
        IdentityRecordServing = "identity.record_serving" [],
        IdentityRecordDischarged = "identity.record_discharged" [],
        IdentityRecordMovedOut = "identity.record_moved_out" [],
        IdentityRecordMoveUnreported = "identity.record_move_unreported" [],
        IdentityRecordNameChanged = "identity.record_name_changed" [],
        IdentityRecordEmigrated = "identity.record_emigrated" [],
        IdentityRecordOldCard = "identity.record_old_card" [],
        IdentityReviewRefused = "identity.review_refused" [],
        AppealNothingTaken = "appeal.nothing_taken" [],
        AppealOverturned = "appeal.overturned" [],
        CorrectionNothingSet = "correction.nothing_set" [],
        ProfileAlreadySet = "profile.already_set" ["season"],
        ProfileNumberTaken = "profile.number_taken" [],
        PictureMany = "picture.many" ["limit"],
        RosterProvinceDiffers = "roster.province_differs" [],
        RosterNameDiffers = "roster.name_differs" [],
        RosterDocumentTypeDiffers = "roster.document_type_differs" [],
        EnrolmentAlreadyMade = "enrolment.already_made" [],
        SittingNotEntered = "sitting.not_entered" [],
        SittingAlreadyEntered = "sitting.already_entered" [],
        SittingSuspended = "sitting.suspended" [],
        SittingNotSuspended = "sitting.not_suspended" [],
        SittingCompulsoryMissing = "sitting.compulsory_missing" ["missing"],
        SittingElectivesMissing = "sitting.electives_missing" ["pick_min", "picked"],
        SittingTakeRunning = "sitting.take_running" [],
        SittingReopened = "sitting.reopened" [],
        SittingOtherDevice = "sitting.other_device" [],
        SittingOtherDeviceRecords = "sitting.other_device_records" [],
        SittingNoDevice = "sitting.no_device" [],
        TaskOpen = "task.open" ["task", "task_en", "task_id"],
        TaskOtherKind = "task.other_kind" [],
        TaskNotBegun = "task.not_begun" ["task", "task_en", "task_id"],
        TaskTooSoon = "task.too_soon" ["task", "task_en", "task_id", "left_ms"],
        TaskAlreadySigned = "task.already_signed" ["task", "task_en", "task_id"],
        BookingNotOpenYet = "booking.not_open_yet" ["task", "task_en", "task_id", "opens_at"],
        BookingFull = "booking.full" [],
        SlotIsBooked = "slot.is_booked" ["starts_at"],
        BookingFinal = "booking.final" ["task", "task_en", "task_id"],
        BookingNone = "booking.none" [],
        BookingEarly = "booking.early" ["task", "task_en", "task_id", "starts_at", "ends_at"],
        PaperNotOpened = "paper.not_opened" [],
        PaperBeingRead = "paper.being_read" ["answer_from_at"],
        SubjectTurn = "subject.turn" ["before"],
        SubjectCompulsory = "subject.compulsory" [],
        SubjectSkipped = "subject.skipped" [],
        SubjectFailed = "subject.failed" [],
        SubjectStillOpen = "subject.still_open" [],
        TakeNoAttemptLeft = "take.no_attempt_left" ["allowed"],
        TakeOtherRunning = "take.other_running" ["number"],
        TakeAlreadyBegun = "take.already_begun" [],
        TakeNotBegun = "take.not_begun" [],
        TakeLost = "take.lost" ["cause"],
        TakeFinished = "take.finished" [],
        TakeNoEarlyStop = "take.no_early_stop" ["ends_at"],
        TakePhoneChange = "take.phone_change" [],
        TakePartLimit = "take.part_limit" ["limit"],
        PartAlreadyOpen = "part.already_open" [],
        PartClaimDiffers = "part.claim_differs" ["part"],
        SubmissionAlreadyMade = "submission.already_made" ["submitted_at"],
        SubmissionAttemptsUsedUp = "submission.attempts_used_up" ["allowed"],
        SubmissionTakeLost = "submission.take_lost" ["cause"],
        SubmissionTakeNotFinished = "submission.take_not_finished" [],
        SubmissionNothingRecorded = "submission.nothing_recorded" ["left"],
        SubmissionPractice = "submission.practice" [],
        DeliverySettled = "delivery.settled" ["state"],
        FaceAlreadyVerified = "face.already_verified" [],
        FaceCheckRequired = "face.check_required" [],
        FaceNotAsked = "face.not_asked" [],
        FaceInReview = "face.in_review" ["due_at"],
        FaceOnlyDesk = "face.only_desk" [],
        FaceRejected = "face.rejected" [],
        FaceStruck = "face.struck" [],
        FaceUnverified = "face.unverified" [],
        ReviewClaimed = "review.claimed" ["by", "who", "claimed_at"],
        ReviewNotClaimed = "review.not_claimed" [],
        ReviewNothingAsked = "review.nothing_asked" [],
        ReviewOtherEyes = "review.other_eyes" [],
        ReviewOver = "review.over" ["closed_at"],
    }
    NotFound {
        ExamNotFound = "exam.not_found" [],
        MajorNotFound = "major.not_found" [],
        SessionNotFound = "session.not_found" [],
        TaskNotFound = "task.not_found" [],
        BookingSlotNotFound = "booking.slot_not_found" [],
        RosterNothingFound = "roster.nothing_found" [],
        EnrolmentNotFound = "enrolment.not_found" [],
        SittingNotFound = "sitting.not_found" [],
        SubjectNotFound = "subject.not_found" [],
        PaperNone = "paper.none" [],
        TakeNotFound = "take.not_found" [],
        PartNotFound = "part.not_found" [],
        SubmissionNotFound = "submission.not_found" [],
    }
    Invalid {
        IdentityNumberEmpty = "identity.number_empty" [],
        IdentityNumberLength = "identity.number_length" ["length", "expected"],
        IdentityNumberCharacters = "identity.number_characters" [],
        IdentityRegion = "identity.region" [],
        IdentityBirthDate = "identity.birth_date" [],
        IdentityChecksum = "identity.checksum" [],
        IdentityDocumentType = "identity.document_type" [],
        IdentityNameEmpty = "identity.name_empty" [],
        IdentityNameCharacters = "identity.name_characters" [],
        IdentityProvinceEmpty = "identity.province_empty" [],
        IdentityProvinceUnknown = "identity.province_unknown" ["province"],
        CardNumberDiffers = "card.number_differs" [],
        IdentityTemporaryType = "identity.temporary_type" [],
        IdentityTemporaryPhoto = "identity.temporary_photo" [],
        IdentityPhotosMissing = "identity.photos_missing" [],
        CorrectionNothing = "correction.nothing" [],
        CorrectionEvidence = "correction.evidence" [],
        ProfileNumberEmpty = "profile.number_empty" [],
        ProfileNumberCharacters = "profile.number_characters" [],
        ProfileTicketMissing = "profile.ticket_missing" [],
        ProfilePortraitMissing = "profile.portrait_missing" [],
        ProfileRollMissing = "profile.roll_missing" [],
        ProfileRollTooLong = "profile.roll_too_long" [],
        ProfileRules = "profile.rules" ["rows"],
        PictureKindOther = "picture.kind_other" [],
        RosterColumnMissing = "roster.column_missing" ["column"],
        RosterDuplicate = "roster.duplicate" ["first_row"],
        RosterCandidateNumber = "roster.candidate_number" ["expected"],
        RosterPhone = "roster.phone" [],
        RosterSpoiltNumber = "roster.spoilt_number" [],
        TaskNameDiffers = "task.name_differs" [],
        TaskDrawing = "task.drawing" [],
        GrantInvalid = "grant.invalid" ["limit_ms"],
        ReopenUntil = "reopen.until" [],
        InterruptionInvalid = "interruption.invalid" [],
        PartIndexInvalid = "part.index_invalid" [],
        ReviewReasonMissing = "review.reason_missing" [],
    }
    Gone {
        ExamClosed = "exam.closed" [],
        SessionEntryClosed = "session.entry_closed" ["latest_entry_at"],
        SessionOver = "session.over" ["closed_at"],
        TaskMissed = "task.missed" ["task", "task_en", "task_id", "due_at"],
        BookingSlotBegun = "booking.slot_begun" ["starts_at"],
        BookingSlotOver = "booking.slot_over" ["task", "task_en", "task_id", "starts_at", "ends_at"],
        SittingClosed = "sitting.closed" ["closed_at"],
        SubjectClosed = "subject.closed" [],
        SubmissionTimeOver = "submission.time_over" ["closed_at"],
        DeliveryLapsed = "delivery.lapsed" ["deliver_until_at"],
        PictureGone = "picture.gone" [],
        FaceChallengeOver = "face.challenge_over" [],
    }
    Conflict {
        AccountExists = "account.exists" [],
        ConsentGuardianFirst = "consent.guardian_first" [],
        ConsentGuardianUnneeded = "consent.guardian_unneeded" [],
        ConsentTextChanged = "consent.text_changed" [],
        ConsentAlreadySigned = "consent.already_signed" [],
        TaskTextChanged = "task.text_changed" [],
        FaceNoPortrait = "face.no_portrait" [],
        LoginOtherDevice = "login.other_device" ["exam"],
        LoginOtherDeviceAsks = "login.other_device_asks" ["exam"],
        FootageNotAssembled = "footage.not_assembled" [],
        MemberLastAdmin = "member.last_admin" [],
        SegmentConflict = "segment.conflict" ["index"],
    }
    NotFound {
        NothingThere = "request.not_found" [],
        AccountNotFound = "account.not_found" [],
    }
    Invalid {
        PictureUnreadable = "picture.unreadable" [],
        PictureDamaged = "picture.damaged" [],
        PictureAnimated = "picture.animated" [],
        PictureHeic = "picture.heic" [],
        PictureTooManyPixels = "picture.too_many_pixels" ["limit_megapixels"],
        PictureTooSmall = "picture.too_small" [],
        CodeWrong = "code.wrong" [],
        ConsentNameDiffers = "consent.name_differs" [],
        ConsentBirthDateMissing = "consent.birth_date_missing" [],
        ConsentBirthDateDiffers = "consent.birth_date_differs" [],
        ConsentRelationMissing = "consent.relation_missing" [],
        ConsentGuardianIsCandidate = "consent.guardian_is_candidate" [],
        PasswordTooShort = "password.too_short" ["shortest"],
        PhoneInvalid = "phone.invalid" [],
        EmailInvalid = "email.invalid" [],
        AccountNameInvalid = "account.name_invalid" [],
        RequestMalformed = "request.malformed" [],
        RosterFileEmpty = "roster.file_empty" [],
        RosterFileUnreadable = "roster.file_unreadable" ["why"],
        SegmentDigestMissing = "segment.digest_missing" [],
        SegmentDigestMismatch = "segment.digest_mismatch" [],
        SegmentEmpty = "segment.empty" [],
        SegmentIndexInvalid = "segment.index_invalid" ["max"],
        SegmentSealInvalid = "segment.seal_invalid" [],
    }
    Unauthenticated {
        CapabilityExpired = "capability.expired" [],
        CapabilityInvalid = "capability.invalid" [],
        CapabilityMissing = "capability.missing" [],
        LoginRequired = "login.required" [],
        LoginWrong = "login.wrong" [],
    }
    Forbidden {
        ClientHeaderMissing = "request.client_missing" [],
        ClientTooOld = "client.too_old" ["minimum", "version"],
        ConsentRequired = "consent.required" ["kind"],
        RoleMissing = "role.missing" [],
    }
    Gone {
        RosterPreviewOver = "roster.preview_over" [],
    }
    TooLarge {
        PictureTooLarge = "picture.too_large" ["limit_bytes"],
        RequestTooLarge = "request.too_large" ["limit_bytes"],
        SegmentTooLarge = "segment.too_large" ["limit_bytes"],
    }
    TooMany {
        RateLimited = "rate.limited" ["seconds"],
        FaceChallengeMany = "face.challenge_many" ["limit"],
    }
    Full {
        StorageFull = "storage.full" [],
        FootageQuota = "footage.quota" ["limit_bytes"],
    }
    Busy {
        StorageBusy = "storage.busy" ["seconds"],
        VisionBusy = "vision.busy" [],
    }
    Unexpected {
        VisionFailed = "vision.failed" [],
        VisionUnavailable = "vision.unavailable" [],
        Unexpected = "server.unexpected" [],
    }
    Notice {
        TakeMayNotFit = "take.may_not_fit" ["left_ms", "take_max_ms"],
        TakeLastAttempt = "take.last_attempt" [],
        TakeShort = "take.short" ["duration_ms", "take_min_ms"],
        DeliveryDamaged = "delivery.damaged" [],
        IdentityAuthoritySilent = "identity.authority_silent" [],
        ProfileNumberPattern = "profile.number_pattern" ["province", "length", "expected"],
        CorrectionMade = "correction.made" ["reason"],
        MessageDelayed = "message.delayed" [],
        MessageUndeliverable = "message.undeliverable" [],
        FaceCannotTell = "face.cannot_tell" [],
        FaceFailed = "face.failed" ["left"],
        FaceFlagged = "face.flagged" [],
        FaceNone = "face.none" [],
        FaceSeveral = "face.several" [],
        FaceTooSmall = "face.too_small" [],
        FaceTooDark = "face.too_dark" [],
        FaceOverExposed = "face.over_exposed" [],
        FaceBlurred = "face.blurred" [],
        FaceTurnedAway = "face.turned_away" [],
        FaceCutOff = "face.cut_off" [],
        FaceWeakMatch = "face.weak_match" [],
        FaceNotSamePerson = "face.not_same_person" [],
        FaceLost = "face.lost" [],
        FaceNotFollowed = "face.not_followed" [],
        FacePortraitUnclear = "face.portrait_unclear" [],
        FaceNoDocument = "face.no_document" [],
        FaceDocumentUnread = "face.document_unread" [],
        CardNone = "card.none" [],
        CardBackForFront = "card.back_for_front" [],
        CardFrontForBack = "card.front_for_back" [],
        CardCutOff = "card.cut_off" [],
        CardGlare = "card.glare" [],
        CardTooDark = "card.too_dark" [],
        CardBlurred = "card.blurred" [],
        CardUnclear = "card.unclear" [],
        CardContradiction = "card.contradiction" [],
        ConsentWithdrawn = "consent.withdrawn" [],
        BookingMade = "booking.made" ["exam", "task", "task_en", "starts_at", "ends_at", "zone"],
        BookingSoon = "booking.soon" ["exam", "task", "task_en", "task_id", "starts_at", "ends_at", "zone"],
        BookingReleased = "booking.released" ["exam", "task", "task_en", "starts_at"],
    }
}

impl RefusalCode {
    /// The code of this text.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.code() == code)
    }
}

impl fmt::Display for RefusalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for RefusalCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for RefusalCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::from_code(&code)
            .ok_or_else(|| serde::de::Error::custom(format!("unknown refusal code {code:?}")))
    }
}
