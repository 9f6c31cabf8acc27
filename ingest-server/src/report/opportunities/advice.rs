//! What to do about a culprit, in a sentence.

use super::culprit::{Culprit, Kind};
use beacon::NumberField;

/// Says what to do.
pub(super) fn advice(part: NumberField, culprit: &Culprit) -> String {
    use NumberField as F;
    let Culprit { kind, name, source, target } = culprit;
    let element = target.as_deref().unwrap_or("the element");
    match (part, kind) {
        (F::LongestScriptDuration, Kind::Origin) => format!(
            "Load the scripts of {name} later, on fewer pages or not at all: they run while \
             visitors wait for an answer to what they have pressed."
        ),
        (F::LongestScriptDuration, _) => {
            let place = source.as_deref().map(|source| format!(" ({source})")).unwrap_or_default();
            format!(
                "Let {name}{place} do less before the next paint when {element} is used: give way \
                 to it with `await scheduler.yield()` before any work that can wait."
            )
        }
        (F::ResourceLoadDelay, Kind::Origin) => format!(
            "Let the browser ask {name} sooner: name the image in the HTML with \
             fetchpriority=\"high\", connect early with <link rel=\"preconnect\">, or serve it from \
             your own host."
        ),
        (F::ResourceLoadDelay, _) => format!(
            "Let the browser find {name} at once: name it in the HTML with fetchpriority=\"high\" or \
             preload it, without loading=\"lazy\", and ask for nothing before it."
        ),
        (F::ResourceLoadDuration, Kind::Origin) => format!(
            "Ask {name} for smaller images (AVIF or WebP, no more pixels than are shown), or serve \
             them from a host nearer to your visitors."
        ),
        (F::ResourceLoadDuration, _) => {
            let format = if is_compact(name) { "stronger compression" } else { "AVIF or WebP" };
            format!(
                "Make {name} smaller: {format}, and no more pixels than {element} shows; and serve \
                 it from a cache near your visitors."
            )
        }
        (F::ElementRenderDelay, _) => format!(
            "Let {element} be painted as soon as it is there: put it into the HTML that the server \
             sends, and let no script, style sheet or font come before it that blocks rendering."
        ),
        (F::LargestShiftValue, _) => format!(
            "Keep room for whatever appears or grows before {element} and moves it: width and \
             height for images, a fixed height for banners and ads, or lay them over the page."
        ),
        _ => general(part, element),
    }
}

/// Whether an image is in one of the formats that others should be turned into.
fn is_compact(file: &str) -> bool {
    [".avif", ".webp"].iter().any(|ending| file.ends_with(ending))
}

/// For a part that nothing else is blamed for.
fn general(part: NumberField, element: &str) -> String {
    use NumberField as F;
    match part {
        F::InputDelay => format!(
            "Keep the main thread free while visitors use {element}: split long tasks, and delay \
             scripts that are not needed yet."
        ),
        F::ProcessingDuration => format!(
            "Do less in the event handlers of {element} before the next paint, and leave for later \
             what can wait."
        ),
        F::PresentationDelay => format!(
            "Change less of the page when {element} is used: fewer elements to lay out and paint, \
             `content-visibility: auto` for what is out of sight, and no layout in a loop."
        ),
        F::FirstByteToFcp => "Paint sooner after the first byte: inline the styles that the first \
                              paint needs, and defer the scripts and style sheets that block it."
            .to_owned(),
        F::WaitingDuration => "Link to the final address: redirects, or a service worker that \
                               starts, take the time before the page is asked for."
            .to_owned(),
        F::CacheDuration => "Look at what the service worker does before it asks the network: the \
                             time passes in the browser's cache."
            .to_owned(),
        F::DnsDuration => "Have the host's name found sooner: a name server nearer to your \
                           visitors, records that live longer, and no chain of aliases."
            .to_owned(),
        F::ConnectionDuration => {
            "Bring the connection nearer to your visitors: a CDN, TLS 1.3 with \
                                  resumption, HTTP/3."
                .to_owned()
        }
        _ => "Answer sooner: keep the HTML in a cache near your visitors, and look at what the \
              server does before the first byte."
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn an_image_in_avif_is_not_to_be_turned_into_avif() {
        let advice = |name: &str| {
            let culprit = Culprit {
                kind: Kind::Resource,
                name: name.to_owned(),
                source: None,
                target: Some(".hero".to_owned()),
            };
            advice(NumberField::ResourceLoadDuration, &culprit)
        };
        assert!(advice("hero.png").starts_with("Make hero.png smaller: AVIF or WebP, and no more"));
        let compact = "Make hero.avif smaller: stronger compression, and no more";
        assert!(advice("hero.avif").starts_with(compact));
    }

    #[test]
    fn every_part_and_kind_has_a_sentence_of_its_own_that_names_the_culprit() {
        use NumberField as F;
        let source = Some("/assets/search.js".to_owned());
        let target = Some("#apply".to_owned());
        let culprit = |kind| Culprit {
            kind,
            name: "applyFilters".to_owned(),
            source: source.clone(),
            target: target.clone(),
        };
        let told = [
            (F::LongestScriptDuration, Kind::Origin, "applyFilters"),
            (F::LongestScriptDuration, Kind::Script, "applyFilters (/assets/search.js)"),
            (F::ResourceLoadDelay, Kind::Origin, "applyFilters"),
            (F::ResourceLoadDelay, Kind::Resource, "applyFilters"),
            (F::ResourceLoadDuration, Kind::Origin, "applyFilters"),
            (F::ResourceLoadDuration, Kind::Resource, "applyFilters"),
            (F::ElementRenderDelay, Kind::Element, "#apply"),
            (F::LargestShiftValue, Kind::Element, "#apply"),
            (F::InputDelay, Kind::Subpart, "#apply"),
            (F::ProcessingDuration, Kind::Subpart, "#apply"),
            (F::PresentationDelay, Kind::Subpart, "#apply"),
            (F::FirstByteToFcp, Kind::Subpart, ""),
            (F::TimeToFirstByte, Kind::Subpart, ""),
            (F::WaitingDuration, Kind::Subpart, ""),
            (F::CacheDuration, Kind::Subpart, ""),
            (F::DnsDuration, Kind::Subpart, ""),
            (F::ConnectionDuration, Kind::Subpart, ""),
        ];
        let mut sentences = HashSet::new();
        for (part, kind, name) in told {
            let sentence = advice(part, &culprit(kind));
            assert!(sentence.contains(name) && sentence.ends_with('.'), "{sentence}");
            assert!(sentences.insert(sentence), "{part:?} {kind:?}");
        }
    }
}
