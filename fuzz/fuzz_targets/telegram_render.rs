//! Any message, as Telegram gets it.

#![no_main]

use arbitrary::Unstructured;
use guichet::chat::reply::{Message, Reply};
use guichet_fuzz::{limits, making};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut u = Unstructured::new(data);
    let Ok(message) = making::message(&mut u) else { return };
    limits::on_telegram(&message);
    for part in parts(&message) {
        limits::on_telegram(&part);
    }
    let Ok(word) = making::text(&mut u) else { return };
    for limit in [0, 1, 2, 80, 200] {
        assert!(guichet::telegram::fuzzing::cut(&word, limit).encode_utf16().count() <= limit);
    }
    limits::reply(&Reply::Toast(word));
});

fn parts(message: &Message) -> Vec<Message> {
    message.clone().parts()
}
