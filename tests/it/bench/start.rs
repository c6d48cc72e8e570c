//! From the start of the program to the first answer, with its own private database.

use std::collections::BTreeMap;
use std::time::Duration;

use guichet::clock::Clock;
use guichet::sandbox::Transcript;
use guichet::sandbox::telegram::Telegram;
use tokio::time::Instant;

use super::Bench;
use super::people::PATIENCE;
use crate::chaos::figures::{Figures, Times};
use crate::chaos::person::Person;
use crate::chaos::replica::Replica;

const SCENE: &str = "start";

pub async fn play(bench: &Bench) -> Figures {
    let (mut fresh, mut again) = (Vec::new(), Vec::new());
    for _ in 0..bench.pick(1, 5) {
        let directory = tempfile::tempdir().expect("a directory");
        let telegram = Telegram::start(Clock::system(), Transcript::default())
            .await
            .expect("Telegram");
        let settings = [
            ("DATA", directory.path().join("data").display().to_string()),
            ("TELEGRAM__TOKEN", telegram.token().to_owned()),
            ("TELEGRAM__API_URL", telegram.url().to_string()),
        ];
        let settings: BTreeMap<_, _> = settings.map(|(name, value)| (format!("GUICHET_{name}"), value)).into();
        let replica = Replica::new(settings, &[], directory.path().join("log"));
        let user = telegram.user("Lina Ndiaye", "fr");
        let lina = Person {
            name: user.name().to_owned(),
            seat: user.private().into(),
            identity: 0,
        };
        for times in [&mut fresh, &mut again] {
            lina.says("/help").await;
            let since = Instant::now();
            replica.spawn();
            lina.sees("/", PATIENCE).await.expect("an answer");
            times.push(since.elapsed());
            assert!(replica.stop().await, "it does not end well:\n{}", replica.log());
        }
    }
    let mut figures = Figures::default();
    let shown = |times: Vec<Duration>| {
        let times = Times::of(times);
        format!("{:.2?}, at most {:.2?}", times.median, times.most)
    };
    figures.tell(SCENE, "from nothing to the first answer", shown(fresh));
    figures.tell(SCENE, "the same with data there", shown(again));
    figures
}
