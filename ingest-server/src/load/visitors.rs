//! Visitors of a shop that is not there. The same seed makes the same page views.
//!
//! What is drawn from is as in the field: timings are log-normal about the medians of large sites,
//! a few routes and products have most of the page views, and texts are as long as real ones.

use crate::made_up::{explained, timing};
use beacon::{
    Beacon, Connection, FormFactor, Id, Metric, MetricName, NavigationType, NumberField as Number,
    TextField as Text,
};
use fastrand::Rng;

/// Templates of addresses.
const ROUTES: u32 = 200;
/// Addresses of a template, on average.
const URLS_PER_ROUTE: u32 = 100;
/// Page views of a visit, on average.
const PAGE_VIEWS_PER_SESSION: f64 = 4.0;
/// Versions of the shop that are in use at the same time.
const RELEASES: u32 = 8;
/// Elements of a page that are ever named.
const TARGETS_PER_ROUTE: u32 = 12;
/// Scripts of the shop and of third parties.
const SCRIPTS: u32 = 40;

/// An endless number of page views.
#[derive(Clone, Debug)]
pub struct Visitors {
    random: Rng,
    site: String,
    session: Id,
    form_factor: FormFactor,
    connection: Connection,
}

impl Visitors {
    /// Of a site.
    pub fn new(site: &str, seed: u64) -> Self {
        let random = Rng::with_seed(seed);
        let session = Id([0; 16]);
        let (form_factor, connection) = (FormFactor::Phone, Connection::FourG);
        Self { random, site: site.to_owned(), session, form_factor, connection }
    }

    /// The next page view, with all five vitals and why they are what they are. It began just now.
    pub fn page_view(&mut self) -> Beacon {
        if self.random.f64() < 1.0 / PAGE_VIEWS_PER_SESSION {
            self.come();
        }
        let route = self.popular(ROUTES);
        let url = self.popular(URLS_PER_ROUTE);
        let release = self.popular(RELEASES);
        let ttfb = self.timing(500.0, 0.8);
        let fcp = ttfb + self.timing(800.0, 0.6);
        let lcp = fcp + self.timing(600.0, 0.9);
        Beacon {
            session: Some(self.session),
            age_ms: Some(0),
            url: Some(format!("https://shop.example/section-{route}/product-{url}")),
            route: Some(format!("/section-{route}/:product")),
            release: Some(format!("1.{release}.0")),
            navigation_type: Some(self.navigation_type()),
            form_factor: Some(self.form_factor),
            connection: Some(self.connection),
            metrics: vec![
                self.cls(route),
                explained(MetricName::Fcp, fcp, |why| {
                    why.number(Number::TimeToFirstByte, ttfb);
                    why.number(Number::FirstByteToFcp, fcp - ttfb);
                    why.text(Text::LoadState, "dom-interactive");
                }),
                self.inp(route),
                self.lcp(route, url, lcp, ttfb),
                self.ttfb(ttfb),
            ],
            ..Beacon::blank(self.site.clone(), self.id())
        }
    }

    /// A new visitor.
    fn come(&mut self) {
        self.session = self.id();
        self.form_factor = match self.random.u8(..100) {
            0..60 => FormFactor::Phone,
            60..65 => FormFactor::Tablet,
            _ => FormFactor::Desktop,
        };
        self.connection = match self.random.u8(..100) {
            0..88 => Connection::FourG,
            88..97 => Connection::ThreeG,
            97..99 => Connection::TwoG,
            _ => Connection::Slow2g,
        };
    }

    fn navigation_type(&mut self) -> NavigationType {
        match self.random.u8(..100) {
            0..70 => NavigationType::Navigate,
            70..75 => NavigationType::Reload,
            75..80 => NavigationType::BackForward,
            80..90 => NavigationType::BackForwardCache,
            90..93 => NavigationType::Prerender,
            _ => NavigationType::SoftNavigation,
        }
    }

    fn cls(&mut self, route: u32) -> Metric {
        // Half of all pages do not shift at all.
        if self.random.bool() {
            return Metric::new(MetricName::Cls, 0.0);
        }
        let score = (self.timing(0.05, 1.2) * 1e4).round() / 1e4;
        let largest = if self.random.u8(..100) < 70 { score } else { score * 0.6 };
        let (time, target) = (self.timing(1500.0, 0.7), self.target(route));
        explained(MetricName::Cls, score, |why| {
            why.number(Number::LargestShiftTime, time);
            why.number(Number::LargestShiftValue, largest);
            why.text(Text::LargestShiftTarget, &target);
            why.text(Text::LoadState, "dom-content-loaded");
        })
    }

    fn inp(&mut self, route: u32) -> Metric {
        // As coarse as the Event Timing API has them.
        let inp = (self.timing(90.0, 0.8) / 8.0).ceil() * 8.0;
        let time = self.timing(9000.0, 1.0);
        let delay = inp * 0.2 * self.random.f64();
        let processing = (inp - delay) * 0.7 * self.random.f64();
        let (target, script) = (self.target(route), self.popular(SCRIPTS));
        let has_long_script = self.random.u8(..100) < 60;
        explained(MetricName::Inp, inp, |why| {
            why.number(Number::InteractionTime, time);
            why.number(Number::NextPaintTime, time + inp);
            why.number(Number::InputDelay, delay);
            why.number(Number::ProcessingDuration, processing);
            why.number(Number::PresentationDelay, inp - delay - processing);
            why.text(Text::InteractionTarget, &target);
            why.text(Text::InteractionType, "pointer");
            why.text(Text::LoadState, "complete");
            if has_long_script {
                why.number(Number::LongestScriptDuration, processing * 0.8);
                why.number(Number::TotalScriptDuration, processing * 0.9);
                why.number(Number::TotalStyleAndLayoutDuration, inp * 0.1);
                why.number(Number::TotalPaintDuration, inp * 0.05);
                why.number(Number::TotalUnattributedDuration, inp * 0.02);
                why.text(Text::LongestScriptSubpart, "processing-duration");
                why.text(Text::LongestScriptInvoker, &format!("{target}.onclick"));
                why.text(Text::LongestScriptInvokerType, "event-listener");
                why.text(
                    Text::LongestScriptUrl,
                    &format!("https://shop.example/assets/chunk-{script:04x}.js"),
                );
                why.text(Text::LongestScriptFunction, &format!("handle{script}"));
            }
        })
    }

    fn lcp(&mut self, route: u32, url: u32, lcp: f64, ttfb: f64) -> Metric {
        let delay = (lcp - ttfb) * 0.4 * self.random.f64();
        let duration = (lcp - ttfb - delay) * 0.8 * self.random.f64();
        let is_image = self.random.u8(..100) < 70;
        explained(MetricName::Lcp, lcp, |why| {
            why.number(Number::TimeToFirstByte, ttfb);
            let (delay, duration) = if is_image { (delay, duration) } else { (0.0, 0.0) };
            why.number(Number::ResourceLoadDelay, delay);
            why.number(Number::ResourceLoadDuration, duration);
            why.number(Number::ElementRenderDelay, lcp - ttfb - delay - duration);
            why.text(Text::Target, &format!("main>section.hero-{route}>img"));
            if is_image {
                let image = format!("https://shop.example/images/product-{url}.webp");
                why.text(Text::Url, &image);
            }
        })
    }

    fn ttfb(&mut self, ttfb: f64) -> Metric {
        let is_connected = self.random.u8(..100) < 60;
        let waiting = self.timing(5.0, 0.5).min(ttfb);
        let rest = if is_connected { 0.0 } else { ttfb - waiting };
        let (dns, connection) = (rest * 0.1, rest * 0.25);
        explained(MetricName::Ttfb, ttfb, |why| {
            why.number(Number::WaitingDuration, waiting);
            why.number(Number::CacheDuration, 0.0);
            why.number(Number::DnsDuration, dns);
            why.number(Number::ConnectionDuration, connection);
            why.number(Number::RequestDuration, ttfb - waiting - dns - connection);
        })
    }

    fn target(&mut self, route: u32) -> String {
        let target = self.popular(TARGETS_PER_ROUTE);
        format!("#app>main.section-{route}>div.panel-{target}>button.primary")
    }

    fn timing(&mut self, median: f64, sigma: f64) -> f64 {
        timing(&mut self.random, median, sigma)
    }

    /// One of so many, the first of them far more often than the last.
    fn popular(&mut self, of: u32) -> u32 {
        let share = self.random.f64();
        // Below `of`, as the share is below 1.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let index = (share * share * share * f64::from(of)) as u32;
        index
    }

    fn id(&mut self) -> Id {
        Id(self.random.u128(..).to_le_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_page_views() {
        let (mut a, mut b) = (Visitors::new("shop", 7), Visitors::new("shop", 7));
        assert!((0..100).all(|_| a.page_view() == b.page_view()));
    }
}
