//! What a page shows: whose page views, of when, and what those are alike in. It stands in the address
//! of every page, so that whatever is seen can be kept as a bookmark and sent to others.

use super::period::ReportPeriod;
use crate::{report::Period, roll_up::Facet, store::sqlite::Filters};
use jiff::tz::TimeZone;
use url::form_urlencoded::Serializer;

/// Whose page views, of when, and which of them.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The site's name.
    pub site: String,
    /// Up to now.
    pub period: ReportPeriod,
    /// What the page views are alike in.
    pub filters: Filters,
    /// In whose time moments are told; days are those of UTC, which page views are counted by.
    pub zone: TimeZone,
}

impl Scope {
    /// What an address asks for that shows it; more may follow.
    pub(super) fn query(&self) -> Serializer<'static, String> {
        let mut query = Serializer::new(String::new());
        query.append_pair("site", &self.site).append_pair("period", self.period.as_str());
        query.extend_pairs(self.filters.given());
        query.extend_pairs(self.zone_name().map(|name| ("tz", name)));
        query
    }

    /// The same as hidden fields of a form.
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let own = [("site", self.site.clone()), ("period", self.period.as_str().to_owned())];
        let filters = self.filters.given().map(|(name, value)| (name, value.to_owned()));
        let zone = self.zone_name().map(|name| ("tz", name.to_owned()));
        own.into_iter().chain(filters).chain(zone).collect()
    }

    /// Of a time zone that is chosen.
    fn zone_name(&self) -> Option<&str> {
        self.zone.iana_name().filter(|_| self.zone != TimeZone::UTC)
    }

    /// Where a page with that path shows it.
    pub(super) fn address(&self, path: &str) -> String {
        format!("{path}?{}", self.query().finish())
    }

    /// The same page views of another period.
    pub(super) fn in_period(&self, period: ReportPeriod) -> Self {
        Self { period, ..self.clone() }
    }

    /// Those of another site, where nothing need be called the same.
    pub(super) fn of_site(&self, site: &str) -> Self {
        Self { site: site.to_owned(), filters: Filters::default(), ..self.clone() }
    }

    /// Those too that have another value.
    pub(super) fn without(&self, facet: Facet) -> Self {
        Self { filters: self.filters.clone().without(facet), ..self.clone() }
    }

    /// The address of a page that shows those only which have that value, and are of that host.
    pub(super) fn narrowed(&self, path: &str, to: (Facet, &str), host: Option<&str>) -> String {
        let to = [Some(to), host.map(|host| (Facet::Host, host))];
        let to = to.into_iter().flatten();
        let others = to.clone().fold(self.clone(), |scope, (facet, _)| scope.without(facet));
        let to = to.map(|(facet, value)| (facet.as_str(), value));
        format!("{path}?{}", others.query().extend_pairs(to).finish())
    }

    /// The address of the page that compares these, the baseline first.
    pub(crate) fn compared(&self, [baseline, candidate]: &[String; 2]) -> String {
        let mut query = self.query();
        query.append_pair("baseline", baseline).append_pair("candidate", candidate);
        format!("/compare?{}", query.finish())
    }

    /// The address of a question of the query API about the same page views; more may follow.
    pub(super) fn question(&self, name: &str, period: Period) -> String {
        format!("/v1/sites/{}/{name}?{}", self.site, self.query_of(period, &[]))
    }

    /// What such a question asks for, and what is its own.
    pub(crate) fn query_of(&self, period: Period, own: &[(&str, &str)]) -> String {
        Serializer::new(String::new())
            .append_pair("from", &period.from.to_string())
            .append_pair("to", &period.to.to_string())
            .extend_pairs(self.filters.given())
            .extend_pairs(own)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beacon::FormFactor;

    fn phones() -> Scope {
        let filters = Filters {
            route: Some("/a b".to_owned()),
            form_factor: Some(FormFactor::Phone),
            ..Filters::default()
        };
        let zone = TimeZone::UTC;
        Scope { site: "shop".to_owned(), period: ReportPeriod::Week, filters, zone }
    }

    #[test]
    fn an_address_has_all_of_it() {
        let address = "/errors?site=shop&period=7d&route=%2Fa+b&form_factor=phone";
        assert_eq!(phones().address("/errors"), address);
        let day = phones().in_period(ReportPeriod::Day).address("/");
        assert_eq!(day, "/?site=shop&period=24h&route=%2Fa+b&form_factor=phone");
    }

    #[test]
    fn a_time_zone_goes_along() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let address = Scope { zone, ..phones().of_site("blog") }.address("/");
        assert_eq!(address, "/?site=blog&period=7d&tz=Europe%2FBerlin");
    }

    #[test]
    fn a_filter_is_taken_away_or_given_another_value() {
        let without = phones().without(Facet::Route).address("/");
        assert_eq!(without, "/?site=shop&period=7d&form_factor=phone");
        let other = phones().narrowed("/", (Facet::FormFactor, "desktop"), None);
        assert_eq!(other, "/?site=shop&period=7d&route=%2Fa+b&form_factor=desktop");
        let on_a_host = phones().narrowed("/", (Facet::Route, "/c"), Some("a.example"));
        let expected = "/?site=shop&period=7d&form_factor=phone&route=%2Fc&host=a.example";
        assert_eq!(on_a_host, expected);
    }

    #[test]
    fn another_site_is_seen_whole() {
        assert_eq!(phones().of_site("blog").address("/"), "/?site=blog&period=7d");
    }

    #[test]
    fn a_question_is_about_the_same_page_views() {
        let period = Period {
            from: "2026-11-19T00:00:00Z".parse().unwrap(),
            to: "2026-11-26T00:00:00Z".parse().unwrap(),
        };
        assert_eq!(
            phones().question("renders", period),
            "/v1/sites/shop/renders?from=2026-11-19T00%3A00%3A00Z&to=2026-11-26T00%3A00%3A00Z\
             &route=%2Fa+b&form_factor=phone"
        );
    }
}
