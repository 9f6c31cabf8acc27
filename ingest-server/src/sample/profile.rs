//! What is sampled while a made-up page starts, and while somebody clicks.

use super::{
    details::{ANALYTICS, APP, Lived, VENDOR},
    took::{us, whole_ms},
    work::{SLOW_MS, function},
};
use beacon::{Profile, ProfiledFunction, ProfiledStack};

const INTERVAL_MS: f64 = 10.0;
const SOURCES: [&str; 3] = [APP, VENDOR, ANALYTICS];

/// By the time that each took.
pub(super) fn of(it: &Lived, started: f64) -> Profile {
    let inp = it.inp.unwrap_or(0.0);
    let (sorting, rendering) = if it.is_worse { (0.6, 0.1) } else { (0.15, 0.2) };
    let functions = [
        ("main", 1, 1),
        ("hydrate", 2, 4102),
        ("render", 2, 7731),
        ("track", 3, 220),
        ("onClick", 1, 47_903),
        (function(it.route), 1, 48_211),
        ("sortTrips", 1, 48_930),
        ("formatPrice", 1, 49_377),
        ("layout", 0, 0),
    ];
    let is_slow = inp > SLOW_MS;
    let stack = |parent, function, ms: f64, is_slow: bool| {
        let count = whole_ms(ms / INTERVAL_MS);
        ProfiledStack { parent, function, count, slow_count: if is_slow { count } else { 0 } }
    };
    let stacks = [
        stack(0, 0, started * 0.1, false),
        stack(1, 1, started * 0.3, false),
        stack(2, 2, started * 0.6, false),
        stack(0, 3, 60.0 * it.slowness, false),
        stack(0, 4, 10.0, is_slow),
        stack(5, 5, inp * 0.1, is_slow),
        stack(6, 6, inp * sorting * 0.4, is_slow),
        stack(7, 7, inp * sorting * 0.6, is_slow),
        stack(5, 2, inp * rendering, is_slow),
        stack(9, 8, inp * 0.08, is_slow),
    ];
    Profile {
        interval_us: us(INTERVAL_MS),
        sources: SOURCES.map(str::to_owned).into(),
        functions: functions.map(profiled).into(),
        stacks: stacks.into(),
        dropped: 0,
    }
}

fn profiled((name, source, column): (&str, u8, u32)) -> ProfiledFunction {
    ProfiledFunction { name: name.to_owned(), source, line: u32::from(source > 0), column }
}
