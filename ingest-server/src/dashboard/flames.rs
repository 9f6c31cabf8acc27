//! A flame graph (<https://www.brendangregg.com/flamegraphs.html>) with the outermost functions on top. A frame that is
//! chosen is as wide as the picture, so that there is room for what it calls.

use super::{find::Find, frame::Link, number};
use crate::report::{StackRow, Unit};
use siphasher::sip::SipHasher13;
use std::{fmt, hash::Hasher};

/// Frames that are drawn: the widest.
const FRAMES_MAX: usize = 300;
/// Rows that are drawn.
const ROWS_MAX: usize = 40;
/// Smaller shares of the width are not drawn …
const DRAWN_MIN: f64 = 0.004;
/// … cannot be pointed at …
const CHOSEN_MIN: f64 = 0.02;
/// … have no room for a name. One that is too narrow for it on a screen ends with an ellipsis.
const NAMED_MIN: f64 = 0.03;
/// Frames that the way back has besides the beginning: those nearest to the chosen one.
const CRUMBS_MAX: usize = 8;
/// Pixels that a frame is high.
const ROW_HEIGHT: usize = 22;

/// A frame: a function with all that called it. It is called the same in every answer, of every release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FrameKey(u64);

/// The picture: across in percent of its width, down in pixels.
#[derive(Debug)]
pub(super) struct Flames {
    pub(super) height: usize,
    pub(super) frames: Vec<Flame>,
    /// From all of it to the chosen frame; empty where none is chosen.
    pub(super) crumbs: Vec<Link>,
    /// Whether a frame was asked for that is not there.
    pub(super) is_unknown: bool,
    /// What came of looking for something.
    pub(super) found: Option<String>,
    /// What there is to see, in words.
    pub(super) description: String,
}

/// A frame of it.
#[derive(Debug)]
pub(super) struct Flame {
    pub(super) x: f64,
    pub(super) y: usize,
    pub(super) width: f64,
    pub(super) name: String,
    /// All that there is to say.
    pub(super) title: String,
    /// To the same at full width.
    pub(super) href: Option<String>,
    /// Whether its name is shown in it.
    pub(super) is_named: bool,
    /// Whether it is what was looked for.
    pub(super) is_found: bool,
}

/// A frame as it was measured.
struct Call<'a> {
    key: FrameKey,
    name: &'a str,
    parent: Option<usize>,
    depth: usize,
    /// What ran in the frames before it, in milliseconds.
    start_ms: f64,
    ms: f64,
}

impl FrameKey {
    /// Of what nothing has called.
    const OUTERMOST: Self = Self(0);

    fn calls(self, name: &str) -> Self {
        let mut hasher = SipHasher13::new_with_keys(self.0, 0);
        hasher.write(name.as_bytes());
        Self(hasher.finish())
    }

    /// Reads it as it stands in addresses: 16 hexadecimal digits.
    pub fn from_word(word: &str) -> Option<Self> {
        let is_word = word.len() == 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_word.then(|| u64::from_str_radix(word, 16).ok().map(Self)).flatten()
    }
}

impl fmt::Display for FrameKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Flames {
    /// Of stacks, or of a frame of theirs; `address` is where a frame is shown, or all of them.
    pub(super) fn new(
        stacks: &[StackRow],
        (asked, find): (Option<FrameKey>, Option<&Find>),
        address: impl Fn(Option<FrameKey>) -> String,
    ) -> Self {
        let calls = calls(stacks);
        let all_ms = stacks.iter().map(|stack| stack.self_ms).sum::<f64>();
        let chosen = asked.and_then(|key| calls.iter().position(|call| call.key == key));
        let (shown, top) = match chosen {
            Some(at) => (subtree(&calls, at), &calls[at]),
            None => (&calls[..], &Call::whole(all_ms)),
        };
        let frames = widest(shown, top);
        let rows = frames.iter().map(|call| call.depth - top.depth + 1).max().unwrap_or_default();
        let flame = |call: &&Call<'_>| Flame {
            is_found: find.is_some_and(|find| find.is_in(call.name)),
            ..Flame::new(call, top, all_ms, &address)
        };
        Self {
            height: rows * ROW_HEIGHT,
            description: description(&frames, chosen.is_some()),
            frames: frames.iter().map(flame).collect(),
            crumbs: chosen.map_or_else(Vec::new, |at| crumbs(&calls, at, &address)),
            is_unknown: asked.is_some() && chosen.is_none(),
            found: find.map(|find| found(shown, top.ms, find)),
        }
    }
}

impl Call<'_> {
    /// All of them.
    const fn whole(ms: f64) -> Self {
        Self { key: FrameKey::OUTERMOST, name: "", parent: None, depth: 0, start_ms: 0.0, ms }
    }
}

impl Flame {
    fn new(
        call: &Call<'_>,
        top: &Call<'_>,
        all_ms: f64,
        address: &impl Fn(Option<FrameKey>) -> String,
    ) -> Self {
        let share = call.ms / top.ms;
        let time = number::value(call.ms, Unit::Ms);
        Self {
            x: (call.start_ms - top.start_ms) / top.ms * 100.0,
            y: (call.depth - top.depth) * ROW_HEIGHT,
            width: share * 100.0,
            name: call.name.to_owned(),
            title: format!("{}: {time}, {} of all", call.name, number::share(call.ms / all_ms)),
            href: (share >= CHOSEN_MIN && call.key != top.key).then(|| address(Some(call.key))),
            is_named: share >= NAMED_MIN,
            is_found: false,
        }
    }
}

/// The frames of stacks, each after what called it.
fn calls(stacks: &[StackRow]) -> Vec<Call<'_>> {
    let mut sorted = stacks.iter().collect::<Vec<_>>();
    sorted.sort_by(|a, b| a.functions.cmp(&b.functions));
    let (mut calls, mut open, mut start_ms) = (Vec::<Call<'_>>::new(), Vec::new(), 0.0);
    for StackRow { functions, self_ms } in sorted {
        let is_open = |(at, name): &(&usize, &String)| calls[**at].name == name.as_str();
        let shared = open.iter().zip(functions).take_while(is_open).count();
        open.truncate(shared);
        for name in &functions[shared..] {
            let parent = open.last().copied();
            let caller = parent.map_or(FrameKey::OUTERMOST, |at: usize| calls[at].key);
            let (key, depth) = (caller.calls(name), open.len());
            open.push(calls.len());
            calls.push(Call { key, name, parent, depth, start_ms, ms: 0.0 });
        }
        for at in &open {
            calls[*at].ms += self_ms;
        }
        start_ms += self_ms;
    }
    calls
}

/// A frame, and what it calls.
fn subtree<'a, 'b>(calls: &'b [Call<'a>], at: usize) -> &'b [Call<'a>] {
    let depth = calls[at].depth;
    let behind = calls[at + 1..].iter().take_while(|call| call.depth > depth).count();
    &calls[at..=at + behind]
}

/// Those that are drawn, in their order. What called a frame is no narrower than it.
fn widest<'a, 'b>(shown: &'b [Call<'a>], top: &Call<'_>) -> Vec<&'b Call<'a>> {
    let is_drawn = |call: &&Call<'_>| {
        call.ms >= top.ms * DRAWN_MIN && call.depth - top.depth < ROWS_MAX && call.ms > 0.0
    };
    let mut drawn = shown.iter().enumerate().filter(|(_, it)| is_drawn(it)).collect::<Vec<_>>();
    drawn.sort_by(|(_, a), (_, b)| b.ms.total_cmp(&a.ms));
    drawn.truncate(FRAMES_MAX);
    drawn.sort_by_key(|(at, _)| *at);
    drawn.into_iter().map(|(_, call)| call).collect()
}

/// How many frames are what was looked for, and for how long one of them ran, those among them that are not drawn.
fn found(shown: &[Call<'_>], top_ms: f64, find: &Find) -> String {
    let (mut count, mut ms, mut within) = (0, 0.0, None);
    for call in shown.iter().filter(|call| find.is_in(call.name)) {
        count += 1;
        // What a frame calls has run within it.
        if within.is_none_or(|end: f64| call.start_ms >= end) {
            ms += call.ms;
            within = Some(call.start_ms + call.ms);
        }
    }
    match count {
        0 => "None of these functions".to_owned(),
        _ => format!("{}, {} of the time", number::frames(count), number::share(ms / top_ms)),
    }
}

fn crumbs(
    calls: &[Call<'_>],
    chosen: usize,
    address: &impl Fn(Option<FrameKey>) -> String,
) -> Vec<Link> {
    let callers = std::iter::successors(Some(chosen), |at| calls[*at].parent);
    let crumb = |at: usize| Link {
        text: calls[at].name.to_owned(),
        href: address(Some(calls[at].key)),
        is_current: at == chosen,
    };
    let mut crumbs = callers.take(CRUMBS_MAX).map(crumb).collect::<Vec<_>>();
    crumbs.push(Link { text: "All".to_owned(), href: address(None), is_current: false });
    crumbs.reverse();
    crumbs
}

fn description(frames: &[&Call<'_>], is_chosen: bool) -> String {
    let longest = frames.iter().max_by(|a, b| a.ms.total_cmp(&b.ms));
    let named =
        longest.map(|call| format!("{} with {}", call.name, number::value(call.ms, Unit::Ms)));
    let what = if is_chosen { "What it calls" } else { "What called what" };
    let count = number::frames(frames.len() as u64);
    format!(
        "{what}: {count}, each below what called it; the widest is {}",
        named.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stacks() -> Vec<StackRow> {
        let row = |path: &str, self_ms| StackRow {
            functions: path.split('>').map(str::to_owned).collect(),
            self_ms,
        };
        vec![
            row("main>render", 300.0),
            row("main", 100.0),
            row("idle", 599.0),
            row("main>b>c", 1.0),
        ]
    }

    fn flames(asked: Option<FrameKey>) -> Flames {
        let address = |key: Option<FrameKey>| key.map_or("/all".to_owned(), |key| key.to_string());
        Flames::new(&stacks(), (asked, None), address)
    }

    fn key(path: &[&str]) -> FrameKey {
        path.iter().fold(FrameKey::OUTERMOST, |key, name| key.calls(name))
    }

    fn drawn(flames: &Flames) -> Vec<(&str, f64, usize, f64)> {
        let round = |number: f64| (number * 10.0).round() / 10.0;
        flames.frames.iter().map(|it| (&*it.name, round(it.x), it.y, round(it.width))).collect()
    }

    #[test]
    fn a_frame_is_as_wide_as_it_ran_below_what_called_it() {
        let all = flames(None);
        // What takes a thousandth is left out.
        let expected =
            [("idle", 0.0, 0, 59.9), ("main", 59.9, 0, 40.1), ("render", 70.0, 22, 30.0)];
        assert_eq!(drawn(&all), expected);
        assert_eq!(all.frames[1].href, Some(key(&["main"]).to_string()));
        assert_eq!(all.frames[1].title, "main: 401\u{a0}ms, 40.1\u{a0}% of all");
        assert!(all.crumbs.is_empty() && !all.is_unknown && all.height == 44);
    }

    #[test]
    fn a_frame_that_is_chosen_takes_all_of_the_width_and_leads_back() {
        let render = flames(Some(key(&["main", "render"])));
        assert_eq!(drawn(&render), [("render", 0.0, 0, 100.0)]);
        assert_eq!(render.frames[0].href, None);
        let crumbs = render.crumbs.iter().map(|it| (&*it.text, it.is_current));
        assert_eq!(crumbs.collect::<Vec<_>>(), [("All", false), ("main", false), ("render", true)]);
        assert_eq!(render.crumbs[1].href, key(&["main"]).to_string());
        assert_eq!(drawn(&flames(Some(key(&["main"]))))[1], ("render", 25.2, 22, 74.8));
    }

    #[test]
    fn of_a_frame_that_did_not_run_all_are_shown() {
        let unknown = flames(Some(key(&["render"])));
        assert!(unknown.is_unknown && unknown.frames.len() == 3 && unknown.crumbs.is_empty());
    }

    #[test]
    fn no_more_is_drawn_than_fits_and_of_nothing_nothing() {
        let deep = StackRow { functions: vec!["a".to_owned(); 1000], self_ms: 1.0 };
        let flames = Flames::new(&[deep], (None, None), |_| String::new());
        assert_eq!(flames.frames.len(), ROWS_MAX);
        assert!(Flames::new(&[], (None, None), |_| String::new()).frames.is_empty());
    }

    #[test]
    fn what_is_looked_for_counts_once_however_often_it_calls_itself() {
        let row = |path: &str, self_ms| StackRow {
            functions: path.split('>').map(str::to_owned).collect(),
            self_ms,
        };
        let stacks = [
            row("main>sort>sort", 100.0),
            row("main>sort>compare", 50.0),
            row("main>Sorted", 50.0),
            row("idle", 200.0),
        ];
        let found = |text: &str| {
            let find = Find::new(text.to_owned());
            let flames = Flames::new(&stacks, (None, Some(&find)), |_| String::new());
            let marked = flames.frames.into_iter().filter(|it| it.is_found).map(|it| it.name);
            (flames.found.unwrap(), marked.collect::<Vec<_>>())
        };
        let sorting = ["Sorted", "sort", "sort"].map(str::to_owned).to_vec();
        assert_eq!(found("SORT"), ("3 frames, 50.0\u{a0}% of the time".to_owned(), sorting));
        assert_eq!(found("nothing"), ("None of these functions".to_owned(), vec![]));
    }

    #[test]
    fn a_key_is_read_as_it_is_written() {
        let written = key(&["main"]).to_string();
        assert_eq!(FrameKey::from_word(&written), Some(key(&["main"])));
        for word in ["", "7", "+000000000000007", "00000000000000000", "zzzzzzzzzzzzzzzz"] {
            assert_eq!(FrameKey::from_word(word), None, "{word}");
        }
    }
}
