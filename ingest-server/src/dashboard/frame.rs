//! What stands around every page: the sites and periods to choose from.

use super::{PageContext, alerts, period::ReportPeriod, renders};
use url::form_urlencoded::Serializer;

/// The top bar.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// The site that is shown; none on a page that is about none.
    pub(super) site: Option<String>,
    /// To the others, and itself; empty when there is nothing to choose.
    pub(super) sites: Vec<Link>,
    pub(super) periods: Vec<Link>,
    /// Whether the page is that of the server itself.
    pub(super) is_server: bool,
    /// Whether it is that of alerts.
    pub(super) is_alerts: bool,
    /// Whether it is that of renders.
    pub(super) is_renders: bool,
    /// Of what is shown, where it has one.
    pub(super) period: ReportPeriod,
}

/// A place to go to.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) text: String,
    pub(super) href: String,
    pub(super) is_current: bool,
}

impl Frame {
    /// Around a page about a site, which has the same address for each but for its name.
    pub(super) fn of(site: &str, sites: &[String], address: impl Fn(&str) -> String) -> Self {
        let link = |name: &String| Link {
            text: name.clone(),
            href: address(name),
            is_current: name == site,
        };
        let several = sites.len() > 1;
        Self {
            site: Some(site.to_owned()),
            sites: sites.iter().filter(|_| several).map(link).collect(),
            ..Self::default()
        }
    }

    /// Around a page about a period, which has the same address for each but for its name.
    pub(super) fn in_period(
        site: &str,
        context: &PageContext,
        address: impl Fn(&str, ReportPeriod) -> String,
    ) -> Self {
        let period_link = |period: ReportPeriod| Link {
            text: period.length().to_owned(),
            href: address(site, period),
            is_current: period == context.period,
        };
        Self {
            periods: ReportPeriod::ALL.map(period_link).into(),
            period: context.period,
            ..Self::of(site, &context.sites, |name| address(name, context.period))
        }
    }

    /// The address of the renders; without a site, of the first one's.
    pub(super) fn renders(&self) -> String {
        let address = |site| renders::address(site, self.period);
        self.site.as_deref().map_or_else(|| "/renders".to_owned(), address)
    }

    /// The address of the alerts; without a site, of the first one's.
    pub(super) fn alerts(&self) -> String {
        self.site.as_deref().map_or_else(|| "/alerts".to_owned(), alerts::address)
    }
}

/// The address of a site's overview.
pub(super) fn address(site: &str, period: ReportPeriod) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("site", site).append_pair("period", period.as_str());
    format!("/?{}", query.finish())
}
