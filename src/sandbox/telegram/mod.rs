//! The simulated Telegram.
