//! What to fix first as a table.

use super::{Culprit, Opportunities, Opportunity};
use crate::report::{Table, figures::field, metric_name::lower};

impl Table for Opportunities {
    fn columns(&self) -> Vec<&'static str> {
        vec![
            "metric",
            "route",
            "kind",
            "name",
            "source",
            "target",
            "page_views",
            "measured",
            "share",
            "improved",
            "benefit",
            "unit",
            "p75",
            "p75_without",
            "rating",
            "rating_without",
            "error",
            "part",
            "part_p75",
            "evidence",
            "advice",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        self.opportunities.iter().map(fields).collect()
    }
}

fn fields(it: &Opportunity) -> Vec<String> {
    let Culprit { kind, name, source, target } = &it.culprit;
    let evidence = it.evidence.iter().map(ToString::to_string).collect::<Vec<_>>();
    vec![
        lower(it.metric.0).to_owned(),
        field(it.route.as_ref()),
        kind.as_str().to_owned(),
        name.clone(),
        field(source.as_ref()),
        field(target.as_ref()),
        it.page_views.to_string(),
        it.measured.to_string(),
        it.share.to_string(),
        it.improved.to_string(),
        it.benefit.to_string(),
        it.unit.as_str().to_owned(),
        it.p75.to_string(),
        it.p75_without.to_string(),
        it.rating.as_str().to_owned(),
        it.rating_without.as_str().to_owned(),
        it.error.to_string(),
        it.part.name.as_str().to_owned(),
        it.part.p75.to_string(),
        evidence.join(" "),
        it.advice.clone(),
    ]
}
