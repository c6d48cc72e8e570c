//! What the three processes cost, as Linux tells it; nothing elsewhere.

use std::fs;
use std::time::Duration;

/// In what the kernel counts processor time: a hundredth of a second on Linux, whatever the machine (`proc(5)`,
/// `sysconf(_SC_CLK_TCK)`).
const TICK: Duration = Duration::from_millis(10);

/// The processor time that a process has used so far, all its threads together.
pub fn processor_time(process: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // What follows the name, which may hold anything, in parentheses.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = fields.split_whitespace().skip(11).take(2);
    let ticks: u32 = ticks.filter_map(|ticks| ticks.parse::<u32>().ok()).sum();
    TICK * ticks
}

/// The machine, in a line.
pub fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("", |model| model.trim_start_matches([' ', '\t', ':']));
    let meminfo = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let memory: u64 = memory
        .and_then(|memory| memory.trim().strip_suffix(" kB")?.parse().ok())
        .unwrap_or_default();
    format!("{cores} cores ({model}), {} GiB", memory / 1024 / 1024)
}

pub fn mean(all: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = u32::try_from(all.len()).expect("a count");
    all.sum::<f64>() / f64::from(count)
}

pub fn mean_time(all: impl ExactSizeIterator<Item = Duration>) -> Duration {
    let count = u32::try_from(all.len()).expect("a count");
    all.sum::<Duration>() / count
}
