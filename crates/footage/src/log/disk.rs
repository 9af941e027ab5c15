//! The files under the local log. Real files bypass the page cache where the file system allows it: copying
//! into it costs more CPU than hashing, and footage is read at most once more.

use std::fs::{File, OpenOptions};
use std::io::{self, IoSlice};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
#[cfg(any(test, feature = "faults"))]
use std::sync::Arc;

#[cfg(any(test, feature = "faults"))]
use super::volatile::{Volatile, VolatileFile};

/// Where block files live.
#[derive(Debug, Clone, Default)]
pub enum Disk {
    /// The file system.
    #[default]
    Real,
    /// A stand-in for a power cut: what was not synced dies with the process.
    #[cfg(any(test, feature = "faults"))]
    Volatile(Arc<Volatile>),
}

/// A block file.
#[derive(Debug)]
pub(crate) enum BlockFile {
    Real {
        /// Writes whole pages, past the page cache if it can.
        write: File,
        read: File,
    },
    #[cfg(any(test, feature = "faults"))]
    Volatile(VolatileFile),
}

/// The most slices that one `pwritev` takes.
const MAX_SLICES: usize = 1024;

impl Disk {
    /// A new, empty block file; an error if there is one of that name.
    pub(crate) fn create(&self, path: &Path) -> io::Result<BlockFile> {
        match self {
            Self::Real => {
                let write = create_direct(path)?;
                Ok(BlockFile::Real { write, read: File::open(path)? })
            }
            #[cfg(any(test, feature = "faults"))]
            Self::Volatile(disk) => disk.create(path).map(BlockFile::Volatile),
        }
    }

    /// An existing block file, to be read and cut to length.
    pub(crate) fn open(&self, path: &Path) -> io::Result<BlockFile> {
        match self {
            Self::Real => Ok(BlockFile::Real {
                write: OpenOptions::new().write(true).open(path)?,
                read: File::open(path)?,
            }),
            #[cfg(any(test, feature = "faults"))]
            Self::Volatile(disk) => disk.open(path).map(BlockFile::Volatile),
        }
    }

    /// Removes a block file that was never begun properly.
    pub(crate) fn discard(&self, path: &Path) -> io::Result<()> {
        match self {
            Self::Real => std::fs::remove_file(path),
            #[cfg(any(test, feature = "faults"))]
            Self::Volatile(disk) => disk.discard(path),
        }
    }

    /// Makes the names in `dir` durable.
    pub(crate) fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        match self {
            Self::Real => File::open(dir)?.sync_all(),
            #[cfg(any(test, feature = "faults"))]
            Self::Volatile(disk) => disk.sync_dir(dir),
        }
    }

    /// Where phones are answered early on purpose, the sync comes late enough for a kill to fall between.
    #[cfg(any(test, feature = "faults"))]
    #[expect(clippy::disallowed_methods, reason = "the fault is that the log's own thread is slow to sync")]
    pub(crate) fn lag(&self) {
        if self.answers_early() {
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
    }

    /// Nothing is planted in this binary.
    #[cfg(not(any(test, feature = "faults")))]
    #[expect(clippy::unused_self, reason = "the same call in every binary")]
    pub(crate) fn lag(&self) {}

    /// Whether a fault was planted that answers phones before anything is durable.
    pub(crate) fn answers_early(&self) -> bool {
        match self {
            Self::Real => false,
            #[cfg(any(test, feature = "faults"))]
            Self::Volatile(disk) => disk.faults().ack_early,
        }
    }
}

impl BlockFile {
    /// Writes all slices one after the other from `at`. What was written of them after an error is unknown.
    pub(crate) fn write_all_at(&self, slices: &[IoSlice<'_>], mut at: u64) -> io::Result<()> {
        for slices in slices.chunks(MAX_SLICES) {
            let mut slices: Vec<IoSlice<'_>> = slices.to_vec();
            let mut rest = &mut slices[..];
            while !rest.is_empty() {
                let written = self.write_some_at(rest, at)?;
                if written == 0 {
                    return Err(io::ErrorKind::WriteZero.into());
                }
                at += written as u64;
                IoSlice::advance_slices(&mut rest, written);
            }
        }
        Ok(())
    }

    fn write_some_at(&self, slices: &[IoSlice<'_>], at: u64) -> io::Result<usize> {
        match self {
            Self::Real { write, .. } => Ok(rustix::io::pwritev(write, slices, at)?),
            #[cfg(any(test, feature = "faults"))]
            Self::Volatile(file) => file.write_some_at(slices, at),
        }
    }

    /// Everything written so far, and the length, survive a power cut once this returns.
    pub(crate) fn sync(&self) -> io::Result<()> {
        match self {
            Self::Real { write, .. } => write.sync_data(),
            #[cfg(any(test, feature = "faults"))]
            Self::Volatile(file) => file.sync(),
        }
    }

    /// Cuts the file to `length` bytes.
    pub(crate) fn truncate(&self, length: u64) -> io::Result<()> {
        match self {
            Self::Real { write, .. } => write.set_len(length),
            #[cfg(any(test, feature = "faults"))]
            Self::Volatile(file) => file.truncate(length),
        }
    }

    /// Bytes in the file.
    pub(crate) fn length(&self) -> io::Result<u64> {
        match self {
            Self::Real { read, .. } => Ok(read.metadata()?.len()),
            #[cfg(any(test, feature = "faults"))]
            Self::Volatile(file) => file.length(),
        }
    }

    pub(crate) fn read_exact_at(&self, bytes: &mut [u8], at: u64) -> io::Result<()> {
        match self {
            Self::Real { read, .. } => read.read_exact_at(bytes, at),
            #[cfg(any(test, feature = "faults"))]
            Self::Volatile(file) => file.read_exact_at(bytes, at),
        }
    }
}

/// Opens past the page cache, or through it where the file system (tmpfs, some overlays) refuses that.
fn create_direct(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    match options.clone().custom_flags(libc::O_DIRECT).open(path) {
        Err(error) if error.raw_os_error() == Some(libc::EINVAL) => {
            // The refused open may have left the name behind.
            options.create_new(false).create(true).open(path)
        }
        other => other,
    }
}
