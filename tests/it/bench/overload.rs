//! Many times more than can be done: everybody on Discord is still to get a sign of life within its three seconds.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use guichet::domain::platform::Platform;

use super::Bench;
use super::people::{Room, open_all};
use crate::chaos::figures::{Figures, Times};

const SCENE: &str = "overload";
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
    let mut commands = JoinSet::new();
    let begun = Instant::now();
    let mut number = 0_u32;
    let wanted = a_second * f64::from(u32::try_from(times).expect("a count"));
    while begun.elapsed() < bench.lasts / 4 {
        tokio::time::sleep_until(begun + Duration::from_secs_f64(f64::from(number) / wanted)).await;
        let person = people[number as usize % people.len()].clone();
        number += 1;
        commands.spawn(async move {
            let since = Instant::now();
            person.uses("tickets", &[]).await.is_ok().then(|| since.elapsed())
        });
    }
    let sent = f64::from(number) / begun.elapsed().as_secs_f64();
    let waits = commands.join_all().await;
    room.settles().await;
    let missed = waits.iter().filter(|wait| wait.is_none()).count();
    let latest = Times::of(waits.into_iter().flatten().collect()).most;
    let what = format!("{times} times more: without a sign of life in three seconds");
    figures.must(
        SCENE,
        &what,
        format!("{missed} of {number}, {sent:.0}/s"),
        0,
        missed == 0,
    );
    let what = format!("{times} times more: the latest answer");
    figures.tell(SCENE, &what, format!("{latest:.0?}"));
}
