//! The periods that the dashboard offers.

use crate::report::Interval;

/// Up to now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ReportPeriod {
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
    /// 28 days, as CrUX has it.
    #[default]
    FourWeeks,
}

impl ReportPeriod {
    /// From the shortest to the longest.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::FourWeeks];

    /// The word in the address: `24h`, `7d`, `28d`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "24h",
            Self::Week => "7d",
            Self::FourWeeks => "28d",
        }
    }

    /// The period that a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|period| period.as_str() == word)
    }

    /// Its length.
    pub const fn hours(self) -> i64 {
        match self {
            Self::Day => 24,
            Self::Week => 24 * 7,
            Self::FourWeeks => 24 * 28,
        }
    }

    /// How far apart the points of a chart are.
    pub(crate) const fn interval(self) -> Interval {
        match self {
            Self::Day => Interval::Hour,
            Self::Week | Self::FourWeeks => Interval::Day,
        }
    }

    /// As in "the last 28 days".
    pub(super) const fn length(self) -> &'static str {
        match self {
            Self::Day => "24 hours",
            Self::Week => "7 days",
            Self::FourWeeks => "28 days",
        }
    }
}
