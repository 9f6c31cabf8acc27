//! By what page views can be grouped to explain a metric.

use crate::report::subparts;
use beacon::{Attribution, MetricName, NumberField, TextField};
use serde::Serialize;
use utoipa::ToSchema;

/// Something that explains a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AttributionBy)]
pub enum By {
    /// The element: what was painted, pressed, or moved.
    Target,
    /// The script that took the longest, by function and file.
    Script,
    /// What called that script.
    Invoker,
    /// The resource that was painted.
    Resource,
    /// The largest part of the value.
    Subpart,
    /// Pointer or keyboard.
    InteractionType,
    /// How far the document was loaded.
    LoadState,
}

/// What page views have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[schema(as = AttributionGroup)]
pub struct Group {
    /// A selector, the name of a function or of a part, an address, a word.
    pub value: String,
    /// Of a script: its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub source: Option<String>,
}

impl By {
    const ALL: [Self; 7] = [
        Self::Target,
        Self::Script,
        Self::Invoker,
        Self::Resource,
        Self::Subpart,
        Self::InteractionType,
        Self::LoadState,
    ];

    /// The word in questions and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Script => "script",
            Self::Invoker => "invoker",
            Self::Resource => "resource",
            Self::Subpart => "subpart",
            Self::InteractionType => "interaction_type",
            Self::LoadState => "load_state",
        }
    }

    /// What a metric can be explained by.
    pub fn of(name: MetricName) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |by| {
            if *by == Self::Subpart {
                subparts::subparts(name).len() > 1
            } else {
                by.text(name).is_some()
            }
        })
    }

    /// The text that tells groups apart.
    fn text(self, name: MetricName) -> Option<TextField> {
        use MetricName as M;
        use TextField as F;
        Some(match (self, name) {
            (Self::Target, M::Lcp) => F::Target,
            (Self::Target, M::Inp) => F::InteractionTarget,
            (Self::Target, M::Cls) => F::LargestShiftTarget,
            (Self::Script, M::Inp) => F::LongestScriptUrl,
            (Self::Invoker, M::Inp) => F::LongestScriptInvoker,
            (Self::Resource, M::Lcp) => F::Url,
            (Self::InteractionType, M::Inp) => F::InteractionType,
            (Self::LoadState, M::Inp | M::Cls | M::Fcp) => F::LoadState,
            _ => return None,
        })
    }

    /// The group of a page view; nothing, when it is not known.
    pub(super) fn group(self, name: MetricName, attribution: &Attribution) -> Option<Group> {
        let text = |field| text(attribution, field).map(str::to_owned);
        match self {
            Self::Subpart => {
                let (part, _) = subparts::largest(name, attribution)?;
                Some(Group { value: part.as_str().to_owned(), source: None })
            }
            Self::Script => {
                let source = text(TextField::LongestScriptUrl);
                let named = text(TextField::LongestScriptFunction);
                let value = named.or_else(|| text(TextField::LongestScriptInvoker));
                Some(Group { value: value.or_else(|| source.clone())?, source })
            }
            _ => Some(Group { value: text(self.text(name)?)?, source: None }),
        }
    }

    /// The part of the value that a group is about, and that of a page view.
    pub(super) fn part(
        self,
        name: MetricName,
        attribution: &Attribution,
    ) -> Option<(NumberField, f64)> {
        use NumberField as F;
        let field = match (self, name) {
            (Self::Subpart, _) => return subparts::largest(name, attribution),
            (Self::Target, MetricName::Lcp) => F::ElementRenderDelay,
            (Self::Target, MetricName::Inp) => F::ProcessingDuration,
            (Self::Resource, _) => F::ResourceLoadDuration,
            (Self::Script | Self::Invoker, _) => F::LongestScriptDuration,
            (Self::LoadState, MetricName::Inp) => F::InputDelay,
            (Self::LoadState, MetricName::Fcp) => F::FirstByteToFcp,
            (_, MetricName::Cls) => F::LargestShiftValue,
            _ => return None,
        };
        Some((field, subparts::number(attribution, field)?))
    }
}

/// A text of an attribution.
pub(in crate::report) fn text(attribution: &Attribution, field: TextField) -> Option<&str> {
    let found = attribution.texts.iter().find(|(known, _)| *known == field);
    found.map(|(_, text)| &**text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: MetricName) -> Vec<&'static str> {
        By::of(name).map(By::as_str).collect()
    }

    #[test]
    fn each_metric_has_its_own_ways() {
        let inp = ["target", "script", "invoker", "subpart", "interaction_type", "load_state"];
        assert_eq!(words(MetricName::Inp), inp);
        assert_eq!(words(MetricName::Lcp), ["target", "resource", "subpart"]);
        assert_eq!(words(MetricName::Cls), ["target", "load_state"]);
        assert_eq!(words(MetricName::Fcp), ["subpart", "load_state"]);
        assert_eq!(words(MetricName::Ttfb), ["subpart"]);
        assert!(words(MetricName::Fid).is_empty());
    }

    #[test]
    fn a_script_without_a_function_is_known_by_what_called_it_and_at_last_by_its_address() {
        let mut attribution = Attribution::default();
        let group = |it: &Attribution| By::Script.group(MetricName::Inp, it);
        assert_eq!(group(&attribution), None);
        attribution.text(TextField::LongestScriptUrl, "https://shop.example/a.js");
        let source = Some("https://shop.example/a.js".to_owned());
        let named = |value: &str| Some(Group { value: value.to_owned(), source: source.clone() });
        assert_eq!(group(&attribution), named("https://shop.example/a.js"));
        attribution.text(TextField::LongestScriptInvoker, "BUTTON#buy.onclick");
        assert_eq!(group(&attribution), named("BUTTON#buy.onclick"));
        attribution.text(TextField::LongestScriptFunction, "buy");
        assert_eq!(group(&attribution), named("buy"));
    }
}
