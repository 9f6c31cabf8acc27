//! What to do before the first page view: put the collector into a page.

use super::{PageContext, frame::Place};
use crate::sample::SAMPLE_SITE;

/// The ways to do it, ready to be copied.
#[derive(Debug)]
pub(super) struct FirstMinute {
    pub(super) script_tag: String,
    pub(super) npm: String,
    /// To the site of made-up page views, if there is one.
    pub(super) sample: Option<String>,
}

impl FirstMinute {
    pub(super) fn new(context: &PageContext) -> Self {
        let (PageContext { origin, scope, sites, .. }, site) = (context, &context.scope.site);
        let has_sample = sites.iter().any(|name| name == SAMPLE_SITE);
        Self {
            sample: has_sample.then(|| Place::Overview.address(&scope.of_site(SAMPLE_SITE))),
            script_tag: format!(
                "<script type=\"module\" async\n  src=\"{origin}/rhumb.js\"\n  data-site=\"{site}\"></script>"
            ),
            npm: format!(
                "import {{ start }} from '@rhumb/collector';\n\n\
                 start({{ endpoint: '{origin}', site: '{site}' }});"
            ),
        }
    }
}
