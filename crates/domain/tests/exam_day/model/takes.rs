//! Takes: reserved, used at the beep, interrupted, finished or lost.

use yikao_domain::id::{PartId, TakeId};
use yikao_domain::policy::Act;
use yikao_domain::sitting::{FaceEvidence, Interruption, PartEnd, PartReason};
use yikao_domain::time::Millis;

use super::{Answer, Ending, Fate, Ledger, LedgerPart, LedgerTake, No, Standing, no_unless};
use crate::facts::Fact;
use crate::rules::{Cost, subject_id};

/// How long a face check lets a take begin.
const FACE_FRESH: i64 = 120_000;
/// How long past its positioning a reservation may be silent.
const SILENCE: i64 = 60_000;
/// So many failures of the recorder before the beep cost nothing.
const RETURNED_MAX: usize = 20;
/// Recorder runs of a take, counted or not.
const PARTS_MAX: usize = 64;
/// Where a take must run its whole time, this much less will do.
const SLACK: i64 = 5_000;

impl Ledger<'_> {
    pub(super) fn start(
        &mut self,
        subject: usize,
        take: TakeId,
        part: PartId,
        face: Option<FaceEvidence>,
    ) -> Answer {
        let rules = &self.rules.subjects[subject];
        self.must_be_open()?;
        no_unless(super::is_open(&self.subjects[subject]), "the subject is not open")?;
        no_unless(self.live().is_none(), "a take is under way")?;
        no_unless(self.subjects[subject].attempts_left(rules) > 0, "no attempt is left")?;
        let all = || self.subjects.iter().flat_map(|subject| &subject.takes);
        let known = all().any(|other| other.id == take || other.parts.iter().any(|one| one.id == part));
        no_unless(!known, "known ids")?;
        if self.rules.faces {
            let check = face
                .filter(|face| *face.subject_id.as_uuid() == subject_id(subject))
                .filter(|face| self.now - face.at.as_ms() <= FACE_FRESH)
                .filter(|face| !self.faces_used.contains(&face.check_id))
                .ok_or(No("no fresh face check"))?;
            self.faces_used.push(check.check_id);
        }
        let silent = self.now + rules.position + SILENCE;
        let parts = vec![LedgerPart { id: part, counts: true, end: None }];
        let reserved = Fate::Reserved { silent, positioned: false };
        self.subjects[subject].takes.push(LedgerTake {
            id: take,
            fate: reserved,
            acts: [0; 6],
            parts,
            judged: None,
        });
        let number = self.subjects[subject].takes.len();
        self.note(Fact::Started { subject, take, number, silent });
        Ok(())
    }

    pub(super) fn position(&mut self, id: TakeId) -> Answer {
        let (subject, at) = self.find(id)?;
        match self.subjects[subject].takes[at].fate {
            Fate::Reserved { positioned: true, .. } => Ok(()),
            Fate::Reserved { positioned: false, .. } => {
                let silent = self.now + self.rules.subjects[subject].position + SILENCE;
                self.subjects[subject].takes[at].fate = Fate::Reserved { silent, positioned: true };
                self.note(Fact::Positioned { take: id, silent });
                Ok(())
            }
            _ => Err(No("begun or over")),
        }
    }

    pub(super) fn beep(&mut self, id: TakeId, part: PartId) -> Answer {
        let (subject, at) = self.find(id)?;
        let ends = self.now + self.rules.subjects[subject].longest;
        let take = &mut self.subjects[subject].takes[at];
        no_unless(matches!(take.fate, Fate::Reserved { .. }), "begun or over")?;
        no_unless(take.parts.last().is_some_and(|last| last.id == part), "not its last part")?;
        take.fate = Fate::Runs { ends };
        self.note(Fact::Beeped { take: id, ends });
        Ok(())
    }

    /// Another device is another phone, whatever it says.
    pub(super) fn true_reason(
        &self,
        before: Option<yikao_domain::id::DeviceId>,
        said: PartReason,
    ) -> PartReason {
        if before.is_some() && before != self.device { PartReason::PhoneChanged } else { said }
    }

    pub(super) fn open_part(
        &mut self,
        id: TakeId,
        part: PartId,
        reason: PartReason,
        lasted: Option<i64>,
        previous: &[PartEnd],
    ) -> Answer {
        let (subject, at) = self.find(id)?;
        let take = &self.subjects[subject].takes[at];
        no_unless(take.is_live(), "over")?;
        let changed = reason == PartReason::PhoneChanged;
        no_unless(!changed || self.rules.phone_may_change, "phones may not be changed")?;
        let known = self.subjects.iter().flat_map(|subject| &subject.takes).flat_map(|take| &take.parts);
        no_unless(known.into_iter().all(|known| known.id != part), "a known part")?;
        let counts = reason != PartReason::QualityChanged;
        let counted = take.parts.iter().filter(|part| part.counts).count();
        no_unless(!counts || counted < self.rules.subjects[subject].parts, "no more parts")?;
        no_unless(take.parts.len() < PARTS_MAX, "no more parts at all")?;
        let fate = take.fate;
        self.know_ends(subject, at, previous)?;
        let act = match reason {
            PartReason::Reload => Some(Act::Reload),
            PartReason::RecorderRestarted | PartReason::PhoneChanged => Some(Act::RecorderError),
            PartReason::Start | PartReason::QualityChanged => None,
        };
        match (fate, act) {
            (Fate::Runs { .. }, Some(act)) => self.weigh(subject, at, act, Some(lasted.unwrap_or(0))),
            (Fate::Interrupted { ends, .. }, _) => self.goes_on(subject, at, ends),
            _ => {}
        }
        if self.subjects[subject].takes[at].is_live() {
            self.subjects[subject].takes[at].parts.push(LedgerPart { id: part, counts, end: None });
            self.note(Fact::Part { take: id, part });
        }
        Ok(())
    }

    pub(super) fn finish_take(&mut self, id: TakeId, parts: &[PartEnd]) -> Answer {
        let (subject, at) = self.find(id)?;
        let fate = self.subjects[subject].takes[at].fate;
        match fate {
            Fate::Finished => {
                let is_news = self.news(subject, at, parts)? > 0;
                no_unless(!is_news || self.takes_footage(self.now), "the time for delivery is over")?;
                self.know_ends(subject, at, parts)
            }
            Fate::Runs { ends } | Fate::Interrupted { ends, .. } => {
                self.news(subject, at, parts)?;
                let whole = self.now + SLACK >= ends;
                no_unless(self.rules.subjects[subject].early_stop || whole, "runs its whole time")?;
                self.know_ends(subject, at, parts)?;
                self.end_take(subject, Fate::Finished);
                Ok(())
            }
            Fate::Reserved { .. } => Err(No("not begun")),
            Fate::Lost { .. } => Err(No("lost")),
        }
    }

    pub(super) fn fail_take(&mut self, id: TakeId) -> Answer {
        let (subject, at) = self.find(id)?;
        match self.subjects[subject].takes[at].fate {
            Fate::Reserved { .. } => {
                let returned = |take: &&LedgerTake| take.fate == Fate::Lost { counted: false };
                let counted = self.subjects[subject].takes.iter().filter(returned).count() >= RETURNED_MAX;
                self.lose(subject, counted);
                Ok(())
            }
            Fate::Runs { .. } | Fate::Interrupted { .. } => {
                if self.rules.of(Act::RecorderError).cost == Cost::Nothing {
                    self.end_take(subject, Fate::Finished);
                } else {
                    self.pay(subject, Act::RecorderError);
                }
                Ok(())
            }
            Fate::Finished | Fate::Lost { .. } => Err(No("over")),
        }
    }

    pub(super) fn interrupt(&mut self, id: TakeId, told: &Interruption) -> Answer {
        let (subject, at) = self.find(id)?;
        let lasted = told.lasted_ms.map(Millis::as_ms);
        let possible = lasted.unwrap_or(0) >= 0 && told.began_at_captured_ms.as_ms() >= 0;
        no_unless(possible, "impossible")?;
        match self.subjects[subject].takes[at].fate {
            Fate::Lost { .. } => return Err(No("lost")),
            Fate::Interrupted { act, ends, .. } if act == told.act => {
                if lasted.is_some() {
                    self.goes_on(subject, at, ends);
                }
            }
            Fate::Runs { .. } | Fate::Interrupted { .. } => self.weigh(subject, at, told.act, lasted),
            Fate::Reserved { .. } | Fate::Finished => self.note(Fact::Noted { take: id, act: told.act }),
        }
        Ok(())
    }

    fn weigh(&mut self, subject: usize, at: usize, act: Act, lasted: Option<i64>) {
        let rule = self.rules.of(act);
        let take = &mut self.subjects[subject].takes[at];
        take.acts[act as usize] += 1;
        let (id, fate, allowed) = (take.id, take.fate, take.acts[act as usize] <= rule.allowed);
        self.note(Fact::Noted { take: id, act });
        let forgiven = allowed && lasted.is_some_and(|lasted| lasted <= rule.within);
        if rule.cost == Cost::Nothing || forgiven {
            return;
        }
        let (ends, earlier) = match fate {
            Fate::Interrupted { ends, until, .. } => (ends, until),
            Fate::Runs { ends } => (ends, i64::MAX),
            _ => return,
        };
        if allowed && lasted.is_none() && rule.within > 0 {
            let until = earlier.min(self.now + rule.within);
            self.subjects[subject].takes[at].fate = Fate::Interrupted { ends, act, until };
            self.note(Fact::Grace { take: id, until });
        } else {
            self.pay(subject, act);
        }
    }

    fn goes_on(&mut self, subject: usize, at: usize, ends: i64) {
        let take = &mut self.subjects[subject].takes[at];
        take.fate = Fate::Runs { ends };
        let id = take.id;
        self.note(Fact::WentOn { take: id });
    }

    /// What an act beyond the allowed costs.
    pub(super) fn pay(&mut self, subject: usize, act: Act) {
        match self.rules.of(act).cost {
            Cost::Nothing => {}
            Cost::Take => self.lose(subject, true),
            Cost::Subject => {
                self.end_take(subject, Fate::Lost { counted: true });
                self.fail(subject);
            }
            Cost::Sitting => {
                self.end_take(subject, Fate::Lost { counted: true });
                self.end(Ending::Interruption);
            }
        }
    }

    /// With the last attempt lost and nothing finished, the subject has failed.
    pub(super) fn lose(&mut self, subject: usize, counted: bool) {
        self.end_take(subject, Fate::Lost { counted });
        let run = &self.subjects[subject];
        let nothing_left = run.attempts_left(&self.rules.subjects[subject]) == 0;
        if nothing_left && !run.takes.iter().any(LedgerTake::is_finished) {
            self.fail(subject);
        }
    }

    fn fail(&mut self, subject: usize) {
        self.subjects[subject].standing = Standing::Failed;
        self.note(Fact::Failed { subject });
        self.go_on();
    }

    pub(super) fn end_take(&mut self, subject: usize, fate: Fate) {
        if let Some(take) = self.subjects[subject].takes.iter_mut().find(|take| take.is_live()) {
            take.fate = fate;
            let id = take.id;
            self.note(match fate {
                Fate::Lost { counted } => Fact::Lost { take: id, counted },
                _ => Fact::Finished { take: id },
            });
        }
    }

    pub(super) fn live(&self) -> Option<TakeId> {
        self.subjects
            .iter()
            .flat_map(|subject| &subject.takes)
            .find(|take| take.is_live())
            .map(|take| take.id)
    }

    pub(super) fn find(&self, id: TakeId) -> Result<(usize, usize), No> {
        let mut places = self.subjects.iter().enumerate();
        places
            .find_map(|(subject, run)| Some((subject, run.takes.iter().position(|take| take.id == id)?)))
            .ok_or(No("no such take"))
    }

    /// How many ends are news; one that differs from what was said before is refused.
    fn news(&self, subject: usize, at: usize, ends: &[PartEnd]) -> Result<usize, No> {
        let take = &self.subjects[subject].takes[at];
        let mut news: Vec<&PartEnd> = Vec::new();
        for said in ends {
            let part = take.parts.iter().find(|part| part.id == said.part_id).ok_or(No("no such part"))?;
            no_unless(said.end.duration_ms.as_ms() >= 0, "a length below nothing")?;
            let twice = news.iter().find(|one| one.part_id == said.part_id);
            let known = part.end.or(twice.map(|one| (one.end.last_index, one.end.head)));
            match known {
                None => news.push(said),
                Some(known) => {
                    no_unless(known == (said.end.last_index, said.end.head), "another end than before")?;
                }
            }
        }
        Ok(news.len())
    }

    fn know_ends(&mut self, subject: usize, at: usize, ends: &[PartEnd]) -> Answer {
        let news = self.news(subject, at, ends)?;
        let take = &mut self.subjects[subject].takes[at];
        let id = take.id;
        for said in ends {
            let part = take.parts.iter_mut().find(|part| part.id == said.part_id);
            part.ok_or(No("no such part"))?.end = Some((said.end.last_index, said.end.head));
        }
        if news > 0 {
            self.note(Fact::EndsKnown { take: id, parts: news });
        }
        Ok(())
    }
}
