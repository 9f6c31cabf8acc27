use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn commit(phase: RenderPhase, actual_ms: f64, base_ms: f64) -> Commit {
    Commit { phase, actual_ms, base_ms, actual_log2: (actual_ms / 1000.0).log2() }
}

fn after(commits: impl IntoIterator<Item = (String, Commit)>) -> Renders {
    let mut renders = Renders::default();
    for (id, commit) in commits {
        add(&mut renders, id, &commit);
    }
    renders
}

fn update(id: &impl ToString, actual_ms: f64) -> (String, Commit) {
    (id.to_string(), commit(RenderPhase::Update, actual_ms, actual_ms))
}

/// Each commit of 100 components takes another time, as far as the bins go.
fn varied(commits: usize) -> Renders {
    let one = |n: usize| {
        let id = format!("{:0>128}", n % limits::RENDERS_MAX);
        let bin = f64::from(u32::try_from(n / limits::RENDERS_MAX % 216).unwrap());
        update(&id, 1000.0 * ((bin - 135.5) / 8.0).exp2())
    };
    after((0..commits).map(one))
}

/// With texts as long as most pages have them at most. What fields a beacon has depends on who is built
/// along; its bytes do not.
fn beacon_bytes(renders: Renders) -> usize {
    let head = [&[2, 1, b's'][..], &[7; 16], &[0; 10], &1.0_f32.to_le_bytes(), &[0]].concat();
    let mut beacon = beacon::decode(&head).unwrap().swap_remove(0);
    beacon.url = Some("u".repeat(300));
    beacon.route = Some("r".repeat(limits::ROUTE_BYTES_MAX));
    beacon.release = Some("1".repeat(limits::RELEASE_BYTES_MAX));
    beacon.renders = renders;
    beacon::encode(&beacon).len()
}

#[test]
fn a_full_update_takes_half_of_what_the_whole_takes() {
    let update = |actual_ms, base_ms| {
        let commits = [("List".to_owned(), commit(RenderPhase::Update, actual_ms, base_ms))];
        after(commits).components[0].full_count
    };
    assert_eq!(update(5.0, 10.0), 1);
    assert_eq!(update(4.9, 10.0), 0);
    // A clock that tells nothing tells nothing of this either.
    assert_eq!(update(0.0, 0.0), 0);
}

#[test]
fn a_commit_that_took_no_time_is_counted_and_in_no_bin() {
    let renders = after([update(&"List", 0.0), update(&"List", 0.005)]);
    assert_eq!((renders.components[0].count, renders.components[0].bins.len()), (2, 0));
}

#[test]
fn commits_of_components_that_are_too_many_are_counted_as_dropped() {
    let renders = after((0..=limits::RENDERS_MAX).chain([0]).map(|id| update(&id, 1.0)));
    assert_eq!((renders.components.len(), renders.dropped), (limits::RENDERS_MAX, 1));
    assert_eq!(renders.components[0].count, 2);
}

#[test]
fn ten_thousand_commits_make_a_beacon_of_at_most_48_kb() {
    let renders = varied(10_000);
    let counted: u32 = renders.components.iter().map(|render| render.count).sum();
    assert_eq!((counted, renders.dropped), (10_000, 0));
    let bytes = beacon_bytes(renders);
    println!("{bytes} bytes");
    assert!(bytes <= 48 * 1024, "{bytes} bytes");
}

#[test]
fn however_many_commits_there_are_a_request_has_room_for_them() {
    let renders = varied(1_000_000);
    let bins: usize = renders.components.iter().map(|render| render.bins.len()).sum();
    assert_eq!((bins, renders.dropped), (BINS_MAX, 0));
    let bytes = beacon_bytes(renders);
    println!("{bytes} bytes");
    assert!(bytes < limits::BODY_BYTES_MAX - 8 * 1024, "{bytes} bytes");
}

/// Milliseconds as browsers tell them, sometimes none.
fn duration_ms() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), (0_u32..2_000).prop_map(|n| f64::from(n) / 10.0), 0.0..6e5]
}

fn commits() -> impl Strategy<Value = Vec<(String, Commit)>> {
    let phase = proptest::sample::select(RenderPhase::ALL);
    let one = ("[a-c]", phase, duration_ms(), duration_ms());
    let one = one.prop_map(|(id, phase, actual, base)| (id, commit(phase, actual, base)));
    proptest::collection::vec(one, 0..200)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is within")]
fn saturated(number: f64) -> u32 {
    number.min(f64::from(u32::MAX)) as u32
}

/// What [`add`] comes to, from all commits of a component and phase at once.
fn naive(id: &str, commits: &[Commit]) -> Render {
    let count = |is: &dyn Fn(&Commit) -> bool| {
        u32::try_from(commits.iter().filter(|commit| is(commit)).count()).unwrap()
    };
    let sum = |of: fn(&Commit) -> f64| {
        saturated(commits.iter().map(|commit| (of(commit) * 1000.0).round()).sum())
    };
    let mut bins = BTreeMap::new();
    for bin in commits.iter().filter_map(|commit| beacon::duration_bin(commit.actual_ms)) {
        *bins.entry(bin).or_insert(0) += 1;
    }
    let longest = commits.iter().map(|commit| commit.actual_ms).fold(0.0, f64::max);
    Render {
        id: id.to_owned(),
        phase: commits[0].phase,
        count: count(&|_| true),
        actual_us: sum(|commit| commit.actual_ms),
        base_us: sum(|commit| commit.base_ms),
        max_us: saturated((longest * 1000.0).round()),
        slow_count: count(&|commit| commit.actual_ms > 16.0),
        full_count: count(&|commit| {
            commit.base_ms > 0.0 && commit.actual_ms >= RENDER_FULL_SHARE * commit.base_ms
        }),
        bins: bins.into_iter().collect(),
    }
}

proptest! {
    #[test]
    fn adding_up_one_by_one_equals_adding_up_at_once(commits in commits()) {
        let mut by_place = BTreeMap::<_, Vec<_>>::new();
        for (id, commit) in &commits {
            by_place.entry((id.clone(), commit.phase as u8)).or_default().push(*commit);
        }
        let expected: Vec<_> = by_place.iter().map(|((id, _), commits)| naive(id, commits)).collect();

        let Renders { mut components, dropped } = after(commits);
        components.sort_by_key(|render| (render.id.clone(), render.phase as u8));
        for render in &mut components {
            render.bins.sort_unstable();
        }
        prop_assert_eq!(components, expected);
        prop_assert_eq!(dropped, 0);
    }
}
