//! A stand-in for a power cut: writes stay in this process's memory until they are synced, and names until
//! their folder is, so that killing the process loses what a power cut would. Faults can be planted in it.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, IoSlice};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Faults that a trial plants, to see that it would notice them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faults {
    /// Syncing does nothing, and says that all is well.
    pub skip_sync: bool,
    /// Phones are answered before the sync.
    pub ack_early: bool,
    /// Bytes that fit on the disk, if that is limited.
    pub capacity_bytes: Option<u64>,
}

/// A disk that forgets what was not synced.
#[derive(Debug, Default)]
pub struct Volatile {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    faults: Faults,
    used_bytes: u64,
    /// Written names whose folder was not synced: real file → name.
    unnamed: BTreeMap<PathBuf, PathBuf>,
    cut: bool,
    sync_fails: bool,
    syncs_held: bool,
}

/// A file of such a disk.
#[derive(Debug)]
pub(crate) struct VolatileFile {
    disk: Arc<Volatile>,
    real: File,
    unsynced: Mutex<Vec<(u64, Vec<u8>)>>,
}

impl Volatile {
    /// A disk with faults planted.
    pub fn new(faults: Faults) -> Arc<Self> {
        let state = Mutex::new(State { faults, ..State::default() });
        Arc::new(Self { state, changed: Condvar::new() })
    }

    /// Plants other faults.
    pub fn plant(&self, faults: Faults) {
        self.state().faults = faults;
    }

    /// Cuts the power: whatever was not synced is lost, and every call from now on fails.
    pub fn cut_power(&self) {
        self.state().cut = true;
        self.changed.notify_all();
    }

    /// Lets syncs wait until they are let go, or the power is cut.
    pub fn hold_syncs(&self, held: bool) {
        self.state().syncs_held = held;
        self.changed.notify_all();
    }

    /// Lets the next sync fail, as a dying disk does.
    pub fn fail_next_sync(&self) {
        self.state().sync_fails = true;
    }

    /// Takes back what [`Self::fail_next_sync`] asked for and no sync has met yet.
    pub fn heal(&self) {
        self.state().sync_fails = false;
    }

    pub(crate) fn faults(&self) -> Faults {
        self.state().faults
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn running(&self) -> io::Result<MutexGuard<'_, State>> {
        let state = self.state();
        if state.cut { Err(io::Error::other("the power is cut")) } else { Ok(state) }
    }

    pub(crate) fn create(self: &Arc<Self>, path: &Path) -> io::Result<VolatileFile> {
        let mut state = self.running()?;
        if path.exists() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let unnamed = path.with_extension("unnamed");
        let real = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&unnamed)?;
        state.unnamed.insert(unnamed, path.to_owned());
        Ok(VolatileFile { disk: Arc::clone(self), real, unsynced: Mutex::default() })
    }

    pub(crate) fn discard(&self, path: &Path) -> io::Result<()> {
        let unnamed = path.with_extension("unnamed");
        let was_unnamed = self.running()?.unnamed.remove(&unnamed).is_some();
        fs::remove_file(if was_unnamed { &unnamed } else { path })
    }

    pub(crate) fn open(self: &Arc<Self>, path: &Path) -> io::Result<VolatileFile> {
        let real = OpenOptions::new().read(true).write(true).open(path)?;
        Ok(VolatileFile { disk: Arc::clone(self), real, unsynced: Mutex::default() })
    }

    pub(crate) fn sync_dir(&self, _dir: &Path) -> io::Result<()> {
        let mut state = self.running()?;
        if state.faults.skip_sync {
            return Ok(());
        }
        for (real, name) in std::mem::take(&mut state.unnamed) {
            fs::rename(real, name)?;
        }
        Ok(())
    }
}

impl VolatileFile {
    fn unsynced(&self) -> MutexGuard<'_, Vec<(u64, Vec<u8>)>> {
        self.unsynced.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write_some_at(&self, slices: &[IoSlice<'_>], at: u64) -> io::Result<usize> {
        let mut state = self.disk.running()?;
        let bytes = slices.iter().flat_map(|slice| slice.iter().copied());
        let room = state.faults.capacity_bytes.map_or(u64::MAX, |all| all.saturating_sub(state.used_bytes));
        let bytes: Vec<u8> = bytes.take(usize::try_from(room).unwrap_or(usize::MAX)).collect();
        if bytes.is_empty() {
            return Err(io::Error::from_raw_os_error(libc::ENOSPC));
        }
        state.used_bytes += bytes.len() as u64;
        let written = bytes.len();
        self.unsynced().push((at, bytes));
        Ok(written)
    }

    pub(crate) fn sync(&self) -> io::Result<()> {
        let held = |state: &mut State| state.syncs_held && !state.cut;
        let state = self.disk.changed.wait_while(self.disk.state(), held);
        drop(state.unwrap_or_else(PoisonError::into_inner));
        let mut state = self.disk.running()?;
        if std::mem::take(&mut state.sync_fails) {
            self.unsynced().clear();
            return Err(io::Error::from_raw_os_error(libc::EIO));
        }
        if state.faults.skip_sync {
            return Ok(());
        }
        for (at, bytes) in self.unsynced().drain(..) {
            self.real.write_all_at(&bytes, at)?;
        }
        Ok(())
    }

    pub(crate) fn truncate(&self, length: u64) -> io::Result<()> {
        let mut state = self.disk.running()?;
        let before = self.length()?;
        self.unsynced().retain_mut(|(at, bytes)| {
            bytes.truncate(usize::try_from(length.saturating_sub(*at)).unwrap_or(usize::MAX));
            !bytes.is_empty()
        });
        state.used_bytes = state.used_bytes.saturating_sub(before.saturating_sub(length));
        let real = self.real.metadata()?.len();
        self.real.set_len(real.min(length))
    }

    pub(crate) fn length(&self) -> io::Result<u64> {
        let real = self.real.metadata()?.len();
        Ok(self.unsynced().iter().map(|(at, bytes)| at + bytes.len() as u64).fold(real, u64::max))
    }

    pub(crate) fn read_exact_at(&self, bytes: &mut [u8], at: u64) -> io::Result<()> {
        let end = at + bytes.len() as u64;
        if self.length()? < end {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut read = 0;
        while let Some(more) =
            Some(self.real.read_at(&mut bytes[read..], at + read as u64)?).filter(|more| *more > 0)
        {
            read += more;
        }
        for (from, written) in self.unsynced().iter() {
            let (start, stop) = (at.max(*from), end.min(from + written.len() as u64));
            if start < stop {
                let (to, source) = (offset(start, at), offset(start, *from));
                let many = offset(stop, start);
                bytes[to..to + many].copy_from_slice(&written[source..source + many]);
            }
        }
        Ok(())
    }
}

/// How far `at` is from `from`, both inside one buffer.
fn offset(at: u64, from: u64) -> usize {
    usize::try_from(at - from).unwrap_or(usize::MAX)
}
