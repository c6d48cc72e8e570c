//! The conversation: what somebody said becomes one use case, or the next question, and an answer as data.
//!
//! Reading order: `intent` and `grammar` (what comes in), `reply` (what goes out), `dialog` and `form`
//! (what is in between), `turn` (one update) with `arriving` (whose), then what a turn does: `drafting` (with `attached` and `first_words`), `for_others`, `picking`, `asking`,
//! `completing`, `confirming`, `working`, `editing`, `handing`, `answering`, `canned`, `rating`, `lists`, `day`, `searching`,
//! `past`, `sending`, `relating`, `removing`, `following`, `linking`, `meeting`, `chats`, `telling`, `inviting`, `people`, `deleting`,
//! `delivering`; `suggesting` is what is shown while somebody types, `standing` what
//! the platforms tell of the bot itself. `cards`, `notices` (with `changes`), `digest`, `transcript` and `letters` are also what the outbox renders. It knows no
//! platform and no SQL;
//! sentences live in the locale files, which
//! `catalogue` reads.

mod answering;
mod arriving;
mod asking;
pub mod attached;
mod build;
mod canned;
pub mod cards;
mod catalogue;
mod categories;
mod changes;
mod chats;
mod choosing;
mod completing;
mod confirming;
mod day;
mod deleting;
mod delivering;
pub mod details;
mod dialog;
pub mod digest;
mod drafting;
mod early;
mod editing;
mod filling;
mod first_words;
mod following;
mod for_others;
mod form;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod grammar;
mod guess;
mod handing;
mod helping;
pub mod intent;
mod inviting;
pub mod letters;
mod linking;
mod listing;
mod lists;
mod meeting;
mod naming;
pub mod notices;
mod past;
mod people;
mod picking;
mod press;
mod questions;
mod rating;
mod reacting;
mod refusals;
mod relating;
mod removing;
pub mod reply;
mod replying;
mod rewriting;
mod searching;
mod sending;
mod standing;
pub mod suggesting;
mod telling;
pub mod transcript;
mod turn;
pub mod undelivered;
mod working;

pub use turn::{Chat, HouseRules};
