//! Booking a slot (H4): inside its window, as long as there is room, final unless the exam says otherwise.

use super::gate::current;
use super::{Booking, Progress, Slot, Task};
use crate::exam::RevisionBody;
use crate::id::SlotId;
use crate::refusal::{Refusal, RefusalCode};
use crate::time::Timestamp;

/// A slot that somebody has, with its times as they were booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booked {
    /// The slot.
    pub slot: Slot,
    /// When it was booked.
    pub at: Timestamp,
}

/// What a booking comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The candidate has it already.
    Kept,
    /// A place in this slot is taken.
    Taken(Slot),
    /// A place in the first is given back, one in the second is taken.
    Moved(Slot, Slot),
}

/// Whether a new revision leaves everybody the slot that they have: it may begin earlier or end later, and nothing else.
///
/// # Errors
/// `slot.is_booked`, for the first that would be moved, shortened or withdrawn.
pub fn keep_booked(
    before: &RevisionBody,
    after: &RevisionBody,
    is_booked: impl Fn(SlotId) -> bool,
) -> Result<(), Refusal> {
    for slot in slots(before).filter(|slot| is_booked(slot.id)) {
        let covers = |new: &Slot| new.starts_at <= slot.starts_at && new.ends_at >= slot.ends_at;
        if !slots(after).any(|new| new.id == slot.id && covers(new)) {
            return Err(Refusal::new(RefusalCode::SlotIsBooked).at("starts_at", slot.starts_at));
        }
    }
    Ok(())
}

fn slots(body: &RevisionBody) -> impl Iterator<Item = &Slot> {
    body.tasks.iter().filter_map(|task| task.booking().ok()).flat_map(|booking| &booking.slots)
}

/// Books a slot. Whether there is still room only the transaction that takes the place can say; `taken` is what is known
/// before it.
///
/// # Errors
/// `task.other_kind`, `booking.not_open_yet`, `task.missed`, `booking.slot_not_found`, `booking.slot_begun`,
/// `booking.full`, `booking.final`.
pub fn book(
    task: &Task,
    progress: Option<&Progress>,
    slot: SlotId,
    taken: u32,
    now: Timestamp,
) -> Result<Place, Refusal> {
    let booking = task.booking()?;
    let own = progress.and_then(Progress::booked);
    if own.is_some_and(|own| own.slot.id == slot) {
        return Ok(Place::Kept);
    }
    if own.is_some() && !booking.changeable {
        return Err(task.refused(RefusalCode::BookingFinal));
    }
    is_open(task, booking, now)?;
    let slot = *booking.slot(slot).ok_or(RefusalCode::BookingSlotNotFound)?;
    slot_closed(&slot, taken, now).map_or(Ok(()), Err)?;
    match own {
        Some(own) => {
            may_leave(task, own, now)?;
            Ok(Place::Moved(own.slot, slot))
        }
        None => Ok(Place::Taken(slot)),
    }
}

/// Gives a booked slot back.
///
/// # Errors
/// `task.other_kind`, `booking.none`, `booking.final`, `task.missed`.
pub fn release(task: &Task, progress: Option<&Progress>, now: Timestamp) -> Result<Booked, Refusal> {
    let booking = task.booking()?;
    let own = progress.and_then(Progress::booked).ok_or(RefusalCode::BookingNone)?;
    if !booking.changeable {
        return Err(task.refused(RefusalCode::BookingFinal));
    }
    is_open(task, booking, now)?;
    may_leave(task, own, now)?;
    Ok(*own)
}

/// Why nobody can book a slot of which `taken` places are gone.
pub fn slot_closed(slot: &Slot, taken: u32, now: Timestamp) -> Option<Refusal> {
    if now >= slot.starts_at {
        return Some(Refusal::new(RefusalCode::BookingSlotBegun).at("starts_at", slot.starts_at));
    }
    (taken >= slot.capacity).then(|| RefusalCode::BookingFull.into())
}

fn is_open(task: &Task, booking: &Booking, now: Timestamp) -> Result<(), Refusal> {
    if now < booking.opens_at {
        return Err(task.refused(RefusalCode::BookingNotOpenYet).at("opens_at", booking.opens_at));
    }
    task.still(now)
}

/// A slot that has begun is used, whether somebody came or not.
fn may_leave(task: &Task, own: &Booked, now: Timestamp) -> Result<(), Refusal> {
    if now >= current(task, own).starts_at { Err(task.refused(RefusalCode::BookingFinal)) } else { Ok(()) }
}
