//! Mutations that keep a JSON document one.
//!
//! libFuzzer's own hardly ever hit a value without breaking the document around it. These change one value, in
//! half of the cases; the other half are libFuzzer's.

use libfuzzer_sys::fuzzer_mutate;
use serde_json::{Map, Number, Value};

/// Texts that have been somebody's undoing.
const TEXTS: [&str; 30] = [
    "",
    " ",
    "\0",
    "\u{200B}",
    "\u{202E}",
    "@everyone",
    "<@&1>",
    "[x](javascript:alert(1))",
    "```",
    "<b onclick>",
    "👩‍👩‍👧",
    "İ",
    "' OR 1=1--",
    "%n{}",
    "a\r\nb: c",
    "../../etc/passwd",
    "9223372036854775808",
    "-1",
    "0",
    "/link ABCD-EFGH",
    "/take #12",
    "/note 1 a",
    "private",
    "supergroup",
    "send",
    "take:1",
    "open:::new",
    "comment:18446744073709551615",
    "https://cdn.discordapp.com/a/b.png",
    "+262142-12-31T23:59:59Z",
];

/// Random numbers, enough for choosing.
struct Dice(u32);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 as usize % sides.max(1)
    }
}

/// Changes the document in the first `size` bytes of `data`; gives its new length, at most `max`.
pub fn mutate(data: &mut [u8], size: usize, max: usize, seed: u32) -> usize {
    let mut dice = Dice(seed | 1);
    if dice.roll(2) == 0 {
        return fuzzer_mutate(data, size, max);
    }
    let Ok(mut document) = serde_json::from_slice::<Value>(&data[..size]) else {
        return fuzzer_mutate(data, size, max);
    };
    for _ in 0..=dice.roll(3) {
        let at = dice.roll(count(&document));
        change(&mut document, at, &mut dice);
    }
    let written = document.to_string();
    if written.len() > max {
        return fuzzer_mutate(data, size, max);
    }
    data[..written.len()].copy_from_slice(written.as_bytes());
    written.len()
}

/// How many values a document is made of, itself included.
fn count(value: &Value) -> usize {
    1 + children(value).map(count).sum::<usize>()
}

fn children(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter()),
        Value::Object(fields) => Box::new(fields.values()),
        _ => Box::new(std::iter::empty()),
    }
}

/// Changes the value that is number `at`, counted from the outside in.
fn change(value: &mut Value, at: usize, dice: &mut Dice) {
    if at == 0 {
        *value = changed(value, dice);
        return;
    }
    let mut at = at - 1;
    let items: Box<dyn Iterator<Item = &mut Value>> = match value {
        Value::Array(items) => Box::new(items.iter_mut()),
        Value::Object(fields) => Box::new(fields.values_mut()),
        _ => return,
    };
    for item in items {
        let size = count(item);
        if at < size {
            change(item, at, dice);
            return;
        }
        at -= size;
    }
}

fn changed(value: &Value, dice: &mut Dice) -> Value {
    let hard = Value::from(TEXTS[dice.roll(TEXTS.len())]);
    match (dice.roll(8), value) {
        (0, _) => Value::Null,
        (1, _) => hard,
        (2, _) => Value::from([i64::MAX, i64::MIN, 0, 1, -1, 4_294_967_296][dice.roll(6)]),
        (3, _) => Value::Array(vec![value.clone()]),
        (4, Value::Object(fields)) => Value::Object(without_one(fields, dice)),
        (4, Value::Array(items)) => items.iter().chain(items).cloned().collect(),
        (4, Value::String(text)) => Value::from(text.repeat(2 + dice.roll(40))),
        (5, Value::String(text)) => Value::from(format!("{text}{}", hard.as_str().unwrap_or_default())),
        (6, Value::String(_)) => hard,
        (4, Value::Number(number)) => Value::from(number.to_string()),
        (5, Value::Number(number)) => Value::from(number.as_i64().unwrap_or_default().wrapping_neg()),
        (6, Value::Number(_)) => Number::from_f64(1e300).map_or(Value::Null, Value::Number),
        _ => value.clone(),
    }
}

fn without_one(fields: &Map<String, Value>, dice: &mut Dice) -> Map<String, Value> {
    let gone = dice.roll(fields.len());
    let kept = fields.iter().enumerate().filter(|(at, _)| *at != gone);
    kept.map(|(_, (name, value))| (name.clone(), value.clone())).collect()
}
