//! Any text as a stored update of Discord's.

#![no_main]

use std::sync::LazyLock;

use guichet::discord::Discord;
use guichet::outbox::pacing::Pacing;
use guichet::store::files::FileStore;
use guichet_fuzz::{inbound, mutate};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

static DISCORD: LazyLock<Discord> = LazyLock::new(|| {
    let files = FileStore::open(&std::env::temp_dir()).expect("a directory");
    let url = "https://discord.com".parse().expect("an address");
    Discord::new(&"a".to_owned().into(), url, files, Pacing::unlimited()).expect("a bot")
});

fuzz_target!(|raw: &[u8]| inbound::read(&*DISCORD, raw));

fuzz_mutator!(|data: &mut [u8], size: usize, max: usize, seed: u32| { mutate::mutate(data, size, max, seed) });
