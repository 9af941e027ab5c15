//! Stories of sittings, and what holds after any sequence of commands.

mod clock;
mod devices;
mod faces;
mod interruptions;
mod papers;
mod policies;
mod properties;
mod staff;
mod steps;
mod subjects;
mod takes;
mod world;
