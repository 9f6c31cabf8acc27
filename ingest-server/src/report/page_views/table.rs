//! A list of page views as a table.

use super::list::{Circumstances, PageViews, Row};
use crate::report::{Table, figures::field, metric_name::IN_ORDER};
use beacon::{Connection, FormFactor, NavigationType};

impl Table for PageViews {
    /// The metrics are called as in an export, in the order of [`IN_ORDER`].
    fn columns(&self) -> Vec<&'static str> {
        let first = ["id", "started_at", "url", "route", "release", "navigation_type"];
        let seen_by = ["form_factor", "browser", "os", "country", "connection"];
        let metrics = ["lcp_ms", "inp_ms", "cls", "fcp_ms", "ttfb_ms", "fid_ms"];
        [&first[..], &seen_by, &metrics].concat()
    }

    fn rows(&self) -> Vec<Vec<String>> {
        self.rows.iter().map(fields).collect()
    }

    fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }
}

fn fields(row: &Row) -> Vec<String> {
    let Row { id, started_at, url, circumstances, metrics } = row;
    let Circumstances { route, release, browser, os, country, .. } = circumstances;
    let first = [
        id.to_string(),
        started_at.to_string(),
        field(url.as_ref()),
        field(route.as_ref()),
        field(release.as_ref()),
        field(circumstances.navigation_type.map(NavigationType::as_str)),
        field(circumstances.form_factor.map(FormFactor::as_str)),
        field(browser.as_ref()),
        field(os.as_ref()),
        field(country.as_ref()),
        field(circumstances.connection.map(Connection::as_str)),
    ];
    let values = IN_ORDER.map(|name| field(metrics[name as usize].map(|it| it.value)));
    first.into_iter().chain(values).collect()
}
