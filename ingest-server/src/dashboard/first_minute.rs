//! What to do before the first page view: put the collector into a page.

/// The ways to do it, ready to be copied.
#[derive(Debug)]
pub(super) struct FirstMinute {
    pub(super) script_tag: String,
    pub(super) npm: String,
}

impl FirstMinute {
    pub(super) fn new(site: &str, origin: &str) -> Self {
        Self {
            script_tag: format!(
                "<script type=\"module\"\n  src=\"{origin}/rhumb.js\"\n  data-site=\"{site}\"></script>"
            ),
            npm: format!(
                "import {{ start }} from '@rhumb/collector';\n\n\
                 start({{ endpoint: '{origin}', site: '{site}' }});"
            ),
        }
    }
}
