//! What explains a page view besides its metrics, section by section: what a page claims → what is true
//! enough to be stored.

mod durations;
mod errors;
mod long_frames;
mod measures;
mod memory;
mod profile;
mod renders;
mod requests;
mod resources;
mod timeline;

use super::{
    check,
    outcome::{Reason, Rejection},
};
use beacon::{
    Beacon, Errors, LongFrames, Measures, Memory, Profile, Renders, Requests, Resources, Timeline,
};
use serde::{Serialize, de::DeserializeOwned};

/// A section, as beacons, exports and the database have it.
pub trait Section: Default + PartialEq + Serialize + DeserializeOwned {
    /// What beacons call it.
    const NAME: &'static str;

    /// Checks it, and leaves out what nobody should keep.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    fn check(self) -> Result<Self, Rejection>;

    /// About how much memory it takes beside its own size.
    fn heap_bytes(&self) -> usize;
}

/// What explains a page view; a section is empty where the page does not tell of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sections {
    /// What components did.
    pub renders: Renders,
    /// What kept the page from painting.
    pub long_frames: LongFrames,
    /// What the page timed itself.
    pub measures: Measures,
    /// What the page loaded.
    pub resources: Resources,
    /// How much memory it took.
    pub memory: Memory,
    /// What went wrong.
    pub errors: Errors,
    /// What its scripts asked servers for.
    pub requests: Requests,
    /// Where the time of its scripts went.
    pub profile: Profile,
    /// When it loaded what it did, and was kept from painting.
    pub timeline: Timeline,
}

/// Does the same to each section of a struct that has all of them, in their order. One that is not in this list does
/// not compile.
macro_rules! for_each_section {
    ($Sections:ident, $all:expr, |$it:ident| $act:expr) => {
        let $Sections {
            renders,
            long_frames,
            measures,
            resources,
            memory,
            errors,
            requests,
            profile,
            timeline,
        } = $all;
        let $it = renders;
        $act;
        let $it = long_frames;
        $act;
        let $it = measures;
        $act;
        let $it = resources;
        $act;
        let $it = memory;
        $act;
        let $it = errors;
        $act;
        let $it = requests;
        $act;
        let $it = profile;
        $act;
        let $it = timeline;
        $act;
    };
}

pub(crate) use for_each_section;

impl Sections {
    /// Takes them out of a beacon, and checks them.
    ///
    /// # Errors
    /// The first thing that is wrong with one of them.
    pub(super) fn take(beacon: &mut Beacon) -> Result<Self, Rejection> {
        Ok(Self {
            renders: std::mem::take(&mut beacon.renders).check()?,
            long_frames: std::mem::take(&mut beacon.long_frames).check()?,
            measures: std::mem::take(&mut beacon.measures).check()?,
            resources: std::mem::take(&mut beacon.resources).check()?,
            memory: beacon.memory.check()?,
            errors: std::mem::take(&mut beacon.errors).check()?,
            requests: std::mem::take(&mut beacon.requests).check()?,
            profile: std::mem::take(&mut beacon.profile).check()?,
            timeline: std::mem::take(&mut beacon.timeline).check()?,
        })
    }

    /// About how much memory they take.
    pub(super) fn heap_bytes(&self) -> usize {
        let mut bytes = 0;
        for_each_section!(Self, self, |it| bytes += it.heap_bytes());
        bytes
    }
}

/// A list has so many entries at most.
fn at_most<T>(
    reason: Reason,
    field: &str,
    list: &[T],
    max: usize,
    dropped: &str,
) -> Result<(), Rejection> {
    if list.len() <= max {
        return Ok(());
    }
    let count = list.len();
    let detail = format!(
        "{field} has {count} entries, at most {max} are taken; count the others in {dropped}"
    );
    Err(Rejection::of(reason, field, detail).limit(max))
}

/// Something about a field of a section is wrong.
fn wrong<T>(reason: Reason, field: &str, detail: &str) -> Result<T, Rejection> {
    Err(Rejection::of(reason, field, format!("{field} {detail}")))
}

/// What differed in query strings only counts with the first of its kind.
fn folded<T>(all: Vec<T>, is_same: impl Fn(&T, &T) -> bool, add: impl Fn(&mut T, &T)) -> Vec<T> {
    let mut folded = Vec::<T>::with_capacity(all.len());
    for it in all {
        match folded.iter_mut().find(|known| is_same(known, &it)) {
            Some(known) => add(known, &it),
            None => folded.push(it),
        }
    }
    folded
}

/// A text that may be empty, or spaces.
fn fit_or_empty(
    text: &str,
    bytes_max: usize,
    field: impl FnOnce() -> String,
) -> Result<(), Rejection> {
    let says_nothing = text.len() <= bytes_max && text.bytes().all(|byte| byte == b' ');
    if says_nothing { Ok(()) } else { check::fit(text, bytes_max, field) }
}

/// An address without what may be somebody's secret: user, password, query string and fragment. What is
/// itself part of a page has none.
fn without_query(mut address: String) -> String {
    if address.starts_with("data:") || address.starts_with("blob:") {
        return String::new();
    }
    address.truncate(address.find(['?', '#']).unwrap_or(address.len()));
    let Some(host) = address.find("://").map(|scheme| scheme + "://".len()) else { return address };
    let path = address[host..].find('/').map_or(address.len(), |path| host + path);
    if let Some(user) = address[host..path].rfind('@') {
        address.replace_range(host..=host + user, "");
    }
    address
}

/// What stands around addresses in a text.
const OUTSIDE: &str = " \t\n\"'`<>";

/// A text without the query strings of the addresses in it: of each all from the first question or number sign
/// on, but for what closes the sentence around it.
fn without_queries(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    for word in text.split_inclusive(|it| OUTSIDE.contains(it)) {
        let query = address(word).and_then(|at| Some(at + word[at..].find(['?', '#'])?));
        let Some(query) = query else {
            told.push_str(word);
            continue;
        };
        told.push_str(&word[..query]);
        let closes = |it| OUTSIDE.contains(it) || ")]},.;:".contains(it);
        told.push_str(&word[query + word[query..].trim_end_matches(closes).len()..]);
    }
    told
}

/// Where in a word an address is, if there is one.
fn address(word: &str) -> Option<usize> {
    let bare = word.trim_start_matches(['(', '[', '{', ',', ';', '|']);
    // A path, or what has a scheme, a domain or a port.
    let begins = |(at, _): &(usize, &str)| {
        let before = &bare[..*at];
        before.is_empty() || before.ends_with('=') || before.contains(['.', ':'])
    };
    bare.match_indices('/').find(begins).map(|(at, _)| word.len() - bare.len() + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_addresses_are_not_kept() {
        for (address, kept) in [
            ("https://ann:secret@shop.example/a.js?token=secret#part", "https://shop.example/a.js"),
            ("https://shop.example/@scope/a.js", "https://shop.example/@scope/a.js"),
            ("https://shop.example", "https://shop.example"),
            ("data:text/html;base64,c2VjcmV0", ""),
            ("webpack://shop/./a.js", "webpack://shop/./a.js"),
            ("", ""),
        ] {
            assert_eq!(without_query(address.to_owned()), kept);
        }
    }

    #[test]
    fn secrets_of_addresses_in_texts_are_not_kept() {
        for (text, kept) in [
            (
                "no answer of https://a.example/x?token=1, sorry",
                "no answer of https://a.example/x, sorry",
            ),
            (
                "(https://a.example/x#a) and https://b.example/?q",
                "(https://a.example/x) and https://b.example/",
            ),
            (
                "IMG[src=\"https://a.example/x?token=1\"].onload",
                "IMG[src=\"https://a.example/x\"].onload",
            ),
            ("[GET] \"/api?q=jane+doe\": 500 at ../a#b", "[GET] \"/api\": 500 at ../a"),
            (
                "/api/search?filter[name]=jane and '/api/x?ids=1,2&token=a'.",
                "/api/search and '/api/x'.",
            ),
            ("(../a?b=c), [./d#e]", "(../a), [./d]"),
            (
                "url=/reset?t=a localhost:3000/api?x shop.example/x?t",
                "url=/reset localhost:3000/api shop.example/x",
            ),
            ("what? nothing #1, cart/step#2", "what? nothing #1, cart/step#2"),
        ] {
            assert_eq!(without_queries(text), kept);
        }
    }
}
