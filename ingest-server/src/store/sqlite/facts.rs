//! Page views as they are counted. Bots never are.

use super::{Selection, address::Address, statements::Named};
use crate::{
    ingest::SiteId,
    roll_up::{Dimension, Fact},
};
use beacon::MetricName;
use rusqlite::{Connection, Result, Row, Rows, Statement, named_params, params};

/// Rows of a table in the order of their ids, and what their numbers stand for.
macro_rules! facts {
    ($sign:literal, $table:literal, $condition:expr) => {
        concat!(
            "SELECT ",
            $sign,
            ", site_id, started_at_ms,
                route || char(10) || host,
                form_factor, browser, os, country, connection, release, navigation_type, host,
                cls_millionths, fcp_us, inp_us, lcp_us, ttfb_us, fid_us
            FROM ",
            $table,
            "
                CROSS JOIN pages ON pages.id = page_id
                CROSS JOIN circumstances ON circumstances.id = circumstances_id
            WHERE NOT is_bot AND ",
            $condition
        )
    };
}

/// What a question is about.
macro_rules! is_selected {
    ($table:literal) => {
        concat!(
            $table,
            ".id > :after
            AND site_id = :site_id AND started_at_ms >= :from_ms AND started_at_ms < :to_ms
            AND (:route IS NULL OR route = :route)
            AND (:form_factor IS NULL OR form_factor = :form_factor)
            AND (:browser IS NULL OR browser = :browser)
            AND (:os IS NULL OR os = :os)
            AND (:country IS NULL OR country = :country)
            AND (:connection IS NULL OR connection = :connection)
            AND (:release IS NULL OR release = :release)
            AND (:navigation_type IS NULL OR navigation_type = :navigation_type)
            AND (:host IS NULL OR host = :host)
            AND (:first_url IS NULL OR url BETWEEN :first_url AND :last_url)"
        )
    };
}

pub(super) use is_selected;

const SELECTED_PAGE_VIEWS: &str = facts!("1", "page_views", is_selected!("page_views"));
const SELECTED_CORRECTIONS: &str = facts!("sign", "corrections", is_selected!("corrections"));
const PAGE_VIEWS: &str = facts!("1", "page_views", "page_views.id > ?1 AND page_views.id <= ?2");
const CORRECTIONS: &str =
    facts!("sign", "corrections", "corrections.id > ?1 AND corrections.id <= ?2");
const BEGAN_BEFORE: &str = facts!(
    "1",
    "page_views",
    "page_views.id <= :last AND started_at_ms < :end_ms AND site_id = :site_id"
);

pub(super) const STATEMENTS: [Named; 5] = [
    Named::new("page_views.selected", SELECTED_PAGE_VIEWS),
    Named::new("corrections.selected", SELECTED_CORRECTIONS),
    Named::new("page_views.to_roll_up", PAGE_VIEWS),
    Named::new("corrections.to_roll_up", CORRECTIONS),
    Named::new("page_views.began_before", BEGAN_BEFORE),
];

/// Where facts are read from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    PageViews,
    /// What has changed in page views that are rolled up.
    Corrections,
}

/// Those that a question is about, with an id over `after`.
pub(super) fn selected(
    connection: &Connection,
    source: Source,
    after: i64,
    selection: &Selection,
    each: impl FnMut(&Fact<'_>),
) -> Result<()> {
    let statement = match source {
        Source::PageViews => SELECTED_PAGE_VIEWS,
        Source::Corrections => SELECTED_CORRECTIONS,
    };
    let mut statement = connection.prepare_cached(statement)?;
    bind(&mut statement, after, selection)?;
    read(statement.raw_query(), each)
}

/// Gives a statement with the condition `is_selected!` what that asks for.
pub(super) fn bind(
    statement: &mut Statement<'_>,
    after: i64,
    Selection { site, from, to, filters }: &Selection,
) -> Result<()> {
    statement.raw_bind_parameter(":after", after)?;
    statement.raw_bind_parameter(":site_id", site.0)?;
    statement.raw_bind_parameter(":from_ms", from.as_millisecond())?;
    statement.raw_bind_parameter(":to_ms", to.as_millisecond())?;
    // What is not bound is null.
    for (name, value) in filters.given() {
        statement.raw_bind_parameter(&*format!(":{name}"), value)?;
    }
    let (first_url, last_url) = filters.address.as_ref().map(Address::bounds).unzip();
    statement.raw_bind_parameter(":first_url", first_url)?;
    statement.raw_bind_parameter(":last_url", last_url)
}

/// Those of every site, with an id over `after` and up to `to`.
pub(super) fn between(
    connection: &Connection,
    source: Source,
    after: i64,
    to: i64,
    each: impl FnMut(&Fact<'_>),
) -> Result<()> {
    let statement = match source {
        Source::PageViews => PAGE_VIEWS,
        Source::Corrections => CORRECTIONS,
    };
    read(connection.prepare_cached(statement)?.query(params![after, to])?, each)
}

/// Those of a site that began before that time, with an id up to `last`. Every page view is looked
/// at.
pub(super) fn began_before(
    connection: &Connection,
    site: SiteId,
    end_ms: i64,
    last: i64,
    each: impl FnMut(&Fact<'_>),
) -> Result<()> {
    let values = named_params! { ":last": last, ":end_ms": end_ms, ":site_id": site.0 };
    read(connection.prepare_cached(BEGAN_BEFORE)?.query(values)?, each)
}

fn read(mut rows: Rows<'_>, mut each: impl FnMut(&Fact<'_>)) -> Result<()> {
    while let Some(row) = rows.next()? {
        each(&fact(row)?);
    }
    Ok(())
}

fn fact<'a>(row: &'a Row<'_>) -> Result<Fact<'a>> {
    const VALUES: usize = 3;
    const STEPS: usize = VALUES + 1 + Dimension::PLAIN.len();
    let mut values = [""; 1 + Dimension::PLAIN.len()];
    for (index, value) in values.iter_mut().enumerate() {
        *value = row.get_ref(VALUES + index)?.as_str()?;
    }
    let mut steps = [None; MetricName::ALL.len()];
    for (index, steps) in steps.iter_mut().enumerate() {
        *steps = row.get(STEPS + index)?;
    }
    Ok(Fact {
        sign: row.get(0)?,
        site: SiteId(row.get(1)?),
        started_at_ms: row.get(2)?,
        values,
        steps,
    })
}
