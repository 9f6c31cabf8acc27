//! What scripts weigh, as a picture. They stand beside those of the same host, or of the same folder where there is one
//! host only; one of these can be chosen to be seen alone.

use super::{
    find::Find,
    frame::Link,
    number,
    resources::{each, name, size},
    treemap::{Item, Items, Treemap},
};
use crate::report::{FileRow, ResourcesReport};
use beacon::ResourceKind;

/// Scripts of the picture.
const SCRIPTS_MAX: usize = 200;
/// Bytes of an address that scripts are chosen by.
pub(crate) const WITHIN_BYTES_MAX: usize = 2048;

/// The picture, and the ways into it and back.
#[derive(Debug)]
pub(super) struct ScriptMap {
    pub(super) map: Treemap,
    /// From all scripts to those that are shown; empty where these are all.
    pub(super) crumbs: Vec<Link>,
    /// To the hosts or folders in it, as in "cdn.example, 320 kB"; empty where there is one only.
    pub(super) parts: Vec<Link>,
    /// Whether an address was asked for that no script is within.
    pub(super) is_unknown: bool,
    /// What came of looking for something.
    pub(super) found: Option<String>,
}

impl ScriptMap {
    /// Of all scripts, or of those whose address begins with what is asked for; `address` is where these are shown.
    /// Nothing without scripts.
    pub(super) fn new(
        report: &ResourcesReport,
        (asked, find): (Option<&str>, Option<&Find>),
        address: impl Fn(Option<&str>) -> String,
    ) -> Option<Self> {
        let all = scripts(report);
        let is_within = |row: &&&FileRow| asked.is_some_and(|within| row.url.starts_with(within));
        let within = all.iter().filter(is_within).copied().collect::<Vec<_>>();
        let within = (!within.is_empty()).then_some(within);
        let chosen = asked.filter(|it| it.ends_with('/') && within.is_some());
        let mut shown = if chosen.is_some() { within.unwrap_or_default() } else { all };
        shown.truncate(SCRIPTS_MAX);
        let groups = grouped(&shown);
        let several = groups.len() > 1;
        let part = |(prefix, rows): &(&str, Vec<&FileRow>)| {
            let is_part = several && prefix.ends_with('/');
            is_part.then(|| Link {
                text: format!("{}, {}", tail(prefix), weight(rows)),
                href: address(Some(*prefix)),
                is_current: false,
            })
        };
        let items = |group: &(&str, Vec<&FileRow>)| Items {
            href: part(group).map(|link| link.href),
            items: group.1.iter().map(|row| item(row, find)).collect(),
        };
        Some(Self {
            map: Treemap::new(groups.iter().map(items).collect(), description(&shown))?,
            parts: groups.iter().filter_map(part).collect(),
            crumbs: chosen.map_or_else(Vec::new, |within| crumbs(within, &address)),
            is_unknown: asked.is_some() && chosen.is_none(),
            found: find.map(|find| found(&shown, find)),
        })
    }
}

/// Those that tell their weight, the heaviest first.
fn scripts(report: &ResourcesReport) -> Vec<&FileRow> {
    let scripts = report.rows.iter().filter(|row| row.kind == ResourceKind::Script);
    let mut told = scripts.filter(|row| each(row) > 0.0).collect::<Vec<_>>();
    told.sort_by(|a, b| each(b).total_cmp(&each(a)));
    told
}

/// Scripts by the host or the folder in which their addresses begin to differ, in the order of the heaviest group. One
/// that is in none of them is a group by itself, called by its whole address.
fn grouped<'a>(shown: &[&'a FileRow]) -> Vec<(&'a str, Vec<&'a FileRow>)> {
    let base = common(shown);
    let mut groups = Vec::<(&str, Vec<&FileRow>)>::new();
    for row in shown {
        let prefix =
            ends(&row.url).find(|end| *end > base).map_or(&*row.url, |end| &row.url[..end]);
        match groups.iter_mut().find(|(known, _)| *known == prefix) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((prefix, vec![row])),
        }
    }
    let heavy = |rows: &[&FileRow]| rows.iter().map(|row| each(row)).sum::<f64>();
    groups.sort_by(|(_, a), (_, b)| heavy(b).total_cmp(&heavy(a)));
    groups
}

/// Bytes of the host and folders that all of them are in.
fn common(shown: &[&FileRow]) -> usize {
    let Some((first, others)) = shown.split_first() else { return 0 };
    let is_common = |end: &usize| {
        others
            .iter()
            .all(|row| row.url.as_bytes().get(..*end) == Some(&first.url.as_bytes()[..*end]))
    };
    ends(&first.url).take_while(is_common).last().unwrap_or(0)
}

/// Where the host of an address ends, and each of its folders, behind the slash.
fn ends(url: &str) -> impl Iterator<Item = usize> {
    let host = url.find("://").map_or(0, |scheme| scheme + 3);
    url[host..].match_indices('/').map(move |(at, _)| host + at + 1)
}

/// The last host or folder of an address.
fn tail(prefix: &str) -> &str {
    prefix.trim_end_matches('/').rsplit('/').next().unwrap_or(prefix)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bytes of files")]
fn weight(rows: &[&FileRow]) -> String {
    number::bytes(rows.iter().map(|row| each(row)).sum::<f64>() as u64)
}

/// How many scripts are what was looked for, and what they weigh.
fn found(shown: &[&FileRow], find: &Find) -> String {
    let found = shown.iter().filter(|row| find.is_in(&row.url)).copied().collect::<Vec<_>>();
    match found.len() {
        0 => "None of these scripts".to_owned(),
        count => format!("{}, {}", number::scripts(count as u64), weight(&found)),
    }
}

fn item(row: &FileRow, find: Option<&Find>) -> Item {
    let page_views = number::page_views(row.page_views);
    Item {
        weight: each(row),
        name: name(&row.url).to_owned(),
        size: size(row),
        title: format!("{}: {} unpacked, on {page_views}", row.url, size(row)),
        class: match (row.is_third_party, find.is_some_and(|find| find.is_in(&row.url))) {
            (_, true) => "found",
            (true, false) => "foreign",
            (false, false) => "own",
        },
    }
}

fn crumbs(within: &str, address: &impl Fn(Option<&str>) -> String) -> Vec<Link> {
    let crumb = |end: usize| Link {
        text: tail(&within[..end]).to_owned(),
        href: address(Some(&within[..end])),
        is_current: end == within.len(),
    };
    let all = Link { text: "All scripts".to_owned(), href: address(None), is_current: false };
    [all].into_iter().chain(ends(within).map(crumb)).collect()
}

fn description(shown: &[&FileRow]) -> String {
    let largest = shown.first();
    let largest = largest.map(|row| format!("{} with {}", name(&row.url), size(row)));
    let count = number::scripts(shown.len() as u64);
    format!("{count} by their unpacked weight, the largest is {}", largest.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::{Period, WeightOf},
        store::sqlite::Filters,
    };
    use jiff::Timestamp;

    fn report(files: &[(&str, u64)]) -> ResourcesReport {
        let row = |(url, bytes): &(&str, u64)| FileRow {
            url: (*url).to_owned(),
            kind: ResourceKind::Script,
            is_third_party: false,
            page_views: 1,
            weight: WeightOf {
                count: 1,
                cached_share: 0.0,
                opaque_share: 0.0,
                blocking_share: 0.0,
                transfer_bytes: *bytes,
                encoded_bytes: *bytes,
                decoded_bytes: *bytes,
            },
            protocol: None,
            p75: 1.0,
            max: 1.0,
        };
        let (from, to) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
        ResourcesReport {
            site: "shop".to_owned(),
            period: Period { from, to },
            filters: Filters::default(),
            kept_from: from,
            sampled: None,
            page_views: 1,
            files: 1,
            dropped: 0,
            error: 0.0,
            kinds: Vec::new(),
            rows: files.iter().map(row).collect(),
        }
    }

    fn shop() -> ResourcesReport {
        report(&[
            ("https://shop.example/assets/a.js", 500_000),
            ("https://shop.example/assets/lib/b.js", 300_000),
            ("https://shop.example/c.js", 100_000),
            ("https://cdn.example/v1/d.js", 400_000),
        ])
    }

    fn map(report: &ResourcesReport, within: Option<&str>) -> ScriptMap {
        let address = |within: Option<&str>| within.unwrap_or("/all").to_owned();
        ScriptMap::new(report, (within, None), address).unwrap()
    }

    fn texts(links: &[Link]) -> Vec<(&str, &str)> {
        links.iter().map(|link| (&*link.text, &*link.href)).collect()
    }

    fn names(map: &ScriptMap) -> Vec<&str> {
        map.map.groups.iter().flat_map(|group| &group.cells).map(|cell| &*cell.name).collect()
    }

    #[test]
    fn scripts_stand_beside_those_of_their_host_which_can_be_chosen() {
        let all = map(&shop(), None);
        assert_eq!(names(&all), ["a.js", "b.js", "c.js", "d.js"]);
        let hosts = [
            ("shop.example, 900\u{a0}kB", "https://shop.example/"),
            ("cdn.example, 400\u{a0}kB", "https://cdn.example/"),
        ];
        assert_eq!(texts(&all.parts), hosts);
        assert!(all.crumbs.is_empty() && !all.is_unknown);
        assert!(all.map.description.starts_with("4 scripts by their unpacked weight"));
    }

    #[test]
    fn a_host_that_is_chosen_shows_its_folders_and_leads_back() {
        let host = map(&shop(), Some("https://shop.example/"));
        assert_eq!(names(&host), ["a.js", "b.js", "c.js"]);
        let folder = ("assets, 800\u{a0}kB", "https://shop.example/assets/");
        assert_eq!(texts(&host.parts), [folder], "c.js is in no folder");
        let folder = map(&shop(), Some("https://shop.example/assets/"));
        let crumbs = [
            ("All scripts", "/all"),
            ("shop.example", "https://shop.example/"),
            ("assets", "https://shop.example/assets/"),
        ];
        assert_eq!(texts(&folder.crumbs), crumbs);
        assert!(folder.crumbs[2].is_current);
        assert_eq!(
            texts(&folder.parts),
            [("lib, 300\u{a0}kB", "https://shop.example/assets/lib/")]
        );
    }

    #[test]
    fn of_an_address_that_no_script_is_within_all_are_shown() {
        for within in ["https://nowhere.example/", "https://shop.example/asse", "/", "é"] {
            let map = map(&shop(), Some(within));
            assert!(map.is_unknown && map.crumbs.is_empty(), "{within}");
            assert_eq!(names(&map).len(), 4, "{within}");
        }
    }

    #[test]
    fn scripts_that_are_looked_for_are_marked_and_weighed() {
        let find = Find::new("/LIB/".to_owned());
        let map = ScriptMap::new(&shop(), (None, Some(&find)), |_| String::new()).unwrap();
        assert_eq!(map.found.unwrap(), "1 script, 300\u{a0}kB");
        let cells = map.map.groups.iter().flat_map(|group| &group.cells);
        let marked = cells.filter(|cell| cell.class == "found").map(|cell| &*cell.name);
        assert_eq!(marked.collect::<Vec<_>>(), ["b.js"]);
        let find = Find::new("react".to_owned());
        let map = ScriptMap::new(&shop(), (None, Some(&find)), |_| String::new()).unwrap();
        assert_eq!(map.found.unwrap(), "None of these scripts");
    }

    #[test]
    fn scripts_of_one_folder_have_no_parts() {
        let one = report(&[("https://a.example/x/1.js", 2), ("https://a.example/x/2.js", 1)]);
        assert!(map(&one, None).parts.is_empty());
        let odd = report(&[("blob:7", 2), ("https://a.example", 1), ("é/ü.js", 3)]);
        assert_eq!(names(&map(&odd, None)).len(), 3);
    }
}
