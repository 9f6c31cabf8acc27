//! One vital, from every side.

use super::Viewed;
use crate::{
    dashboard::{self, BREAKDOWN_ROWS, VitalParts},
    http::{extract::Path, kept_answers, problem::Problem},
    report::{
        AttributionQuestion, BreakdownQuestion, BreakdownSort, ListQuestion, Parameters,
        QuestionError, TimeseriesQuestion, asked, metric_name,
    },
    roll_up::Facet,
    store::sqlite::ReadError,
};
use axum::{http::StatusCode, response::Response};
use beacon::MetricName;
use std::num::NonZeroU32;

/// Page views that are looked at for what is behind a vital, so that the page is not long in coming.
const ATTRIBUTED_MAX: NonZeroU32 = NonZeroU32::new(10_000).unwrap();
/// Page views that are shown of those where it was worst.
const WORST: usize = 5;
/// Groups that are shown of each kind.
const GROUPS: usize = 5;

/// `GET /vitals/{metric}`: `?by=browser&sort=p75` tells page views apart by their browsers, the worst
/// first.
pub(in crate::http) async fn vitals(
    Path(metric): Path<String>,
    mut viewed: Viewed,
) -> Result<Response, Problem> {
    let metric = vital(&metric)?;
    let by = viewed.own.one_of("by", &Facet::ALL, Facet::as_str)?;
    let sort = viewed.own.one_of("sort", &BreakdownSort::ALL, BreakdownSort::as_str)?;
    let by = (by.unwrap_or(Facet::Route), sort.unwrap_or_default());
    let words = format!("{metric:?} {by:?} {:?}", viewed.question);
    let tag = viewed.tag(&("vitals", words));
    // A future that is too large for the stack of whoever waits for it.
    let page = Box::pin(async {
        let parts = parts(&viewed, metric, by).await?;
        Ok(dashboard::vitals_page(&parts, &viewed.context))
    });
    viewed.page(tag, page).await
}

fn vital(word: &str) -> Result<MetricName, Problem> {
    let known = metric_name::from_word(word).filter(|name| *name != MetricName::Fid);
    known.ok_or_else(|| {
        let detail = "there are pages of lcp, inp, cls, fcp and ttfb";
        Problem::new(StatusCode::NOT_FOUND, "unknown_metric", detail).about("metric")
    })
}

async fn parts(
    viewed: &Viewed,
    metric: MetricName,
    by: (Facet, BreakdownSort),
) -> Result<VitalParts, Problem> {
    let Viewed { app, now, question, .. } = viewed;
    let (reader, site, now) = (app.reader(), viewed.site(), *now);
    let word = ("metric", metric_name::lower(metric));
    let series = TimeseriesQuestion::parse(
        &viewed.asks(&[word, ("interval", viewed.context.scope.period.interval().as_str())]),
        now,
    )?
    .within(question.period);
    let breakdown = BreakdownQuestion::parse(
        site.1,
        &viewed.asks(&[word, ("by", by.0.as_str()), ("sort", by.1.as_str())]),
        now,
    )?;
    let breakdown = breakdown.with_rows(BREAKDOWN_ROWS);
    let worst = listed(viewed, word, site.1)?;
    let attribution = AttributionQuestion::take(Parameters::parse(&viewed.asks(&[word]))?, now)?
        .with_groups(GROUPS);
    // Three at a time, so that one page does not take all connections.
    let figures = async {
        let summary = kept_answers::summary(app, site, question.clone(), now).await;
        let series = asked::timeseries(reader, site, series, now).await;
        (summary, series, asked::releases(reader, site.0, question.period, now).await)
    };
    let breakdown = asked::breakdown(reader, site, breakdown);
    let causes = async {
        let attribution = asked::attribution(reader, site, attribution, ATTRIBUTED_MAX, now).await;
        (attribution, asked::page_views(reader, site, worst, now).await)
    };
    let ((summary, series, releases), breakdown, (attribution, worst)) =
        tokio::join!(figures, breakdown, causes);
    Ok(VitalParts {
        metric,
        by,
        summary: summary?,
        series: series.map_err(told),
        releases: releases.unwrap_or_default(),
        breakdown: breakdown.map_err(told),
        attribution: attribution.map_err(told),
        worst: worst.map_err(told),
    })
}

fn listed(viewed: &Viewed, word: (&str, &str), site: &str) -> Result<ListQuestion, QuestionError> {
    let mut worst =
        ListQuestion::take(Parameters::parse(&viewed.asks(&[word]))?, site, viewed.now)?;
    worst.limit = WORST;
    Ok(worst)
}

/// Why a part of a page is not there.
#[expect(clippy::needless_pass_by_value, reason = "what errors are mapped by")]
fn told(error: ReadError) -> String {
    format!("This could not be counted: {error}. A shorter period or fewer filters may do.")
}
