//! What SQLite is asked about each section.

use super::Kept;
use crate::store::sqlite::statements::Named;
use beacon::{
    Errors, LongFrames, Measures, Memory, Profile, Renders, Requests, Resources, Timeline,
};

/// What writes and reads the rows of a section.
#[derive(Debug)]
pub struct Statements {
    pub(super) table: &'static str,
    /// The one with the higher sequence has all that the other one had.
    pub(super) put: &'static str,
    pub(super) of_page_view: &'static str,
    pub(super) of_sample: &'static str,
    /// The same of all that there are.
    pub(super) of_all: &'static str,
    /// How many there are, as long as they are not more than that.
    pub(super) count: &'static str,
    /// Deletes those of page views up to one.
    pub(super) prune: &'static str,
    /// What each of these is called, in their order.
    pub(super) names: [&'static str; 6],
}

macro_rules! statements {
    ($table:literal) => {
        $crate::store::sqlite::sections::Statements {
            table: $table,
            put: concat!(
                "INSERT INTO ",
                $table,
                " (page_view_id, sequence, told) VALUES (?1, ?2, ?3)
                ON CONFLICT (page_view_id) DO UPDATE
                    SET sequence = excluded.sequence, told = excluded.told
                    WHERE excluded.sequence > sequence"
            ),
            of_page_view: concat!(
                "SELECT sequence, told FROM ",
                $table,
                " WHERE page_view_id = ?1"
            ),
            of_sample: $crate::store::sqlite::sample::sampled!(
                "told, host, route, page_view_id",
                $table,
                "page_view_id",
                "CROSS JOIN page_views ON page_views.id = page_view_id",
                "TRUE"
            ),
            of_all: concat!(
                "SELECT told, host, route, page_view_id FROM ",
                $table,
                " CROSS JOIN page_views ON page_views.id = page_view_id
                    CROSS JOIN pages ON pages.id = page_id
                    CROSS JOIN circumstances ON circumstances.id = circumstances_id
                WHERE page_view_id > :after AND page_view_id <= :last AND NOT is_bot AND ",
                $crate::store::sqlite::facts::is_selected!("page_views")
            ),
            count: concat!(
                "SELECT count(*) FROM (
                    SELECT 1 FROM ",
                $table,
                " WHERE page_view_id > ?1 AND page_view_id <= ?2 LIMIT ?3
                )"
            ),
            prune: concat!("DELETE FROM ", $table, " WHERE page_view_id <= ?1"),
            names: [
                concat!("sections.", $table, ".put"),
                concat!("sections.", $table, ".of_page_view"),
                concat!("sections.", $table, ".of_sample"),
                concat!("sections.", $table, ".of_all"),
                concat!("sections.", $table, ".count"),
                concat!("sections.", $table, ".prune"),
            ],
        }
    };
}

pub(super) use statements;

/// One of each section's.
macro_rules! each_of_all {
    ($field:ident) => {{
        let mut each = [""; ALL.len()];
        let mut at = 0;
        while at < ALL.len() {
            each[at] = ALL[at].$field;
            at += 1;
        }
        each
    }};
}

const ALL: [Statements; 9] = [
    Renders::STATEMENTS,
    LongFrames::STATEMENTS,
    Measures::STATEMENTS,
    Resources::STATEMENTS,
    Memory::STATEMENTS,
    Errors::STATEMENTS,
    Requests::STATEMENTS,
    Profile::STATEMENTS,
    Timeline::STATEMENTS,
];

/// The tables of all sections. Whoever deletes page views deletes their rows of these.
pub(in crate::store::sqlite) const TABLES: [&str; ALL.len()] = each_of_all!(table);
/// What deletes the rows of page views up to one.
pub(in crate::store::sqlite) const PRUNE: [&str; ALL.len()] = each_of_all!(prune);

/// All of them, by name.
pub(in crate::store::sqlite) fn named() -> impl Iterator<Item = Named> {
    ALL.into_iter().flat_map(|it| {
        let Statements { put, of_page_view, of_sample, of_all, count, prune, names, .. } = it;
        let texts = [put, of_page_view, of_sample, of_all, count, prune];
        names.into_iter().zip(texts).map(|(name, sql)| Named::new(name, sql))
    })
}
