//! Rules of rosters.
