//! One vital, from every side.

use super::{Viewed, in_two_parts};
use crate::{
    dashboard::{self, BREAKDOWN_ROWS, VitalAsked, VitalCauses, VitalFigures},
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
use std::{num::NonZeroU32, sync::Arc};

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
    let asked = VitalAsked { metric, by: (by.unwrap_or(Facet::Route), sort.unwrap_or_default()) };
    let tag = viewed.tag(&("vitals", format!("{asked:?} {:?}", viewed.question)));
    let viewed = Arc::new(viewed);
    let first = async {
        let figures = figures(&viewed, metric).await?;
        Ok(dashboard::vitals_page(asked, &figures, &viewed.context))
    };
    // Futures that are too large for the stack of whoever waits for them.
    let (first, rest) = (Box::pin(first), Box::pin(rest(viewed.clone(), asked)));
    in_two_parts(&viewed, tag, first, rest).await
}

async fn rest(viewed: Arc<Viewed>, asked: VitalAsked) -> Result<String, Problem> {
    let causes = causes(&viewed, asked).await?;
    Ok(dashboard::vitals_page_rest(asked, &causes, &viewed.context))
}

fn vital(word: &str) -> Result<MetricName, Problem> {
    let known = metric_name::from_word(word).filter(|name| *name != MetricName::Fid);
    known.ok_or_else(|| {
        let detail = "there are pages of lcp, inp, cls, fcp and ttfb";
        Problem::new(StatusCode::NOT_FOUND, "unknown_metric", detail).about("metric")
    })
}

async fn figures(viewed: &Viewed, metric: MetricName) -> Result<VitalFigures, Problem> {
    let Viewed { app, now, question, .. } = viewed;
    let (reader, site, now) = (app.reader(), viewed.site(), *now);
    let interval = ("interval", viewed.context.scope.period.interval().as_str());
    let series = TimeseriesQuestion::parse(&viewed.asks(&[word(metric), interval]), now)?
        .within(question.period);
    let (summary, series, releases) = tokio::join!(
        kept_answers::summary(app, site, question.clone(), now),
        asked::timeseries(reader, site, series, now),
        asked::releases(reader, site.0, question.period, now)
    );
    Ok(VitalFigures {
        summary: summary?,
        series: series.map_err(told),
        releases: releases.unwrap_or_default(),
    })
}

async fn causes(
    viewed: &Viewed,
    VitalAsked { metric, by: (by, sort) }: VitalAsked,
) -> Result<VitalCauses, Problem> {
    let Viewed { app, now, .. } = viewed;
    let (reader, site, word, now) = (app.reader(), viewed.site(), word(metric), *now);
    let asks = viewed.asks(&[word, ("by", by.as_str()), ("sort", sort.as_str())]);
    let breakdown = BreakdownQuestion::parse(site.1, &asks, now)?.with_rows(BREAKDOWN_ROWS);
    let worst = listed(viewed, word, site.1)?;
    let attribution = AttributionQuestion::take(Parameters::parse(&viewed.asks(&[word]))?, now)?
        .with_groups(GROUPS);
    // Three at a time at most, so that one page does not take all connections.
    let (breakdown, attribution, worst) = tokio::join!(
        asked::breakdown(reader, site, breakdown),
        asked::attribution(reader, site, attribution, ATTRIBUTED_MAX, now),
        asked::page_views(reader, site, worst, now)
    );
    Ok(VitalCauses {
        breakdown: breakdown.map_err(told),
        attribution: attribution.map_err(told),
        worst: worst.map_err(told),
    })
}

fn word(metric: MetricName) -> (&'static str, &'static str) {
    ("metric", metric_name::lower(metric))
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
