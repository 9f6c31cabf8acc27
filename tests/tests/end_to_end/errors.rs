//! What goes wrong on a page, and how much memory it takes, explains its page view.

use anyhow::{Context, Result, ensure};
use beacon::{ErrorKind, Errors, MemorySource, PageError};
use tests::{Browser, Inbox, Letter, Page};

/// A second apart.
const LOOKS_MAX: u32 = 60;

/// Waits for nothing but its page, with the policy that may be broken.
async fn open(page: &Page) -> Result<Browser> {
    let browser = page.visit().await?;
    browser.wait_for_details().await?;
    Ok(browser)
}

fn document(origin: &str, before: &str, options: &str) -> String {
    format!(
        r#"<link rel="icon" href="data:,"><h1>Hello</h1><main></main><button>Go</button>{before}
        <script type="module">
          import {{ start }} from '/collector/index.js';
          window.begin = () => start({{ endpoint: '{origin}', site: 'default', route: (url) => url.pathname, {options} }});
          window.handle = begin();
          window.rhumb ??= handle;
          handle.error(new RangeError('reported early'));
        </script>"#
    )
}

fn error<'a>(letter: &'a Letter, message: &str) -> Option<&'a PageError> {
    letter.beacon.errors.errors.iter().find(|it| it.message == message)
}

fn has_error(message: &str) -> impl Fn(&Letter) -> bool {
    move |letter| error(letter, message).is_some()
}

async fn flushed(browser: &Browser, inbox: &Inbox, message: &str) -> Result<Letter> {
    browser.pause(200).await?;
    browser.value::<()>("handle.flush()").await?;
    inbox.wait_for(message, has_error(message)).await
}

/// What the page does is in a task of its own, so that nobody catches it.
async fn run(browser: &Browser, script: &str) -> Result<()> {
    browser.value::<Option<()>>(&format!("void setTimeout(() => {{ {script} }})")).await?;
    browser.pause(100).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_is_told_by_its_kind_and_without_secrets() -> Result<()> {
    let inbox = Inbox::open().await?;
    let before = r#"<script src="/collector/stub.js"></script><script>
      Promise.reject(new SyntaxError('rejected early'));
      // Of what a driver runs, the browser tells no more than of another origin's scripts.
      const fail = (error) => setTimeout(() => { throw error; });
      const reject = (make) => setTimeout(() => { Promise.reject(make()); });
      const rejected = () => new Error('rejected');
      const foreign = () => Object.assign(new Error('foreign'), { stack: 'Error: foreign\n at f (chrome-extension://abc/a.js:1:2)' });
      function breakEarly() { throw new TypeError('thrown early'); }
      breakEarly();
    </script>"#;
    let page = Page::serve(&document(inbox.origin(), before, "")).await?;
    let browser = open(&page).await?;
    for script in [
        "const image = new Image(); image.src = 'data:image/png,x'; document.body.append(image);",
        "fail('a text')",
        "reject(rejected)",
        "handle.error(new Error('GET https://a.example/trips?token=secret for ada@mail.example failed'))",
        "handle.error({ name: 'HttpError', message: 'status 500' }); handle.error('only a text')",
        "reject(foreign); handle.error(foreign())",
        "dispatchEvent(new ErrorEvent('error', { message: 'Script error.' }))",
        "handle.error(Symbol()); handle.error(undefined); handle.error(Object.create(null));",
        "reject(() => Object.create(null)); fail(Object.create(null))",
        "handle.error(new Error('last'))",
    ] {
        run(&browser, script).await?;
    }
    let letter = flushed(&browser, &inbox, "Error: last").await?;
    let all: Vec<_> =
        letter.beacon.errors.errors.iter().map(|it| (it.kind, &*it.message)).collect();
    for expected in [
        (ErrorKind::Error, "TypeError: thrown early"),
        (ErrorKind::UnhandledRejection, "SyntaxError: rejected early"),
        (ErrorKind::Reported, "RangeError: reported early"),
        (ErrorKind::Error, "a text"),
        (ErrorKind::UnhandledRejection, "Error: rejected"),
        (ErrorKind::Reported, "Error: GET https://a.example/trips for … failed"),
        (ErrorKind::Reported, "HttpError: status 500"),
        (ErrorKind::Reported, "only a text"),
        (ErrorKind::Error, "Script error."),
    ] {
        ensure!(all.contains(&expected), "{expected:?} is not in {all:?}");
    }
    ensure!(!all.iter().any(|(_, message)| message.contains("foreign")), "{all:?}");
    let early = error(&letter, "TypeError: thrown early").context("it is missing")?;
    ensure!(early.count == 1 && early.stack[0].function == "breakEarly", "{early:?}");
    ensure!(early.stack[0].source == page.url("/") && early.first_ms > 0, "{early:?}");
    let complaints = browser.complaints().await?;
    ensure!(!complaints.iter().any(|it| it.starts_with("rhumb:")), "{complaints:?}");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_is_counted_and_twenty_are_told_apart() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::serve(&document(inbox.origin(), "", "")).await?;
    let browser = open(&page).await?;
    run(&browser, "for (let n = 0; n < 30; n++) handle.error(new Error(`e${n}`))").await?;
    run(&browser, "for (let n = 0; n < 40; n++) handle.error('often')").await?;
    run(&browser, "for (let n = 0; n < 5000; n++) handle.error(new RangeError('reported early'))")
        .await?;
    let letter = flushed(&browser, &inbox, "Error: e18").await?;
    let errors = &letter.beacon.errors;
    ensure!(errors.errors.len() == 20 && errors.dropped >= 51, "{errors:?}");
    let counted = |it: &Errors| it.errors.iter().map(|it| it.count).sum::<u32>() + it.dropped;
    ensure!(counted(errors) == 5071, "{} of {errors:?}", counted(errors));
    run(&browser, "for (let n = 0; n < 500; n++) handle.error('later')").await?;
    run(&browser, "handle.flush()").await?;
    let has_all = |it: &Letter| counted(&it.beacon.errors) == 5571;
    inbox.wait_for("what came after those that were told", has_all).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_policy_refuses_is_told_once() -> Result<()> {
    let inbox = Inbox::open().await?;
    let policy = format!(
        "img-src 'self' data:; connect-src 'self' {}; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
        inbox.origin()
    );
    let before = r#"<img src="https://early.example/a.png?token=secret">"#;
    let page = Page::with_policy(&document(inbox.origin(), before, ""), &policy).await?;
    let browser = open(&page).await?;
    let late = "const image = new Image(); image.src = 'https://late.example/b.png?token=secret'";
    run(&browser, late).await?;
    browser.pause(500).await?;
    let late = "img-src: https://late.example/b.png";
    let letter = flushed(&browser, &inbox, late).await?;
    let all = &letter.beacon.errors.errors;
    let late = error(&letter, late).context("it is missing")?;
    ensure!(late.count == 1 && late.kind == ErrorKind::CspViolation, "{all:?}");
    let early = error(&letter, "img-src: https://early.example/a.png");
    ensure!(early.is_some_and(|it| it.count == 1), "{all:?}");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_browser_warns_of_is_told() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::serve(&document(inbox.origin(), "", "")).await?;
    let browser = open(&page).await?;
    // Nobody should wait for an answer, and nobody be shaken who has not touched the page.
    let warned = "const request = new XMLHttpRequest(); request.open('GET', '/elsewhere', false); \
        request.send(); navigator.vibrate(9);";
    run(&browser, warned).await?;
    let has_both = |letter: &Letter| {
        let kinds = letter.beacon.errors.errors.iter().map(|it| it.kind);
        let warnings = [ErrorKind::Deprecation, ErrorKind::Intervention];
        kinds.filter(|it| warnings.contains(it)).count() == 2
    };
    browser.pause(500).await?;
    browser.value::<()>("handle.flush()").await?;
    let letter = inbox.wait_for("both warnings", has_both).await?;
    let all = &letter.beacon.errors.errors;
    let says = |kind: ErrorKind, text: &str| {
        all.iter().any(|it| it.kind == kind && it.message.contains(text))
    };
    ensure!(says(ErrorKind::Deprecation, "XMLHttpRequest"), "{all:?}");
    ensure!(says(ErrorKind::Intervention, "navigator.vibrate"), "{all:?}");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_and_requests_belong_to_the_page_view_that_they_began_in() -> Result<()> {
    let inbox = Inbox::open().await?;
    let before = r"<script>
      document.querySelector('button').onclick = () => {
        handle.error('in the second');
        fetch('/photo.jpg?second');
        history.pushState({}, '', '/new');
        document.querySelector('main').innerHTML = '<h1>Another route</h1><p>and a long text of it</p>';
      };
    </script>";
    let page = Page::serve(&document(inbox.origin(), before, "")).await?;
    let browser = open(&page).await?;
    run(&browser, "handle.error('in the first'); fetch('/collector/index.js?api/42')").await?;
    browser.pause(300).await?;
    browser.click("button").await?;
    browser.wait_until("performance.getEntriesByType('soft-navigation').length > 0").await?;
    browser.pause(500).await?;
    browser.goto(&page.url("/elsewhere")).await?;
    let url = |letter: &Letter| letter.beacon.requests.urls.last().map(|it| it.url.clone());
    for (route, message, other, file) in [
        ("/", "in the first", "in the second", "/collector/index.js"),
        ("/new", "in the second", "in the first", "/photo.jpg"),
    ] {
        let is_wanted = |it: &Letter| {
            it.beacon.route.as_deref() == Some(route)
                && error(it, message).is_some()
                && url(it).is_some()
        };
        let letter = inbox.wait_for(route, is_wanted).await?;
        ensure!(error(&letter, other).is_none(), "{:?}", letter.beacon.errors);
        let urls: Vec<_> = letter.beacon.requests.urls.iter().map(|it| &it.url).collect();
        ensure!(urls == [&page.url(file)], "{urls:?}");
        let memory = letter.beacon.memory;
        ensure!(memory.samples > 0 && memory.first_bytes > 0, "{memory:?}");
    }
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_collector_goes_on_and_nothing_is_told_without_consent() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::serve(&document(inbox.origin(), "", "")).await?;
    let browser = open(&page).await?;
    run(
        &browser,
        "handle.error('one'); handle.stop(); window.handle = begin();
          window.rhumb ??= handle; handle.error('two')",
    )
    .await?;
    browser.pause(700).await?;
    run(&browser, "handle.error('three')").await?;
    let letter = flushed(&browser, &inbox, "three").await?;
    for message in ["one", "two", "RangeError: reported early"] {
        ensure!(
            error(&letter, message).is_some_and(|it| it.count == 1),
            "{:?}",
            letter.beacon.errors
        );
    }
    run(&browser, "handle.error('unsent'); handle.setConsent(false); handle.error('never')")
        .await?;
    run(&browser, "throw new Error('unheard')").await?;
    browser.value::<()>("handle.setConsent(true)").await?;
    browser.pause(1000).await?;
    run(&browser, "handle.error('four')").await?;
    let letter = flushed(&browser, &inbox, "four").await?;
    let messages: Vec<_> = letter.beacon.errors.errors.iter().map(|it| &*it.message).collect();
    ensure!(messages == ["four"], "{messages:?}");
    browser.close().await
}

/// The browser measures when it collects garbage the next time, and that may take a while.
#[tokio::test(flavor = "multi_thread")]
async fn of_an_isolated_page_all_its_memory_is_told() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::isolated(&document(inbox.origin(), "", "")).await?;
    let browser = open(&page).await?;
    ensure!(browser.value::<bool>("crossOriginIsolated").await?, "it is not isolated");
    let is_told = |letter: &Letter| letter.beacon.memory.source == MemorySource::Page;
    for look in 0.. {
        run(&browser, &format!("handle.error('look {look}')")).await?;
        browser.value::<()>("handle.flush()").await?;
        browser.pause(1000).await?;
        if let Some(letter) = inbox.letters().into_iter().find(is_told) {
            let memory = letter.beacon.memory;
            ensure!(memory.samples > 0 && memory.last_bytes > 100_000, "{memory:?}");
            return browser.close().await;
        }
        ensure!(look < LOOKS_MAX, "{:?}", inbox.letters().last());
    }
    Ok(())
}

/// A page that is only looked at sends nothing of it.
#[tokio::test(flavor = "multi_thread")]
async fn memory_alone_is_no_news_and_rides_on_every_beacon() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = Page::serve(&document(inbox.origin(), "", "")).await?;
    let browser = open(&page).await?;
    let letter = flushed(&browser, &inbox, "RangeError: reported early").await?;
    ensure!(letter.beacon.memory.samples > 0, "{:?}", letter.beacon.memory);
    browser.pause(500).await?;
    browser.value::<()>("handle.flush()").await?;
    browser.pause(300).await?;
    let count = inbox.letters().len();
    browser.pause(11_000).await?;
    browser.value::<()>("handle.flush()").await?;
    browser.pause(300).await?;
    ensure!(inbox.letters().len() == count, "{:?}", inbox.letters());
    run(&browser, "handle.error('later')").await?;
    let memory = flushed(&browser, &inbox, "later").await?.beacon.memory;
    ensure!(memory.samples > letter.beacon.memory.samples, "{memory:?}");
    ensure!(memory.last_ms > memory.first_ms + 10_000, "{memory:?}");
    browser.close().await
}
