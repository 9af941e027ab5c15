//! What a worker may use. The process takes the limits on itself before it reads a byte from anybody.

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};

/// Limits of one worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Address space in bytes.
    pub memory: u64,
    /// CPU seconds for one picture.
    pub cpu_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 1536 << 20, cpu_seconds: 20 }
    }
}

impl Limits {
    /// Limits of the process: memory, no core dumps, few files, none of them large.
    pub(super) fn take_on(&self) -> io::Result<()> {
        let limit = |resource, most: u64| {
            // An installation may already allow less.
            let most = getrlimit(resource).maximum.map_or(most, |allowed| allowed.min(most));
            setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
        };
        limit(Resource::As, self.memory)?;
        limit(Resource::Core, 0)?;
        limit(Resource::Nofile, 64)?;
        limit(Resource::Fsize, 512 << 20)?;
        Ok(())
    }

    /// The CPU time of one more picture, counted from what was used so far.
    pub(super) fn allow_one_more(&self) -> io::Result<()> {
        let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec;
        let current = u64::try_from(used).unwrap_or(0).saturating_add(1 + self.cpu_seconds);
        let maximum = getrlimit(Resource::Cpu).maximum;
        let current = maximum.map_or(current, |maximum| maximum.min(current));
        setrlimit(Resource::Cpu, Rlimit { current: Some(current), maximum })?;
        Ok(())
    }
}
