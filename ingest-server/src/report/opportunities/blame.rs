//! A value → its culprit.

use super::culprit::{Key, Kind};
use crate::{
    ingest::Measurement,
    report::{
        attribution::text,
        host::{self, is_foreign},
        subparts::{in_steps, largest, number},
    },
    store::sqlite::Explained,
};
use beacon::{Attribution, MetricName, NumberField, TextField};

/// A script is the culprit of an interaction when it takes at least so much of the largest part.
const SCRIPT_SHARE_MIN: f64 = 0.5;

/// What a value is due to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Blame {
    pub(super) culprit: Key,
    /// The address of its script or file; empty if there is none.
    pub(super) source: String,
    /// The value without the culprit's part, in [steps](MetricName::steps_per_unit).
    pub(super) without: u32,
    /// That part.
    pub(super) part: u32,
}

/// What is blamed, before it is known for which page view.
struct Found {
    kind: Kind,
    part: NumberField,
    number: f64,
    name: String,
    source: String,
    target: String,
    /// Whether page views with other sources have the same culprit.
    is_one_of_several: bool,
}

/// The culprit of a value of a page view; nothing, when nothing explains it.
pub(super) fn blame(
    name: MetricName,
    page_view: &Explained<'_>,
    Measurement { steps, attribution }: &Measurement,
) -> Option<Blame> {
    let found = match name {
        MetricName::Inp => interaction(attribution, page_view.url),
        MetricName::Lcp => paint(attribution, page_view.url),
        MetricName::Cls => shift(attribution),
        MetricName::Fcp | MetricName::Ttfb => subpart(name, attribution, None),
        MetricName::Fid => None,
    }?;
    let part = in_steps(name, found.number).min(*steps);
    let culprit = Key {
        metric: name,
        route: page_view.route.to_owned(),
        kind: found.kind,
        part: found.part,
        name: found.name,
        source: if found.is_one_of_several { String::new() } else { found.source.clone() },
        target: found.target,
    };
    Some(Blame { culprit, source: found.source, without: steps - part, part })
}

/// The largest part as such.
fn subpart(
    name: MetricName,
    attribution: &Attribution,
    target: Option<TextField>,
) -> Option<Found> {
    let (part, number) = largest(name, attribution)?;
    let target = target.and_then(|target| text(attribution, target));
    Some(Found {
        kind: Kind::Subpart,
        part,
        number,
        name: part.as_str().to_owned(),
        source: String::new(),
        target: target.unwrap_or_default().to_owned(),
        is_one_of_several: false,
    })
}

/// The largest part: for the server the server, for a resource that, for rendering the element.
fn paint(attribution: &Attribution, page: &str) -> Option<Found> {
    use NumberField as F;
    let found = subpart(MetricName::Lcp, attribution, Some(TextField::Target))?;
    let url = text(attribution, TextField::Url).unwrap_or_default();
    match found.part {
        F::ResourceLoadDelay | F::ResourceLoadDuration => {
            Some(loaded(found, Kind::Resource, url, page))
        }
        F::ElementRenderDelay if !found.target.is_empty() => {
            Some(Found { kind: Kind::Element, name: String::new(), ..found })
        }
        // Before the first byte there is no element.
        _ => Some(Found { target: String::new(), ..found }),
    }
}

/// The element that moved most. What pushed it is not told by browsers.
fn shift(attribution: &Attribution) -> Option<Found> {
    let found = subpart(MetricName::Cls, attribution, Some(TextField::LargestShiftTarget))?;
    let is_known = !found.target.is_empty();
    is_known.then(|| Found { kind: Kind::Element, name: String::new(), ..found })
}

/// The longest script, if it is most of the largest part; else that part.
fn interaction(attribution: &Attribution, page: &str) -> Option<Found> {
    let found = subpart(MetricName::Inp, attribution, Some(TextField::InteractionTarget))?;
    let script = number(attribution, NumberField::LongestScriptDuration).unwrap_or_default();
    let named = [TextField::LongestScriptFunction, TextField::LongestScriptInvoker];
    let name = named.into_iter().find_map(|field| text(attribution, field)).unwrap_or_default();
    let url = text(attribution, TextField::LongestScriptUrl).unwrap_or_default();
    if script < found.number * SCRIPT_SHARE_MIN || (name.is_empty() && url.is_empty()) {
        return Some(found);
    }
    let part = NumberField::LongestScriptDuration;
    let found = Found { part, number: script, name: name.to_owned(), ..found };
    Some(loaded(found, Kind::Script, url, page))
}

/// What came from an address. Of another host that is the culprit, whatever came from there; of the
/// page's own, files of one element are one culprit, though each page has another: a photo of what it
/// sells.
fn loaded(found: Found, kind: Kind, source: &str, page: &str) -> Found {
    let (own, other) = (host::of(page), host::of(source));
    if let (Some(own), Some(other)) = (&own, &other)
        && is_foreign(own, other)
    {
        let (name, source) = (other.clone(), source.to_owned());
        let target = String::new();
        return Found {
            kind: Kind::Origin,
            name,
            source,
            target,
            is_one_of_several: true,
            ..found
        };
    }
    let path = if own == other { without_origin(source) } else { source };
    let is_one_of_several = kind == Kind::Resource && !found.target.is_empty();
    let name = if kind == Kind::Resource { String::new() } else { found.name };
    Found { kind, name, source: path.to_owned(), is_one_of_several, ..found }
}

fn without_origin(address: &str) -> &str {
    let rest = address.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    rest.unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::PageViewKey;

    const PAGE: &str = "https://www.shop.example/product/42";

    fn blamed(
        name: MetricName,
        ms: u32,
        numbers: &[(NumberField, f64)],
        texts: &[(TextField, &str)],
    ) -> Option<Blame> {
        let mut attribution = Attribution { numbers: numbers.to_vec(), texts: Vec::new() };
        for (field, value) in texts {
            attribution.text(*field, value);
        }
        let measurement = Measurement { steps: ms * 1000, attribution };
        let measurements = [const { None }; MetricName::ALL.len()];
        let page_view =
            Explained { key: PageViewKey(1), route: "/product/:id", url: PAGE, measurements };
        blame(name, &page_view, &measurement)
    }

    fn painted(largest: NumberField, url: &str) -> Blame {
        use NumberField as F;
        let parts = [
            F::TimeToFirstByte,
            F::ResourceLoadDelay,
            F::ResourceLoadDuration,
            F::ElementRenderDelay,
        ];
        let numbers = parts.map(|part| (part, if part == largest { 2000.0 } else { 300.0 }));
        let texts = [(TextField::Target, "img.hero"), (TextField::Url, url)];
        blamed(MetricName::Lcp, 2900, &numbers, &texts).unwrap()
    }

    fn told(blame: &Blame) -> (Kind, &str, &str, &str) {
        let Key { kind, name, target, .. } = &blame.culprit;
        (*kind, name, &blame.source, target)
    }

    #[test]
    fn a_paint_is_blamed_on_what_most_of_it_waited_for() {
        use NumberField as F;
        let own = "https://static.shop.example/42.jpg";
        let blame = painted(F::ResourceLoadDelay, own);
        assert_eq!(told(&blame), (Kind::Resource, "", own, "img.hero"));
        assert_eq!((blame.without, blame.part), (900_000, 2_000_000));
        let blame = painted(F::ResourceLoadDelay, "https://www.shop.example/p/42.jpg");
        assert_eq!(told(&blame), (Kind::Resource, "", "/p/42.jpg", "img.hero"));
        assert_eq!(told(&painted(F::ElementRenderDelay, own)), (Kind::Element, "", "", "img.hero"));
        let first_byte = painted(F::TimeToFirstByte, own);
        assert_eq!(told(&first_byte), (Kind::Subpart, "timeToFirstByte", "", ""));
    }

    #[test]
    fn files_of_one_element_are_one_culprit_and_so_is_another_host() {
        let of = |url| painted(NumberField::ResourceLoadDuration, url).culprit;
        let own = ["https://www.shop.example/1.jpg", "https://www.shop.example/2.jpg"].map(of);
        assert_eq!(own[0], own[1]);
        let other = ["https://eu.images.test/1.jpg", "https://eu.images.test/2.jpg"];
        assert_eq!(told(&painted(NumberField::ResourceLoadDuration, other[0])).1, "eu.images.test");
        let other = other.map(of);
        assert_eq!(other[0], other[1]);
    }

    #[test]
    fn an_interaction_is_blamed_on_a_script_only_if_that_is_most_of_it() {
        use NumberField as F;
        let of = |script: f64, url: &str| {
            let parts = [(F::ProcessingDuration, 300.0), (F::LongestScriptDuration, script)];
            let texts = [
                (TextField::InteractionTarget, "#buy"),
                (TextField::LongestScriptFunction, "buy"),
                (TextField::LongestScriptUrl, url),
            ];
            blamed(MetricName::Inp, 320, &parts, &texts).unwrap()
        };
        let own = "https://www.shop.example/app.js";
        assert_eq!(told(&of(290.0, own)), (Kind::Script, "buy", "/app.js", "#buy"));
        assert_eq!(of(290.0, own).without, 30_000);
        assert_eq!(told(&of(100.0, own)), (Kind::Subpart, "processingDuration", "", "#buy"));
        let tag = "https://tags.other.example.net/t.js";
        assert_eq!(told(&of(290.0, tag)), (Kind::Origin, "tags.other.example.net", tag, ""));
    }

    #[test]
    fn a_shift_is_blamed_on_the_element_that_moved_and_never_exceeds_the_score() {
        let numbers = [(NumberField::LargestShiftValue, 0.3)];
        let of = |texts: &[(TextField, &str)]| blamed(MetricName::Cls, 200, &numbers, texts);
        let blame = of(&[(TextField::LargestShiftTarget, "main")]).unwrap();
        assert_eq!((told(&blame), blame.without), ((Kind::Element, "", "", "main"), 0));
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn what_nothing_explains_is_blamed_on_nothing() {
        for name in MetricName::ALL {
            assert_eq!(blamed(name, 5000, &[], &[]), None, "{name:?}");
        }
    }
}
