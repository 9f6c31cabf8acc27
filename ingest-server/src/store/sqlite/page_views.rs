//! Writing page views.

use super::{
    details::Details,
    dictionary::Dictionary,
    ends::Ends,
    key,
    recent::Recent,
    row::{MetricValue, Row},
    sections,
    statements::Named,
    why::Why,
};
use crate::ingest::{Change, Measurement, PageView};
use beacon::MetricName;
use rusqlite::{Connection, OptionalExtension, Result, params};

/// A page view, found in that way.
macro_rules! find {
    ($from:literal, $condition:literal) => {
        concat!(
            "SELECT page_views.id, page_id, circumstances_id, started_at_ms, session, sequence,
                sequences, cls_millionths, fcp_us, inp_us, lcp_us, ttfb_us, fid_us, shape, details
            FROM ",
            $from,
            " LEFT JOIN shapes ON shapes.id = shape_id WHERE ",
            $condition
        )
    };
}

/// One that is rolled up.
const FIND: &str = find!(
    "keys CROSS JOIN page_views ON page_views.id = page_view_id",
    "key = ?1 AND half = ?1 >> 32"
);
/// One that is not.
const FIND_RECENT: &str = find!("page_views", "key = ?1 AND page_views.id = ?2");
const OF_ID: &str = find!("page_views", "page_views.id = ?1");
/// By number, here and in the next: names would be looked up one by one for every page view.
const INSERT: &str = "
    INSERT INTO page_views (
        id, key, page_id, circumstances_id, started_at_ms, session, sequence, sequences,
        cls_millionths, fcp_us, inp_us, lcp_us, ttfb_us, fid_us, shape_id, details
    ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
";
const UPDATE: &str = "
    UPDATE page_views SET
        page_id = ?3, circumstances_id = ?4, started_at_ms = ?5, session = ?6, sequence = ?7,
        sequences = ?8, cls_millionths = ?9, fcp_us = ?10, inp_us = ?11, lcp_us = ?12,
        ttfb_us = ?13, fid_us = ?14, shape_id = ?15, details = ?16
    WHERE id = ?1 AND key = ?2
";
/// Takes the row as it is, once with each sign.
const CORRECT: &str = "
    INSERT INTO corrections (
        sign, page_id, circumstances_id, started_at_ms,
        cls_millionths, fcp_us, inp_us, lcp_us, ttfb_us, fid_us
    )
    SELECT ?2, page_id, circumstances_id, started_at_ms,
        cls_millionths, fcp_us, inp_us, lcp_us, ttfb_us, fid_us
    FROM page_views WHERE id = ?1
";

pub(super) const STATEMENTS: [Named; 6] = [
    Named::new("page_views.find", FIND),
    Named::new("page_views.find_recent", FIND_RECENT),
    Named::new("page_views.of_id", OF_ID),
    Named::new("page_views.insert", INSERT),
    Named::new("page_views.update", UPDATE),
    Named::new("corrections.put", CORRECT),
];

/// Writes what a beacon says, and tells what becomes of its page view.
pub(super) fn write(
    connection: &Connection,
    dictionary: &mut Dictionary,
    ends: &mut Ends,
    page_view: &PageView,
) -> Result<Change> {
    let row = row(connection, dictionary, page_view)?;
    let key = key::of_page_view(page_view.site, page_view.id);
    let Some((id, known)) = find(connection, &dictionary.recent, key)? else {
        let id = insert(connection, dictionary, ends, key, &row)?;
        sections::write(connection, dictionary, (id, page_view.sequence), &page_view.sections)?;
        return Ok(Change { before: None, after: row.steps() });
    };
    sections::write(connection, dictionary, (id, page_view.sequence), &page_view.sections)?;
    let before = known.steps();
    let changed = merge(connection, dictionary, ends, key, (id, known), row)?;
    let after = changed.map_or(before, |row| row.steps());
    Ok(Change { before: Some(before), after })
}

/// Writes the first row of a page view; its id.
pub(super) fn insert(
    connection: &Connection,
    dictionary: &mut Dictionary,
    ends: &mut Ends,
    key: i64,
    row: &Row,
) -> Result<i64> {
    let id = ends.next_id;
    put(connection, dictionary, INSERT, (id, key), row)?;
    dictionary.recent.add(key, id);
    ends.next_id += 1;
    Ok(id)
}

/// Puts a row together with the one that is there; what that becomes, if it changes.
pub(super) fn merge(
    connection: &Connection,
    dictionary: &mut Dictionary,
    ends: &mut Ends,
    key: i64,
    (id, known): (i64, Row),
    row: Row,
) -> Result<Option<Row>> {
    let together = known.clone().with(row);
    if together == known {
        return Ok(None);
    }
    replace(connection, dictionary, (id, key), &together, ends)?;
    Ok(Some(together))
}

/// A row that is in histograms is taken out of them and put in again, when they are next written.
fn replace(
    connection: &Connection,
    dictionary: &mut Dictionary,
    (id, key): (i64, i64),
    row: &Row,
    ends: &mut Ends,
) -> Result<()> {
    let mut correct = |sign: i64| -> Result<()> {
        if id <= ends.watermark {
            connection.prepare_cached(CORRECT)?.execute(params![id, sign])?;
            ends.corrections += 1;
        }
        Ok(())
    };
    correct(-1)?;
    put(connection, dictionary, UPDATE, (id, key), row)?;
    correct(1)
}

fn row(connection: &Connection, dictionary: &mut Dictionary, page_view: &PageView) -> Result<Row> {
    let page = dictionary.page(connection, page_view.site, page_view.into())?;
    let circumstances = dictionary.circumstances(connection, &page_view.into())?;
    let mut metrics = [const { None }; MetricName::ALL.len()];
    for (name, value) in MetricName::ALL.into_iter().zip(&mut metrics) {
        if let Some(measured) = page_view.measurements.get(name) {
            let sequence = page_view.sequence;
            *value = Some(metric(connection, dictionary, name, sequence, measured)?);
        }
    }
    Ok(Row {
        page,
        circumstances,
        started_at_ms: page_view.started_at.as_millisecond(),
        session: page_view.session.map(key::of_session),
        sequence: page_view.sequence,
        metrics,
    })
}

/// A metric of the beacon with that sequence.
pub(super) fn metric(
    connection: &Connection,
    dictionary: &mut Dictionary,
    name: MetricName,
    sequence: u32,
    Measurement { steps, attribution }: &Measurement,
) -> Result<MetricValue> {
    let id_of = |text: &str| dictionary.text(connection, text);
    let why = Why::from_attribution(name, attribution, id_of)?;
    Ok(MetricValue { sequence, steps: *steps, why })
}

/// The id and the row of a page view.
pub(super) fn find(
    connection: &Connection,
    recent: &Recent,
    key: i64,
) -> Result<Option<(i64, Row)>> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, read(row)?));
    match recent.id(key) {
        Some(id) => connection.prepare_cached(FIND_RECENT)?.query_row([key, id], read),
        None => connection.prepare_cached(FIND)?.query_row([key], read),
    }
    .optional()
}

/// The row with that id.
pub(super) fn of_id(connection: &Connection, id: i64) -> Result<Option<Row>> {
    connection.prepare_cached(OF_ID)?.query_row([id], read).optional()
}

/// A row of a statement that selects as `FIND` does.
pub(super) fn read(row: &rusqlite::Row<'_>) -> Result<Row> {
    const STEPS: usize = 7;
    const SHAPE: usize = STEPS + MetricName::ALL.len();
    const REST: usize = SHAPE + 1;
    let sequence = row.get(5)?;
    let sequences = row.get::<_, Option<Vec<u8>>>(6)?;
    let sequences = sequences.and_then(|bytes| postcard::from_bytes::<Sequences>(&bytes).ok());
    let sequences = sequences.unwrap_or([sequence; MetricName::ALL.len()]);
    let mut metrics = [const { None }; MetricName::ALL.len()];
    for (index, metric) in metrics.iter_mut().enumerate() {
        if let Some(steps) = row.get(STEPS + index)? {
            let (sequence, why) = (sequences[index], Why::default());
            *metric = Some(MetricValue { sequence, steps, why });
        }
    }
    if let (Some(shape), Some(rest)) = (row.get(SHAPE)?, row.get(REST)?) {
        // What cannot be read any more is not known any more; the values still are.
        let _ = Details { shape, rest }.decode(&mut metrics);
    }
    Ok(Row {
        page: row.get(1)?,
        circumstances: row.get(2)?,
        started_at_ms: row.get(3)?,
        session: row.get(4)?,
        sequence,
        metrics,
    })
}

/// The sequence that each metric is from; of one that is not there, that of the row.
type Sequences = [u32; MetricName::ALL.len()];

/// As they are stored: nothing when all are that of the row, as they mostly are.
pub(super) fn sequences(row: u32, metrics: Sequences) -> Option<Vec<u8>> {
    if metrics.iter().all(|sequence| *sequence == row) {
        return None;
    }
    // A list of numbers can always be written.
    postcard::to_allocvec(&metrics).ok()
}

fn put(
    connection: &Connection,
    dictionary: &mut Dictionary,
    statement: &str,
    (id, key): (i64, i64),
    row: &Row,
) -> Result<()> {
    let details = Details::encode(&row.metrics);
    let shape = details.as_ref().map(|details| dictionary.shape(connection, &details.shape));
    let sequence = |metric: &Option<MetricValue>| {
        metric.as_ref().map_or(row.sequence, |metric| metric.sequence)
    };
    let [cls, fcp, inp, lcp, ttfb, fid] = row.steps();
    connection.prepare_cached(statement)?.execute(params![
        id,
        key,
        row.page,
        row.circumstances,
        row.started_at_ms,
        row.session,
        row.sequence,
        sequences(row.sequence, row.metrics.each_ref().map(sequence)),
        cls,
        fcp,
        inp,
        lcp,
        ttfb,
        fid,
        shape.transpose()?,
        details.map(|details| details.rest),
    ])?;
    Ok(())
}
