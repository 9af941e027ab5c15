//! What is seen on a picture, and whether it is good for what it is to show. Everything is looked at as it is kept:
//! upright, of bounded size, without metadata.

use bytes::Bytes;
use serde::Deserialize;
use yikao_domain::card::{CardBack, CardFault, CardFront, ValidUntil, read_back, read_front};
use yikao_domain::document::BirthDate;
use yikao_domain::face::{FaceCause, FaceThresholds, Look, portrait};
use yikao_domain::identity::PictureKind;
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_vision::{Vision, VisionError};

use super::CardReading;
use crate::problem::Problem;

/// The longer side of a kept picture, in pixels: small print stays readable, and a page of them stays small.
const LONGEST: u32 = 2000;
/// A page darker than this shows nothing, whatever is on it.
const DARKEST_PAGE: f32 = 0.06;
/// A page of which more than this share is white shows nothing.
const MOST_WHITE_PAGE: f32 = 0.97;

/// A picture that is good for what it is to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// As it is kept.
    pub jpeg: Bytes,
    /// What was read, where it is of a document.
    pub reading: Option<CardReading>,
    /// What might be better.
    pub notes: Vec<RefusalCode>,
}

/// What looks at pictures.
#[derive(Debug, Clone)]
pub enum Sight {
    /// The engines, in child processes.
    Vision(Vision),
    /// Pictures are scripts that say what is to be seen: for trials.
    Scripted,
}

impl Sight {
    /// Looks at a picture.
    ///
    /// # Errors
    /// What is wrong with it, to be mended before it is taken again.
    pub async fn look(
        &self,
        kind: PictureKind,
        bytes: Bytes,
        thresholds: &FaceThresholds,
    ) -> Result<Seen, Problem> {
        match self {
            Self::Vision(vision) => look(vision, kind, bytes, thresholds).await,
            Self::Scripted => scripted(kind, &bytes),
        }
    }
}

async fn look(
    vision: &Vision,
    kind: PictureKind,
    bytes: Bytes,
    thresholds: &FaceThresholds,
) -> Result<Seen, Problem> {
    let normal = vision.normalise(bytes, LONGEST).await.map_err(|error| refused(vision, &error))?;
    let jpeg = Bytes::from(normal);
    match said(vision, kind, &jpeg, thresholds).await {
        Ok(Ok((reading, notes))) => Ok(Seen { jpeg, reading, notes }),
        Ok(Err(unfit)) => Err(unusable(unfit)),
        // The picture is there, and people can look at it.
        Err(VisionError::Unavailable(what)) => {
            tracing::warn!(what, "a picture was kept without a look at it");
            Ok(Seen { jpeg, reading: None, notes: Vec::new() })
        }
        Err(error) => Err(refused(vision, &error)),
    }
}

/// What was read, and what might be better; or why the picture is no good.
type Said = Result<(Option<CardReading>, Vec<RefusalCode>), RefusalCode>;

async fn said(
    vision: &Vision,
    kind: PictureKind,
    jpeg: &Bytes,
    thresholds: &FaceThresholds,
) -> Result<Said, VisionError> {
    let nothing = || (None, Vec::new());
    Ok(match kind {
        PictureKind::CardFront => {
            let front = read_front(&vision.read_card(jpeg.clone()).await?);
            usable(&front.faults, front.number.is_some()).map(|notes| (Some(of_front(front)), notes))
        }
        PictureKind::CardBack => {
            let back = read_back(&vision.read_card(jpeg.clone()).await?);
            usable(&back.faults, back.valid_until.is_some()).map(|notes| (Some(of_back(&back)), notes))
        }
        PictureKind::Portrait | PictureKind::Selfie => {
            let faces = vision.look(jpeg.clone()).await?;
            let wrong = portrait(&faces, thresholds).err().and_then(|causes| causes.first().copied());
            wrong.map_or_else(|| Ok(nothing()), |cause| Err(cause.code()))
        }
        PictureKind::CardInHand => {
            let is_there = !vision.look(jpeg.clone()).await?.faces.is_empty();
            if is_there { Ok(nothing()) } else { Err(FaceCause::NoFace.code()) }
        }
        PictureKind::DocumentPage | PictureKind::AdmissionTicket => {
            let page = vision.look(jpeg.clone()).await?;
            page_fault(&page).map_or_else(|| Ok(nothing()), |fault| Err(fault.code()))
        }
        PictureKind::Evidence => Ok(nothing()),
    })
}

fn refused(vision: &Vision, error: &VisionError) -> Problem {
    if !matches!(error, VisionError::Picture(_) | VisionError::Busy) {
        tracing::warn!(%error, "a picture was not looked at");
    }
    error.refusal(vision.most_bytes()).into()
}

fn unusable(code: RefusalCode) -> Problem {
    Problem::unusable(Refusal::new(code))
}

/// What is noted of a card's photo that says enough; one that does not is taken again (C13).
fn usable(faults: &[CardFault], says_enough: bool) -> Result<Vec<RefusalCode>, RefusalCode> {
    // The photo is good, and a text on it could not be read for certain: typing that is quicker than another photo.
    let mends_itself = |fault: &CardFault| matches!(fault, CardFault::Unclear | CardFault::Contradiction);
    match faults.iter().find(|fault| !mends_itself(fault)) {
        Some(fault) if !says_enough => Err(fault.code()),
        _ => Ok(faults.iter().map(|fault| fault.code()).collect()),
    }
}

fn page_fault(page: &Look) -> Option<CardFault> {
    if page.light.mean < DARKEST_PAGE {
        Some(CardFault::TooDark)
    } else if page.light.blown > MOST_WHITE_PAGE {
        Some(CardFault::Glare)
    } else {
        None
    }
}

fn of_front(front: CardFront) -> CardReading {
    CardReading { name: front.name, number: front.number, valid_until: None }
}

fn of_back(back: &CardBack) -> CardReading {
    let day = |day: BirthDate| format!("{:04}-{:02}-{:02}", day.year, day.month, day.day);
    let until = back.valid_until.map(|until| match until {
        ValidUntil::Day(last) => day(last),
        ValidUntil::LongTerm => "长期".to_owned(),
    });
    CardReading { name: None, number: None, valid_until: until }
}

/// What a scripted picture says is to be seen: `scripted:` and JSON.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    #[serde(default)]
    refuse: Option<RefusalCode>,
    #[serde(default)]
    reading: Option<CardReading>,
    #[serde(default)]
    notes: Vec<RefusalCode>,
}

fn scripted(kind: PictureKind, bytes: &[u8]) -> Result<Seen, Problem> {
    let unreadable = || Problem::new(RefusalCode::PictureUnreadable);
    let script = bytes.strip_prefix(b"scripted:").ok_or_else(unreadable)?;
    let script: Script = serde_json::from_slice(script).map_err(|_| unreadable())?;
    if let Some(code) = script.refuse {
        return Err(Problem::unusable(Refusal::new(code)));
    }
    let jpeg = [b"\xff\xd8\xff".as_slice(), kind.code().as_bytes()].concat();
    Ok(Seen { jpeg: jpeg.into(), reading: script.reading, notes: script.notes })
}
