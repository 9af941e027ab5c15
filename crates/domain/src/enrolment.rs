//! Rules of enrolments.
