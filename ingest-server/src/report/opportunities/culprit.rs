//! What values are blamed on.

use beacon::{MetricName, NumberField};
use serde::Serialize;
use utoipa::ToSchema;

/// What kind of thing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = CulpritKind)]
pub enum Kind {
    /// An element of the page.
    Element,
    /// A script of the page's own.
    Script,
    /// A part of the value, for which nothing else can be blamed.
    Subpart,
    /// An image or another file of the page's own.
    Resource,
    /// Somebody else's host: its scripts, or its files.
    Origin,
}

impl Kind {
    /// The word in answers.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Element => "element",
            Self::Script => "script",
            Self::Subpart => "subpart",
            Self::Resource => "resource",
            Self::Origin => "origin",
        }
    }
}

/// What page views of one culprit have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub(super) metric: MetricName,
    pub(super) route: String,
    pub(super) kind: Kind,
    pub(super) part: NumberField,
    /// A function, a host, a part; empty for what is called after its source or its element.
    pub(super) name: String,
    /// An address that tells it from others; empty where page views may differ in that.
    pub(super) source: String,
    /// A selector; empty where page views may differ in that.
    pub(super) target: String,
}

/// A culprit as an answer tells it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Culprit {
    /// What it is.
    pub kind: Kind,
    /// What people call it.
    pub name: String,
    /// Where its script or file is from: a path on the page's own host, else an address. What all have
    /// in common, if they differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub source: Option<String>,
    /// Selector of the element.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub target: Option<String>,
}

impl Culprit {
    pub(super) fn of(key: &Key, source: Option<String>) -> Self {
        let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let target = known(&key.target);
        let file = source.as_deref().and_then(|source| source.rsplit('/').next());
        let file = file.and_then(known);
        let name = known(&key.name).or_else(|| match key.kind {
            Kind::Resource | Kind::Script => file.or_else(|| target.clone()),
            _ => target.clone(),
        });
        let name = name.unwrap_or_else(|| key.part.as_str().to_owned());
        Self { kind: key.kind, name, source, target }
    }
}

/// What several addresses have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Sources {
    #[default]
    None,
    One(String),
    /// Up to the last `/` that they have in common.
    Several(String),
}

impl Sources {
    pub(super) fn add(&mut self, source: &str) {
        let common = match self {
            _ if source.is_empty() => return,
            Self::None => return *self = Self::One(source.to_owned()),
            Self::One(known) if known == source => return,
            Self::Several(common) if source.starts_with(&**common) => return,
            Self::One(common) | Self::Several(common) => common,
        };
        let same = common.bytes().zip(source.bytes()).take_while(|(a, b)| a == b).count();
        // What both have in common ends with a `/`, so it is whole characters.
        let end = common.as_bytes()[..same].iter().rposition(|byte| *byte == b'/');
        let common = end.map_or("", |end| &common[..=end]).to_owned();
        *self = Self::Several(common);
    }

    /// Nothing, when that is no more than `https://` or `/`.
    pub(super) fn into_text(self) -> Option<String> {
        match self {
            Self::None => None,
            Self::One(source) => Some(source),
            Self::Several(common) => Some(common).filter(|it| !it.ends_with("//") && it.len() > 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn common(sources: &[&str]) -> Option<String> {
        let mut common = Sources::default();
        for source in sources {
            common.add(source);
        }
        common.into_text()
    }

    #[test]
    fn several_addresses_are_told_by_what_they_have_in_common() {
        let of = |sources: &[&str]| common(sources);
        assert_eq!(of(&[""]), None);
        assert_eq!(of(&["/a/é1.jpg", "/a/é1.jpg"]).as_deref(), Some("/a/é1.jpg"));
        assert_eq!(of(&["/a/é1.jpg", "/a/è2.jpg", "/a/3.jpg"]).as_deref(), Some("/a/"));
        assert_eq!(of(&["/a/1.jpg", "/b/1.jpg"]), None);
        assert_eq!(of(&["https://a.example/1.jpg", "https://b.example/1.jpg"]), None);
        let cdn = ["https://cdn.example/p/1.jpg", "https://cdn.example/p/2.jpg"];
        assert_eq!(of(&cdn).as_deref(), Some("https://cdn.example/p/"));
    }
}
