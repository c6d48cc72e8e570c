//! The kinds of channel that the sandbox knows, by Discord's numbers.

pub(super) const TEXT: u8 = 0;
pub(super) const DM: u8 = 1;
pub(super) const PUBLIC_THREAD: u8 = 11;
pub(super) const PRIVATE_THREAD: u8 = 12;
pub(super) const FORUM: u8 = 15;
