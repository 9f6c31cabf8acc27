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

/// Page views that are looked at for the slowest: those of all sites that arrived last. So many take about a second.
pub const LOOKED_AT_MAX: u32 = 500_000;

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
            " AND (steps, page_views.id) < (:steps, :id)
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
        let read = move |connection: &mut Connection| {
            read(connection, &selection, part, LOOKED_AT_MAX, now)
        };
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
    looked_at_max: u32,
    now: Timestamp,
) -> Result<Listed> {
    let transaction = connection.transaction()?;
    let (all_after, newest) = sample::range(&transaction, selection)?;
    let after = match order {
        Order::Recent => all_after,
        Order::Slowest(_) => all_after.max(newest - i64::from(looked_at_max)),
    };
    // One more, to see whether there is more.
    let part = (order, behind, limit.saturating_add(1));
    let mut places = places(&transaction, selection, after, part)?;
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

fn places(
    connection: &Connection,
    selection: &Selection,
    after: i64,
    (order, behind, limit): (Order, Option<Place>, usize),
) -> Result<Vec<Place>> {
    let first = Place { steps: u32::MAX, id: i64::MAX };
    let Place { steps, id } = behind.unwrap_or(first);
    let mut statement = connection.prepare_cached(statement(order))?;
    facts::bind(&mut statement, after, selection)?;
    if order != Order::Recent {
        statement.raw_bind_parameter(":steps", steps)?;
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

    #[test]
    fn the_slowest_are_those_of_the_latest_that_are_looked_at_and_the_recent_ones_of_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rhumb.db");
        Database::open(&path).unwrap();
        let mut connection = Connection::open(&path).unwrap();
        // The first one is the slowest.
        let rows =
            "INSERT INTO pages VALUES (1, 1, 'shop.example', '/', 'https://shop.example/', 0);
             INSERT INTO circumstances VALUES (1, '', '', '', '', '', '', '', 0, 1.0, 0);
             INSERT INTO page_views
                 (id, key, page_id, circumstances_id, started_at_ms, sequence, lcp_us)
                 VALUES (1, 1, 1, 1, 1, 0, 9000), (2, 2, 1, 1, 1, 0, 5000),
                        (3, 3, 1, 1, 1, 0, 7000), (4, 4, 1, 1, 1, 0, 3000);
             INSERT INTO arrivals VALUES (0, 1);";
        connection.execute_batch(rows).unwrap();
        let (from, to) = (Timestamp::UNIX_EPOCH, Timestamp::from_second(60).unwrap());
        let selection = Selection { site: SiteId(1), from, to, filters: Filters::default() };
        let mut keys = |order, looked_at_max| {
            let listed =
                read(&mut connection, &selection, (order, None, 2), looked_at_max, to).unwrap();
            let keys = listed.page_views.iter().map(|it| it.key).collect::<Vec<_>>();
            (keys, listed.is_whole)
        };
        let slowest = Order::Slowest(MetricName::Lcp);
        assert_eq!(keys(slowest, 4), (vec![1, 3], true));
        assert_eq!(keys(slowest, 3), (vec![3, 2], false));
        assert_eq!(keys(Order::Recent, 3), (vec![4, 3], true));
    }

    #[test]
    fn no_list_is_read_from_its_beginning_and_no_page_view_is_looked_for_one_by_one() {
        assert!(plan(RECENT).contains("PRIMARY KEY (rowid>? AND rowid<?)"), "{}", plan(RECENT));
        assert!(plan(BY_ID).contains("PRIMARY KEY (rowid=?)"), "{}", plan(BY_ID));
        assert!(plan(BY_KEY).contains("PRIMARY KEY (rowid=?)"), "{}", plan(BY_KEY));
    }
}
