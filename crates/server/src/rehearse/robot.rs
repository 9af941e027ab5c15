//! Who the robots are, and what each expects of an exam.

use serde::Serialize;
use serde_json::{Value, json};
use yikao_domain::exam::{Session, SittingKind, SubjectForm};
use yikao_domain::policy::Policy;
use yikao_domain::time::Millis;

use super::Verdict;
use super::phone::{Phone, Take};
use super::stage::{Stage, Trouble};
use super::tasks;

/// Takes that a robot wastes at most: nobody learns more from the hundredth.
const MOST_WASTED: u32 = 12;
/// How long a take is that has no reason to be longer.
const SHORT: Millis = Millis::seconds(10);

/// A robot candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Robot {
    /// Knocks without having done what is to be done before.
    Unprepared,
    /// Knocks a moment before the door opens.
    Early,
    /// Knocks a moment after the latest entry.
    Late,
    /// Films each subject once, briefly, and submits.
    Brisk,
    /// Films each subject once for as long as a take may run, and submits.
    Thorough,
    /// Uses every attempt of the first subject, asks for one more, and submits the last.
    Wasteful,
    /// Leaves the page in the middle of a take for longer than any rule forgives.
    Interrupted,
    /// Films and never submits.
    Forgetful,
}

type Met = Result<(Verdict, String), Trouble>;

impl Robot {
    /// Those who go to a session of this kind.
    pub(super) fn of(session: &Session) -> &'static [Self] {
        match session.kind {
            SittingKind::Practice => &[Self::Unprepared, Self::Early, Self::Late, Self::Interrupted],
            SittingKind::Mock | SittingKind::Formal => &[
                Self::Unprepared,
                Self::Early,
                Self::Late,
                Self::Brisk,
                Self::Thorough,
                Self::Wasteful,
                Self::Interrupted,
                Self::Forgetful,
            ],
        }
    }

    /// Goes through the exam.
    pub(super) async fn go(self, stage: &Stage) -> Met {
        if self == Self::Unprepared {
            return unprepared(stage).await;
        }
        let door = tasks::prepare(stage).await?;
        stage.until(match self {
            Self::Early => door.opens_at - Millis::from_ms(1),
            Self::Late => door.closes_at + Millis::from_ms(1),
            _ => door.opens_at,
        });
        match self {
            Self::Unprepared | Self::Early => refused(stage, "before its time").await,
            Self::Late => refused(stage, "after the latest entry").await,
            Self::Brisk => all_subjects(stage, brief).await,
            Self::Thorough => all_subjects(stage, |policy| policy.take_max_ms).await,
            Self::Wasteful => wasteful(stage).await,
            Self::Interrupted => interrupted(stage).await,
            Self::Forgetful => forgetful(stage).await,
        }
    }
}

/// The shortest take that the exam welcomes.
fn brief(policy: &Policy) -> Millis {
    if !policy.early_stop {
        return policy.take_max_ms;
    }
    policy.take_min_ms.unwrap_or(SHORT).max(Millis::seconds(1)).min(policy.take_max_ms)
}

async fn unprepared(stage: &Stage) -> Met {
    stage.until(stage.session.opens_at);
    if tasks::gating(stage).next().is_none() {
        return Ok((Verdict::Fine, "nothing has to be done before".to_owned()));
    }
    refused(stage, "with everything still to be done").await
}

async fn refused(stage: &Stage, when: &str) -> Met {
    let answer = Phone::knock(stage).await?;
    match answer.status {
        409 | 410 => Ok((Verdict::Fine, format!("not let in {when}: {}", answer.code()))),
        200..300 => Err(Trouble(format!("the door was open {when}"))),
        _ => Err(Trouble(format!("knocking {when} was answered with {}", answer.code()))),
    }
}

/// Subjects that are filmed, the compulsory ones and as many electives as must be.
fn chosen(stage: &Stage) -> Vec<usize> {
    let mut electives = stage.major.electives.map_or(0, |electives| electives.pick_min);
    let mut chosen = Vec::new();
    for (at, subject) in stage.major.subjects.iter().enumerate() {
        if subject.form != SubjectForm::Video {
            continue;
        }
        if subject.compulsory {
            chosen.push(at);
        } else if electives > 0 {
            electives -= 1;
            chosen.push(at);
        }
    }
    chosen
}

async fn all_subjects(stage: &Stage, length: impl Fn(&Policy) -> Millis) -> Met {
    let phone = Phone::enter(stage).await?;
    let begun = stage.now();
    let subjects = chosen(stage);
    for (done, at) in subjects.iter().enumerate() {
        let Err(trouble) = one_subject(&phone, *at, length(&stage.subject_policy(*at))).await else {
            continue;
        };
        if phone.look().await?["phase"]["state"] != "closed" {
            return Err(trouble);
        }
        let told = format!("the time was over after {done} of {} subjects of this length", subjects.len());
        return Ok((Verdict::Odd, told));
    }
    let mut view = phone.look().await?;
    if view["phase"]["state"] != "closed" {
        let path = format!("/sittings/{}/finish", phone.sitting);
        view = stage.post(&path, json!({})).await?.accepted("finishing without the other electives")?;
    }
    expect_outcome(&view, "completed")?;
    Ok((Verdict::Fine, format!("submitted everything in {} min", stage.now().since(begun).as_ms() / 60_000)))
}

async fn one_subject(phone: &Phone<'_>, at: usize, length: Millis) -> Result<(), Trouble> {
    let mut take = phone.begin(at).await?;
    phone.film(&mut take, length).await?;
    phone.submit(at, &take).await?.accepted("submitting")?;
    Ok(())
}

fn expect_outcome(view: &Value, outcome: &str) -> Result<(), Trouble> {
    let found = &view["phase"]["outcome"];
    if found == outcome {
        Ok(())
    } else {
        Err(Trouble(format!("the sitting ended as {found}, not {outcome}")))
    }
}

async fn wasteful(stage: &Stage) -> Met {
    let phone = Phone::enter(stage).await?;
    let Some(subject) = chosen(stage).first().copied() else {
        return Ok((Verdict::Odd, "no subject is filmed".to_owned()));
    };
    let policy = stage.subject_policy(subject);
    let mut last: Option<Take> = None;
    for used in 0..policy.attempts.min(MOST_WASTED) {
        let answer = phone.start(subject).await?;
        if answer.status >= 300 {
            let told = format!("the time allows {used} of {} attempts: {}", policy.attempts, answer.code());
            return Ok((Verdict::Odd, told));
        }
        let mut take = phone.beep(subject, &answer.body).await?;
        phone.film(&mut take, brief(&policy)).await?;
        last = Some(take);
    }
    if policy.attempts <= MOST_WASTED {
        let more = phone.start(subject).await?;
        if more.status < 300 {
            return Err(Trouble(format!("more than {} takes were possible", policy.attempts)));
        }
    }
    let Some(take) = last else { return Err(Trouble("there is not one attempt".to_owned())) };
    phone.submit(subject, &take).await?.accepted("submitting the last attempt")?;
    Ok((Verdict::Fine, format!("{} attempts and no more", policy.attempts.min(MOST_WASTED))))
}

async fn interrupted(stage: &Stage) -> Met {
    let phone = Phone::enter(stage).await?;
    let Some(subject) = chosen(stage).first().copied() else {
        return Ok((Verdict::Odd, "no subject is filmed".to_owned()));
    };
    let take = phone.begin(subject).await?;
    stage.pass(Millis::seconds(1));
    let rule = stage.subject_policy(subject).interruption.left_page;
    let report = json!({ "act": "left_page", "began_at_captured_ms": 1_000 });
    let path = format!("/takes/{}/interruptions", take.id);
    stage.post(&path, report).await?.accepted("reporting that the page was left")?;
    stage.pass(rule.resume_within_ms + Millis::minutes(1));
    let view = phone.look().await?;
    if view["phase"]["state"] == "closed" {
        return Ok((
            Verdict::Fine,
            format!("leaving the page ended the sitting: {}", view["phase"]["outcome"]),
        ));
    }
    let run = &view["subjects"][subject];
    let (take, left) = (run["takes"][0]["state"].as_str().unwrap_or_default(), &run["attempts"]["left"]);
    match (take, run["state"].as_str()) {
        (_, Some("failed")) => Ok((Verdict::Fine, "leaving the page ended the subject".to_owned())),
        ("lost", _) => {
            phone.begin(subject).await?;
            Ok((
                Verdict::Fine,
                format!("leaving the page cost the take; {left} attempts left, and the next began"),
            ))
        }
        (take, _) => Ok((Verdict::Fine, format!("leaving the page is noted; the take is {take}"))),
    }
}

async fn forgetful(stage: &Stage) -> Met {
    let phone = Phone::enter(stage).await?;
    if let Some(subject) = chosen(stage).first().copied() {
        let mut take = phone.begin(subject).await?;
        phone.film(&mut take, brief(&stage.subject_policy(subject))).await?;
    }
    let view = phone.look().await?;
    let Some(closes) = view["phase"]["closes_at"].as_i64() else {
        return Err(Trouble("whoever does not submit is never told when it ends".to_owned()));
    };
    stage.until(yikao_domain::Timestamp(closes) + Millis::seconds(1));
    let view = phone.look().await?;
    if view["phase"]["state"] != "closed" {
        return Err(Trouble("the sitting did not end at its close".to_owned()));
    }
    let rule = stage.policy().at_close;
    Ok((Verdict::Fine, format!("ended at the close as {} ({rule:?})", view["phase"]["outcome"])))
}
