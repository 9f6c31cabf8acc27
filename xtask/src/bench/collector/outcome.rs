//! All visits, and what they say.

use super::{
    spread::Spread,
    visit::{Measure, Values, Variant, Visit},
};
use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};

/// The variant that all others are held against.
const BASELINE: &str = "none";
const OWN: &str = "rhumb";

pub(super) struct Outcome {
    results: Vec<VariantResult>,
}

/// The visits of a variant, one a round.
pub(super) struct VariantResult {
    pub(super) variant: Variant,
    visits: Vec<Values>,
}

/// Whether rhumb costs less than an SDK.
struct Comparison<'a> {
    sdk: &'a VariantResult,
    is_below: bool,
    /// In which it did.
    rounds: usize,
}

impl Outcome {
    pub(super) fn new(variants: Vec<Variant>) -> Self {
        let result = |variant| VariantResult { variant, visits: Vec::new() };
        Self { results: variants.into_iter().map(result).collect() }
    }

    /// Takes in a visit, unless it is of the round that only warms up.
    pub(super) fn add(&mut self, visit: &Visit) -> Result<()> {
        let mut results = self.results.iter_mut();
        let result = results
            .find(|result| result.variant.name == visit.name)
            .with_context(|| format!("nobody has announced the variant {}", visit.name))?;
        if visit.round > 0 {
            result.visits.push(visit.values());
        }
        Ok(())
    }

    /// Whether a visit that counts is the last of its round.
    pub(super) fn is_end_of_round(&self, visit: &Visit) -> bool {
        let last = self.results.last();
        visit.round > 0 && last.is_some_and(|result| result.variant.name == visit.name)
    }

    pub(super) fn ensure_complete(&self, loads: u64) -> Result<()> {
        for VariantResult { variant, visits } in &self.results {
            ensure!(
                visits.len() as u64 == loads,
                "{} of {loads} loads with {}",
                visits.len(),
                variant.name
            );
        }
        Ok(())
    }

    pub(super) fn loads(&self) -> usize {
        self.results.first().map_or(0, |result| result.visits.len())
    }

    pub(super) fn results(&self) -> &[VariantResult] {
        &self.results
    }

    /// What a variant adds to the page without a collector, round by round: what slows the machine
    /// down for a while slows both.
    pub(super) fn difference(&self, result: &VariantResult, measure: Measure) -> Spread {
        let baseline = self.named(BASELINE).map_or(&[][..], |baseline| &baseline.visits);
        let pairs = result.visits.iter().zip(baseline);
        Spread::of(pairs.map(|(with, without)| with[measure as usize] - without[measure as usize]))
    }

    /// One line an SDK, and a last one for all of them.
    pub(super) fn verdict(&self) -> String {
        let comparisons = self.comparisons();
        let mut lines = vec!["rhumb costs the main thread less script time than".to_owned()];
        for Comparison { sdk, is_below, rounds } in &comparisons {
            let (name, loads) = (&sdk.variant.name, self.loads());
            lines.push(format!(
                "  {name:<12}{:<4} in {rounds} of {loads} rounds",
                answer(*is_below)
            ));
        }
        let is_met = comparisons.iter().all(|comparison| comparison.is_below);
        lines.push(format!("goal, below every full SDK: {}", answer(is_met)));
        lines.join("\n")
    }

    pub(super) fn as_json(&self, browser: &str) -> Value {
        let comparisons = self.comparisons();
        let variants: Vec<_> =
            self.results.iter().map(|result| self.variant_json(result)).collect();
        let sdks: Vec<_> = comparisons
            .iter()
            .map(|Comparison { sdk, is_below, rounds }| {
                json!({ "name": sdk.variant.name, "is_above_rhumb": is_below, "rounds": rounds })
            })
            .collect();
        json!({
            "browser": browser,
            "loads": self.loads(),
            "variants": variants,
            "goal": {
                "is_met": comparisons.iter().all(|comparison| comparison.is_below),
                "sdks": sdks,
            },
        })
    }

    fn variant_json(&self, result: &VariantResult) -> Value {
        let all = |spread: &dyn Fn(Measure) -> Spread| -> Map<String, Value> {
            let named = |measure: Measure| (measure.name().to_owned(), spread(measure).as_json());
            Measure::ALL.map(named).into_iter().collect()
        };
        json!({
            "name": result.variant.name,
            "version": result.variant.version,
            "is_sdk": result.variant.is_sdk,
            "values": all(&|measure| result.spread(measure)),
            "differences": all(&|measure| self.difference(result, measure)),
        })
    }

    fn comparisons(&self) -> Vec<Comparison<'_>> {
        let Some(own) = self.named(OWN) else { return Vec::new() };
        let script = Measure::Script as usize;
        let cost = |result| self.difference(result, Measure::Script).median;
        let sdks = self.results.iter().filter(|result| result.variant.is_sdk);
        sdks.map(|sdk| {
            let pairs = own.visits.iter().zip(&sdk.visits);
            Comparison {
                sdk,
                is_below: cost(own) < cost(sdk),
                rounds: pairs.filter(|(own, sdk)| own[script] < sdk[script]).count(),
            }
        })
        .collect()
    }

    fn named(&self, name: &str) -> Option<&VariantResult> {
        self.results.iter().find(|result| result.variant.name == name)
    }
}

impl VariantResult {
    pub(super) fn spread(&self, measure: Measure) -> Spread {
        Spread::of(self.visits.iter().map(|values| values[measure as usize]))
    }

    pub(super) fn is_baseline(&self) -> bool {
        self.variant.name == BASELINE
    }
}

fn answer(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}

/// With script times of the page alone, of rhumb and of an SDK, a round each.
#[cfg(test)]
pub(super) fn sample(rounds: &[[f64; 3]]) -> Outcome {
    let variant =
        |name: &str, is_sdk| Variant { name: name.into(), version: "1.0.0".into(), is_sdk };
    let variants = [variant(BASELINE, false), variant(OWN, false), variant("sdk", true)];
    let results = variants.into_iter().enumerate().map(|(column, variant)| {
        let visit = |round: &[f64; 3]| {
            let mut values = Values::default();
            values[Measure::Script as usize] = round[column];
            values
        };
        VariantResult { variant, visits: rounds.iter().map(visit).collect() }
    });
    Outcome { results: results.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_one_within_a_round() {
        let outcome = sample(&[[10.0, 15.0, 30.0], [100.0, 105.0, 130.0], [50.0, 55.0, 80.0]]);
        let difference = outcome.difference(&outcome.results()[1], Measure::Script);
        assert_eq!(difference, Spread { p25: 5.0, median: 5.0, p75: 5.0 });
    }

    #[test]
    fn the_verdict_says_how_sure_it_is() {
        let outcome = sample(&[[10.0, 15.0, 30.0], [10.0, 40.0, 30.0], [10.0, 16.0, 30.0]]);
        assert_eq!(
            outcome.verdict(),
            "rhumb costs the main thread less script time than\n  \
             sdk         yes  in 2 of 3 rounds\n\
             goal, below every full SDK: yes"
        );
        let outcome = sample(&[[10.0, 40.0, 30.0]]);
        assert!(outcome.verdict().ends_with("goal, below every full SDK: no"));
    }

    #[test]
    fn a_missing_load_is_noticed() {
        let outcome = sample(&[[1.0, 2.0, 3.0]]);
        assert!(outcome.ensure_complete(1).is_ok());
        let error = outcome.ensure_complete(2).unwrap_err();
        assert_eq!(error.to_string(), "1 of 2 loads with none");
    }
}
