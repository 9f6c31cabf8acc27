//! Writing page views.

use super::{
    attribution,
    dictionary::Dictionary,
    ends::Ends,
    key,
    row::{MetricValue, Row},
};
use crate::ingest::PageView;
use beacon::MetricName;
use rusqlite::{Connection, OptionalExtension, Result, named_params, params};

const FIND: &str = "
    SELECT id, page_id, circumstances_id, started_at_ms, session, sequence, sequences,
        cls_millionths, fcp_us, inp_us, lcp_us, ttfb_us, fid_us,
        cls_attribution, fcp_attribution, inp_attribution, lcp_attribution, ttfb_attribution, NULL
    FROM page_views WHERE key = ?1
";
const INSERT: &str = "
    INSERT INTO page_views (
        id, key, page_id, circumstances_id, started_at_ms, session, sequence, sequences,
        cls_millionths, fcp_us, inp_us, lcp_us, ttfb_us, fid_us,
        cls_attribution, fcp_attribution, inp_attribution, lcp_attribution, ttfb_attribution
    ) VALUES (
        :id, :key, :page_id, :circumstances_id, :started_at_ms, :session, :sequence, :sequences,
        :cls, :fcp, :inp, :lcp, :ttfb, :fid,
        :cls_why, :fcp_why, :inp_why, :lcp_why, :ttfb_why
    )
";
const UPDATE: &str = "
    UPDATE page_views SET
        page_id = :page_id, circumstances_id = :circumstances_id, started_at_ms = :started_at_ms,
        session = :session, sequence = :sequence, sequences = :sequences,
        cls_millionths = :cls, fcp_us = :fcp, inp_us = :inp, lcp_us = :lcp, ttfb_us = :ttfb,
        fid_us = :fid,
        cls_attribution = :cls_why, fcp_attribution = :fcp_why, inp_attribution = :inp_why,
        lcp_attribution = :lcp_why, ttfb_attribution = :ttfb_why
    WHERE id = :id AND key = :key
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

/// Writes what a beacon says.
pub(super) fn write(
    connection: &Connection,
    dictionary: &mut Dictionary,
    ends: &mut Ends,
    page_view: &PageView,
) -> Result<()> {
    let row = row(connection, dictionary, page_view)?;
    let key = key::of_page_view(page_view.site, page_view.id);
    match find(connection, key)? {
        None => {
            put(connection, INSERT, ends.next_id, key, &row)?;
            ends.next_id += 1;
        }
        Some((id, known)) => {
            let together = known.clone().with(row);
            if together != known {
                replace(connection, id, key, &together, *ends)?;
            }
        }
    }
    Ok(())
}

/// A row that is in histograms is taken out of them and put in again, when they are next written.
fn replace(connection: &Connection, id: i64, key: i64, row: &Row, ends: Ends) -> Result<()> {
    let correct = |sign: i64| -> Result<()> {
        if id <= ends.watermark {
            connection.prepare_cached(CORRECT)?.execute(params![id, sign])?;
        }
        Ok(())
    };
    correct(-1)?;
    put(connection, UPDATE, id, key, row)?;
    correct(1)
}

fn row(connection: &Connection, dictionary: &mut Dictionary, page_view: &PageView) -> Result<Row> {
    let text = |text: &Option<String>| text.as_deref().unwrap_or_default().to_owned();
    let (route, url) = (text(&page_view.route), text(&page_view.url));
    let page = dictionary.page(connection, page_view.site, &route, &url)?;
    let circumstances = dictionary.circumstances(connection, page_view)?;
    let mut metrics = [const { None }; MetricName::ALL.len()];
    for (name, value) in MetricName::ALL.into_iter().zip(&mut metrics) {
        if let Some(measured) = page_view.measurements.get(name) {
            let (steps, why) = (measured.steps, &measured.attribution);
            let id_of = |text: &str| dictionary.text(connection, text);
            let attribution = attribution::encode(name, steps, why, id_of)?;
            *value = Some(MetricValue { sequence: page_view.sequence, steps, attribution });
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

fn find(connection: &Connection, key: i64) -> Result<Option<(i64, Row)>> {
    let mut statement = connection.prepare_cached(FIND)?;
    statement.query_row([key], |row| Ok((row.get(0)?, read(row)?))).optional()
}

fn read(row: &rusqlite::Row<'_>) -> Result<Row> {
    const STEPS: usize = 7;
    const ATTRIBUTION: usize = STEPS + MetricName::ALL.len();
    let sequence = row.get(5)?;
    let sequences = row.get::<_, Option<Vec<u8>>>(6)?;
    let sequences = sequences.and_then(|bytes| postcard::from_bytes::<Sequences>(&bytes).ok());
    let sequences = sequences.unwrap_or([sequence; MetricName::ALL.len()]);
    let mut metrics = [const { None }; MetricName::ALL.len()];
    for (index, metric) in metrics.iter_mut().enumerate() {
        if let Some(steps) = row.get(STEPS + index)? {
            let attribution = row.get(ATTRIBUTION + index)?;
            *metric = Some(MetricValue { sequence: sequences[index], steps, attribution });
        }
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

fn put(connection: &Connection, statement: &str, id: i64, key: i64, row: &Row) -> Result<()> {
    let sequence = |metric: &Option<MetricValue>| {
        metric.as_ref().map_or(row.sequence, |metric| metric.sequence)
    };
    let steps = |name: MetricName| row.metrics[name as usize].as_ref().map(|it| it.steps);
    let why = |name: MetricName| {
        row.metrics[name as usize].as_ref().and_then(|it| it.attribution.as_deref())
    };
    connection.prepare_cached(statement)?.execute(named_params! {
        ":id": id,
        ":key": key,
        ":page_id": row.page,
        ":circumstances_id": row.circumstances,
        ":started_at_ms": row.started_at_ms,
        ":session": row.session,
        ":sequence": row.sequence,
        ":sequences": sequences(row.sequence, row.metrics.each_ref().map(sequence)),
        ":cls": steps(MetricName::Cls),
        ":fcp": steps(MetricName::Fcp),
        ":inp": steps(MetricName::Inp),
        ":lcp": steps(MetricName::Lcp),
        ":ttfb": steps(MetricName::Ttfb),
        ":fid": steps(MetricName::Fid),
        ":cls_why": why(MetricName::Cls),
        ":fcp_why": why(MetricName::Fcp),
        ":inp_why": why(MetricName::Inp),
        ":lcp_why": why(MetricName::Lcp),
        ":ttfb_why": why(MetricName::Ttfb),
    })?;
    Ok(())
}
