//! The answer which components render, the costliest first.

use super::components::{Commits, Component, Components};
use crate::{
    report::{
        Period, Question, RankedQuestion, Sampled, Unit,
        durations::{ERROR, rounded_ms as ms},
        share,
    },
    store::sqlite::Filters,
};
use beacon::RenderPhase;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Of fewer updates nothing is said.
const UPDATES_MIN: u64 = 20;
/// From this share of them on that render most of it anew, a component is updated in full …
const IN_FULL: f64 = 0.75;
/// … and up to this one in part.
const IN_PART: f64 = 0.5;
/// What is not worth a thought: a 64th of a frame.
const CHEAP_US: u64 = 250;

/// The answer of `GET /v1/sites/{site}/renders`.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RendersReport {
    /// The site's name.
    pub site: String,
    /// The page views' time.
    pub period: Period,
    /// What all of them are alike in.
    pub filters: Filters,
    /// From when on page views are still there.
    #[schema(value_type = String, format = DateTime)]
    pub kept_from: Timestamp,
    /// That only some page views were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sampled: Option<Sampled>,
    /// How many tell of their components.
    pub page_views: u64,
    /// How many components there are; those that are no rows are the least costly.
    pub components: u64,
    /// Commits of components that were too many to be told apart.
    pub dropped: u64,
    /// How much a percentile may be off, as a share of it.
    pub error: f64,
    /// Components, the one that takes the most time first.
    pub rows: Vec<RenderRow>,
}

/// A component.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RenderRow {
    /// What its author calls it.
    pub component: String,
    /// On how many page views it was rendered.
    pub page_views: u64,
    /// How many commits it was part of.
    pub count: u64,
    /// How long rendering it took, all together, in milliseconds.
    pub total_ms: f64,
    /// The share of that in the time of all components. One that is within another one is counted with
    /// both.
    pub share: f64,
    /// Updates for each time that it was mounted; absent where it never was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub updates_per_mount: Option<f64>,
    /// How many updates rendered most of it anew: at least half of what it takes without memoization, if
    /// that is any time at all.
    pub full_updates: u64,
    /// Their share in all updates; absent where there were none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub full_share: Option<f64>,
    /// How much of it updates render.
    pub updates: Updates,
    /// What to do, where something is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = String)]
    pub advice: Option<&'static str>,
    /// What it did in each phase that it was in.
    pub phases: Vec<PhaseRow>,
}

/// A component in a phase.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct PhaseRow {
    /// Why it was rendered.
    pub phase: RenderPhase,
    /// How many commits there were.
    pub count: u64,
    /// How long rendering took, all together, in milliseconds.
    pub total_ms: f64,
    /// Three quarters took at most so long, in milliseconds, to the tenth.
    pub p75: f64,
    /// The longest one, in milliseconds.
    pub max: f64,
    /// How many took longer than a frame of 16 ms.
    pub slow_count: u64,
    /// Their share.
    pub slow_share: f64,
}

/// How much of a component its updates render, measured by what it takes without memoization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Updates {
    /// At most half of them render most of it anew.
    InPart,
    /// More than half of them do.
    Mixed,
    /// At least three of four do.
    InFull,
    /// More than half of them do, and an update takes less than a quarter of a millisecond.
    Cheap,
    /// There are fewer than 20 updates.
    TooFew,
}

impl Updates {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InPart => "in_part",
            Self::Mixed => "mixed",
            Self::InFull => "in_full",
            Self::Cheap => "cheap",
            Self::TooFew => "too_few",
        }
    }
}

/// Answers from what components did.
pub(crate) fn renders(
    site: &str,
    RankedQuestion { question: Question { period, filters }, limit }: RankedQuestion,
    Components { page_views, dropped, by_id }: Components,
    sampled: Option<Sampled>,
    kept_from: Timestamp,
) -> RendersReport {
    let components = by_id.len() as u64;
    let all_us = by_id.values().map(Component::actual_us).sum::<u64>().max(1);
    let mut rows = by_id.into_iter().collect::<Vec<_>>();
    rows.sort_by(|(a_id, a), (b_id, b)| {
        b.actual_us().cmp(&a.actual_us()).then_with(|| a_id.cmp(b_id))
    });
    rows.truncate(limit);
    let rows = rows.into_iter().map(|(id, component)| row(id, &component, all_us)).collect();
    RendersReport {
        site: site.to_owned(),
        period,
        filters,
        kept_from,
        sampled,
        page_views,
        components,
        dropped,
        error: ERROR,
        rows,
    }
}

impl Component {
    fn actual_us(&self) -> u64 {
        self.phases.iter().map(|commits| commits.durations.total_us).sum()
    }
}

fn row(id: String, component: &Component, all_us: u64) -> RenderRow {
    let [mounts, updates @ ..] = &component.phases;
    let full_updates = updates.iter().map(|commits| commits.full_count).sum();
    let updates_us = updates.iter().map(|commits| commits.durations.total_us).sum();
    let count = updates.iter().map(|commits| commits.durations.count).sum::<u64>();
    let full_share = (count > 0).then(|| share(full_updates, count));
    let updates = updates_of(count, full_share.unwrap_or_default(), updates_us);
    let phases = RenderPhase::ALL.iter().zip(&component.phases);
    RenderRow {
        component: id,
        page_views: component.page_views.count,
        count: mounts.durations.count + count,
        total_ms: ms(component.actual_us()),
        share: share(component.actual_us(), all_us),
        updates_per_mount: (mounts.durations.count > 0)
            .then(|| ratio(count, mounts.durations.count)),
        full_updates,
        full_share,
        updates,
        advice: advice(updates),
        phases: phases.filter_map(|(phase, commits)| phase_row(*phase, commits)).collect(),
    }
}

fn phase_row(phase: RenderPhase, commits: &Commits) -> Option<PhaseRow> {
    let Commits { durations, slow_count, .. } = commits;
    let p75 = durations.percentile_ms(75)?;
    Some(PhaseRow {
        phase,
        count: durations.count,
        total_ms: Unit::Ms.round(durations.total_ms()),
        p75: Unit::Ms.round(p75),
        max: Unit::Ms.round(durations.max_ms()),
        slow_count: *slow_count,
        slow_share: share(*slow_count, durations.count),
    })
}

fn updates_of(count: u64, full_share: f64, us: u64) -> Updates {
    match full_share {
        _ if count < UPDATES_MIN => Updates::TooFew,
        ..=IN_PART => Updates::InPart,
        _ if us / count < CHEAP_US => Updates::Cheap,
        ..IN_FULL => Updates::Mixed,
        _ => Updates::InFull,
    }
}

fn advice(updates: Updates) -> Option<&'static str> {
    match updates {
        Updates::InFull => Some(
            "Three of four updates, or more, re-render most of it. That is needed when its state or \
             data changes. When its props are the same as before, wrap it in memo; if it is wrapped \
             already, one of them is a new object, list or function each time: keep it with useMemo \
             or useCallback.",
        ),
        Updates::Mixed => Some(
            "More than half of the updates re-render most of it. Find those whose props are the same \
             as before.",
        ),
        Updates::InPart | Updates::Cheap | Updates::TooFew => None,
    }
}

/// To the tenth, which is as exact as anybody needs.
#[expect(clippy::cast_precision_loss)]
fn ratio(a: u64, b: u64) -> f64 {
    (a as f64 / b as f64 * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::PagePlace;
    use beacon::{Render, Renders};

    fn render(id: &str, phase: RenderPhase, count: u32, full_count: u32, actual_us: u32) -> Render {
        Render {
            id: id.to_owned(),
            phase,
            count,
            actual_us,
            base_us: actual_us,
            max_us: actual_us / count,
            slow_count: 0,
            full_count,
            bins: Vec::new(),
        }
    }

    fn report(components: Vec<Render>, limit: usize) -> RendersReport {
        let mut all = Components::default();
        all.add(Renders { components, dropped: 3 }, PagePlace::on(""));
        let question = Question::last_hours(24, Timestamp::UNIX_EPOCH);
        renders("shop", RankedQuestion { question, limit }, all, None, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn the_component_that_takes_the_most_time_comes_first() {
        let answer = report(
            vec![
                render("Cheap", RenderPhase::Update, 90, 90, 9000),
                render("Dear", RenderPhase::Mount, 1, 1, 20_000),
                render("Dear", RenderPhase::Update, 2, 0, 10_000),
            ],
            1,
        );
        assert_eq!((answer.components, answer.dropped, answer.rows.len()), (2, 3, 1));
        let row = &answer.rows[0];
        assert_eq!((&*row.component, row.count, row.total_ms), ("Dear", 3, 30.0));
        assert!((row.share - 30.0 / 39.0).abs() < 1e-4, "{row:?}");
        assert_eq!(row.updates_per_mount, Some(2.0));
        assert_eq!(
            row.phases.iter().map(|it| it.phase).collect::<Vec<_>>(),
            [RenderPhase::Mount, RenderPhase::Update]
        );
    }

    #[test]
    fn what_is_rendered_in_full_is_told_from_what_is_not_and_from_what_costs_nothing() {
        let answer = report(
            vec![
                render("Memoized", RenderPhase::Update, 40, 1, 80_000),
                render("Between", RenderPhase::NestedUpdate, 40, 25, 70_000),
                render("Plain", RenderPhase::Update, 40, 40, 90_000),
                render("Leaf", RenderPhase::Update, 40, 40, 4000),
                render("Rare", RenderPhase::Update, 19, 19, 60_000),
                render("Still", RenderPhase::Mount, 40, 40, 50_000),
            ],
            10,
        );
        let told = answer.rows.iter().map(|row| (&*row.component, row.updates.as_str()));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                ("Plain", "in_full"),
                ("Memoized", "in_part"),
                ("Between", "mixed"),
                ("Rare", "too_few"),
                ("Still", "too_few"),
                ("Leaf", "cheap"),
            ]
        );
        let advised = answer.rows.iter().filter(|row| row.advice.is_some());
        assert_eq!(advised.count(), 2);
    }
}
