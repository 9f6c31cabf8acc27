//! The schema, as a list of steps that is only ever appended to.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

const STEPS: &[M<'_>] = &[M::up(include_str!("../../../migrations/0001_sites_and_page_views.sql"))];

/// Brings a database of any earlier release up to date.
pub(super) fn run(connection: &mut Connection) -> rusqlite_migration::Result<()> {
    Migrations::from_slice(STEPS).to_latest(connection)
}
