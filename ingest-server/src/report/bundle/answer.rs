//! The answer what visitors load of a bundle.

use super::stats::{Bundle, BundleFile, Module};
use crate::{
    report::{FileRow, Period, ResourcesReport, Sampled, share},
    store::sqlite::Filters,
};
use beacon::ResourceKind;
use serde::Serialize;

/// Modules of a file that are told.
const MODULES_MAX: usize = 5;

/// The answer of `rhumb bundle`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BundleReport {
    /// The site's name.
    pub site: String,
    /// The page views' time.
    pub period: Period,
    /// What all of them are alike in.
    pub filters: Filters,
    /// That only some page views were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampled: Option<Sampled>,
    /// How many tell what they loaded.
    pub page_views: u64,
    /// What all files weigh, not compressed.
    pub shipped_bytes: u64,
    /// What of that a page view loads on average.
    pub loaded_bytes: u64,
    /// What of that no page view has loaded.
    pub unused_bytes: u64,
    /// Files, those first of which most is shipped to those who do not need it: the ones that weigh most and
    /// that fewest page views load.
    pub rows: Vec<BundleRow>,
}

/// A file of the bundle, or several that differ only in the hashes of their names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BundleRow {
    /// As visitors load it, with `*` for a hash; as the bundler calls it, where nobody does.
    pub name: String,
    /// How many files of the bundle that is.
    pub files: usize,
    /// What they weigh, not compressed.
    pub bytes: u64,
    /// How many page views loaded one of them.
    pub page_views: u64,
    /// Their share.
    pub share: f64,
    /// What it was made of, the largest first, at most 5.
    pub modules: Vec<Module>,
}

/// Joins a bundle with what was loaded: files of which the last part of the address is alike, and as much
/// of the folder as the bundler names.
pub fn bundle(Bundle { files }: Bundle, loaded: ResourcesReport) -> BundleReport {
    let ResourcesReport { site, period, filters, sampled, page_views, rows: loaded, .. } = loaded;
    let mut rows = Vec::<BundleRow>::new();
    for file in files {
        let code = loaded.iter().filter(|row| is_code(row.kind));
        let known = code.filter_map(|row| Some((alike(&row.url, &file.name)?, row)));
        let known = known.max_by_key(|(alike, row)| (*alike, row.page_views)).map(|(_, row)| row);
        let name = known.map_or(file.name.clone(), |row| folder_and_file(&row.url, &file.name));
        match rows.iter_mut().find(|row| row.name == name) {
            Some(row) => add(row, file),
            None => rows.push(row(name, file, known, page_views)),
        }
    }
    let shipped_bytes = rows.iter().map(|row| row.bytes).sum();
    let unused = rows.iter().filter(|row| row.page_views == 0);
    let unused_bytes = unused.map(|row| row.bytes).sum();
    let loaded_bytes = rows.iter().map(|row| part(row.bytes, row.share)).sum();
    rows.sort_by(|a, b| wasted(b).cmp(&wasted(a)).then_with(|| a.name.cmp(&b.name)));
    BundleReport {
        site,
        period,
        filters,
        sampled,
        page_views,
        shipped_bytes,
        loaded_bytes,
        unused_bytes,
        rows,
    }
}

/// What a bundler puts together.
const fn is_code(kind: ResourceKind) -> bool {
    matches!(kind, ResourceKind::Script | ResourceKind::Style)
}

fn row(
    name: String,
    BundleFile { bytes, mut modules, .. }: BundleFile,
    known: Option<&FileRow>,
    page_views: u64,
) -> BundleRow {
    modules.truncate(MODULES_MAX);
    let loaded = known.map_or(0, |row| row.page_views);
    BundleRow {
        name,
        files: 1,
        bytes,
        page_views: loaded,
        share: share(loaded, page_views.max(1)),
        modules,
    }
}

fn add(row: &mut BundleRow, BundleFile { bytes, modules, .. }: BundleFile) {
    row.files += 1;
    row.bytes += bytes;
    row.modules.extend(modules);
    row.modules.sort_by_key(|module| std::cmp::Reverse(module.bytes));
    row.modules.truncate(MODULES_MAX);
}

/// What is shipped to page views that do not load it.
fn wasted(row: &BundleRow) -> u64 {
    row.bytes - part(row.bytes, row.share)
}

/// Sizes are far below 2^52.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn part(bytes: u64, share: f64) -> u64 {
    ((bytes as f64 * share.min(1.0)).round() as u64).min(bytes)
}

/// How much an address and a file of the bundle have in common, if their names are alike: how many parts
/// from the end, and how many characters of the name are no `*`. What a bundler calls the folder that it
/// writes to may be called otherwise in the address.
fn alike(url: &str, file: &str) -> Option<(usize, usize)> {
    let parts = url.rsplit('/').zip(file.rsplit('/'));
    let parts = parts.take_while(|(pattern, part)| matches(pattern, part)).count();
    let name = url.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    // What is called by nothing but a hash may be anything.
    let has_name = stem.bytes().any(|byte| byte.is_ascii_alphanumeric());
    (parts > 0 && has_name).then(|| (parts, name.len() - name.matches('*').count()))
}

/// As much of an address as the bundler's name has parts, as far as they are alike.
fn folder_and_file(url: &str, file: &str) -> String {
    let alike = url.rsplit('/').zip(file.rsplit('/')).take_while(|(url, file)| matches(url, file));
    let mut parts = alike.map(|(part, _)| part).collect::<Vec<_>>();
    parts.reverse();
    parts.join("/")
}

/// `*` stands for any characters.
fn matches(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{
        Question, RANKED_MAX, ResourcesQuestion, durations::tests::durations, resources,
    };
    use crate::store::sqlite::PagePlace;
    use beacon::{Resource, ResourceKind, Resources, Weight};
    use jiff::Timestamp;

    fn loaded(page_views: &[&[&str]]) -> ResourcesReport {
        let mut files = resources::Files::default();
        for urls in page_views {
            let file = |url: &&str| Resource {
                url: format!("https://shop.example/{url}"),
                kind: ResourceKind::Script,
                protocol: String::new(),
                weight: Weight { count: 1, ..Weight::default() },
                durations: durations(&[1.0]),
            };
            let files_of_page = urls.iter().map(file).collect();
            files.add(
                Resources { files: files_of_page, ..Resources::default() },
                PagePlace::on("shop.example"),
            );
        }
        let question = Question::last_hours(24, Timestamp::UNIX_EPOCH);
        let asked = ResourcesQuestion { question, kind: None, limit: RANKED_MAX };
        resources::resources("shop", asked, files, None, Timestamp::UNIX_EPOCH)
    }

    fn file(name: &str, bytes: u64, modules: &[u64]) -> BundleFile {
        let modules = modules.iter().map(|bytes| Module { name: bytes.to_string(), bytes: *bytes });
        BundleFile { name: name.to_owned(), bytes, modules: modules.collect() }
    }

    #[test]
    fn what_is_shipped_to_those_who_do_not_need_it_comes_first() {
        let loaded = loaded(&[
            &["assets/app-*.js", "assets/search-*.js"],
            &["assets/app-*.js"],
            &["assets/app-*.js", "other/search-*.js"],
            &["assets/app-*.js"],
        ]);
        let files = vec![
            file("dist/assets/app-BkZ3a9xQ.js", 500, &[400, 100]),
            file("dist/assets/search-Dq1w2e3R.js", 800, &[]),
            file("dist/assets/admin-Zz9y8x7W.js", 300, &[]),
        ];
        let report = bundle(Bundle { files }, loaded);
        let rows = report.rows.iter().map(|row| (&*row.name, row.bytes, row.page_views));
        assert_eq!(
            rows.collect::<Vec<_>>(),
            [
                ("assets/search-*.js", 800, 1),
                ("dist/assets/admin-Zz9y8x7W.js", 300, 0),
                ("assets/app-*.js", 500, 4),
            ]
        );
        let sums = (report.shipped_bytes, report.loaded_bytes, report.unused_bytes);
        assert_eq!(sums, (1600, 500 + 200, 300));
    }

    #[test]
    fn files_that_differ_in_their_hashes_only_are_one_row() {
        let loaded = loaded(&[&["assets/index-*.js", "assets/*.js"]]);
        let files = vec![
            file("assets/index-BkZ3a9xQ.js", 500, &[300, 200]),
            file("assets/index-Dq1w2e3R.js", 800, &[700, 50, 40, 10]),
        ];
        let report = bundle(Bundle { files }, loaded);
        let [row] = &report.rows[..] else { panic!("{report:?}") };
        assert_eq!((&*row.name, row.files, row.bytes), ("assets/index-*.js", 2, 1300));
        let modules = row.modules.iter().map(|module| module.bytes).collect::<Vec<_>>();
        assert_eq!(modules, [700, 300, 200, 50, 40]);
    }

    #[test]
    fn what_is_called_by_a_hash_alone_is_no_file_of_the_bundle() {
        let loaded = loaded(&[&["*", "assets/*.js"]]);
        let files = vec![file("dist/assets/admin-Zz9y8x7W.js", 300, &[])];
        let report = bundle(Bundle { files }, loaded);
        assert_eq!((report.rows[0].page_views, report.unused_bytes), (0, 300));
    }

    #[test]
    fn an_asterisk_stands_for_any_characters() {
        for (pattern, text, fits) in [
            ("app-*.js", "app-BkZ3a9xQ.js", true),
            ("app-*.js", "app-.js", true),
            ("app-*.js", "apps-BkZ3a9xQ.js", false),
            ("*.*.css", "main.3f9a2c1b.css", true),
            ("app.js", "app.js", true),
            ("app.js", "app.jsx", false),
            ("*", "anything", true),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
        }
    }
}
