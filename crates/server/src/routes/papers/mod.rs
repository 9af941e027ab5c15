//! Papers: fetched ahead and sealed, opened in a sitting that was entered.

pub mod keys;
pub mod open;
pub mod sealed;
