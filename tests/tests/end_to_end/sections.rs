//! Whatever a page does: the server takes what the collector's details tell of it. What it refused would cost the
//! whole beacon, metrics included.

use anyhow::{Result, ensure};
use beacon::{
    Attribution, Beacon, ErrorKind, Id, InvokerType, MeasureKind, MemorySource, Metric, MetricName,
    encode,
};
use collector_wasm::details::{
    Details,
    errors::Failure,
    long_frames::{Frame, ScriptRun, Span},
    profile::Called,
    requests::Asked,
    resources::Loaded,
    took::Took,
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, TestError, TestRunner},
};
use tests::Server;

/// What happens in a page, with texts as the script cuts them before it tells the machine.
#[derive(Clone, Debug)]
struct Happening {
    kind: u8,
    /// Not longer than the name of a measure may be; of what cannot be told nothing is left.
    name: String,
    /// An address, or nothing.
    url: String,
    /// Anything without control characters.
    text: String,
    duration_ms: f64,
    other_ms: f64,
    another_ms: f64,
    number: u8,
}

fn happening() -> impl Strategy<Value = Happening> {
    let duration_ms = || prop_oneof![Just(0.0), 0.0..500.0, 0.0..1e10];
    // What a browser does not know is not a number.
    let ms = || {
        let strange = select(vec![-1.0, -0.0, 1e300, f64::NAN, f64::INFINITY]);
        prop_oneof![duration_ms(), strange]
    };
    let name = select(vec!["search", "ö", "日本語", "a b", "🐢", "db", ""]);
    let url = prop_oneof![
        Just(String::new()),
        "https://[a-z]{1,3}\\.example/[a-zA-Z0-9/._~%@-]{0,60}",
        "https://a\\.example/[a-z]{1800,2000}",
    ];
    (0..10_u8, name, url, "\\PC{0,120}", (duration_ms(), ms(), ms()), any::<u8>()).prop_map(
        |(kind, name, url, text, (duration_ms, other_ms, another_ms), number)| Happening {
            kind,
            name: name.to_owned(),
            url,
            text,
            duration_ms,
            other_ms,
            another_ms,
            number,
        },
    )
}

/// One of all that there are.
fn pick<T: Copy>(all: &[T], number: u8) -> T {
    all[usize::from(number) % all.len()]
}

fn happen(page: &mut Details, it: Happening) {
    let Happening { kind, name, url, text, duration_ms, other_ms, another_ms, number } = it;
    let span = Span { start_ms: other_ms, duration_ms };
    match kind {
        0 => page
            .add_frame(another_ms, &Frame { took: Took::of(duration_ms), blocking_ms: other_ms }),
        1 => {
            let invoker_type = pick(InvokerType::ALL, number);
            let run = ScriptRun {
                source: url,
                function: text,
                invoker: name,
                invoker_type,
                span,
                forced_ms: another_ms,
            };
            page.long_frames
                .add_run(&Frame { took: Took::of(duration_ms), blocking_ms: other_ms }, run);
        }
        2 => page.add_event(another_ms, span),
        3 => page.measures.add(pick(MeasureKind::ALL, number), name, Took::of(duration_ms)),
        4 => page.add_resource(
            another_ms,
            Loaded {
                url,
                media_type: text.clone(),
                initiator: pick(&["img", "script", "link", "fetch"], number).to_owned(),
                protocol: text,
                took: Took::of(duration_ms),
                transfer_bytes: duration_ms,
                encoded_bytes: other_ms,
                decoded_bytes: another_ms,
                was_in_cache: number % 2 == 0,
                is_of_other_origin: number % 3 == 0,
                is_blocking: number % 5 == 0,
            },
        ),
        5 => page.requests.add(Asked {
            url,
            trace_id: pick(&["", "0af7651916cd43dd8448eb211c80319c"], number).to_owned(),
            start_ms: other_ms,
            took: Took::of(duration_ms),
            wait: Took::of(another_ms),
            has_failed: number % 2 == 0,
        }),
        6 => page.requests.add_server_timing(name, Took::of(duration_ms)),
        7 => page.stack.add(&format!("at {text} ({url}:{number}:1)")),
        8 => {
            let stack = std::mem::take(&mut page.stack);
            let kind = pick(ErrorKind::ALL, number);
            let count = u32::from(number) + 1;
            page.errors.add(Failure { kind, message: &text, stack, at_ms: duration_ms, count });
        }
        _ => {
            let called = Called { name: text, source: url, line: 1, column: u32::from(number) };
            let stack = page.profile.stack(usize::from(number % 4), called);
            page.profile.add(stack, duration_ms, 10.0);
            let source = pick(&[MemorySource::Heap, MemorySource::Page], number);
            page.memory.add(source, other_ms, another_ms);
        }
    }
}

/// The beacon of a page view, as `envelope.js` puts sections behind it.
fn beacon_of(page: &Details) -> Result<Vec<u8>> {
    let lcp = Metric { name: MetricName::Lcp, value: 1.0, attribution: Attribution::default() };
    let blank = Beacon::blank("default".to_owned(), Id([7; 16]));
    let beacon = encode(&Beacon { metrics: vec![lcp], ..blank });
    let mut bytes = vec![beacon::VERSION];
    for part in [beacon, page.sections(48 * 1024)] {
        bytes.extend(postcard::to_allocvec(&part)?);
    }
    Ok(bytes)
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_page_does_the_server_takes_what_is_told_of_it() -> Result<()> {
    let server = Server::start().await?;
    let handle = tokio::runtime::Handle::current();
    let ingest = server.url("/v1/ingest");
    let outcome = tokio::task::spawn_blocking(move || {
        let client = reqwest::Client::new();
        let mut runner =
            TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(64) });
        runner.run(&vec(happening(), 1..200), |happenings| {
            let mut page = Details::default();
            for it in happenings {
                happen(&mut page, it);
            }
            let answer = handle.block_on(async {
                let request = client.post(&ingest).body(beacon_of(&page)?);
                let response = request.send().await?;
                anyhow::Ok((response.status(), response.text().await?))
            });
            let (status, problem) =
                answer.map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert!(status == 204, "{status}: {problem}");
            Ok(())
        })
    })
    .await?;
    if let Err(TestError::Fail(why, happenings)) = &outcome {
        ensure!(false, "{why}, after {happenings:#?}");
    }
    Ok(outcome?)
}
