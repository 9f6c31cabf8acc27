//! What scripts were made of.

use super::{Database, ReadError, Reader, SiteName, statements::Named};
use crate::ingest::SiteId;
use anyhow::{Context, Result};
use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use std::io::{Read, Write};

/// Source maps of a site; of more, those that were uploaded first are deleted.
pub const SOURCE_MAPS_MAX: u32 = 5000;
/// Bytes of a source map without its sources.
pub const SOURCE_MAP_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Bytes of the name of a script.
pub const SOURCE_MAP_NAME_BYTES_MAX: usize = 1024;
/// Folders of an address that may be part of a name.
const FOLDERS_MAX: usize = 20;

const PUT: &str = "
    INSERT OR REPLACE INTO source_maps (site_id, name, uploaded_day, map)
    SELECT id, ?2, ?3, ?4 FROM sites WHERE name = ?1
";
const DELETE_OLDEST: &str = "
    DELETE FROM source_maps WHERE id IN (
        SELECT id FROM source_maps WHERE site_id = (SELECT id FROM sites WHERE name = ?1)
        ORDER BY id DESC LIMIT -1 OFFSET ?2
    )
";
const LIST: &str = "
    SELECT source_maps.name, length(map) FROM source_maps
    JOIN sites ON sites.id = site_id WHERE sites.name = ?1 ORDER BY source_maps.name
";
const REMOVE: &str = "
    DELETE FROM source_maps
    WHERE site_id = (SELECT id FROM sites WHERE name = ?1) AND (?2 IS NULL OR name = ?2)
";
/// One that is replaced has a new number.
const VERSION: &str = "SELECT count(*), ifnull(max(id), 0) FROM source_maps WHERE site_id = ?1";
const FIND: &str = "SELECT map FROM source_maps WHERE site_id = ?1 AND name = ?2";

/// Those that a server runs.
pub(super) const STATEMENTS: [Named; 2] =
    [Named::new("source_maps.version", VERSION), Named::new("source_maps.find", FIND)];

impl Database {
    /// Keeps the map of a script, in the place of the one that is there; false when there is no such site.
    pub fn put_source_map(
        &mut self,
        site: &SiteName,
        name: &str,
        map: &[u8],
        now: Timestamp,
    ) -> Result<bool> {
        let mut compressed = ZlibEncoder::new(Vec::new(), Compression::default());
        compressed.write_all(map)?;
        let compressed = compressed.finish()?;
        let transaction = self.connection.transaction()?;
        let site = site.as_str();
        let written = transaction.execute(PUT, params![site, name, super::day(now), compressed])?;
        transaction.execute(DELETE_OLDEST, params![site, SOURCE_MAPS_MAX])?;
        transaction.commit()?;
        Ok(written > 0)
    }

    /// The names of a site's source maps, and how many bytes each takes here.
    pub fn source_maps(&self, site: &SiteName) -> Result<Vec<(String, u64)>> {
        let mut statement = self.connection.prepare(LIST)?;
        let rows = statement.query_map([site.as_str()], |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Removes one of a site's source maps, or all; how many there were.
    pub fn remove_source_maps(&mut self, site: &SiteName, name: Option<&str>) -> Result<usize> {
        Ok(self.connection.execute(REMOVE, params![site.as_str(), name])?)
    }
}

impl Reader {
    /// Changes when a source map of a site is uploaded or removed.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn source_maps_version(&self, site: SiteId) -> Result<(i64, i64), ReadError> {
        let read = move |connection: &mut Connection| {
            let mut statement = connection.prepare_cached(VERSION)?;
            statement.query_row([site.0], |row| Ok((row.get(0)?, row.get(1)?)))
        };
        self.aside::<_, rusqlite::Error>(read).await
    }

    /// Looks at the map of the script at an address: of all whose names it ends with, the longest. Nothing,
    /// if there is none. It takes its turn as a report does, as long as it is looked at.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn with_source_map<T: Send + 'static>(
        &self,
        site: SiteId,
        source: String,
        look: impl FnOnce(Option<&[u8]>) -> T + Send + 'static,
    ) -> Result<T, ReadError> {
        let find = move |connection: &mut Connection| {
            let mut found = None;
            let mut statement = connection.prepare_cached(FIND)?;
            for name in names(&source) {
                let map =
                    statement.query_row(params![site.0, name], |row| row.get::<_, Vec<u8>>(0));
                found = map.optional()?;
                if found.is_some() {
                    break;
                }
            }
            // What cannot be unpacked explains nothing.
            let map = found.and_then(|compressed| unpacked(&compressed).ok());
            Ok::<_, rusqlite::Error>(look(map.as_deref()))
        };
        self.report(find).await
    }
}

fn unpacked(compressed: &[u8]) -> Result<Vec<u8>> {
    let mut map = Vec::new();
    ZlibDecoder::new(compressed)
        .take(SOURCE_MAP_BYTES_MAX)
        .read_to_end(&mut map)
        .context("cannot unpack a source map")?;
    Ok(map)
}

/// What the path of an address ends with, the longest first.
fn names(source: &str) -> impl Iterator<Item = &str> {
    let path = source.find("://").map_or(source, |scheme| &source[scheme + "://".len()..]);
    let starts = path.match_indices('/').map(|(at, _)| &path[at + 1..]);
    starts.filter(|name| !name.is_empty()).take(FOLDERS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_found_by_whatever_its_address_ends_with() {
        let found = names("https://shop.example/static/assets/a.js").collect::<Vec<_>>();
        assert_eq!(found, ["static/assets/a.js", "assets/a.js", "a.js"]);
        assert_eq!(names("https://shop.example/").count(), 0);
    }
}
