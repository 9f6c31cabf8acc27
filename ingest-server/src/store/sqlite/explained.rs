//! Reading page views with what explains their values. Bots never are among them.

use super::{
    PageViewKey, ReadError, Reader, Sample, Selection, kept, page_views,
    record::Texts,
    row::MetricValue,
    sample::{self, sampled},
    statements::Named,
};
use crate::ingest::Measurement;
use beacon::MetricName;
use jiff::Timestamp;
use rusqlite::{Connection, Result, Row};

/// The first columns are those that page views are read by everywhere.
const SELECT: &str = sampled!(
    "page_views.id, page_id, circumstances_id, started_at_ms, session, sequence, sequences,
        cls_millionths, fcp_us, inp_us, lcp_us, ttfb_us, fid_us, shape, details,
        key, route, url",
    "page_views",
    "page_views.id",
    "LEFT JOIN shapes ON shapes.id = shape_id",
    "CASE :metric WHEN 'CLS' THEN cls_millionths WHEN 'FCP' THEN fcp_us
        WHEN 'INP' THEN inp_us WHEN 'LCP' THEN lcp_us WHEN 'TTFB' THEN ttfb_us
        WHEN 'FID' THEN fid_us ELSE 0 END IS NOT NULL"
);
const KEY: usize = 15;

pub(super) const STATEMENTS: [Named; 1] = [Named::new("page_views.explained", SELECT)];

/// A page view, and why its values are what they are.
#[derive(Clone, Debug)]
pub struct Explained<'a> {
    /// What it is known by.
    pub key: PageViewKey,
    /// Template of its address; empty if there is none.
    pub route: &'a str,
    /// Its address; empty if there is none.
    pub url: &'a str,
    /// What was measured on it, in the order of [`MetricName::ALL`]; of a sample for one metric, only
    /// that.
    pub measurements: [Option<Measurement>; MetricName::ALL.len()],
}

impl Reader {
    /// Puts the selected page views of a sample, one by one and with what explains their values, into
    /// a state. Says also from when on all of them are still there.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn explained<S: Send + 'static>(
        &self,
        selection: Selection,
        sample: Sample,
        mut state: S,
        add: impl Fn(&mut S, &Explained<'_>) + Send + 'static,
        now: Timestamp,
    ) -> Result<(S, Timestamp), ReadError> {
        let each = move |connection: &mut Connection| {
            let add = |page_view: &Explained<'_>| add(&mut state, page_view);
            let kept_from = read(connection, &selection, sample, now, add)?;
            Ok::<_, rusqlite::Error>((state, kept_from))
        };
        self.report(each).await
    }
}

/// Reads the selected page views of a sample in the order in which they arrived; from when on all of
/// them are still there.
fn read(
    connection: &mut Connection,
    selection: &Selection,
    sample: Sample,
    now: Timestamp,
    mut each: impl FnMut(&Explained<'_>),
) -> Result<Timestamp> {
    let transaction = connection.transaction()?;
    let mut texts = Texts::default();
    let mut statement = transaction.prepare_cached(SELECT)?;
    sample::bind(&mut statement, sample, selection)?;
    statement.raw_bind_parameter(":metric", sample.metric.map(MetricName::as_str))?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        each(&Explained {
            key: PageViewKey(row.get(KEY)?),
            route: row.get_ref(KEY + 1)?.as_str()?,
            url: row.get_ref(KEY + 2)?.as_str()?,
            measurements: measurements(&transaction, row, sample.metric, &mut texts)?,
        });
    }
    drop(rows);
    drop(statement);
    let kept_from = kept::from(&transaction, selection, now)?;
    transaction.finish()?;
    Ok(kept_from)
}

fn measurements(
    connection: &Connection,
    row: &Row<'_>,
    asked: Option<MetricName>,
    texts: &mut Texts,
) -> Result<[Option<Measurement>; MetricName::ALL.len()]> {
    let mut measurements = [const { None }; MetricName::ALL.len()];
    let values = MetricName::ALL.into_iter().zip(page_views::read(row)?.metrics);
    for ((name, value), measurement) in values.zip(&mut measurements) {
        let Some(MetricValue { steps, why, .. }) = value else { continue };
        if asked.is_none_or(|asked| asked == name) {
            let attribution = why.into_attribution(|id| texts.get(connection, id))?;
            *measurement = Some(Measurement { steps, attribution });
        }
    }
    Ok(measurements)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ingest::SiteId,
        store::sqlite::{Database, Filters},
    };
    use proptest::prelude::*;
    use std::num::NonZeroU32;
    use tempfile::TempDir;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    /// Page views that arrived in that order, each on one of ten routes, and how they are asked for.
    struct Filled {
        connection: Connection,
        selection: Selection,
        _folder: TempDir,
    }

    fn filled(routes: impl IntoIterator<Item = u8>) -> Filled {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rhumb.db");
        drop(Database::open(&path).unwrap());
        let connection = Connection::open(path).unwrap();
        let frame = "
            BEGIN;
            INSERT INTO circumstances VALUES (1, '', '', '', '', '', '', '', 0, 1.0, 0);
            WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9)
            INSERT INTO pages SELECT i + 1, 1, '', '/' || i, '', 0 FROM n;
            INSERT INTO arrivals VALUES (0, 1);";
        connection.execute_batch(frame).unwrap();
        let insert =
            "INSERT INTO page_views (key, page_id, circumstances_id, started_at_ms, sequence)
            VALUES (?1, ?2, 1, 0, 0)";
        let mut insert = connection.prepare(insert).unwrap();
        for (key, route) in (1_i64..).zip(routes) {
            insert.execute((key, route + 1)).unwrap();
        }
        drop(insert);
        connection.execute_batch("COMMIT").unwrap();
        let to = Timestamp::from_second(1).unwrap();
        let filters = Filters::default();
        let selection = Selection { site: SiteId(1), from: NOW, to, filters };
        Filled { connection, selection, _folder: folder }
    }

    impl Filled {
        fn sample(&mut self, rows_max: u32) -> Sample {
            let rows_max = NonZeroU32::new(rows_max).unwrap();
            sample::of(&mut self.connection, &self.selection, None, rows_max).unwrap()
        }

        /// Key and route of those that are looked at.
        fn look(&mut self, sample: Sample) -> Vec<(i64, String)> {
            let mut found = Vec::new();
            let add = |it: &Explained<'_>| found.push((it.key.0, it.route.to_owned()));
            read(&mut self.connection, &self.selection, sample, NOW, add).unwrap();
            found
        }
    }

    fn count<T>(all: &[T]) -> f64 {
        f64::from(u32::try_from(all.len()).unwrap())
    }

    fn share(looked: &[(i64, String)], route: &str) -> f64 {
        let of_route = looked.iter().filter(|it| it.1 == route).collect::<Vec<_>>();
        count(&of_route) / count(looked)
    }

    #[test]
    fn page_views_are_jumped_to() {
        let Filled { connection, .. } = filled([]);
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {SELECT}")).unwrap();
        let plan = statement.raw_query().mapped(|row| row.get::<_, String>(3));
        let plan = plan.map(Result::unwrap).collect::<Vec<_>>();
        let found = plan.iter().find(|step| step.contains("page_views")).unwrap();
        assert!(found.contains("PRIMARY KEY (rowid=?)"), "{plan:?}");
    }

    #[test]
    fn of_page_views_that_repeat_in_a_pattern_each_is_seen_as_often() {
        for one_in in [2_u32, 3, 5, 8, 10, 13, 20, 21, 100] {
            let mut filled = filled((0..20_000_u32).map(|number| (number % 10) as u8));
            let sample = filled.sample(20_000_u32.div_ceil(one_in));
            assert_eq!(sample.one_in().get(), one_in);
            let looked = filled.look(sample);
            for route in 0..10 {
                let share = share(&looked, &format!("/{route}"));
                assert!((0.08..0.12).contains(&share), "one in {one_in}: {share} of {route}");
            }
        }
    }

    #[test]
    fn what_arrives_between_two_looks_is_in_neither() {
        let mut filled = filled([0; 10]);
        let sample = filled.sample(5);
        let before = filled.look(sample);
        let more =
            "INSERT INTO page_views (key, page_id, circumstances_id, started_at_ms, sequence)
            SELECT 100 + key, 1, 1, 0, 0 FROM page_views";
        filled.connection.execute_batch(more).unwrap();
        assert_eq!(filled.look(sample), before);
        assert_eq!(filled.sample(5).one_in().get(), 4);
    }

    #[test]
    fn page_views_without_the_metric_that_is_asked_for_are_left_out() {
        let mut filled = filled([0; 12]);
        let columns = ["cls_millionths", "fcp_us", "inp_us", "lcp_us", "ttfb_us", "fid_us"];
        for (key, column) in (1..).zip(columns) {
            let measured = format!("UPDATE page_views SET {column} = 0 WHERE key IN ({key}, 9)");
            filled.connection.execute_batch(&measured).unwrap();
        }
        let all = filled.sample(12);
        assert_eq!(filled.look(all).len(), 12);
        for (key, metric) in (1..).zip(MetricName::ALL) {
            let mut of_metric = all;
            of_metric.metric = Some(metric);
            let looked = filled.look(of_metric);
            assert_eq!(
                looked.into_iter().map(|it| it.0).collect::<Vec<_>>(),
                [key, 9],
                "{metric:?}"
            );
        }
    }

    #[test]
    fn of_a_sample_for_one_metric_the_others_are_not_told() {
        let mut filled = filled([0]);
        let measured = "UPDATE page_views SET lcp_us = 7, inp_us = 8";
        filled.connection.execute_batch(measured).unwrap();
        let all = filled.sample(1);
        for (metric, expected) in [(None, vec![8, 7]), (Some(MetricName::Lcp), vec![7])] {
            let mut steps = Vec::new();
            let add = |it: &Explained<'_>| {
                steps.extend(it.measurements.iter().flatten().map(|measured| measured.steps));
            };
            let sample = Sample { metric, ..all };
            read(&mut filled.connection, &filled.selection, sample, NOW, add).unwrap();
            assert_eq!(steps, expected, "{metric:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn two_looks_see_the_same_page_views_as_many_as_they_may_and_all_if_they_may(
            routes in prop::collection::vec(0_u8..10, 0..400),
            rows_max in 1_u32..500,
        ) {
            let all = (1..).zip(routes.iter().map(|it| format!("/{it}"))).collect::<Vec<_>>();
            let mut filled = filled(routes);
            let sample = filled.sample(rows_max);
            let looked = filled.look(sample);
            prop_assert_eq!(&filled.look(sample), &looked);
            prop_assert!(looked.len() <= rows_max as usize);
            prop_assert!(looked.is_sorted_by(|a, b| a.0 < b.0));
            prop_assert!(looked.iter().all(|it| all.contains(it)));
            let one_in = sample.one_in().get() as usize;
            if all.len() <= rows_max as usize {
                prop_assert_eq!(looked, all);
            } else {
                // The last stretch may be cut off before its one.
                let stretches = all.len().div_ceil(one_in);
                prop_assert!(looked.len() == stretches || looked.len() + 1 == stretches);
            }
        }

        #[test]
        fn a_share_of_a_sample_is_off_by_no_more_than_chance_allows(
            routes in prop::collection::vec(0_u8..10, 1000..3000),
            rows_max in 50_u32..900,
        ) {
            let mut filled = filled(routes);
            let (all, some) = (filled.sample(u32::MAX), filled.sample(rows_max));
            let expected = share(&filled.look(all), "/0");
            let looked = filled.look(some);
            let found = share(&looked, "/0");
            // Six times the standard error: once in hundreds of millions.
            let variance = expected * (1.0 - expected) / count(&looked);
            let error_max = 6.0 * variance.sqrt();
            prop_assert!((found - expected).abs() <= error_max, "{found} for {expected}");
        }
    }
}
