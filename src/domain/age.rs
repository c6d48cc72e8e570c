//! How old tickets are, as the team looks for them: by the days of the desk's time zone.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// When tickets were opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Today.
    Today,
    /// Since Monday.
    Week,
    /// More than a week ago.
    OverWeek,
    /// More than a month ago.
    OverMonth,
}

/// A stretch of time: from a moment on, or up to one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Not before this.
    pub since: Option<DateTime<Utc>>,
    /// Before this.
    pub before: Option<DateTime<Utc>>,
}

impl Age {
    /// All of them, the newest first.
    pub const ALL: [Self; 4] = [Self::Today, Self::Week, Self::OverWeek, Self::OverMonth];

    /// The code by which an option chooses it, and the end of its sentence's id.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Week => "week",
            Self::OverWeek => "over-week",
            Self::OverMonth => "over-month",
        }
    }

    /// When tickets of this age were opened, as of now.
    #[must_use]
    pub fn span(self, now: DateTime<Utc>, timezone: Tz) -> Span {
        let today = now.with_timezone(&timezone).date_naive();
        let monday = Days::new(u64::from(today.weekday().num_days_from_monday()));
        let (day, is_since) = match self {
            Self::Today => (Some(today), true),
            Self::Week => (today.checked_sub_days(monday), true),
            Self::OverWeek => (today.checked_sub_days(Days::new(7)), false),
            Self::OverMonth => (today.checked_sub_months(Months::new(1)), false),
        };
        let at = day.map(|day| beginning(day, timezone));
        if is_since {
            Span {
                since: at,
                before: None,
            }
        } else {
            Span {
                since: None,
                before: at,
            }
        }
    }
}

/// When a day begins, which is an hour later where its midnight is passed over.
fn beginning(day: NaiveDate, timezone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let at = |hours| {
        timezone
            .from_local_datetime(&(midnight + TimeDelta::hours(hours)))
            .earliest()
    };
    at(0)
        .or_else(|| at(1))
        .map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use chrono_tz::{Africa, America, Europe};

    use super::*;

    fn spans(now: &str, timezone: Tz) -> [String; 4] {
        let now: DateTime<Utc> = now.parse().unwrap();
        Age::ALL.map(|age| {
            let span = age.span(now, timezone);
            let at = span.since.or(span.before).unwrap();
            let sign = if span.since.is_some() { ">=" } else { "<" };
            format!("{sign} {}", at.format("%Y-%m-%d %H:%M"))
        })
    }

    #[test]
    fn days_begin_at_midnight_where_the_desk_is() {
        // Half past midnight on a Monday in Paris, which is Sunday in Dakar.
        assert_eq!(
            spans("2026-03-29T22:30:00Z", Europe::Paris),
            [
                ">= 2026-03-29 22:00",
                ">= 2026-03-29 22:00",
                "< 2026-03-22 23:00",
                "< 2026-02-27 23:00"
            ]
        );
        assert_eq!(
            spans("2026-03-29T22:30:00Z", Africa::Dakar),
            [
                ">= 2026-03-29 00:00",
                ">= 2026-03-23 00:00",
                "< 2026-03-22 00:00",
                "< 2026-02-28 00:00"
            ]
        );
        // There is no midnight on that day.
        assert_eq!(
            spans("2026-09-06T12:00:00Z", America::Santiago)[0],
            ">= 2026-09-06 04:00"
        );
    }
}
