//! What a command does: a closure that can be run again, with what it is lent.

use crate::{Result, Tx};
use futures_util::future::BoxFuture;

/// A command's work. Runs once or several times; its last run counts.
pub(crate) trait Body<T>: Send + 'static {
    fn run<'c>(&'c mut self, tx: &'c mut Tx) -> BoxFuture<'c, Result<T>>;
}

impl<T, F> Body<T> for F
where
    F: for<'c> FnMut(&'c mut Tx) -> BoxFuture<'c, Result<T>> + Send + 'static,
{
    fn run<'c>(&'c mut self, tx: &'c mut Tx) -> BoxFuture<'c, Result<T>> {
        self(tx)
    }
}

/// A closure and the input that every run borrows.
pub(crate) struct Lent<I, F> {
    pub(crate) input: I,
    pub(crate) body: F,
}

impl<T, I, F> Body<T> for Lent<I, F>
where
    I: Send + Sync + 'static,
    F: for<'c> FnMut(&'c mut Tx, &'c I) -> BoxFuture<'c, Result<T>> + Send + 'static,
{
    fn run<'c>(&'c mut self, tx: &'c mut Tx) -> BoxFuture<'c, Result<T>> {
        (self.body)(tx, &self.input)
    }
}
