//! The dashboard and the metrics there are: neither has a name that the other doesn't.

use std::collections::BTreeSet;

use guichet::metrics::{ALL, Kind};
use serde_json::Value;

use super::source::root;

/// The words of an expression that begin like a metric of ours.
fn names(expression: &str) -> impl Iterator<Item = &str> {
    expression
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| word.starts_with("guichet_"))
}

/// The names by which Prometheus knows a metric.
fn series(name: &str, kind: Kind) -> Vec<String> {
    match kind {
        Kind::Histogram => ["_bucket", "_sum", "_count"].map(|end| format!("{name}{end}")).to_vec(),
        Kind::Counter | Kind::Gauge => vec![name.to_owned()],
    }
}

#[test]
fn the_dashboard_shows_every_metric_and_no_other() {
    let text = std::fs::read_to_string(root().join("config/grafana-dashboard.json")).expect("a dashboard");
    let dashboard: Value = serde_json::from_str(&text).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let targets = panels
        .iter()
        .flat_map(|panel| panel["targets"].as_array().expect("targets"));
    let shown: BTreeSet<&str> = targets
        .flat_map(|target| names(target["expr"].as_str().expect("an expression")))
        .collect();
    let known: BTreeSet<String> = ALL.iter().flat_map(|(name, kind, _)| series(name, *kind)).collect();
    let unknown: Vec<_> = shown.iter().filter(|name| !known.contains(**name)).collect();
    assert!(unknown.is_empty(), "not in src/metrics.rs: {unknown:?}");
    let missing: Vec<_> = ALL
        .iter()
        .filter(|(name, kind, _)| !series(name, *kind).iter().any(|name| shown.contains(name.as_str())))
        .collect();
    assert!(missing.is_empty(), "not on the dashboard: {missing:?}");
}

#[test]
fn alerts_in_the_readme_are_on_metrics_that_there_are() {
    let text = std::fs::read_to_string(root().join("README.md")).expect("a readme");
    let known: BTreeSet<String> = ALL.iter().flat_map(|(name, kind, _)| series(name, *kind)).collect();
    let unknown: Vec<_> = names(&text).filter(|name| !known.contains(*name)).collect();
    assert!(unknown.is_empty(), "not in src/metrics.rs: {unknown:?}");
}
