//! Texts and shapes by number: what page views have in common is written once.
//!
//! The numbers are remembered, so that a page view costs a look-up in memory for each text. What is
//! remembered was used today; what was last used before the oldest page view is in no row and can be
//! deleted.

use super::{recent::Recent, statements::Named};
use crate::{
    ingest::{Country, PageView, SiteId},
    transfer::PageViewRecord,
};
use beacon::{Connection as EffectiveType, FormFactor, NavigationType};
use rusqlite::{Connection, Result, named_params, params};
use std::collections::HashMap;

/// Numbers remembered of each kind: some 10 MB of texts at most.
const REMEMBERED_MAX: usize = 50_000;

const PAGE: &str = "
    INSERT INTO pages (site_id, route, url, host, last_used_day) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (site_id, url, route, host) DO UPDATE SET last_used_day = excluded.last_used_day
    RETURNING id
";
const TEXT: &str = "
    INSERT INTO texts (text, last_used_day) VALUES (?1, ?2)
    ON CONFLICT (text) DO UPDATE SET last_used_day = excluded.last_used_day
    RETURNING id
";
const SHAPE: &str = "
    INSERT INTO shapes (shape, last_used_day) VALUES (?1, ?2)
    ON CONFLICT (shape) DO UPDATE SET last_used_day = excluded.last_used_day
    RETURNING id
";
const CIRCUMSTANCES: &str = "
    INSERT INTO circumstances (
        release, navigation_type, form_factor, connection, browser, os, country, is_bot,
        sample_rate, last_used_day
    ) VALUES (
        :release, :navigation_type, :form_factor, :connection, :browser, :os, :country, :is_bot,
        :sample_rate, :today
    )
    ON CONFLICT (
        release, navigation_type, form_factor, connection, browser, os, country, is_bot, sample_rate
    ) DO UPDATE SET last_used_day = excluded.last_used_day
    RETURNING id
";

const DATA_VERSION: &str = "PRAGMA data_version";

pub(super) const STATEMENTS: [Named; 5] = [
    Named::new("pages.number", PAGE),
    Named::new("texts.number", TEXT),
    Named::new("shapes.number", SHAPE),
    Named::new("circumstances.number", CIRCUMSTANCES),
    Named::control("database.version", DATA_VERSION),
];

/// The numbers of what was used today.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    /// In days since 1970.
    today: i64,
    /// Changes when another connection writes, which may have deleted a site.
    data_version: i64,
    pages: HashMap<String, i64>,
    circumstances: HashMap<Circumstances, i64>,
    texts: HashMap<String, i64>,
    shapes: HashMap<Vec<u8>, i64>,
    /// Not of texts, but known by heart as well.
    pub(super) recent: Recent,
}

/// Where page views were seen. An absent text is empty, as in the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page<'a> {
    pub(super) route: &'a str,
    pub(super) url: &'a str,
    pub(super) host: &'a str,
}

/// What page views are alike in, but for their page. An absent text is empty, as in the table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Circumstances {
    release: String,
    navigation_type: &'static str,
    form_factor: &'static str,
    connection: &'static str,
    browser: String,
    os: String,
    country: Option<Country>,
    is_bot: bool,
    sample_rate_bits: u32,
}

/// From whatever has them as fields.
macro_rules! circumstances_of {
    ($type:ty) => {
        impl From<&$type> for Circumstances {
            fn from(it: &$type) -> Self {
                Self {
                    release: it.release.clone().unwrap_or_default(),
                    navigation_type: it.navigation_type.map_or("", NavigationType::as_str),
                    form_factor: it.form_factor.map_or("", FormFactor::as_str),
                    connection: it.connection.map_or("", EffectiveType::as_str),
                    browser: it.browser.clone().unwrap_or_default(),
                    os: it.os.clone().unwrap_or_default(),
                    country: it.country,
                    is_bot: it.is_bot,
                    sample_rate_bits: it.sample_rate.to_bits(),
                }
            }
        }
    };
}

/// From whatever has it as fields.
macro_rules! page_of {
    ($type:ty) => {
        impl<'a> From<&'a $type> for Page<'a> {
            fn from(it: &'a $type) -> Self {
                Self {
                    route: it.route.as_deref().unwrap_or_default(),
                    url: it.url.as_deref().unwrap_or_default(),
                    host: it.host.as_deref().unwrap_or_default(),
                }
            }
        }
    };
}

page_of!(PageView);
page_of!(PageViewRecord);
circumstances_of!(PageView);
circumstances_of!(PageViewRecord);

impl Dictionary {
    /// To be called in every transaction, before anything is looked up. Whether nobody else has
    /// written since the last one.
    pub(super) fn begin(&mut self, connection: &Connection, today: i64) -> Result<bool> {
        let data_version =
            connection.prepare_cached(DATA_VERSION)?.query_row([], |row| row.get::<_, i64>(0))?;
        let is_alone = data_version == self.data_version;
        if !is_alone || today != self.today {
            self.forget();
            self.recent = Recent::read(connection)?;
            (self.today, self.data_version) = (today, data_version);
        }
        Ok(is_alone)
    }

    /// Of the present transaction, in days since 1970.
    pub(super) fn today(&self) -> i64 {
        self.today
    }

    /// To be called when a transaction fails: what it wrote is gone. The next one reads anew what is
    /// there.
    pub(super) fn forget(&mut self) {
        self.data_version = 0;
        self.pages.clear();
        self.circumstances.clear();
        self.texts.clear();
        self.shapes.clear();
    }

    /// The number of a page.
    pub(super) fn page(
        &mut self,
        connection: &Connection,
        site: SiteId,
        Page { route, url, host }: Page<'_>,
    ) -> Result<i64> {
        // None of them has control characters.
        let key = format!("{}\n{url}\n{route}\n{host}", site.0);
        remembered(&mut self.pages, key, || {
            let mut statement = connection.prepare_cached(PAGE)?;
            statement.query_row(params![site.0, route, url, host, self.today], |row| row.get(0))
        })
    }

    /// The number of a page view's circumstances.
    pub(super) fn circumstances(
        &mut self,
        connection: &Connection,
        circumstances: &Circumstances,
    ) -> Result<i64> {
        if let Some(id) = self.circumstances.get(circumstances) {
            return Ok(*id);
        }
        remembered(&mut self.circumstances, circumstances.clone(), || {
            let mut statement = connection.prepare_cached(CIRCUMSTANCES)?;
            let values = named_params! {
                ":release": circumstances.release,
                ":navigation_type": circumstances.navigation_type,
                ":form_factor": circumstances.form_factor,
                ":connection": circumstances.connection,
                ":browser": circumstances.browser,
                ":os": circumstances.os,
                ":country": circumstances.country.as_ref().map_or("", Country::as_str),
                ":is_bot": circumstances.is_bot,
                ":sample_rate": f32::from_bits(circumstances.sample_rate_bits),
                ":today": self.today,
            };
            statement.query_row(values, |row| row.get(0))
        })
    }

    /// The number of a text.
    pub(super) fn text(&mut self, connection: &Connection, text: &str) -> Result<i64> {
        if let Some(id) = self.texts.get(text) {
            return Ok(*id);
        }
        remembered(&mut self.texts, text.to_owned(), || {
            let mut statement = connection.prepare_cached(TEXT)?;
            statement.query_row(params![text, self.today], |row| row.get(0))
        })
    }

    /// The number of a shape of [details](super::details).
    pub(super) fn shape(&mut self, connection: &Connection, shape: &[u8]) -> Result<i64> {
        if let Some(id) = self.shapes.get(shape) {
            return Ok(*id);
        }
        remembered(&mut self.shapes, shape.to_owned(), || {
            let mut statement = connection.prepare_cached(SHAPE)?;
            statement.query_row(params![shape, self.today], |row| row.get(0))
        })
    }
}

fn remembered<K: Eq + std::hash::Hash>(
    known: &mut HashMap<K, i64>,
    key: K,
    find: impl FnOnce() -> Result<i64>,
) -> Result<i64> {
    if let Some(id) = known.get(&key) {
        return Ok(*id);
    }
    let id = find()?;
    if known.len() >= REMEMBERED_MAX {
        known.clear();
    }
    known.insert(key, id);
    Ok(id)
}
