//! Texts to come.

use super::Row;

pub(super) const ROWS: &[Row] = &[];
