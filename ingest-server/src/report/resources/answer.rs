//! The answer what pages load, the heaviest first.

use super::{
    files::{File, Files, OfKind, WeightSum},
    question::ResourcesQuestion,
};
use crate::{
    report::{Period, Question, Sampled, Unit, durations::ERROR, nearest_rank, share},
    store::sqlite::Filters,
};
use beacon::ResourceKind;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// The answer of `GET /v1/sites/{site}/resources`.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ResourcesReport {
    /// The site's name.
    pub site: String,
    /// The page views' time.
    pub period: Period,
    /// What all of them are alike in.
    pub filters: Filters,
    /// From when on page views are still there.
    #[schema(value_type = String, format = DateTime)]
    pub kept_from: Timestamp,
    /// That only some page views were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sampled: Option<Sampled>,
    /// How many tell what they loaded.
    pub page_views: u64,
    /// How many files there are; those that are no rows weigh least.
    pub files: u64,
    /// How many resources were loaded of files that were too many to be told apart.
    pub dropped: u64,
    /// How much a percentile of durations may be off, as a share of it.
    pub error: f64,
    /// All that was loaded, by kind: the one that weighs most first.
    pub kinds: Vec<KindRow>,
    /// Files, the one that weighs most first. What scripts ask for, and what was too much, is in the kinds
    /// only.
    pub rows: Vec<FileRow>,
}

/// All resources of a kind.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct KindRow {
    /// What they are.
    pub kind: ResourceKind,
    /// How many page views loaded any.
    pub page_views: u64,
    /// What they weigh.
    #[serde(flatten)]
    pub weight: WeightOf,
    /// Three quarters of these page views loaded at most so many bytes over the network.
    pub transfer_bytes_p75: u32,
    /// The same of bytes unpacked.
    pub decoded_bytes_p75: u32,
}

/// All loads of a file.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FileRow {
    /// Its address without query string, in which `*` stands for a hash of the content.
    pub url: String,
    /// What it is.
    pub kind: ResourceKind,
    /// Whether it is of another host than the page.
    pub is_third_party: bool,
    /// How many page views loaded it.
    pub page_views: u64,
    /// What it weighs.
    #[serde(flatten)]
    pub weight: WeightOf,
    /// How it came the last time, such as `h2`; absent for not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub protocol: Option<String>,
    /// Three quarters of the loads took at most so long, in milliseconds.
    pub p75: f64,
    /// The longest one, in milliseconds.
    pub max: f64,
}

/// How often something was loaded, and what it weighs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct WeightOf {
    /// How often.
    pub count: u64,
    /// Which share of that came from the browser's cache.
    pub cached_share: f64,
    /// Which share does not tell how much it weighs: it is of another origin, which does not allow it by
    /// `Timing-Allow-Origin`.
    pub opaque_share: f64,
    /// Which share kept a page from being painted.
    pub blocking_share: f64,
    /// What came over the network, headers included, all together.
    pub transfer_bytes: u64,
    /// Bodies, compressed as they came, all together.
    pub encoded_bytes: u64,
    /// Bodies, unpacked, all together.
    pub decoded_bytes: u64,
}

/// Answers from what was loaded.
pub(crate) fn resources(
    site: &str,
    ResourcesQuestion { question: Question { period, filters }, kind, limit }: ResourcesQuestion,
    Files { page_views, dropped, by_kind, by_url }: Files,
    sampled: Option<Sampled>,
    kept_from: Timestamp,
) -> ResourcesReport {
    let kinds = ResourceKind::ALL.iter().copied().zip(by_kind);
    let mut kinds = kinds.filter_map(|(kind, of_kind)| kind_row(kind, of_kind)).collect::<Vec<_>>();
    kinds.sort_by_key(|row| std::cmp::Reverse(row.weight.decoded_bytes));
    let is_asked_for = |of: ResourceKind| kind.is_none_or(|kind| kind == of);
    let mut rows = by_url.into_iter().collect::<Vec<_>>();
    rows.retain(|((kind, _), _)| is_asked_for(*kind));
    let files = rows.len() as u64;
    let heavy = |file: &File| (file.weight.decoded_bytes, file.durations.total_us);
    rows.sort_by(|(a_key, a), (b_key, b)| heavy(b).cmp(&heavy(a)).then_with(|| a_key.cmp(b_key)));
    rows.truncate(limit);
    ResourcesReport {
        site: site.to_owned(),
        period,
        filters,
        kept_from,
        sampled,
        page_views,
        files,
        dropped,
        error: ERROR,
        kinds,
        rows: rows.into_iter().map(|((kind, url), file)| file_row(kind, url, file)).collect(),
    }
}

fn kind_row(kind: ResourceKind, of_kind: OfKind) -> Option<KindRow> {
    let OfKind { weight, mut transfer_bytes_each, mut decoded_bytes_each } = of_kind;
    Some(KindRow {
        kind,
        page_views: transfer_bytes_each.len() as u64,
        weight: weight_of(&weight),
        transfer_bytes_p75: nearest_rank(&mut transfer_bytes_each, 75)?,
        decoded_bytes_p75: nearest_rank(&mut decoded_bytes_each, 75)?,
    })
}

fn file_row(kind: ResourceKind, url: String, file: File) -> FileRow {
    let File { is_third_party, page_views, weight, durations, protocol, .. } = file;
    FileRow {
        url,
        kind,
        is_third_party,
        page_views,
        weight: weight_of(&weight),
        protocol: (!protocol.is_empty()).then_some(protocol),
        p75: Unit::Ms.round(durations.percentile_ms(75).unwrap_or_default()),
        max: Unit::Ms.round(durations.max_ms()),
    }
}

fn weight_of(weight: &WeightSum) -> WeightOf {
    let share = |part| share(part, weight.count.max(1));
    WeightOf {
        count: weight.count,
        cached_share: share(weight.cached_count),
        opaque_share: share(weight.opaque_count),
        blocking_share: share(weight.blocking_count),
        transfer_bytes: weight.transfer_bytes,
        encoded_bytes: weight.encoded_bytes,
        decoded_bytes: weight.decoded_bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::durations::tests::durations;
    use crate::store::sqlite::PagePlace;
    use beacon::{Resource, Resources, ResourcesOfKind, Weight};

    fn weight(count: u32, decoded_bytes: u32) -> Weight {
        Weight { count, cached_count: count / 2, decoded_bytes, ..Weight::default() }
    }

    fn file(name: &str, kind: ResourceKind, weight: Weight) -> Resource {
        Resource {
            url: format!("https://shop.example/{name}"),
            kind,
            protocol: "h3".to_owned(),
            weight,
            durations: durations(&[20.0, 30.0]),
        }
    }

    fn report(kind: Option<ResourceKind>, limit: usize) -> ResourcesReport {
        let heavy = file("search-*.js", ResourceKind::Script, weight(2, 900_000));
        let light = file("app-*.js", ResourceKind::Script, weight(4, 20_000));
        let photo = file("photo.avif", ResourceKind::Image, weight(2, 80_000));
        let of_kind = |kind, bytes| ResourcesOfKind { kind, weight: weight(6, bytes) };
        let mut files = Files::default();
        for bytes in [100_000, 920_000] {
            let told = Resources {
                kinds: vec![
                    of_kind(ResourceKind::Image, 80_000),
                    of_kind(ResourceKind::Script, bytes),
                ],
                files: vec![light.clone(), photo.clone(), heavy.clone()],
                dropped: 3,
            };
            files.add(told, PagePlace::on("www.shop.example"));
        }
        let question = Question::last_hours(24, Timestamp::UNIX_EPOCH);
        let asked = ResourcesQuestion { question, kind, limit };
        resources("shop", asked, files, None, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn the_heaviest_come_first() {
        let answer = report(None, 2);
        assert_eq!((answer.page_views, answer.files, answer.dropped), (2, 3, 6));
        let told =
            answer.rows.iter().map(|row| (&*row.url, row.weight.decoded_bytes, row.page_views));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                ("https://shop.example/search-*.js", 1_800_000, 2),
                ("https://shop.example/photo.avif", 160_000, 2),
            ]
        );
        let row = &answer.rows[0];
        assert_eq!((row.weight.cached_share, row.is_third_party), (0.5, false));
        assert!((row.p75 - 30.0).abs() <= 30.0 * ERROR, "{row:?}");
        let kinds = answer.kinds.iter().map(|row| (row.kind, row.decoded_bytes_p75));
        assert_eq!(
            kinds.collect::<Vec<_>>(),
            [(ResourceKind::Script, 920_000), (ResourceKind::Image, 80_000)]
        );
    }

    #[test]
    fn files_of_one_kind_may_be_asked_for() {
        let answer = report(Some(ResourceKind::Image), 10);
        assert_eq!((answer.files, answer.rows.len(), answer.kinds.len()), (1, 1, 2));
    }
}
