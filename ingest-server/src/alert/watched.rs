//! The rules that a server watches, and what it knows of them.

use super::{
    reading::Reading,
    rule::{Rule, SecretSource},
    signature::Secret,
};
use crate::{
    store::sqlite::{Delivery, Retention},
    trouble::Trouble,
};
use anyhow::{Context, Result, ensure};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};
use url::Url;

/// What a server is told of alerts.
#[derive(Clone, Debug)]
pub struct AlertConfig {
    /// What is watched.
    pub rules: Vec<Rule>,
    /// How often it is looked at.
    pub interval: Duration,
    /// The address at which people reach the dashboard; without it, the one that is listened on, and
    /// none where that is every address.
    pub public_url: Option<Url>,
}

impl AlertConfig {
    /// How often rules are looked at, unless the configuration says otherwise.
    pub const INTERVAL_DEFAULT: Duration = Duration::from_mins(1);
}

impl Default for AlertConfig {
    fn default() -> Self {
        Self { rules: Vec::new(), interval: Self::INTERVAL_DEFAULT, public_url: None }
    }
}

/// The rules, each with what was last measured.
#[derive(Debug)]
pub struct Alerts {
    rules: Vec<Watched>,
    public_url: OnceLock<Url>,
    looking: Mutex<Trouble>,
    delivering: Mutex<Trouble>,
    /// By the key of the notice.
    unwritten: Mutex<HashMap<i64, Delivery>>,
}

/// A rule that is watched.
#[derive(Debug)]
pub struct Watched {
    /// As it stands in the file.
    pub rule: Rule,
    /// What its notices are signed with, if anybody is told.
    pub(super) secret: Option<Secret>,
    latest: Mutex<Option<Reading>>,
    looking: Mutex<Trouble>,
}

impl Alerts {
    /// Takes the secrets that are in the environment from there.
    ///
    /// # Errors
    /// Names the rule whose secret is not there, or is none.
    pub fn new(config: &AlertConfig, environment: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let watched = |rule: &Rule| {
            let secret = rule.webhook.as_ref().map(|it| resolve(&it.secret, &environment));
            let secret = secret.transpose().with_context(|| format!("alert {:?}", rule.name))?;
            let looking = Trouble::new(format!("look at the alert {:?}", rule.name));
            let (latest, looking) = (Mutex::new(None), Mutex::new(looking));
            Ok(Watched { rule: rule.clone(), secret, latest, looking })
        };
        let rules = config.rules.iter().map(watched).collect::<Result<_>>()?;
        let public_url = config.public_url.clone().map(OnceLock::from).unwrap_or_default();
        let looking = Mutex::new(Trouble::new("look at the alerts"));
        let delivering = Mutex::new(Trouble::new("read the notices of alerts"));
        Ok(Self { rules, public_url, looking, delivering, unwritten: Mutex::default() })
    }

    /// All of them, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Watched> {
        self.rules.iter()
    }

    /// The dashboard is there, unless the configuration says that it is elsewhere.
    pub(crate) fn dashboard_is_at(&self, url: Url) {
        // The configuration goes before.
        let _ = self.public_url.set(url);
    }

    /// Of looking at all of them.
    pub(super) fn looking(&self) -> MutexGuard<'_, Trouble> {
        lock(&self.looking)
    }

    /// Of sending what became of them.
    pub(super) fn delivering(&self) -> MutexGuard<'_, Trouble> {
        lock(&self.delivering)
    }

    /// What became of notices, as far as the database does not know it yet.
    pub(super) fn unwritten(&self) -> MutexGuard<'_, HashMap<i64, Delivery>> {
        lock(&self.unwritten)
    }

    /// Whether what they look at is there for as long as they look back.
    ///
    /// # Errors
    /// Names the rule whose page views are deleted before.
    pub fn check_kept(&self, retention: Retention) -> Result<()> {
        let days = i64::from(retention.page_view_days);
        for Watched { rule, .. } in &self.rules {
            let days_back = rule.hours_back().unsigned_abs().div_ceil(24);
            ensure!(
                rule.filters.have_histograms() || days_back < days.unsigned_abs(),
                "alert {:?}: page views with all of these filters are counted one by one, and kept for {days} days; it \
                 looks back {days_back}. Leave a filter out, shorten the period (a regression looks at two), or \
                 raise --keep-page-views-days",
                rule.name
            );
        }
        Ok(())
    }

    /// Where a site's alerts are shown.
    pub(super) fn page(&self, site: &str) -> Option<Url> {
        let mut page = self.public_url.get()?.join("alerts").ok()?;
        page.query_pairs_mut().append_pair("site", site);
        Some(page)
    }
}

impl Watched {
    /// What was last measured; nothing before the first look.
    pub fn latest(&self) -> Option<Reading> {
        lock(&self.latest).clone()
    }

    pub(super) fn saw(&self, reading: Reading) {
        *lock(&self.latest) = Some(reading);
    }

    /// Of looking at it.
    pub(super) fn looking(&self) -> MutexGuard<'_, Trouble> {
        lock(&self.looking)
    }
}

/// Whoever panicked with it left it whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn resolve(source: &SecretSource, environment: impl Fn(&str) -> Option<String>) -> Result<Secret> {
    match source {
        SecretSource::File(secret) => Ok(secret.clone()),
        SecretSource::Environment(name) => {
            let text = environment(name)
                .with_context(|| format!("secret_env: the environment has no {name}"))?;
            Secret::try_from(text).map_err(|problem| anyhow::anyhow!("{name}: {problem}"))
        }
    }
}
