//! What stands around every page: the sites and periods to choose from, and what is filtered by.

use super::{PageContext, facet::word, period::ReportPeriod, scope::Scope};
use crate::{roll_up::Facet, sample::SAMPLE_SITE, store::sqlite::Filters};

/// The top bar.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// What is shown; none on a page that is about no site.
    pub(super) scope: Option<Scope>,
    /// To the other sites, and this one; empty when there is nothing to choose.
    pub(super) sites: Vec<Link>,
    pub(super) periods: Vec<Link>,
    /// What is filtered by, on a page that shows page views.
    pub(super) chips: Vec<Chip>,
    /// Whether it is for those who read about a site, and not about the server.
    pub(super) is_for_readers: bool,
    /// Where the page is among the places.
    pub(super) place: Option<Place>,
    /// Whether this is the first part of a page, which does not end with it.
    pub(super) goes_on: bool,
}

impl Frame {
    /// The same around a page of which the first part is sent while the rest is being counted.
    pub(super) fn going_on(self) -> Self {
        Self { goes_on: true, ..self }
    }

    /// In whose time moments are told, and where that is changed; nothing on a page about no site.
    pub(super) fn clock(&self) -> Option<Link> {
        let scope = self.scope.as_ref()?;
        Some(Link {
            text: scope.zone.iana_name().unwrap_or("UTC").to_owned(),
            href: format!("{}#zone", Place::Settings.address(scope)),
            is_current: false,
        })
    }

    /// Whether it is about some page views only.
    pub(super) fn is_filtered(&self) -> bool {
        self.scope.as_ref().is_some_and(|scope| scope.filters != Filters::default())
    }

    /// Where there may be page views, if there are none here; or how some come to be measured.
    pub(super) fn elsewhere(&self) -> Option<Link> {
        let (scope, place) = (self.scope.as_ref()?, self.place?);
        let longest = ReportPeriod::FourWeeks;
        let (text, href) = if scope.period != longest {
            let text = format!("Show the last {}", longest.length());
            (text, place.address(&scope.in_period(longest)))
        } else if self.is_filtered() {
            ("Show all page views".to_owned(), place.address(&scope.of_site(&scope.site)))
        } else {
            ("Put the collector into a page".to_owned(), Place::Settings.address(scope))
        };
        Some(Link { text, href, is_current: false })
    }

    /// Whether nobody made the page views that it is about. The server's own figures are real.
    pub(super) fn is_sample(&self) -> bool {
        let is_of_sample = self.scope.as_ref().is_some_and(|scope| scope.site == SAMPLE_SITE);
        is_of_sample && self.place != Some(Place::Server)
    }
}

/// The places of the dashboard, in the order in which they are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Overview,
    Vitals,
    Routes,
    PageViews,
    Opportunities,
    Compare,
    LongFrames,
    Resources,
    Requests,
    Renders,
    Profiles,
    Measures,
    Memory,
    Errors,
    Alerts,
    Settings,
    Server,
}

impl Place {
    const ALL: [Self; 17] = [
        Self::Overview,
        Self::Vitals,
        Self::Routes,
        Self::PageViews,
        Self::Opportunities,
        Self::Compare,
        Self::LongFrames,
        Self::Resources,
        Self::Requests,
        Self::Renders,
        Self::Profiles,
        Self::Measures,
        Self::Memory,
        Self::Errors,
        Self::Alerts,
        Self::Settings,
        Self::Server,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Vitals => "Vitals",
            Self::Routes => "Routes",
            Self::PageViews => "Page views",
            Self::Opportunities => "Opportunities",
            Self::Compare => "Compare",
            Self::LongFrames => "Long frames",
            Self::Resources => "Resources",
            Self::Requests => "Requests",
            Self::Renders => "Renders",
            Self::Profiles => "Profiles",
            Self::Measures => "Measures",
            Self::Memory => "Memory",
            Self::Errors => "Errors",
            Self::Alerts => "Alerts",
            Self::Settings => "Settings",
            Self::Server => "Server",
        }
    }

    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Overview => "/",
            Self::Vitals => "/vitals/lcp",
            Self::Routes => "/routes",
            Self::PageViews => "/page-views",
            Self::Opportunities => "/opportunities",
            Self::Compare => "/compare",
            Self::LongFrames => "/long-frames",
            Self::Resources => "/resources",
            Self::Requests => "/requests",
            Self::Renders => "/renders",
            Self::Profiles => "/profiles",
            Self::Measures => "/measures",
            Self::Memory => "/memory",
            Self::Errors => "/errors",
            Self::Alerts => "/alerts",
            Self::Settings => "/settings",
            Self::Server => "/server",
        }
    }

    /// Where it shows that.
    pub(super) fn address(self, scope: &Scope) -> String {
        scope.address(self.path())
    }
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
    pub(super) others: String,
    /// To these.
    pub(super) without: String,
}

impl Frame {
    /// Around a page that shows a place.
    pub(super) fn of(context: &PageContext, place: Place) -> Self {
        Self::filtered(context, place, |scope| place.address(scope))
    }

    /// The same around one that shows a part, as it does in every period and with other filters.
    pub(super) fn filtered(
        context: &PageContext,
        place: Place,
        address: impl Fn(&Scope) -> String,
    ) -> Self {
        let scope = &context.scope;
        let period_link = |period: ReportPeriod| Link {
            text: period.length().to_owned(),
            href: address(&scope.in_period(period)),
            is_current: period == scope.period,
        };
        let chip = |facet: Facet, value: &str| Chip {
            name: word(facet).name,
            value: value.to_owned(),
            others: format!("Of all {}", word(facet).plural),
            without: address(&scope.without(facet)),
        };
        let chips = Facet::ALL.into_iter().zip(scope.filters.values());
        Self {
            sites: sites(context, &address),
            periods: ReportPeriod::ALL.map(period_link).into(),
            chips: chips.filter_map(|(facet, value)| Some(chip(facet, value?))).collect(),
            ..Self::around(context, place)
        }
    }

    /// Around a page that is about a site, and neither about a period nor about some of its page views.
    pub(super) fn around(context: &PageContext, place: Place) -> Self {
        Self {
            scope: Some(context.scope.clone()),
            sites: sites(context, |scope| place.address(scope)),
            is_for_readers: !context.is_operator,
            place: Some(place),
            ..Self::default()
        }
    }

    /// To the overview of what is shown.
    pub(super) fn home(&self) -> String {
        let overview = Place::Overview;
        self.scope.as_ref().map_or_else(|| overview.path().to_owned(), |it| overview.address(it))
    }

    /// What the page is called among the places.
    pub(super) fn place_name(&self) -> &'static str {
        self.place.map_or("Places", Place::name)
    }

    /// To all places, with the same page views where they show some.
    pub(super) fn places(&self) -> Vec<Link> {
        let href = |place: Place| match &self.scope {
            Some(scope) => place.address(scope),
            None => place.path().to_owned(),
        };
        let link = |place: Place| Link {
            text: place.name().to_owned(),
            href: href(place),
            is_current: self.place == Some(place),
        };
        let is_for_all = |place: &Place| *place != Place::Server || !self.is_for_readers;
        Place::ALL.into_iter().filter(is_for_all).map(link).collect()
    }
}

/// To the same of each site; nothing where there is no other.
fn sites(context: &PageContext, address: impl Fn(&Scope) -> String) -> Vec<Link> {
    let scope = &context.scope;
    let link = |name: &String| Link {
        text: name.clone(),
        href: address(&scope.of_site(name)),
        is_current: *name == scope.site,
    };
    let several = context.sites.len() > 1;
    context.sites.iter().filter(|_| several).map(link).collect()
}
