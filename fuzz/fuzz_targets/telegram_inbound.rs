//! Any text as a stored update of Telegram's.

#![no_main]

use std::sync::LazyLock;

use guichet::clock::Clock;
use guichet::outbox::pacing::Pacing;
use guichet::store::files::FileStore;
use guichet::telegram::Telegram;
use guichet_fuzz::{inbound, mutate};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

static TELEGRAM: LazyLock<Telegram> = LazyLock::new(|| {
    let files = FileStore::open(&std::env::temp_dir()).expect("a directory");
    let url = "http://127.0.0.1:9".parse().expect("an address");
    Telegram::new(
        &"1:a".to_owned().into(),
        url,
        files,
        chrono_tz::Europe::Paris,
        Clock::system(),
        Pacing::unlimited(),
    )
    .expect("a bot")
});

fuzz_target!(|raw: &[u8]| inbound::read(&*TELEGRAM, raw));

fuzz_mutator!(|data: &mut [u8], size: usize, max: usize, seed: u32| { mutate::mutate(data, size, max, seed) });
