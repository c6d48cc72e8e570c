//! Any message and any form, as Discord gets them.

#![no_main]

use arbitrary::Unstructured;
use guichet_fuzz::{limits, making};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut u = Unstructured::new(data);
    let Ok(message) = making::message(&mut u) else { return };
    limits::on_discord(&message);
    for part in message.clone().parts() {
        limits::on_discord(&part);
    }
    let Ok(word) = making::text(&mut u) else { return };
    limits::text_on_discord(&guichet::discord::fuzzing::content(&message, &word));
    for most in [1, 2, 45, 80, 100] {
        assert!(guichet::discord::fuzzing::cut(&word, most).encode_utf16().count() <= most);
    }
    let Ok(form) = making::form(&mut u) else { return };
    limits::modal(&form);
});
