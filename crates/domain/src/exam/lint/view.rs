//! Settings as the linter looks at them: as an exam states them, or in a session that states its own over them.

use crate::exam::{Major, RevisionBody, Session, SittingKind, Subject};
use crate::policy::{Layer, Overrides, Policy, Resolution, Source, resolve};
use crate::time::Millis;

/// An exam, or one of its sessions with that session's own settings.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) body: &'a RevisionBody,
    own: Option<(&'a Session, &'a Overrides)>,
}

impl<'a> View<'a> {
    /// As the exam, its majors and its subjects state them.
    pub(super) const fn of_exam(body: &'a RevisionBody) -> Self {
        Self { body, own: None }
    }

    /// In `session`, where `settings` come last.
    pub(super) const fn of_session(
        body: &'a RevisionBody,
        session: &'a Session,
        settings: &'a Overrides,
    ) -> Self {
        Self { body, own: Some((session, settings)) }
    }

    /// The settings of a sitting as a whole.
    pub(super) fn major(&self, major: &Major) -> Resolution {
        self.laid_over(|| self.body.resolve_major(major), major, None)
    }

    /// The settings of a subject.
    pub(super) fn subject(&self, major: &Major, subject: &Subject) -> Resolution {
        self.laid_over(|| self.body.resolve_subject(major, subject), major, Some(subject))
    }

    /// The subject's own clock, where it states one and the session has clocks at all.
    pub(super) fn own_clock(&self, subject: &Subject) -> Option<Millis> {
        let has_clocks = self.own.is_none_or(|(session, _)| session.kind != SittingKind::Practice);
        subject.settings.duration_ms.flatten().filter(|_| has_clocks)
    }

    /// The longest that a sitting of `major` can last: its clock, or else its longest session. `None` before there is
    /// a session.
    pub(super) fn longest(&self, major: &Major, clock: Option<Millis>) -> Option<Millis> {
        let window = match self.own {
            Some((session, _)) => Some(session.window()),
            None => self.body.sessions_of(major.id).map(Session::window).max(),
        };
        clock.or(window)
    }

    fn laid_over(
        &self,
        stated: impl Fn() -> Resolution,
        major: &Major,
        subject: Option<&Subject>,
    ) -> Resolution {
        let Some((session, settings)) = self.own else { return stated() };
        let bare = Session { settings: Overrides::default(), ..session.clone() };
        let before: Policy = self.body.policy_in(&bare, major, subject);
        resolve(before, &[Layer { source: Source::Session, settings }])
    }
}

/// Whether a level states `setting`; what only a preset says is not stated.
pub(super) fn is_stated(settings: &Resolution, setting: &str) -> bool {
    level(settings, setting).is_some_and(|level| level != Source::Preset)
}

/// Whether `setting` is stated at a level that `over` does not overrule.
pub(super) fn is_stated_over(settings: &Resolution, setting: &str, over: &str) -> bool {
    is_stated(settings, setting) && level(settings, setting) >= level(settings, over)
}

fn level(settings: &Resolution, setting: &str) -> Option<Source> {
    settings.values.iter().find(|value| value.setting == setting).map(|value| value.from)
}
