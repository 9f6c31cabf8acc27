//! Where the time of a page's scripts goes, by samples.

use anyhow::{Context, Result, ensure};
use beacon::Profile;
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};
use tests::{Browser, Inbox, Letter, Page};

const POLICY: &str = "js-profiling";
/// Samples every document.
const ALWAYS: &str = "details: { profileSampleRate: 1 }";
/// Longer than a profiler goes on.
const ROTATION_MS: u32 = 11_000;

/// A hidden page may be gone at any time. Of one that is looked at, 5 seconds are held back for a route
/// that changes.
const SOON: Duration = Duration::from_secs(3);

/// In a file of its own, as scripts of pages are.
const SCRIPT: &str = "
  function spin(ms) { let n = 0; for (const end = performance.now() + ms; performance.now() < end;) n += Math.sqrt(n); return n; }
  document.querySelector('button').addEventListener('click', function slowFilter() {
    let n = 0;
    for (const end = performance.now() + 400; performance.now() < end;) n += Math.sqrt(n);
    spin(100);
  });";

async fn page(policy: &str, inbox: &Inbox, options: &str) -> Result<Page> {
    let origin = inbox.origin();
    let document = format!(
        r#"<link rel="icon" href="data:,"><h1>Hello</h1><button>Go</button>
        <script src="/bundle/filter.js?token=secret"></script>
        <script type="module">
          import {{ start }} from '/collector/index.js';
          window.rhumb = start({{ endpoint: '{origin}', site: 'default', {options} }});
        </script>"#
    );
    bundled(policy, &document).await
}

async fn bundled(policy: &str, document: &str) -> Result<Page> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("profiles");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("filter.js"), SCRIPT)?;
    Page::bundled_under(policy, document, &folder.to_string_lossy()).await
}

/// Every profiler that is made, and every one that is ended.
const SPY: &str = "window.begun = 0; window.ended = 0; \
    window.Profiler &&= class extends Profiler { \
      constructor(...given) { super(...given); begun++; } \
      stop() { ended++; return super.stop(); } };";

async fn visit(page: &Page) -> Result<Browser> {
    let browser = page.visit_after(SPY).await?;
    browser.wait_for_details().await?;
    Ok(browser)
}

async fn click(browser: &Browser) -> Result<()> {
    browser.click("button").await?;
    browser.pause(300).await
}

fn has_profile(letter: &Letter) -> bool {
    letter.beacon.profile != Profile::default()
}

/// How often a function was on top of a stack, and how often of these within a slow interaction.
fn counts(profile: &Profile, name: &str) -> (u32, u32) {
    let is_named = |place: u16| {
        profile.functions.get(usize::from(place)).is_some_and(|function| function.name == name)
    };
    let stacks = profile.stacks.iter().filter(|stack| is_named(stack.function));
    stacks.fold((0, 0), |sum, stack| (sum.0 + stack.count, sum.1 + stack.slow_count))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_interaction_is_explained_by_the_function_that_took_longest() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = page(POLICY, &inbox, ALWAYS).await?;
    let browser = visit(&page).await?;
    click(&browser).await?;
    ensure!(browser.complaints().await?.is_empty(), "{:?}", browser.complaints().await?);
    // It is hidden, and what was sampled last is told a moment later.
    browser.open_tab().await?;
    let profile = inbox.wait_for("the profile", has_profile).await?.beacon.profile;

    let (count, slow_count) = counts(&profile, "slowFilter");
    ensure!((5..=100).contains(&count) && slow_count * 10 >= count * 9, "{profile:?}");
    let most = profile.functions.iter().map(|it| counts(&profile, &it.name).0).max();
    ensure!(most == Some(count), "{profile:?}");
    ensure!((1_000..=100_000).contains(&profile.interval_us), "{profile:?}");

    let spin = profile.functions.iter().position(|it| it.name == "spin").context("no spin")?;
    let stack = profile.stacks.iter().find(|it| usize::from(it.function) == spin);
    let parent = &profile.stacks[usize::from(stack.context("no stack")?.parent) - 1];
    let caller = &profile.functions[usize::from(parent.function)];
    ensure!((&*caller.name, caller.line) == ("slowFilter", 3), "{profile:?}");
    let source = profile.sources.get(usize::from(caller.source) - 1);
    ensure!(source == Some(&page.url("/bundle/filter.js")), "{profile:?}");
    let told = format!("{profile:?}");
    ensure!(!told.contains("secret"), "{told}");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sampled_adds_up_while_the_page_goes_on() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = page(POLICY, &inbox, ALWAYS).await?;
    let browser = visit(&page).await?;
    let mut last = 0;
    for _ in 0..2 {
        click(&browser).await?;
        browser.pause(ROTATION_MS).await?;
        let has_more = |it: &Letter| counts(&it.beacon.profile, "slowFilter").0 > last;
        // A beacon takes as much as it has the time for.
        for _ in 0..20 {
            browser.value::<()>("rhumb.flush()").await?;
            browser.pause(200).await?;
        }
        let profile = inbox.wait_for("more samples", has_more).await?.beacon.profile;
        let (count, slow_count) = counts(&profile, "slowFilter");
        ensure!(slow_count * 10 >= count * 9, "{profile:?}");
        last = count;
    }
    let [begun, ended]: [u32; 2] = browser.value("[begun, ended]").await?;
    ensure!(begun == ended + 1 && (2..=4).contains(&ended), "{begun} {ended}");

    browser.value::<()>("rhumb.stop()").await?;
    ensure!(browser.value::<bool>("begun === ended").await?, "it goes on");
    browser.pause(ROTATION_MS).await?;
    ensure!(browser.value::<u32>("begun").await? == begun, "it has begun again");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn samples_alone_are_news_once_in_a_while() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = page(POLICY, &inbox, ALWAYS).await?;
    // On a busy machine there may be long frames.
    let others = "const types = PerformanceObserver.supportedEntryTypes.filter((it) => !/^long/.test(it)); \
        Object.defineProperty(PerformanceObserver, 'supportedEntryTypes', { value: types });";
    let browser = page.visit_after(others).await?;
    browser.wait_for_details().await?;
    let set_hidden = |is_hidden: bool| {
        format!(
            "(() => {{ Object.defineProperty(document, 'hidden', {{ value: {is_hidden}, configurable: true }}); \
             document.dispatchEvent(new Event('visibilitychange', {{ bubbles: true }})); }})()"
        )
    };
    // Nobody waits for it: there is nothing else to tell.
    let busy = "setTimeout(() => { for (let n = 0; n < 20; n++) setTimeout(() => spin(40), n * 50); }) && undefined";
    let mut letters = Vec::new();
    for _ in 0..4 {
        browser.value::<Option<()>>(busy).await?;
        browser.pause(1500).await?;
        browser.value::<Option<()>>(&set_hidden(true)).await?;
        browser.pause(1000).await?;
        letters.push(inbox.letters().iter().filter(|it| has_profile(it)).count());
        browser.value::<Option<()>>(&set_hidden(false)).await?;
    }
    ensure!(letters == [1; 4], "{letters:?}");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_header_there_is_none_and_no_complaint() -> Result<()> {
    let inbox = Inbox::open().await?;
    for (options, tries) in [(ALWAYS, 1), ("", 0)] {
        let page = page("", &inbox, options).await?;
        let spy = "window.begun = 0; \
            window.Profiler &&= new Proxy(Profiler, { construct(it, given) { begun++; return new it(...given); } });";
        let browser = page.visit_after(spy).await?;
        browser.pause(1000).await?;
        click(&browser).await?;
        // What fails is not tried again.
        browser.pause(ROTATION_MS).await?;
        ensure!(browser.value::<u32>("begun").await? == tries, "{options}");
        ensure!(browser.complaints().await?.is_empty(), "{:?}", browser.complaints().await?);
        browser.goto(&page.url("/elsewhere")).await?;
        let url = Some(page.url("/"));
        let letter = inbox.wait_for("the beacon", |it| it.beacon.url == url).await?;
        ensure!(letter.beacon.long_frames.slow_interactions == 1, "{letter:?}");
        ensure!(!has_profile(&letter), "{letter:?}");
        browser.close().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sampled_unless_it_is_wanted() -> Result<()> {
    let inbox = Inbox::open().await?;
    for options in [
        "",
        "details: { profileSampleRate: 0 }",
        "details: false",
        "consent: false, details: { profileSampleRate: 1 }",
        "sampleRate: 0, details: { profileSampleRate: 1 }",
        "details: { profileSampleRate: 'often' }",
    ] {
        let page = page(POLICY, &inbox, options).await?;
        let browser = page.visit_after(SPY).await?;
        browser.pause(1500).await?;
        ensure!(browser.value::<u32>("begun").await? == 0, "{options}");
        browser.close().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_tag_says_how_many_are_sampled_and_is_left_out_itself() -> Result<()> {
    let inbox = Inbox::open().await?;
    let origin = inbox.origin();
    let tag = format!(
        r#"<h1>Hello</h1><button>Go</button>
        <script src="/bundle/filter.js"></script>
        <script type="module" src="/collector/rhumb.js" data-endpoint="{origin}" data-profile-sample-rate="1"></script>"#
    );
    let page = bundled(POLICY, &tag).await?;
    let browser = visit(&page).await?;
    browser.wait_until("begun === 1").await?;
    let flush_often = "(() => { for (const end = performance.now() + 200; performance.now() < end;) rhumb.flush(); })()";
    browser.value::<Option<()>>(flush_often).await?;
    click(&browser).await?;
    ensure!(browser.complaints().await?.is_empty(), "{:?}", browser.complaints().await?);
    browser.open_tab().await?;
    let profile = inbox.wait_for("the profile", has_profile).await?.beacon.profile;
    ensure!(counts(&profile, "slowFilter").1 > 0, "{profile:?}");
    ensure!(!format!("{:?}", profile.sources).contains("rhumb"), "{profile:?}");
    ensure!(!profile.functions.iter().any(|it| it.name.contains("wasm")), "{profile:?}");
    browser.close().await
}

/// What a profiler says, whatever is done.
fn says(trace: &str) -> String {
    format!(
        "window.Profiler = class extends EventTarget {{ \
           sampleInterval = 10; stopped = false; stop() {{ return Promise.resolve({trace}); }} }};"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn webassembly_whose_address_is_made_up_is_left_out_unless_the_page_calls_it() -> Result<()> {
    let inbox = Inbox::open().await?;
    let page = page("", &inbox, ALWAYS).await?;
    let trace = "{ resources: ['wasm://wasm/1a2b3c4d', location.origin + '/app.js'], \
        frames: [{ name: 'wasm-function[148]', resourceId: 0, line: 1, column: 29636 }, \
                 { name: 'work', resourceId: 1, line: 2, column: 3 }], \
        stacks: [{ frameId: 0 }, { frameId: 1 }, { frameId: 0, parentId: 1 }], \
        samples: [0, 1, 2, 2].map((stackId) => ({ stackId, timestamp: performance.now() })) }";
    let browser = page.visit_after(&says(trace)).await?;
    browser.wait_for_details().await?;
    browser.open_tab().await?;
    let profile = inbox.wait_for("the profile", has_profile).await?.beacon.profile;
    let names = profile.functions.iter().map(|it| &*it.name);
    ensure!(names.eq(["work", "wasm-function[148]"]), "{profile:?}");
    let told = profile.stacks.iter().map(|it| (it.parent, it.count));
    ensure!(told.eq([(0, 1), (1, 2)]), "{profile:?}");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn samples_that_the_last_beacon_had_no_time_for_are_told_while_the_page_is_hidden()
-> Result<()> {
    let inbox = Inbox::open().await?;
    let page = page("", &inbox, ALWAYS).await?;
    // Telling takes long, as on a busy machine.
    let trace = "(({ now } = performance, late = 0) => { \
          performance.now = () => now.call(performance) + late++; \
          return { resources: [], frames: [{ name: 'work' }], stacks: [{ frameId: 0 }], \
            samples: Array.from({ length: 60 }, () => ({ stackId: 0, timestamp: 1000 })) }; })()";
    let browser = page.visit_after(&says(trace)).await?;
    browser.wait_for_details().await?;
    click(&browser).await?;
    browser.open_tab().await?;
    let hidden = Instant::now();
    let all = |letter: &Letter| counts(&letter.beacon.profile, "work").0 == 60;
    inbox.wait_for("all samples", all).await?;
    ensure!(hidden.elapsed() < SOON, "the rest was told after {:?}", hidden.elapsed());
    let some =
        inbox.letters().iter().any(|it| (1..60).contains(&counts(&it.beacon.profile, "work").0));
    ensure!(some, "they were told at once");
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_compressed_when_there_is_time_and_told_anyway() -> Result<()> {
    // While the clock stands, there is time for everything.
    let name = format!("slowFilter{}", ".again".repeat(20));
    let trace = format!(
        "(performance.now = () => 1000, {{ resources: [], frames: [{{ name: '{name}' }}], \
        stacks: [{{ frameId: 0 }}], samples: [{{ stackId: 0, timestamp: 1000 }}] }})"
    );
    for (lacks, is_smaller) in [("", true), ("delete window.CompressionStream;", false)] {
        let inbox = Inbox::open().await?;
        let page = page("", &inbox, ALWAYS).await?;
        let browser = page.visit_after(&format!("{} {lacks}", says(&trace))).await?;
        browser.wait_for_details().await?;
        browser.open_tab().await?;
        let Letter { beacon, bytes, .. } = inbox.wait_for("the profile", has_profile).await?;
        ensure!(counts(&beacon.profile, &name).0 > 0, "{:?}", beacon.profile);
        let uncompressed = beacon::encode(&beacon).len();
        ensure!((bytes < uncompressed) == is_smaller, "{bytes} of {uncompressed} bytes");
        browser.close().await?;
    }
    Ok(())
}
