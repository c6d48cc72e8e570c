//! The bench: how much Guichet does on this machine, beside what the machine could do.
//!
//! Three processes: `guichet serve`, the private database (every COMMIT on the disk), and this one, with the simulated
//! platforms and people, whose cost shows apart. A scene is a file with a `play`, which gives [`Figures`]. Its short
//! version is part of the tests and looks at no times; `make bench` plays the whole, optimised, prints one table and
//! writes it as JSON.
//!
//! `BENCH_SCENES=flow,growth` chooses scenes; `BENCH_SECONDS=5` is how long each rate is held.

mod cost;
mod flow;
mod growth;
mod limit;
mod overload;
mod people;
mod sign_ins;
mod start;

use std::env;
use std::fs;
use std::process::Command;
use std::time::Duration;

use serde_json::json;

use crate::chaos::figures::Figures;

/// How a scene is played.
pub struct Bench {
    /// Whether it is the whole scene; the short one looks at no times.
    pub whole: bool,
    /// How long each rate is held.
    pub lasts: Duration,
}

impl Bench {
    fn short() -> Self {
        Self {
            whole: false,
            lasts: Duration::from_millis(300),
        }
    }

    fn whole() -> Self {
        let seconds = env::var("BENCH_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
        Self {
            whole: true,
            lasts: Duration::from_secs(seconds.unwrap_or(20)),
        }
    }

    /// The number of the short scene, or of the whole one.
    pub fn pick<T>(&self, short: T, whole: T) -> T {
        if self.whole { whole } else { short }
    }

    /// A figure that the whole scene has to get right, and the short one only tells.
    pub fn judge(
        &self,
        figures: &mut Figures,
        (scene, what): (&'static str, &str),
        shown: String,
        wanted: &str,
        right: bool,
    ) {
        if self.whole {
            figures.must(scene, what, shown, wanted, right);
        } else {
            figures.tell(scene, what, shown);
        }
    }
}

const SCENES: [&str; 5] = ["flow", "overload", "sign-ins", "growth", "start"];

async fn scene(name: &str, bench: &Bench) -> Figures {
    match name {
        "flow" => flow::play(bench).await,
        "overload" => overload::play(bench).await,
        "sign-ins" => sign_ins::play(bench).await,
        "growth" => growth::play(bench).await,
        "start" => start::play(bench).await,
        other => panic!("there is no scene {other}; there are {SCENES:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scene_plays_in_short() {
    let bench = Bench::short();
    for name in SCENES {
        let figures = scene(name, &bench).await;
        println!("{figures}");
        assert!(figures.all_right(), "some figures are wrong");
    }
}

/// Whoever ignored the limits of the real platforms would be banned.
#[test]
fn only_platforms_on_this_machine_are_served_without_their_limits() {
    let data = tempfile::tempdir().expect("a directory");
    for (name, url) in [("TELEGRAM", "http://127.0.0.1:9"), ("DISCORD", "http://127.0.0.1:9")] {
        let served = Command::new(env!("CARGO_BIN_EXE_guichet"))
            .args(["serve", "--unpaced"])
            .env("GUICHET_DATA", data.path())
            .env("GUICHET_TELEGRAM__TOKEN", "1:secret")
            .env(format!("GUICHET_{name}__API_URL"), url)
            .output()
            .expect("the program");
        let said = String::from_utf8_lossy(&served.stderr);
        assert!(
            !served.status.success() && said.contains("simulated platforms"),
            "{said}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the whole bench takes many minutes of a machine of its own: make bench"]
async fn all_of_bench() {
    let bench = Bench::whole();
    let chosen = env::var("BENCH_SCENES").unwrap_or_else(|_| SCENES.join(","));
    let command = format!(
        "BENCH_SECONDS={} BENCH_SCENES={chosen} make bench",
        bench.lasts.as_secs()
    );
    let mut figures = Figures::default();
    for name in chosen.split(',') {
        println!("==> {name}");
        let of_scene = scene(name, &bench).await;
        println!("{of_scene}");
        figures.extend(of_scene);
    }
    let machine = cost::machine();
    println!("\n{command}\n{machine}\n\n{figures}");
    let written = json!({"command": command, "machine": machine, "figures": figures.to_json()});
    let path = "target/bench.json";
    fs::write(path, format!("{written:#}\n")).expect("target/bench.json");
    println!("The same as JSON: {path}");
    assert!(figures.all_right(), "some figures are wrong");
}
