//! Which page views are looked at, when there are too many to look at all of them.

use super::{ReadError, Reader, Selection, facts, kept, statements::Named};
use beacon::MetricName;
use rusqlite::{Connection, Result, Statement};
use std::num::NonZeroU32;

/// Page views that are looked at for one answer, twice: so many as take about two seconds. Of half of
/// them, a share is off by 0.003 at most in nineteen answers of twenty.
pub const EXPLAINED_MAX: NonZeroU32 = NonZeroU32::new(200_000).unwrap();

/// Columns of the selected page views of a sample, with other tables, under a condition.
///
/// Each stretch of `one_in` ids gives one, which is jumped to: the others are not even passed. It is
/// not at the same place in each of them, as page views may repeat in a pattern, but at the golden
/// ratio's multiples, which follow none.
///
/// `$table` is the one whose column `$id` is that id: page views, or one that only some of them have a row
/// of.
macro_rules! sampled {
    ($columns:literal, $table:literal, $id:literal, $joins:literal, $condition:literal) => {
        concat!(
            "WITH RECURSIVE stretches (number) AS (
                SELECT 0 UNION ALL
                SELECT number + 1 FROM stretches WHERE (number + 1) * :one_in < :last - :after
            )
            SELECT ",
            $columns,
            " FROM stretches CROSS JOIN ",
            $table,
            " ON ",
            $id,
            " = :after + 1 + number * :one_in + ((number * 2654435769 & 4294967295) * :one_in >> 32) ",
            $joins,
            " CROSS JOIN pages ON pages.id = page_id
                CROSS JOIN circumstances ON circumstances.id = circumstances_id
            WHERE NOT is_bot AND page_views.id <= :last AND ",
            $condition,
            " AND ",
            $crate::store::sqlite::facts::is_selected!("page_views")
        )
    };
}

pub(super) use sampled;

const LAST: &str = "SELECT ifnull(max(id), 0) FROM page_views";

pub(super) const STATEMENTS: [Named; 1] = [Named::new("page_views.last", LAST)];

/// Of each so many page views in the order of their arrival one, or simply all: those between two
/// that may be selected. Looked at again, it has the same ones, whatever has arrived since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Their ids are over this one …
    pub(super) after: i64,
    /// … and go up to this one.
    pub(super) last: i64,
    /// Those are left out on which it was not measured.
    pub(super) metric: Option<MetricName>,
    pub(super) one_in: NonZeroU32,
}

impl Sample {
    /// At most so many of those that were there then.
    pub(super) fn new(after: i64, last: i64, rows_max: NonZeroU32) -> Self {
        let rows = u64::try_from(last.saturating_sub(after)).unwrap_or(0);
        let one_in = u32::try_from(rows.div_ceil(rows_max.get().into())).unwrap_or(u32::MAX);
        let one_in = NonZeroU32::new(one_in).unwrap_or(NonZeroU32::MIN);
        Self { after, last, metric: None, one_in }
    }

    /// Of how many page views one is looked at.
    pub fn one_in(self) -> NonZeroU32 {
        self.one_in
    }
}

impl Reader {
    /// Which page views to look at for a selection, so many at most; if the question is about one
    /// metric, only those on which it was measured.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn sample(
        &self,
        selection: Selection,
        metric: Option<MetricName>,
        rows_max: NonZeroU32,
    ) -> Result<Sample, ReadError> {
        let sample =
            move |connection: &mut Connection| of(connection, &selection, metric, rows_max);
        self.report(sample).await
    }
}

/// Gives a statement that is made by `sampled!` what that asks for.
pub(super) fn bind(
    statement: &mut Statement<'_>,
    sample: Sample,
    selection: &Selection,
) -> Result<()> {
    facts::bind(statement, sample.after, selection)?;
    statement.raw_bind_parameter(":last", sample.last)?;
    statement.raw_bind_parameter(":one_in", sample.one_in().get())
}

/// Of the page views that may be selected, so many at most; without those that do not have a metric.
pub(super) fn of(
    connection: &mut Connection,
    selection: &Selection,
    metric: Option<MetricName>,
    rows_max: NonZeroU32,
) -> Result<Sample> {
    let transaction = connection.transaction()?;
    let (after, last) = range(&transaction, selection)?;
    transaction.finish()?;
    Ok(Sample { metric, ..Sample::new(after, last, rows_max) })
}

/// The ids of the page views that may be selected: over the one, and up to the other.
pub(super) fn range(connection: &Connection, selection: &Selection) -> Result<(i64, i64)> {
    let after = kept::after(connection, selection.from)?;
    let last = connection.prepare_cached(LAST)?.query_row([], |row| row.get(0))?;
    Ok((after, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one_in(after: i64, last: i64, rows_max: u32) -> u32 {
        Sample::new(after, last, NonZeroU32::new(rows_max).unwrap()).one_in().get()
    }

    #[test]
    fn all_are_looked_at_up_to_the_limit_and_then_every_second_one() {
        assert_eq!([one_in(0, 9, 10), one_in(0, 10, 10), one_in(0, 11, 10)], [1, 1, 2]);
        assert_eq!(one_in(0, 10_000_000, EXPLAINED_MAX.get()), 50);
    }

    #[test]
    fn nothing_is_looked_at_where_nothing_arrived() {
        assert_eq!([one_in(i64::MAX, 0, 10), one_in(7, 7, 10)], [1, 1]);
    }

    proptest! {
        #[test]
        fn there_are_never_more_than_the_limit_and_never_none(
            after in 0_i64..1 << 40,
            rows in 1_u32..,
            rows_max in 1_u32..,
        ) {
            let one_in = one_in(after, after + i64::from(rows), rows_max);
            prop_assert!(one_in <= rows);
            prop_assert!(rows.div_ceil(one_in) <= rows_max);
        }
    }
}
