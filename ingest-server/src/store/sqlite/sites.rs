//! Sites and their origins.

use super::{Database, ReadError, Reader, Tokens, sections, statements::Named};
use crate::ingest::SiteId;
use anyhow::Result;
use beacon::limits;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    str::FromStr,
};

/// The site of an empty database.
const DEFAULT_SITE: &str = "default";

const ALL: &str = "
    SELECT name, id, origin FROM sites LEFT JOIN site_origins ON site_id = id
    ORDER BY name, origin
";

/// Those that a server runs.
pub(super) const STATEMENTS: [Named; 1] = [Named::new("sites.all", ALL)];

/// What is a site's without saying so, besides [sections]. The rest goes with the site itself.
const REMOVE: [&str; 3] = [
    "DELETE FROM keys WHERE (half, page_view_id) IN (
         SELECT key >> 32, id FROM page_views WHERE page_id IN (
             SELECT id FROM pages WHERE site_id = (SELECT id FROM sites WHERE name = ?1)
         )
     )",
    "DELETE FROM page_views WHERE page_id IN (
         SELECT id FROM pages WHERE site_id = (SELECT id FROM sites WHERE name = ?1)
     )",
    "DELETE FROM corrections WHERE page_id IN (
         SELECT id FROM pages WHERE site_id = (SELECT id FROM sites WHERE name = ?1)
     )",
];

/// A key of a site that can stand in an address and in a shell: letters, digits, `-`, `_`, `.`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteName(String);

impl SiteName {
    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SiteName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if (1..=limits::SITE_BYTES_MAX).contains(&text.len()) && text.chars().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "expected 1 to {} letters, digits, `-`, `_` or `.`",
                limits::SITE_BYTES_MAX
            ))
        }
    }
}

impl fmt::Display for SiteName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Its key in the database.
    pub id: SiteId,
    /// The origins that may post to it, as browsers write them; all may, when there is none.
    pub origins: Vec<String>,
}

/// All sites by name, and who may read about one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sites {
    by_name: BTreeMap<String, Site>,
    tokens: Tokens,
}

impl Sites {
    /// The site of that name.
    pub fn get(&self, name: &str) -> Option<&Site> {
        self.by_name.get(name)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Site)> {
        self.by_name.iter().map(|(name, site)| (name.as_str(), site))
    }

    /// The tokens that read one of them.
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// That one, and no other; without who may read about it.
    #[must_use]
    pub fn only(&self, id: SiteId) -> Self {
        let its = self.by_name.iter().filter(|(_, site)| site.id == id);
        let by_name = its.map(|(name, site)| (name.clone(), site.clone())).collect();
        Self { by_name, tokens: Tokens::default() }
    }

    /// The name of each.
    pub fn names(&self) -> HashMap<SiteId, &str> {
        self.iter().map(|(name, site)| (site.id, name)).collect()
    }

    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let mut by_name = BTreeMap::new();
        let mut statement = connection.prepare_cached(ALL)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id = SiteId(row.get(1)?);
            let site = by_name.entry(row.get(0)?).or_insert(Site { id, origins: Vec::new() });
            site.origins.extend(row.get::<_, Option<String>>(2)?);
        }
        Ok(Self { by_name, tokens: Tokens::read(connection)? })
    }
}

impl Database {
    /// Every site, and every token.
    pub fn sites(&self) -> Result<Sites> {
        Ok(Sites::read(&self.connection)?)
    }

    /// Adds a site, or replaces the origins of the one with that name.
    pub fn put_site(&mut self, name: &SiteName, origins: &[String]) -> Result<()> {
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "INSERT INTO sites (name) VALUES (?1) ON CONFLICT (name) DO NOTHING",
            [&name.0],
        )?;
        transaction.execute(
            "DELETE FROM site_origins WHERE site_id = (SELECT id FROM sites WHERE name = ?1)",
            [&name.0],
        )?;
        for origin in origins {
            transaction.execute(
                "INSERT OR IGNORE INTO site_origins (site_id, origin)
                 SELECT id, ?2 FROM sites WHERE name = ?1",
                params![name.0, origin],
            )?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Removes a site and its page views; false when there is none of that name.
    pub fn remove_site(&mut self, name: &SiteName) -> Result<bool> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for table in sections::TABLES {
            let delete = format!(
                "DELETE FROM {table} WHERE page_view_id IN (
                     SELECT id FROM page_views WHERE page_id IN (
                         SELECT id FROM pages WHERE site_id = (SELECT id FROM sites WHERE name = ?1)
                     )
                 )"
            );
            transaction.execute(&delete, [&name.0])?;
        }
        for statement in REMOVE {
            transaction.execute(statement, [&name.0])?;
        }
        let removed = transaction.execute("DELETE FROM sites WHERE name = ?1", [&name.0])? > 0;
        transaction.commit()?;
        self.dictionary.forget();
        Ok(removed)
    }

    /// A new database has one site, so that the first beacon has somewhere to go.
    pub(super) fn put_default_site(&mut self) -> Result<()> {
        let any = self.connection.query_row("SELECT 1 FROM sites LIMIT 1", [], |_| Ok(()));
        if any.optional()?.is_none() {
            self.put_site(&SiteName(DEFAULT_SITE.to_owned()), &[])?;
        }
        Ok(())
    }
}

impl Reader {
    /// Every site, and every token.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn sites(&self) -> Result<Sites, ReadError> {
        self.aside(|connection| Sites::read(connection)).await
    }
}

/// The site of that name.
pub(super) fn find(connection: &Connection, name: &SiteName) -> rusqlite::Result<Option<SiteId>> {
    let sql = "SELECT id FROM sites WHERE name = ?1";
    connection.query_row(sql, [&name.0], |row| row.get(0).map(SiteId)).optional()
}
