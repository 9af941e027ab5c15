//! A take, from the start to the end, with what comes between.

use yikao_domain::id::{PartId, SubjectId, TakeId};
use yikao_domain::policy::Act;
use yikao_domain::seal::Hash32;
use yikao_domain::sitting::{Command, End, Interruption, PartEnd, PartReason};
use yikao_domain::time::Millis;

use super::Candidate;
use crate::faults::Fault;
use crate::rules::{MINUTE, subject_id};

impl Candidate<'_> {
    pub(super) fn records(&mut self, subject: usize) {
        let Some((take_id, part_id)) = self.starts(subject) else { return };
        if !self.gets_ready(subject, take_id, part_id) {
            return;
        }
        let part_id = self.performs(subject, take_id, part_id);
        self.stops(subject, take_id, part_id);
    }

    /// A check that is too old is made again.
    fn starts(&mut self, subject: usize) -> Option<(TakeId, PartId)> {
        let subject_id: SubjectId = subject_id(subject).into();
        if !self.is_submittable(subject_id) && !self.phone.dice.chance(200) {
            return None;
        }
        for _ in 0..3 {
            let (take_id, part_id) = (self.phone.id().into(), self.phone.id().into());
            let face = self.looks(subject_id);
            let dawdles = if self.phone.dice.chance(100) { 4 * MINUTE } else { 20_000 };
            let pause = self.phone.dice.between(0, dawdles);
            self.phone.wait(pause);
            if self.phone.does(&Command::StartTake { subject_id, take_id, part_id, face }) {
                return Some((take_id, part_id));
            }
        }
        None
    }

    /// Into position, and the beep; the recorder may fail, or the phone go silent for good.
    fn gets_ready(&mut self, subject: usize, take_id: TakeId, part_id: PartId) -> bool {
        if self.phone.faults.has(Fault::Recorder) && self.phone.dice.chance(400) {
            self.phone.does(&Command::FailTake { take_id, cause: "NotReadableError".into() });
            return false;
        }
        let silent = self.phone.faults.has(Fault::Crash) || self.phone.faults.has(Fault::DeadBattery);
        if silent && self.phone.dice.chance(200) {
            self.phone.wait(2 * MINUTE);
            return false;
        }
        self.phone.does(&Command::Position { take_id });
        let position = self.rules.subjects[subject].position;
        let slow = if self.phone.dice.chance(20) { 90_000 } else { 3_000 };
        let pause = self.phone.dice.between(0, slow);
        self.phone.wait(position + pause);
        self.phone.does(&Command::Beep { take_id, part_id })
    }

    fn is_live(&self, take_id: TakeId) -> bool {
        self.view().take(take_id).is_some_and(|(_, take)| take.is_live())
    }

    /// Performs for a while; answers the part that recorded last.
    fn performs(&mut self, subject: usize, take_id: TakeId, mut part_id: PartId) -> PartId {
        let rules = &self.rules.subjects[subject];
        let least = if rules.early_stop { 20_000 } else { rules.longest - 30_000 };
        let ends = self.phone.now + self.phone.dice.between(least, rules.longest + 20_000);
        let faults = self.phone.faults.all().to_vec();
        for fault in faults {
            let next = self.phone.dice.between(1_000, 3 * MINUTE);
            if self.phone.now + next >= ends || !self.is_live(take_id) {
                break;
            }
            self.phone.wait(next);
            part_id = self.meets(fault, subject, take_id, part_id);
        }
        self.phone.wait(ends - self.phone.now);
        part_id
    }

    fn meets(&mut self, fault: Fault, subject: usize, take_id: TakeId, part_id: PartId) -> PartId {
        match fault {
            Fault::Call => self.is_interrupted(take_id, Act::Call, 150_000),
            Fault::LeftPage => {
                let act = self.phone.dice.pick(&[Act::LeftPage, Act::Locked, Act::TrackEnded]);
                self.is_interrupted(take_id, act.unwrap_or(Act::LeftPage), 60_000);
            }
            Fault::Crash => return self.goes_on(take_id, part_id, PartReason::Reload, 60_000),
            Fault::Recorder if self.phone.dice.chance(300) => {
                self.phone.does(&Command::FailTake { take_id, cause: "error".into() });
            }
            Fault::Recorder => {
                let reason =
                    self.phone.dice.pick(&[PartReason::RecorderRestarted, PartReason::QualityChanged]);
                return self.goes_on(take_id, part_id, reason.unwrap_or(PartReason::QualityChanged), 20_000);
            }
            Fault::DeadBattery => return self.takes_the_other_phone(take_id, part_id),
            Fault::LostNetwork | Fault::LateSeals => {
                let span = self.phone.dice.between(20_000, 12 * MINUTE);
                self.phone.lose_network(span);
            }
            Fault::TwoPhones => self.other_phone_meddles(subject, take_id),
            Fault::LostAnswers | Fault::WrongClock | Fault::LateDelivery | Fault::Forgetful => {}
        }
        part_id
    }

    /// Reported when it begins and when it ends, or only afterwards.
    fn is_interrupted(&mut self, take_id: TakeId, act: Act, most: i64) {
        let lasts = self.phone.dice.between(500, most);
        let mut told = Interruption { act, began_at_captured_ms: Millis(1_000), lasted_ms: None };
        if self.phone.dice.chance(600) {
            self.phone.does(&Command::Interrupt { take_id, interruption: told });
        }
        if self.phone.dice.chance(300) {
            self.phone.wait(lasts / 3);
            let other = Interruption { act: Act::LeftPage, ..told };
            self.phone.does(&Command::Interrupt { take_id, interruption: other });
        }
        self.phone.wait(lasts);
        told.lasted_ms = Some(self.phone.measured(lasts));
        self.phone.does(&Command::Interrupt { take_id, interruption: told });
    }

    /// Another recorder goes on with the take, as far as it may.
    fn goes_on(&mut self, take_id: TakeId, part_id: PartId, reason: PartReason, most: i64) -> PartId {
        let lasts = self.phone.dice.between(500, most);
        self.phone.wait(lasts);
        let lasted_ms = self.phone.dice.chance(700).then(|| self.phone.measured(lasts));
        let new = self.phone.id().into();
        let previous = if self.phone.dice.chance(500) { vec![self.end_of(part_id)] } else { Vec::new() };
        let open = Command::OpenPart { take_id, part_id: new, reason, lasted_ms, previous };
        let accepted = self.phone.does(&open) && self.view().part(new).is_some();
        if accepted { new } else { part_id }
    }

    /// Where phones may not be changed, staff may let this one take over.
    fn takes_the_other_phone(&mut self, take_id: TakeId, part_id: PartId) -> PartId {
        self.phone.in_hand = 1 - self.phone.in_hand;
        let new = self.goes_on(take_id, part_id, PartReason::Reload, 5 * MINUTE);
        if new == part_id && self.is_live(take_id) && self.phone.dice.chance(500) {
            self.phone.staff_ask(&Command::ReleaseDevice { reason: "没电".into() });
            return self.goes_on(take_id, part_id, PartReason::Reload, 60_000);
        }
        new
    }

    fn other_phone_meddles(&mut self, subject: usize, take_id: TakeId) {
        let subject_id: SubjectId = subject_id(subject).into();
        let (new, part_id) = (self.phone.id(), self.phone.id().into());
        let face = self.looks(subject_id);
        let command = match self.phone.dice.between(0, 4) {
            0 => Command::StartTake { subject_id, take_id: new.into(), part_id, face },
            1 => Command::FinishTake { take_id, parts: Vec::new() },
            2 => Command::OpenPart {
                take_id,
                part_id,
                reason: PartReason::Reload,
                lasted_ms: None,
                previous: Vec::new(),
            },
            _ => Command::Finish,
        };
        self.phone.other_asks(&command);
    }

    fn stops(&mut self, subject: usize, take_id: TakeId, part_id: PartId) {
        let parts = if self.phone.dice.chance(800) { vec![self.end_of(part_id)] } else { Vec::new() };
        let finish = Command::FinishTake { take_id, parts };
        if !self.phone.does(&finish) && self.is_live(take_id) {
            let rest = self.phone.dice.between(0, self.rules.subjects[subject].longest);
            self.phone.wait(rest);
            self.phone.does(&finish);
        }
    }

    /// What the phone still knows of a take's parts; one in fifty phones says something else than before.
    pub(super) fn tells_ends(&mut self, take_id: TakeId) {
        let known = self.view().take(take_id).into_iter().flat_map(|(_, take)| &take.parts);
        let ids: Vec<PartId> = known.map(|part| part.id).collect();
        let mut parts: Vec<PartEnd> = ids.into_iter().map(|part_id| self.end_of(part_id)).collect();
        if self.phone.dice.chance(20)
            && let Some(part) = parts.first_mut()
        {
            part.end.last_index += 1;
        }
        self.phone.does(&Command::FinishTake { take_id, parts });
    }

    fn end_of(&mut self, part_id: PartId) -> PartEnd {
        if let Some(known) = self.ends.iter().find(|end| end.part_id == part_id) {
            return *known;
        }
        let last_index = self.phone.dice.next() % 900;
        let head = Hash32::of(&last_index.to_be_bytes());
        let duration_ms = Millis(1_000 * i64::try_from(last_index).unwrap_or(0));
        let end = PartEnd { part_id, end: End { last_index, head, duration_ms } };
        self.ends.push(end);
        end
    }
}
