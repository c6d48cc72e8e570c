//! Any state of a dialog, as the database might hold it, and somebody who goes on with it: `{"state": …, "who": 0,
//! "on": "discord", "press": "send"}`. Nothing fails, each platform takes the answer, and what is written down can
//! be read again.

#![no_main]

use std::cell::OnceCell;

use guichet::chat::fuzzing::dialog;
use guichet::domain::platform::Platform;
use guichet_fuzz::{desk, limits, mutate};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::Value;

thread_local! {
    static DESK: OnceCell<desk::Desk> = const { OnceCell::new() };
}

fuzz_target!(|document: &[u8]| {
    let Ok(document) = serde_json::from_slice::<Value>(document) else {
        return;
    };
    let state = match &document["state"] {
        Value::String(text) => text.clone(),
        state => state.to_string(),
    };
    if let Some(written) = dialog(&state) {
        assert_eq!(dialog(&written).as_ref(), Some(&written));
    }
    if !can_be_kept(&document["state"]) || state.len() > 100_000 {
        return;
    }
    let Some(intent) = desk::intent(&document) else { return };
    let who = document["who"].as_u64().unwrap_or_default() as usize;
    let on = match document["on"].as_str() {
        Some("discord") => Platform::Discord,
        _ => Platform::Telegram,
    };
    DESK.with(|desk| {
        let desk = desk.get_or_init(desk::Desk::default);
        match desk.handle(&state, who, on, intent) {
            Ok((reply, after)) => {
                limits::reply(&reply);
                assert!(after == state || dialog(&after).is_some(), "{after}");
            }
            Err(fault) => panic!("{fault}"),
        }
    });
});

fuzz_mutator!(|data: &mut [u8], size: usize, max: usize, seed: u32| { mutate::mutate(data, size, max, seed) });

/// Files are written down only once they are kept, with names and types that fit.
fn can_be_kept(state: &Value) -> bool {
    match state {
        Value::Object(fields) => fields.iter().all(|(name, value)| match (name.as_str(), value) {
            ("sha256", Value::String(text)) => text.len() == 64,
            ("name", Value::String(text)) => text.chars().count() <= 255,
            ("media_type", Value::String(text)) => text.chars().count() <= 127,
            ("size", size) => size.as_u64().is_none_or(|size| size <= 20 * 1024 * 1024),
            _ => can_be_kept(value),
        }),
        Value::Array(items) => items.iter().all(can_be_kept),
        _ => true,
    }
}
