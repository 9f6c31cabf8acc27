//! Reading page views out, in the order in which they arrived.
//!
//! A long read would keep the log from being emptied while others write, so they are read a range of
//! ids at a time. Page views are only ever deleted from the oldest on: whether one that was not read
//! yet is gone can be told from the next one.

use super::{
    Database, prune,
    record::{self, Texts, records},
    statements::Named,
};
use crate::{ingest::SiteId, transfer::PageViewRecord};
use anyhow::{Result, ensure};
use rusqlite::{Connection, named_params};

/// Ids that are read at once.
const RANGE: i64 = 4096;
const SELECT: &str = records!(
    "page_views.id >= :first AND page_views.id <= :last AND site_id = :site_id
    ORDER BY page_views.id"
);

const ENDS: &str = "SELECT min(id), ifnull(max(id), 0) FROM page_views";
const NEXT: &str = "SELECT min(id) FROM page_views WHERE id > ?1 AND id <= ?2";

pub(super) const STATEMENTS: [Named; 3] = [
    Named::new("page_views.export", SELECT),
    Named::new("page_views.next", NEXT),
    Named::of_all("page_views.ends", ENDS, "an export begins with it, and reads all anyway"),
];

/// How far a site's page views are read. Those that arrive after it was made are not.
#[derive(Debug)]
pub struct Export {
    pub(super) site: SiteId,
    /// The first one that is not read yet, of any site; nothing at the end.
    next: Option<i64>,
    last: i64,
    texts: Texts,
}

impl Database {
    /// Begins to read out a site.
    pub fn export(&self, site: SiteId) -> Result<Export> {
        let (next, last) =
            self.connection.query_row(ENDS, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Export { site, next, last, texts: Texts::default() })
    }

    /// The next page views of a site; none at the end.
    pub fn export_page_views(&mut self, export: &mut Export) -> Result<Vec<PageViewRecord>> {
        let mut records = Vec::new();
        while let (true, Some(first)) = (records.is_empty(), export.next) {
            let transaction = self.connection.transaction()?;
            export.check(&transaction)?;
            let last = export.last.min(first + RANGE - 1);
            records = read(&transaction, export, first, last)?;
            export.next = transaction
                .prepare_cached(NEXT)?
                .query_row([last, export.last], |row| row.get(0))?;
            transaction.finish()?;
        }
        Ok(records)
    }
}

impl Export {
    /// That all page views are still there that are not read yet.
    pub(super) fn check(&self, connection: &Connection) -> Result<()> {
        let oldest: Option<i64> =
            connection.prepare_cached(prune::OLDEST)?.query_row([], |row| row.get(0))?;
        ensure!(
            self.next.is_none_or(|next| oldest.is_some_and(|oldest| oldest <= next)),
            "old page views were deleted before they were read, as the server does after midnight \
             UTC; export again"
        );
        Ok(())
    }
}

fn read(
    connection: &Connection,
    export: &mut Export,
    first: i64,
    last: i64,
) -> Result<Vec<PageViewRecord>> {
    let mut statement = connection.prepare_cached(SELECT)?;
    let site = export.site.0;
    let mut rows =
        statement.query(named_params! { ":first": first, ":last": last, ":site_id": site })?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        records.push(record::read(connection, row, &mut export.texts)?);
    }
    Ok(records)
}
