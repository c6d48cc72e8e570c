//! Whose turn comes when. Time is tokio's, and stands still but for what is waited.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::{Budget, Claim, LONGEST_WAIT, Limits, Pacer, Pacing, Rate, Urgency};

const TEN_A_SECOND: Rate = Rate {
    burst: 5.0,
    per_second: 10.0,
};
const ONE_A_SECOND: Rate = Rate {
    burst: 2.0,
    per_second: 1.0,
};

fn pacer(reserve: f64) -> Pacer {
    let limits = Limits {
        rate: TEN_A_SECOND,
        reserve,
        window: None,
    };
    Pacer::new(Pacing::platforms(), limits)
}

fn shared(reserve: f64) -> &'static Pacer {
    Box::leak(Box::new(pacer(reserve)))
}

fn budget(key: &str, rate: Option<Rate>) -> Budget {
    let key = key.to_owned();
    Budget { key, rate }
}

fn claim(key: &str) -> Claim {
    Claim {
        overall: 1,
        own: Some((budget(key, Some(ONE_A_SECOND)), 1)),
    }
}

/// One of a chat without a limit of its own.
fn free(key: &str) -> Claim {
    Claim {
        overall: 1,
        own: Some((budget(key, Some(ONE_A_SECOND)), 0)),
    }
}

/// Waits for turns side by side; their names come in the order in which they are given.
fn queue(
    pacer: &'static Pacer,
    into: &mpsc::UnboundedSender<&'static str>,
    tasks: &mut JoinSet<()>,
    who: (&'static str, Claim, Urgency),
) {
    let (into, (name, claim, urgency)) = (into.clone(), who);
    tasks.spawn(async move {
        let turn = pacer.turn(&claim, urgency).await;
        into.send(if turn.is_ok() { name } else { "put off" }).unwrap();
    });
}

async fn settle() {
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_overall_rate_is_reached_and_not_passed() {
    let pacer = shared(0.0);
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for chat in 0..105 {
        let claim = claim(&chat.to_string());
        tasks.spawn(async move { pacer.turn(&claim, Urgency::Notice).await.map(drop) });
    }
    let turns = tasks.join_all().await;
    assert!(turns.iter().all(Result::is_ok));
    let took = begun.elapsed();
    assert!(
        took >= Duration::from_secs(10) && took < Duration::from_millis(10_200),
        "{took:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn no_span_of_the_window_sees_more_than_it_may() {
    let limits = Limits {
        rate: Rate {
            burst: 8.0,
            per_second: 48.2,
        },
        reserve: 4.0,
        window: Some((50.0, Duration::from_millis(1010))),
    };
    let pacer: &'static Pacer = Box::leak(Box::new(Pacer::new(Pacing::platforms(), limits)));
    let mut tasks = JoinSet::new();
    for chat in 0..500 {
        let urgency = [Urgency::Notice, Urgency::Reply][usize::from(chat % 20 == 0)];
        tasks.spawn(async move {
            tokio::time::sleep(Duration::from_millis(chat * 15)).await;
            let mut turn = pacer.turn(&free(&chat.to_string()), urgency).await;
            while let Err(wait) = turn {
                tokio::time::sleep(wait).await;
                turn = pacer.turn(&free(&chat.to_string()), urgency).await;
            }
            Instant::now()
        });
    }
    // Late for a quarter of a second, now and then.
    tokio::spawn(async {
        for _ in 0..8 {
            tokio::time::sleep(Duration::from_millis(700)).await;
            pacer.hold_all(Duration::from_millis(250));
        }
    });
    let mut turns = tasks.join_all().await;
    turns.sort_unstable();
    for (first, last) in turns.iter().zip(&turns[50..]) {
        assert!(*last - *first >= Duration::from_millis(1010));
    }
}

#[tokio::test(start_paused = true)]
async fn a_chat_has_its_burst_and_then_its_rate() {
    let pacer = pacer(0.0);
    let begun = Instant::now();
    for _ in 0..6 {
        drop(pacer.turn(&claim("7"), Urgency::Notice).await.unwrap());
    }
    let took = begun.elapsed();
    assert!(
        took >= Duration::from_secs(4) && took < Duration::from_millis(4_050),
        "{took:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn notices_leave_a_reserve_and_an_answer_goes_at_once() {
    let pacer = pacer(2.0);
    let begun = Instant::now();
    for chat in ["1", "2", "3"] {
        drop(pacer.turn(&claim(chat), Urgency::Notice).await.unwrap());
    }
    assert_eq!(begun.elapsed(), Duration::ZERO);
    drop(pacer.turn(&claim("4"), Urgency::Notice).await.unwrap());
    let waited = begun.elapsed();
    assert!(waited >= Duration::from_millis(100), "{waited:?}");
    for chat in ["5", "6"] {
        drop(pacer.turn(&claim(chat), Urgency::Reply).await.unwrap());
    }
    assert_eq!(begun.elapsed(), waited);
}

#[tokio::test(start_paused = true)]
async fn an_answer_goes_before_the_notices_that_wait() {
    let (pacer, mut tasks) = (shared(0.0), JoinSet::new());
    let (into, mut order) = mpsc::unbounded_channel();
    for _ in 0..15 {
        queue(pacer, &into, &mut tasks, ("notice", free("1"), Urgency::Notice));
    }
    settle().await;
    queue(pacer, &into, &mut tasks, ("answer", free("2"), Urgency::Reply));
    tasks.join_all().await;
    let mut given = Vec::new();
    order.recv_many(&mut given, 16).await;
    assert_eq!(given.iter().position(|name| *name == "answer"), Some(5), "{given:?}");
}

#[tokio::test(start_paused = true)]
async fn a_busy_chat_does_not_keep_the_others_waiting() {
    let (pacer, mut tasks) = (shared(0.0), JoinSet::new());
    let (into, mut order) = mpsc::unbounded_channel();
    for _ in 0..30 {
        queue(pacer, &into, &mut tasks, ("busy", free("1"), Urgency::Notice));
    }
    settle().await;
    for chat in ["2", "3"] {
        queue(pacer, &into, &mut tasks, ("other", free(chat), Urgency::Notice));
    }
    tasks.join_all().await;
    let mut given = Vec::new();
    order.recv_many(&mut given, 32).await;
    let last = given.iter().rposition(|name| *name == "other").unwrap();
    assert!(last <= 8, "{given:?}");
}

#[tokio::test(start_paused = true)]
async fn what_would_wait_too_long_is_put_off_one_after_the_other() {
    let pacer = shared(0.0);
    let mut tasks = JoinSet::new();
    for _ in 0..10 {
        tasks.spawn(async move { pacer.turn(&claim("7"), Urgency::Notice).await.map(drop) });
    }
    let turns = tasks.join_all().await;
    let mut waits: Vec<_> = turns.into_iter().filter_map(Result::err).collect();
    waits.sort_unstable();
    for (wait, seconds) in waits.iter().zip(3..) {
        assert!(
            wait.abs_diff(Duration::from_secs(seconds)) < Duration::from_millis(5),
            "{waits:?}"
        );
    }
    assert_eq!(waits.len(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_hold_stops_its_budget_and_a_hold_of_all_everything() {
    let pacer = pacer(0.0);
    let second = Duration::from_secs(1);
    let begun = Instant::now();
    pacer.hold(&budget("7", Some(ONE_A_SECOND)), second * 40);
    assert_eq!(pacer.turn(&claim("7"), Urgency::Reply).await.err(), Some(second * 40));
    drop(pacer.turn(&claim("8"), Urgency::Notice).await.unwrap());
    assert_eq!(begun.elapsed(), Duration::ZERO);
    pacer.hold_all(second);
    drop(pacer.turn(&claim("8"), Urgency::Notice).await.unwrap());
    assert!(begun.elapsed() >= second);
    pacer.hold_all(second * 30);
    assert!(pacer.turn(&claim("9"), Urgency::Reply).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_hold_for_ever_is_one_for_an_hour() {
    let pacer = pacer(0.0);
    pacer.hold(&budget("7", Some(ONE_A_SECOND)), Duration::MAX);
    assert_eq!(pacer.turn(&claim("7"), Urgency::Reply).await.err(), Some(LONGEST_WAIT));
    pacer.hold_all(Duration::MAX);
    assert_eq!(pacer.turn(&claim("8"), Urgency::Reply).await.err(), Some(LONGEST_WAIT));
}

#[tokio::test(start_paused = true)]
async fn without_a_rate_there_is_one_request_at_a_time() {
    let (pacer, mut tasks) = (shared(0.0), JoinSet::new());
    let one = Claim {
        overall: 0,
        own: Some((budget("route", None), 1)),
    };
    let first = pacer.turn(&one, Urgency::Notice).await.unwrap();
    let next = one.clone();
    tasks.spawn(async move { pacer.turn(&next, Urgency::Notice).await.map(drop) });
    settle().await;
    assert!(tasks.try_join_next().is_none());
    pacer.hold(&budget("route", None), Duration::from_secs(1));
    let begun = Instant::now();
    drop(first);
    assert!(tasks.join_next().await.unwrap().unwrap().is_ok());
    assert!(begun.elapsed() >= Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn who_stops_waiting_takes_nothing_and_keeps_nobody() {
    let (pacer, mut tasks) = (shared(0.0), JoinSet::new());
    for _ in 0..2 {
        drop(pacer.turn(&claim("7"), Urgency::Notice).await.unwrap());
    }
    let begun = Instant::now();
    let given_up = tasks.spawn(async move { pacer.turn(&claim("7"), Urgency::Notice).await.map(drop) });
    settle().await;
    tasks.spawn(async move { pacer.turn(&claim("7"), Urgency::Notice).await.map(drop) });
    settle().await;
    given_up.abort();
    let ends = tasks.join_next().await.unwrap();
    assert!(ends.is_err_and(|end| end.is_cancelled()));
    tasks.join_next().await.unwrap().unwrap().unwrap();
    let took = begun.elapsed();
    assert!(took < Duration::from_millis(1_050), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_turn_given_to_nobody_goes_to_the_next() {
    let pacer = shared(0.0);
    for _ in 0..2 {
        drop(pacer.turn(&claim("7"), Urgency::Notice).await.unwrap());
    }
    let mut gone = Box::pin(async { pacer.turn(&claim("7"), Urgency::Notice).await.map(drop) });
    assert!(futures_util::poll!(&mut gone).is_pending());
    let next = tokio::spawn(async move { pacer.turn(&claim("7"), Urgency::Notice).await.map(drop) });
    tokio::time::advance(Duration::from_millis(1_001)).await;
    settle().await;
    // Its turn has come, but it has not looked.
    drop(gone);
    let begun = Instant::now();
    next.await.unwrap().unwrap();
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn replicas_divide_the_overall_rate() {
    let pacer = shared(0.0);
    pacer.share(2);
    let begun = Instant::now();
    for chat in 0..22 {
        drop(pacer.turn(&claim(&chat.to_string()), Urgency::Notice).await.unwrap());
    }
    let took = begun.elapsed();
    assert!(
        took > Duration::from_millis(3_850) && took < Duration::from_millis(4_100),
        "{took:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn idle_budgets_are_forgotten() {
    let limits = Limits {
        rate: Rate {
            burst: 1e6,
            per_second: 1e6,
        },
        reserve: 0.0,
        window: None,
    };
    let pacer = Pacer::new(Pacing::platforms(), limits);
    for chat in 0..10_000 {
        drop(pacer.turn(&claim(&chat.to_string()), Urgency::Notice).await.unwrap());
        tokio::time::advance(Duration::from_millis(10)).await;
    }
    assert!(pacer.lock().unwrap().lanes() <= 1_024);
}

#[tokio::test]
async fn nothing_is_limited_where_nothing_is() {
    let limits = Limits {
        rate: ONE_A_SECOND,
        reserve: 0.0,
        window: None,
    };
    let pacer = Pacer::new(Pacing::unlimited(), limits);
    pacer.hold_all(Duration::from_mins(1));
    for _ in 0..1_000 {
        drop(pacer.turn(&claim("7"), Urgency::Notice).await.unwrap());
    }
}
