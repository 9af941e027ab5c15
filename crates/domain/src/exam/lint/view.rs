//! Settings as the linter looks at them: as an exam states them, or in a session that states its own over them.

use crate::exam::{Major, RevisionBody, Session, SittingKind, Subject};
use crate::policy::{Layer, Overrides, Policy, Source, lay_over, source_of};
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

    /// The settings of a subject, or of a sitting as a whole.
    pub(super) fn policy(&self, major: &Major, subject: Option<&Subject>) -> Policy {
        let mut policy = lay_over(self.body.preset.policy(), &self.body.layers(major, subject));
        if let Some((session, settings)) = self.own {
            session.kind.ease(&mut policy);
            settings.apply(&mut policy);
        }
        policy
    }

    /// Whether a level states `setting` that none further down overrules by stating `over`; what only a preset says
    /// is not stated.
    pub(super) fn states(&self, major: &Major, subject: Option<&Subject>, setting: &str, over: &str) -> bool {
        let mut layers = self.body.layers(major, subject);
        layers.extend(self.own.map(|(_, settings)| Layer { source: Source::Session, settings }));
        let from = source_of(setting, &layers);
        from != Source::Preset && from >= source_of(over, &layers)
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
}
