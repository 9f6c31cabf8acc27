//! Reading page views one by one: the latest, the slowest, or a certain one.

use super::{
    PageViewKey, ReadError, Reader, Selection,
    facts::{self, is_selected},
    kept,
    record::{self, Texts, records},
    sample,
    statements::Named,
};
use crate::{ingest::SiteId, transfer::PageViewRecord};
use beacon::MetricName;
use jiff::Timestamp;
use rusqlite::{Connection, Error, OptionalExtension, Result, Row, named_params, types::Type};
use serde::{Deserialize, Serialize};

/// Page views that are looked at for the slowest: those of all sites that arrived last. So many take a tenth of a
/// second, and four with a filter that none of them passes.
pub const LOOKED_AT_MAX: u32 = 500_000;
const LOOKED_AT: LookedAt = LookedAt { first: 20_000, max: LOOKED_AT_MAX };

/// Which page views come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// The one that arrived last.
    Recent,
    /// The one with the largest value; those without one are left out.
    Slowest(MetricName),
}

/// A place in a list: that of a page view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its value in [steps](MetricName::steps_per_unit); 0 where the order does not ask for it.
    pub steps: u32,
    /// The number of its row.
    pub id: i64,
}

/// A part of a list.
#[derive(Debug)]
pub struct Listed {
    /// In order.
    pub page_views: Vec<PageViewRecord>,
    /// Behind which the list goes on; nothing at its end.
    pub last: Option<Place>,
    /// From when on all are still there.
    pub kept_from: Timestamp,
    /// Whether all of them were looked at, and not the latest only.
    pub is_whole: bool,
}

/// How many page views are looked at for the slowest.
#[derive(Clone, Copy, Debug)]
struct LookedAt {
    /// The last that is listed of these is no slower than the last that is listed of all. So of the others, what
    /// is quicker than that one needs no look at its page and circumstances, which is what takes the time.
    first: u32,
    max: u32,
}

/// SQLite keeps no more than the limit while it sorts.
macro_rules! places {
    ($steps:literal, $order:literal) => {
        concat!(
            "SELECT page_views.id, ",
            $steps,
            " AS steps FROM page_views
                CROSS JOIN pages ON pages.id = page_id
                CROSS JOIN circumstances ON circumstances.id = circumstances_id
            WHERE NOT is_bot AND ",
            is_selected!("page_views"),
            $order
        )
    };
    ($steps:literal) => {
        places!(
            $steps,
            " AND steps >= :steps_min AND (steps, page_views.id) < (:steps, :id)
            ORDER BY steps DESC, page_views.id DESC LIMIT :limit"
        )
    };
}

const RECENT: &str =
    places!("0", " AND page_views.id < :id ORDER BY page_views.id DESC LIMIT :limit");
/// In the order of [`MetricName::ALL`].
const SLOWEST: [&str; MetricName::ALL.len()] = [
    places!("cls_millionths"),
    places!("fcp_us"),
    places!("inp_us"),
    places!("lcp_us"),
    places!("ttfb_us"),
    places!("fid_us"),
];
const BY_ID: &str = records!("page_views.id = :id");
/// The latest are not found by their keys yet; there are few of them.
const BY_KEY: &str = records!(
    "page_views.id IN (
         SELECT page_view_id FROM keys WHERE half = :key >> 32
         UNION ALL
         SELECT id FROM page_views
         WHERE id > (SELECT page_view_id FROM watermark) AND page_views.key = :key
     )
     AND key = :key AND site_id = :site_id"
);

pub(super) const STATEMENTS: [Named; 9] = [
    Named::new("page_views.latest", RECENT),
    Named::new("page_views.by_id", BY_ID),
    Named::new("page_views.by_key", BY_KEY),
    Named::new("page_views.slowest_cls", SLOWEST[0]),
    Named::new("page_views.slowest_fcp", SLOWEST[1]),
    Named::new("page_views.slowest_inp", SLOWEST[2]),
    Named::new("page_views.slowest_lcp", SLOWEST[3]),
    Named::new("page_views.slowest_ttfb", SLOWEST[4]),
    Named::new("page_views.slowest_fid", SLOWEST[5]),
];

impl Reader {
    /// The selected page views in an order, so many of them behind a place.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn list(
        &self,
        selection: Selection,
        part: (Order, Option<Place>, usize),
        now: Timestamp,
    ) -> Result<Listed, ReadError> {
        let read =
            move |connection: &mut Connection| read(connection, &selection, part, LOOKED_AT, now);
        self.report(read).await
    }

    /// A page view of a site, if it is still there.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn page_view(
        &self,
        site: SiteId,
        key: PageViewKey,
    ) -> Result<Option<PageViewRecord>, ReadError> {
        self.report(move |connection| find(connection, site, key)).await
    }
}

fn statement(order: Order) -> &'static str {
    match order {
        Order::Recent => RECENT,
        Order::Slowest(name) => SLOWEST[name as usize],
    }
}

/// The selected page views behind a place, so many of them.
fn read(
    connection: &mut Connection,
    selection: &Selection,
    (order, behind, limit): (Order, Option<Place>, usize),
    looked_at: LookedAt,
    now: Timestamp,
) -> Result<Listed> {
    let transaction = connection.transaction()?;
    let (all_after, newest) = sample::range(&transaction, selection)?;
    let after = match order {
        Order::Recent => all_after,
        Order::Slowest(_) => all_after.max(newest - i64::from(looked_at.max)),
    };
    // One more, to see whether there is more.
    let part = (order, behind, limit.saturating_add(1));
    let mut places = match order {
        Order::Recent => places(&transaction, selection, (after, 0), part)?,
        Order::Slowest(_) => {
            let first = after.max(newest - i64::from(looked_at.first));
            slowest(&transaction, selection, (after, first), part)?
        }
    };
    let is_end = places.len() <= limit;
    places.truncate(limit);
    let mut texts = Texts::default();
    let mut by_id = transaction.prepare_cached(BY_ID)?;
    let mut page_views = Vec::with_capacity(places.len());
    for Place { id, .. } in &places {
        let record = |row: &Row<'_>| read_record(&transaction, row, &mut texts);
        page_views.push(by_id.query_row(named_params! { ":id": id }, record)?);
    }
    drop(by_id);
    let kept_from = kept::from(&transaction, selection, now)?;
    transaction.finish()?;
    let last = places.last().copied().filter(|_| !is_end);
    Ok(Listed { page_views, last, kept_from, is_whole: after == all_after })
}

/// The slowest of those that arrived after one; those after the other are looked at first.
fn slowest(
    connection: &Connection,
    selection: &Selection,
    (after, first): (i64, i64),
    part: (Order, Option<Place>, usize),
) -> Result<Vec<Place>> {
    let found = places(connection, selection, (first, 0), part)?;
    if first == after {
        return Ok(found);
    }
    let (.., limit) = part;
    let last = found.last().filter(|_| found.len() == limit);
    let steps_min = last.map_or(0, |last| last.steps);
    places(connection, selection, (after, steps_min), part)
}

/// Those that arrived after one; where the order is by value, only those that have one so large.
fn places(
    connection: &Connection,
    selection: &Selection,
    (after, steps_min): (i64, u32),
    (order, behind, limit): (Order, Option<Place>, usize),
) -> Result<Vec<Place>> {
    let first = Place { steps: u32::MAX, id: i64::MAX };
    let Place { steps, id } = behind.unwrap_or(first);
    let mut statement = connection.prepare_cached(statement(order))?;
    facts::bind(&mut statement, after, selection)?;
    if order != Order::Recent {
        statement.raw_bind_parameter(":steps", steps)?;
        statement.raw_bind_parameter(":steps_min", steps_min)?;
    }
    statement.raw_bind_parameter(":id", id)?;
    statement.raw_bind_parameter(":limit", i64::try_from(limit).unwrap_or(i64::MAX))?;
    let place = |row: &Row<'_>| Ok(Place { id: row.get(0)?, steps: row.get(1)? });
    statement.raw_query().mapped(place).collect()
}

/// The page view of a site with that key; of bots too.
fn find(
    connection: &mut Connection,
    site: SiteId,
    key: PageViewKey,
) -> Result<Option<PageViewRecord>> {
    let transaction = connection.transaction()?;
    let values = named_params! { ":key": key.0, ":site_id": site.0 };
    let record = transaction
        .prepare_cached(BY_KEY)?
        .query_row(values, |row| read_record(&transaction, row, &mut Texts::default()))
        .optional()?;
    transaction.finish()?;
    Ok(record)
}

fn read_record(
    connection: &Connection,
    row: &Row<'_>,
    texts: &mut Texts,
) -> Result<PageViewRecord> {
    record::read(connection, row, texts)
        .map_err(|error| Error::FromSqlConversionFailure(0, Type::Blob, error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::{Database, Filters};
    use proptest::prelude::*;
    use tempfile::TempDir;

    /// What SQLite does to find the page views of a statement.
    fn plan(sql: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rhumb.db");
        Database::open(&path).unwrap();
        let connection = Connection::open(&path).unwrap();
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let plan = statement.raw_query().mapped(|row| row.get::<_, String>(3));
        plan.map(Result::unwrap).find(|step| step.contains("page_views")).unwrap()
    }

    const END: Timestamp = Timestamp::constant(60, 0);
    const SLOWEST_LCP: Order = Order::Slowest(MetricName::Lcp);

    /// Page views that arrived in that order, each with its LCP.
    fn with_lcp(values: &[Option<u32>]) -> (Connection, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rhumb.db");
        Database::open(&path).unwrap();
        let connection = Connection::open(&path).unwrap();
        let frame =
            "INSERT INTO pages VALUES (1, 1, 'shop.example', '/', 'https://shop.example/', 0);
             INSERT INTO circumstances VALUES (1, '', '', '', '', '', '', '', 0, 1.0, 0);
             INSERT INTO arrivals VALUES (0, 1);";
        connection.execute_batch(frame).unwrap();
        let insert = "
            INSERT INTO page_views
            (id, key, page_id, circumstances_id, started_at_ms, sequence, lcp_us)
            VALUES (?1, ?1, 1, 1, 1, 0, ?2)";
        let mut insert = connection.prepare(insert).unwrap();
        for (id, value) in (1_i64..).zip(values) {
            insert.execute((id, value)).unwrap();
        }
        drop(insert);
        (connection, folder)
    }

    /// The keys of those that are listed, behind which the list goes on, and whether all were looked at.
    fn list(
        connection: &mut Connection,
        part: (Order, Option<Place>, usize),
        looked_at: LookedAt,
    ) -> (Vec<i64>, Option<Place>, bool) {
        let (from, filters) = (Timestamp::UNIX_EPOCH, Filters::default());
        let selection = Selection { site: SiteId(1), from, to: END, filters };
        let Listed { page_views, last, is_whole, .. } =
            read(connection, &selection, part, looked_at, END).unwrap();
        (page_views.iter().map(|it| it.key).collect(), last, is_whole)
    }

    #[test]
    fn the_slowest_are_those_of_the_latest_that_are_looked_at_and_the_recent_ones_of_all() {
        let (mut connection, _folder) = with_lcp(&[9, 5, 7, 3].map(Some));
        let mut keys = |order, max| {
            let (keys, _, is_whole) =
                list(&mut connection, (order, None, 2), LookedAt { first: 1, max });
            (keys, is_whole)
        };
        assert_eq!(keys(SLOWEST_LCP, 4), (vec![1, 3], true));
        assert_eq!(keys(SLOWEST_LCP, 3), (vec![3, 2], false));
        assert_eq!(keys(Order::Recent, 3), (vec![4, 3], true));
    }

    #[test]
    fn no_list_is_read_from_its_beginning_and_no_page_view_is_looked_for_one_by_one() {
        assert!(plan(RECENT).contains("PRIMARY KEY (rowid>? AND rowid<?)"), "{}", plan(RECENT));
        assert!(plan(BY_ID).contains("PRIMARY KEY (rowid=?)"), "{}", plan(BY_ID));
        assert!(plan(BY_KEY).contains("PRIMARY KEY (rowid=?)"), "{}", plan(BY_KEY));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

        #[test]
        fn however_many_are_looked_at_first_the_slowest_are_listed_page_after_page(
            values in prop::collection::vec(prop::option::of(0_u32..9), 0..60),
            first in 1_u32..60,
            limit in 1_usize..9,
        ) {
            let (mut connection, _folder) = with_lcp(&values);
            let (mut found, mut behind) = (Vec::new(), None);
            loop {
                let looked_at = LookedAt { first, max: LOOKED_AT_MAX };
                let (keys, last, _) =
                    list(&mut connection, (SLOWEST_LCP, behind, limit), looked_at);
                found.extend(keys);
                behind = last;
                if behind.is_none() {
                    break;
                }
            }
            let values = (1_i64..).zip(values).filter_map(|(key, value)| Some((value?, key)));
            let mut expected = values.collect::<Vec<_>>();
            expected.sort_unstable_by(|a, b| b.cmp(a));
            prop_assert_eq!(found, expected.into_iter().map(|it| it.1).collect::<Vec<_>>());
        }
    }
}
