//! Many times more than can be done: everybody on Discord is still to get a sign of life within its three seconds.

use std::time::Duration;

use tokio::time::Instant;

use guichet::domain::platform::Platform;

use super::Bench;
use super::people::{Room, open_all};
use crate::chaos::figures::{Figures, Times};

const SCENE: &str = "overload";
/// How long Discord waits for a sign of life.
const AT_MOST: Duration = Duration::from_secs(3);
/// How much more than can be done.
const TIMES: [usize; 3] = [3, 5, 10];

pub async fn play(bench: &Bench) -> Figures {
    let room = Room::open(bench.pick(4, 64)).await;
    let people = room.on(&[Platform::Discord]);
    let since = Instant::now();
    let opened = open_all(&room, &people, bench.lasts / 4).await;
    // A ticket is a message and a press.
    let a_second = f64::from(u32::try_from(opened * 2).expect("a count")) / since.elapsed().as_secs_f64();
    let mut figures = Figures::default();
    figures.tell(SCENE, "what is answered on Discord", format!("{a_second:.0}/s"));
    for times in TIMES {
        flood(&mut figures, bench, &room, (times, a_second)).await;
    }
    figures
}

/// So many times more commands than can be answered, for a while.
async fn flood(figures: &mut Figures, bench: &Bench, room: &Room, (times, a_second): (usize, f64)) {
    let people = room.on(&[Platform::Discord]);
    let mut asked = Vec::new();
    let begun = Instant::now();
    let wanted = a_second * f64::from(u32::try_from(times).expect("a count"));
    while begun.elapsed() < bench.lasts / 4 {
        let number = u32::try_from(asked.len()).expect("a count");
        tokio::time::sleep_until(begun + Duration::from_secs_f64(f64::from(number) / wanted)).await;
        let person = &people[asked.len() % people.len()];
        asked.push(person.discord().asks("tickets", &[]).await.expect("a command"));
    }
    let sent = f64::from(u32::try_from(asked.len()).expect("a count")) / begun.elapsed().as_secs_f64();
    // What is still on its way to Guichet waits nowhere yet.
    let last = Instant::now();
    let lacks = || room.site.discord.waits(&asked).iter().any(Option::is_none);
    while lacks() && last.elapsed() < AT_MOST {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    room.settles().await;
    let settled = begun.elapsed().saturating_sub(bench.lasts / 4);
    let waits = room.site.discord.waits(&asked);
    let missed = waits.iter().filter(|wait| wait.is_none()).count();
    let latest = Times::of(waits.into_iter().flatten().collect()).most;
    let what = format!("{times} times more: without a sign of life in three seconds");
    figures.must(
        SCENE,
        &what,
        format!("{missed} of {}, {sent:.0}/s", asked.len()),
        0,
        missed == 0,
    );
    let what = format!("{times} times more: the latest sign of life");
    figures.tell(SCENE, &what, format!("{} ms", latest.as_millis()));
    let what = format!("{times} times more: all are answered, after the last");
    figures.tell(SCENE, &what, format!("{} ms", settled.as_millis()));
}
