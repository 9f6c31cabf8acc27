//! What explains a page view besides its metrics: long frames, what the page times itself, what it loads.

mod delivery;
mod engines;
mod limits;
mod page_views;
mod told;

use anyhow::Result;
use beacon::{LongFrames, Measure, Measures, Resources};
use tests::{Browser, Inbox, Letter, Page};

/// A page that is measured and can keep itself busy.
fn document(origin: &str, content: &str) -> String {
    format!(
        r#"<link rel="icon" href="data:,"><h1>Hello</h1><button>Go</button>
        <script>
          const busy = (ms) => {{ for (const end = performance.now() + ms; performance.now() < end;); }};
        </script>
        {content}
        <script type="module">
          import {{ start }} from '/collector/index.js';
          window.begin = () => start({{ endpoint: '{origin}', site: 'default', route: (url) => url.pathname }});
          window.rhumb = begin();
        </script>"#
    )
}

/// A browser that has painted the page, whose details are looked at.
async fn visit(page: &Page) -> Result<Browser> {
    let browser = page.visit().await?;
    browser.wait_for_details().await?;
    Ok(browser)
}

/// Sends what is known, and waits for a beacon that is wanted.
async fn flushed(
    browser: &Browser,
    inbox: &Inbox,
    is_wanted: impl Fn(&Letter) -> bool,
) -> Result<Letter> {
    browser.value::<()>("rhumb.flush()").await?;
    inbox.wait_for("the beacon", is_wanted).await
}

fn has_details(letter: &Letter) -> bool {
    let beacon = &letter.beacon;
    beacon.long_frames != LongFrames::default()
        || beacon.measures != Measures::default()
        || beacon.resources != Resources::default()
}

fn measure<'a>(letter: &'a Letter, name: &str) -> Option<&'a Measure> {
    letter.beacon.measures.names.iter().find(|measure| measure.name == name)
}

fn has_measure(name: &str) -> impl Fn(&Letter) -> bool {
    move |letter| measure(letter, name).is_some()
}
