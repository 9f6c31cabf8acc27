//! What stands around every page: the sites and periods to choose from.

use super::{PageContext, alerts, period::ReportPeriod};
use url::form_urlencoded::Serializer;

/// The top bar.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// The site that is shown; none on a page that is about none.
    pub(super) site: Option<String>,
    /// To the others, and itself; empty when there is nothing to choose.
    pub(super) sites: Vec<Link>,
    pub(super) periods: Vec<Link>,
    /// Where the page is among the places.
    pub(super) place: Option<Place>,
    /// Of what is shown, where it has one.
    pub(super) period: ReportPeriod,
}

/// The places of the dashboard, in the order in which they are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Overview,
    PageViews,
    LongFrames,
    Resources,
    Requests,
    Renders,
    Profiles,
    Measures,
    Memory,
    Errors,
    Alerts,
    Server,
}

impl Place {
    const ALL: [Self; 12] = [
        Self::Overview,
        Self::PageViews,
        Self::LongFrames,
        Self::Resources,
        Self::Requests,
        Self::Renders,
        Self::Profiles,
        Self::Measures,
        Self::Memory,
        Self::Errors,
        Self::Alerts,
        Self::Server,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::PageViews => "Page views",
            Self::LongFrames => "Long frames",
            Self::Resources => "Resources",
            Self::Requests => "Requests",
            Self::Renders => "Renders",
            Self::Profiles => "Profiles",
            Self::Measures => "Measures",
            Self::Memory => "Memory",
            Self::Errors => "Errors",
            Self::Alerts => "Alerts",
            Self::Server => "Server",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Overview => "/",
            Self::PageViews => "/page-views",
            Self::LongFrames => "/long-frames",
            Self::Resources => "/resources",
            Self::Requests => "/requests",
            Self::Renders => "/renders",
            Self::Profiles => "/profiles",
            Self::Measures => "/measures",
            Self::Memory => "/memory",
            Self::Errors => "/errors",
            Self::Alerts => "/alerts",
            Self::Server => "/server",
        }
    }

    /// The address of what it shows of a site in a period.
    pub(super) fn address(self, site: &str, period: ReportPeriod) -> String {
        format!("{}?{}", self.path(), of_period(site, period).finish())
    }
}

/// What addresses ask for that are about a site in a period; more may follow.
pub(super) fn of_period(site: &str, period: ReportPeriod) -> Serializer<'static, String> {
    let mut query = Serializer::new(String::new());
    query.append_pair("site", site).append_pair("period", period.as_str());
    query
}

/// A link to somewhere.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) text: String,
    pub(super) href: String,
    pub(super) is_current: bool,
}

/// A filter, to be seen and taken away.
#[derive(Debug)]
pub(super) struct Chip {
    /// What is filtered by.
    pub(super) name: &'static str,
    pub(super) value: String,
    /// What there is without it.
    pub(super) others: &'static str,
    /// To these.
    pub(super) without: String,
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

    /// Around a page about a period.
    pub(super) fn in_period(site: &str, context: &PageContext, place: Place) -> Self {
        Self::filtered(site, context, place, |period| place.address(site, period))
    }

    /// The same around one that shows a part, as it does in every period.
    pub(super) fn filtered(
        site: &str,
        context: &PageContext,
        place: Place,
        address: impl Fn(ReportPeriod) -> String,
    ) -> Self {
        let period_link = |period: ReportPeriod| Link {
            text: period.length().to_owned(),
            href: address(period),
            is_current: period == context.period,
        };
        Self {
            periods: ReportPeriod::ALL.map(period_link).into(),
            period: context.period,
            place: Some(place),
            ..Self::of(site, &context.sites, |name| place.address(name, context.period))
        }
    }

    /// To all places, of the same site and period where they have one.
    pub(super) fn places(&self) -> Vec<Link> {
        let href = |place: Place| match (&self.site, place) {
            (None, _) | (_, Place::Server) => place.path().to_owned(),
            (Some(site), Place::Alerts) => alerts::address(site),
            (Some(site), _) => place.address(site, self.period),
        };
        let link = |place: Place| Link {
            text: place.name().to_owned(),
            href: href(place),
            is_current: self.place == Some(place),
        };
        Place::ALL.into_iter().map(link).collect()
    }
}
