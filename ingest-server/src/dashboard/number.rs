//! Numbers as people read them. A number and its unit stay on one line.

use crate::report::Unit;
use beacon::MetricName;

/// `212 ms`, `1.24 s`, `12.4 s`, `124 s`, `25 min`, `3.2 h`; a score with two decimals.
pub(crate) fn value(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Score => score(value),
        Unit::Ms => duration(value),
    }
}

/// The same of a difference, of which a score may have little.
pub(super) fn difference(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Score => format!("{value:.3}"),
        Unit::Ms => duration(value),
    }
}

/// The same with as many digits as its rating needs: 2504 ms is not good, but 2.50 s would be.
pub(crate) fn rated_value(name: MetricName, number: f64, unit: Unit) -> String {
    if name.rate(number) == name.rate(rounded(number, unit)) {
        return value(number, unit);
    }
    match unit {
        Unit::Score => format!("{number:.4}"),
        Unit::Ms => format!("{number:.1}\u{a0}ms"),
    }
}

/// What is left of a number when it is shown.
fn rounded(number: f64, unit: Unit) -> f64 {
    let step = match unit {
        Unit::Score => 0.01,
        Unit::Ms if number < 999.5 => 1.0,
        Unit::Ms => 10.0,
    };
    (number / step).round() * step
}

/// The same without the decimals that a round number does not need: `2.5 s`, `4 s`, `0.1`.
pub(crate) fn round_value(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Ms if value >= 1000.0 => format!("{}\u{a0}s", value / 1000.0),
        Unit::Ms => format!("{value}\u{a0}ms"),
        Unit::Score => value.to_string(),
    }
}

fn duration(ms: f64) -> String {
    // The bounds are where rounding would show one digit too many.
    match ms {
        ..999.5 => format!("{ms:.0}\u{a0}ms"),
        ..9_995.0 => format!("{:.2}\u{a0}s", ms / 1000.0),
        ..99_950.0 => format!("{:.1}\u{a0}s", ms / 1000.0),
        // No value of a page view is larger; sums are.
        ..600_500.0 => format!("{:.0}\u{a0}s", ms / 1000.0),
        ..7_170_000.0 => format!("{:.0}\u{a0}min", ms / 60_000.0),
        _ => format!("{:.1}\u{a0}h", ms / 3_600_000.0),
    }
}

/// A score below a hundredth is not nothing.
fn score(score: f64) -> String {
    if score > 0.0 && score < 0.005 { "<\u{a0}0.01".to_owned() } else { format!("{score:.2}") }
}

/// `18,342`
pub(crate) fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 page view`, `18,342 page views`
pub(crate) fn page_views(number: u64) -> String {
    counted(number, "page view")
}

/// `1 day`, `30 days`
pub(super) fn days(number: u64) -> String {
    counted(number, "day")
}

/// `1 beacon`, `18,342 beacons`
pub(super) fn beacons(number: u64) -> String {
    counted(number, "beacon")
}

/// `1 alert`, `12 alerts`
pub(super) fn alerts(number: u64) -> String {
    counted(number, "alert")
}

/// `1 component`, `12 components`
pub(super) fn components(number: u64) -> String {
    counted(number, "component")
}

/// `1 commit`, `12,880 commits`
pub(super) fn commits(number: u64) -> String {
    counted(number, "commit")
}

/// `1 script`, `12 scripts`
pub(crate) fn scripts(number: u64) -> String {
    counted(number, "script")
}

/// `1 file`, `12 files`
pub(crate) fn files(number: u64) -> String {
    counted(number, "file")
}

/// `1 name`, `12 names`
pub(crate) fn names(number: u64) -> String {
    counted(number, "name")
}

/// `1 slow interaction`, `12 slow interactions`
pub(crate) fn slow_interactions(number: u64) -> String {
    counted(number, "slow interaction")
}

/// `1 interaction`, `12 interactions`
pub(super) fn interactions(number: u64) -> String {
    counted(number, "interaction")
}

/// `1 long frame`, `12 long frames`
pub(crate) fn long_frames(number: u64) -> String {
    counted(number, "long frame")
}

/// `1 frame`, `12 frames`
pub(super) fn frames(number: u64) -> String {
    counted(number, "frame")
}

/// `1 error`, `12 errors`
pub(super) fn errors(number: u64) -> String {
    counted(number, "error")
}

/// `1 opportunity`, `12 opportunities`
pub(super) fn opportunities(number: u64) -> String {
    if number == 1 {
        "1 opportunity".to_owned()
    } else {
        format!("{} opportunities", count(number))
    }
}

/// `1 function`, `12 functions`
pub(super) fn functions(number: u64) -> String {
    counted(number, "function")
}

/// `1 route`, `12 routes`
pub(super) fn routes(number: u64) -> String {
    counted(number, "route")
}

/// `1 address`, `12 addresses`
pub(super) fn addresses(number: u64) -> String {
    if number == 1 { "1 address".to_owned() } else { format!("{} addresses", count(number)) }
}

/// `1 source map`, `12 source maps`
pub(crate) fn source_maps(number: u64) -> String {
    counted(number, "source map")
}

/// `once`, `twice`, `1,630 times`
pub(crate) fn times(number: u64) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{} times", count(number)),
    }
}

/// The same as [`value`], with a decimal where there is not much of it: `1.8 ms`.
pub(crate) fn short_duration(ms: f64) -> String {
    if ms < 9.95 { format!("{ms:.1}\u{a0}ms") } else { duration(ms) }
}

fn counted(number: u64, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{} {noun}{s}", count(number))
}

/// `512 B`, `1.2 MB`, `34 GB`: powers of ten, as disks are sold.
pub(crate) fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    // Exact enough for two digits.
    #[expect(clippy::cast_precision_loss)]
    let mut number = bytes as f64;
    let mut units = UNITS.iter().peekable();
    while number >= 999.5 && units.len() > 1 {
        number /= 1000.0;
        units.next();
    }
    let unit = units.peek().copied().unwrap_or(&"TB");
    let decimals = usize::from(*unit != "B" && number < 9.95);
    format!("{number:.decimals$}\u{a0}{unit}")
}

/// `78.4 %`; what is nearly nothing, or nearly all, does not look like it.
pub(crate) fn share(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        _ if percent > 0.0 && percent < 0.05 => "<\u{a0}0.1\u{a0}%".to_owned(),
        _ if percent > 99.95 && percent < 100.0 => ">\u{a0}99.9\u{a0}%".to_owned(),
        0.0 | 100.0 => format!("{percent:.0}\u{a0}%"),
        _ => format!("{percent:.1}\u{a0}%"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As it looks.
    fn seen(text: &str) -> String {
        text.replace('\u{a0}', " ")
    }

    #[test]
    fn timings_have_three_digits() {
        for (ms, shown) in [
            (0.0, "0 ms"),
            (0.4, "0 ms"),
            (212.4, "212 ms"),
            (999.4, "999 ms"),
            (999.5, "1.00 s"),
            (1240.0, "1.24 s"),
            (9_994.0, "9.99 s"),
            (9_996.0, "10.0 s"),
            (12_400.0, "12.4 s"),
            (99_960.0, "100 s"),
            (124_000.0, "124 s"),
            (600_000.0, "600 s"),
            (1_527_000.0, "25 min"),
            (11_520_000.0, "3.2 h"),
        ] {
            assert_eq!(seen(&value(ms, Unit::Ms)), shown, "{ms}");
        }
    }

    #[test]
    fn scores_have_two_decimals_and_little_is_not_nothing() {
        for (score, shown) in [(0.0, "0.00"), (0.002, "< 0.01"), (0.08, "0.08"), (1.234, "1.23")] {
            assert_eq!(seen(&value(score, Unit::Score)), shown);
        }
    }

    #[test]
    fn a_number_beside_its_rating_does_not_contradict_it() {
        let seen = |name, number, unit| seen(&rated_value(name, number, unit));
        assert_eq!(seen(MetricName::Cls, 0.2502, Unit::Score), "0.2502");
        assert_eq!(seen(MetricName::Cls, 0.25, Unit::Score), "0.25");
        assert_eq!(seen(MetricName::Lcp, 2504.0, Unit::Ms), "2504.0 ms");
        assert_eq!(seen(MetricName::Lcp, 2500.0, Unit::Ms), "2.50 s");
        assert_eq!(seen(MetricName::Inp, 200.4, Unit::Ms), "200.4 ms");
        assert_eq!(seen(MetricName::Inp, 176.4, Unit::Ms), "176 ms");
    }

    #[test]
    fn thresholds_are_short() {
        assert_eq!(seen(&round_value(2500.0, Unit::Ms)), "2.5 s");
        assert_eq!(seen(&round_value(4000.0, Unit::Ms)), "4 s");
        assert_eq!(seen(&round_value(200.0, Unit::Ms)), "200 ms");
        assert_eq!(seen(&round_value(0.25, Unit::Score)), "0.25");
    }

    #[test]
    fn bytes_have_two_digits_or_more() {
        for (number, shown) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (1_234_567, "1.2 MB"),
            (9_960_000, "10 MB"),
            (999_600_000, "1.0 GB"),
            (u64::MAX, "18446744 TB"),
        ] {
            assert_eq!(seen(&bytes(number)), shown, "{number}");
        }
    }

    #[test]
    fn counts_are_grouped() {
        for (number, shown) in [(0, "0"), (999, "999"), (1204, "1,204"), (1_234_567, "1,234,567")] {
            assert_eq!(count(number), shown);
        }
        assert_eq!(page_views(1), "1 page view");
    }

    #[test]
    fn shares_are_percentages() {
        for (number, shown) in [
            (0.0, "0 %"),
            (0.0004, "< 0.1 %"),
            (0.7841, "78.4 %"),
            (0.9996, "> 99.9 %"),
            (1.0, "100 %"),
        ] {
            assert_eq!(seen(&share(number)), shown);
        }
    }
}
