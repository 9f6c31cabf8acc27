//! Options of the reports: a database, and which of its page views they are about.

use super::existing;
use crate::{
    dashboard::ReportPeriod,
    ingest::SiteId,
    report::{Period, Question, QuestionError, Summary, summarize},
    store::sqlite::{Filters, Measured, ReadError, Reader, SiteName},
};
use anyhow::{Context, Result, anyhow};
use clap::{Args, builder::PossibleValuesParser, builder::TypedValueParser};
use jiff::Timestamp;
use std::{fs::File, path::PathBuf};
use url::form_urlencoded;

/// Which page views, in the words of the query API.
#[derive(Debug, Args)]
pub(super) struct PageViews {
    /// SQLite file; it is only read, and a server that runs goes on meanwhile
    #[arg(long, env = "RHUMB_DATABASE", default_value = "rhumb.db")]
    database: PathBuf,
    /// The last 28 days, 7 days or 24 hours
    #[arg(long, env = "RHUMB_PERIOD", value_parser = period(), conflicts_with_all = ["from", "to"])]
    period: Option<ReportPeriod>,
    /// Page views that began at this time or later: 2026-11-23, or 2026-11-23T08:00:00Z; 28 days
    /// before --to if it is not given
    #[arg(long, env = "RHUMB_FROM", value_name = "TIME")]
    from: Option<String>,
    /// Page views that began before this time, or on this day; now if it is not given
    #[arg(long, env = "RHUMB_TO", value_name = "TIME")]
    to: Option<String>,
    /// Time zone of dates without a time, such as Europe/Berlin; UTC if it is not given
    #[arg(long, env = "RHUMB_TZ", value_name = "ZONE")]
    tz: Option<String>,
    /// Template of the address, such as /product/:id
    #[arg(long, env = "RHUMB_ROUTE")]
    route: Option<String>,
    /// The kind of device: phone, tablet, desktop
    #[arg(long, env = "RHUMB_FORM_FACTOR")]
    form_factor: Option<String>,
    /// Family of the browser, such as Chrome
    #[arg(long, env = "RHUMB_BROWSER")]
    browser: Option<String>,
    /// Operating system, such as Android
    #[arg(long, env = "RHUMB_OS")]
    os: Option<String>,
    /// Where the visitor is, such as DE
    #[arg(long, env = "RHUMB_COUNTRY")]
    country: Option<String>,
    /// Effective connection type: slow-2g, 2g, 3g, 4g
    #[arg(long, env = "RHUMB_CONNECTION")]
    connection: Option<String>,
    /// Version of the page's code, such as 1.4.2
    #[arg(long, env = "RHUMB_RELEASE")]
    release: Option<String>,
    /// How the page view came about, such as reload
    #[arg(long, env = "RHUMB_NAVIGATION_TYPE")]
    navigation_type: Option<String>,
    /// Host of the address, such as shop.example
    #[arg(long, env = "RHUMB_HOST")]
    host: Option<String>,
}

fn period() -> impl TypedValueParser<Value = ReportPeriod> {
    PossibleValuesParser::new(ReportPeriod::ALL.map(ReportPeriod::as_str))
        .try_map(|word| ReportPeriod::from_word(&word).ok_or("no period"))
}

impl PageViews {
    /// The same question as the query API is asked.
    pub(super) fn question(&self, now: Timestamp) -> Result<Question> {
        let times = [("from", &self.from), ("to", &self.to), ("tz", &self.tz)];
        let given = times.into_iter().filter_map(|(name, value)| Some((name, value.clone()?)));
        let question = Question::parse(&self.query(given), now).map_err(in_options)?;
        Ok(match self.period {
            Some(period) => {
                let Question { period, .. } = Question::last_hours(period.hours(), now);
                Question { period, ..question }
            }
            None => question,
        })
    }

    /// A query string of these parameters and all filters.
    pub(super) fn query(&self, own: impl IntoIterator<Item = (&'static str, String)>) -> String {
        let filters = [
            ("route", &self.route),
            ("form_factor", &self.form_factor),
            ("browser", &self.browser),
            ("os", &self.os),
            ("country", &self.country),
            ("connection", &self.connection),
            ("release", &self.release),
            ("navigation_type", &self.navigation_type),
            ("host", &self.host),
        ];
        let filters = filters.into_iter().filter_map(|(name, value)| Some((name, value.clone()?)));
        let parameters = own.into_iter().chain(filters);
        form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
    }
}

/// What is wrong with a parameter is wrong with the option of that name.
pub(super) fn in_options(error: QuestionError) -> anyhow::Error {
    let QuestionError { parameter, detail } = error;
    anyhow!("--{}: {detail}", parameter.replace('_', "-"))
}

/// A site in a database that is only read.
pub(super) struct SiteReader {
    pub(super) reader: Reader,
    pub(super) site: SiteId,
    pub(super) name: String,
}

impl SiteReader {
    pub(super) async fn open(
        PageViews { database, .. }: &PageViews,
        name: &SiteName,
    ) -> Result<Self> {
        existing(database)?;
        let cannot_read = || format!("cannot read the database {}", database.display());
        // What SQLite says of a file without the right to read it is no help.
        File::open(database).with_context(cannot_read)?;
        let reader = Reader::open(database)?;
        reader.check().await.with_context(cannot_read)?;
        let name = name.to_string();
        let sites = reader.sites().await?;
        let site = sites.get(&name).with_context(|| {
            format!("there is no site {name}; `rhumb site list` shows those there are")
        })?;
        Ok(Self { reader, site: site.id, name })
    }

    /// What was measured on the page views of a period.
    pub(super) async fn measured(
        &self,
        period: Period,
        filters: Filters,
    ) -> Result<Measured, ReadError> {
        self.reader.measured(period.selection(self.site, filters)).await
    }

    /// How visitors fare in a period, without what was before.
    pub(super) async fn summary(
        &self,
        Question { period, filters }: Question,
    ) -> Result<Summary, ReadError> {
        let measured = self.measured(period, filters.clone()).await?;
        Ok(summarize(&self.name, period, filters, measured))
    }
}
