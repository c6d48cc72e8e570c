//! What the scenes measured, as one table.

use std::fmt::{self, Display, Write as _};
use std::time::Duration;

use serde_json::{Value, json};

/// One figure of a scene.
struct Figure {
    scene: &'static str,
    what: String,
    value: String,
    wanted: String,
    /// Nothing is wanted of some figures.
    right: Option<bool>,
}

/// The figures of one or more scenes.
#[derive(Default)]
pub struct Figures(Vec<Figure>);

impl Figures {
    /// A figure that is only reported.
    pub fn tell(&mut self, scene: &'static str, what: &str, value: impl Display) {
        self.add(scene, what, &value, "", None);
    }

    /// A figure that must be right.
    pub fn must(&mut self, scene: &'static str, what: &str, value: impl Display, wanted: impl Display, right: bool) {
        self.add(scene, what, &value, &wanted.to_string(), Some(right));
    }

    fn add(&mut self, scene: &'static str, what: &str, value: &dyn Display, wanted: &str, right: Option<bool>) {
        self.0.push(Figure {
            scene,
            what: what.to_owned(),
            value: value.to_string(),
            wanted: wanted.to_owned(),
            right,
        });
    }

    pub fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    /// The figures as JSON, one object each.
    pub fn to_json(&self) -> Value {
        let one = |figure: &Figure| {
            json!({"scene": figure.scene, "figure": figure.what, "value": figure.value, "wanted": figure.wanted,
                "right": figure.right})
        };
        self.0.iter().map(one).collect()
    }

    pub fn all_right(&self) -> bool {
        self.0.iter().all(|figure| figure.right != Some(false))
    }
}

impl Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = String::from("| scene | figure | value | wanted | |\n|---|---|---|---|---|\n");
        for Figure {
            scene,
            what,
            value,
            wanted,
            right,
        } in &self.0
        {
            let sign = match right {
                None => "",
                Some(true) => "ok",
                Some(false) => "WRONG",
            };
            writeln!(table, "| {scene} | {what} | {value} | {wanted} | {sign} |")?;
        }
        f.write_str(&table)
    }
}

/// The middle, the slowest of a hundred and of a thousand, and the slowest of some times; zero of none.
#[derive(Default)]
pub struct Times {
    pub median: Duration,
    pub p99: Duration,
    pub p999: Duration,
    pub most: Duration,
}

impl Times {
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        let at = |share: usize| times.get((times.len() * share / 1_000).min(times.len().saturating_sub(1)));
        Self {
            median: at(500).copied().unwrap_or_default(),
            p99: at(990).copied().unwrap_or_default(),
            p999: at(999).copied().unwrap_or_default(),
            most: times.last().copied().unwrap_or_default(),
        }
    }
}
