//! What somebody types, as a command, a caption or the options of a slash command; and what buttons and forms carry.

#![no_main]

use guichet::chat::fuzzing::{form, press};
use guichet::chat::grammar::{from_caption, from_options, from_text};
use guichet::chat::intent::{IncomingFile, Intent};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|words: &str| {
    if let Some(Intent::Command(call)) = from_text(words) {
        // Nothing typed is lost: the command, the number, the words, in that order.
        let number = call.number.as_deref().unwrap_or_default();
        assert!(words.contains(number) && words.ends_with(&call.text) || words.trim_end().ends_with(&call.text));
        let typed: usize = words.split_whitespace().map(str::len).sum();
        let head = words.split_whitespace().next().map_or(0, str::len);
        let kept: usize = call.text.split_whitespace().map(str::len).sum();
        let marks = words.matches(['#', '№']).map(str::len).sum::<usize>();
        assert!(typed <= head + number.len() + kept + marks, "{words:?} became {call:?}");
    }
    let file = IncomingFile {
        name: words.to_owned(),
        media_type: String::new(),
        size: None,
        locator: String::new(),
    };
    let captioned = from_caption(words, &[file]);
    assert_eq!(captioned.is_some(), from_text(words).is_some());
    if let Some(Intent::Command(call)) = captioned {
        assert_eq!(call.files, [words]);
    }
    let mut pieces = words.split('\n');
    let name = pieces.next().unwrap_or_default();
    let options: Vec<_> = pieces
        .filter_map(|option| option.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    drop(from_options(name, &options));
    for again in [press, form] {
        if let Some(carried) = again(words) {
            assert_eq!(again(&carried).as_ref(), Some(&carried), "{words:?}");
            assert!(carried.len() <= 100);
        }
    }
});
