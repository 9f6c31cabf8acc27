//! What to say of each vital.

use crate::report::metric_name::IN_ORDER;
use beacon::MetricName;

/// All of them, in order: what is retired is none.
pub(super) const SHOWN: [MetricName; 5] = {
    let [shown @ .., _] = IN_ORDER;
    shown
};

/// A vital in words.
pub(super) struct Vital {
    pub(super) name: MetricName,
    pub(super) title: &'static str,
    /// One plain sentence.
    pub(super) meaning: &'static str,
    /// Completes "75 % of visits …"; `{}` is the value.
    pub(super) experience: &'static str,
    /// The same where the value is nought, if that is worth a sentence of its own.
    pub(super) none: Option<&'static str>,
    /// Who reports it, and when.
    pub(super) absence: &'static str,
}

/// What to say of one of those that are shown; of another, what is said of the first of them.
pub(super) fn vital(name: MetricName) -> &'static Vital {
    let mut vitals = CORE.iter().chain(&SUPPORTING);
    vitals.find(|vital| vital.name == name).unwrap_or(&CORE[0])
}

/// Those by which Google judges a page.
pub(super) const CORE: [Vital; 3] = [
    Vital {
        name: MetricName::Lcp,
        title: "Largest Contentful Paint",
        meaning: "How long it takes until the largest image or text block is painted: when the \
                  page looks loaded.",
        experience: "see the main content within {}.",
        none: None,
        absence: "Chrome, Edge, Firefox, and Safari from 26.2 on report it, once a page in the \
                  foreground has painted something.",
    },
    Vital {
        name: MetricName::Inp,
        title: "Interaction to Next Paint",
        meaning: "How long the page takes to show a reaction to a click, tap or key, at its \
                  slowest: whether the page feels quick to use.",
        experience: "get a reaction to every click, tap or key within {}.",
        none: None,
        absence: "Chrome, Edge, Firefox from 144 and Safari from 26.2 on report it, once a visitor \
                  has clicked, tapped or pressed a key.",
    },
    Vital {
        name: MetricName::Cls,
        title: "Cumulative Layout Shift",
        meaning: "How much content jumps around without being asked to: 0 is nothing, over 0.25 \
                  is hard to read.",
        experience: "have layout shifts of {} or less.",
        none: Some("have no layout shifts."),
        absence: "Chrome, Edge and other Chromium browsers report it; Firefox and Safari do not \
                  yet.",
    },
];

/// Those that explain the core.
pub(super) const SUPPORTING: [Vital; 2] = [
    Vital {
        name: MetricName::Fcp,
        title: "First Contentful Paint",
        meaning: "How long the screen stays empty: until the first text or image is painted.",
        experience: "see something within {}.",
        none: None,
        absence: "Every current browser reports it, once a page in the foreground has painted \
                  something.",
    },
    Vital {
        name: MetricName::Ttfb,
        title: "Time to First Byte",
        meaning: "How long it takes until the first byte of the page arrives: redirects, network \
                  and server.",
        experience: "get the first byte within {}.",
        none: None,
        absence: "Every current browser reports it.",
    },
];
