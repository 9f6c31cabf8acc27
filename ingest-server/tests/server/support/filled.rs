//! A database that page views were written into, and the program run on it.

use super::beacon;
use ingest_server::{
    ingest::{EnrichConfig, Enricher, RequestFacts, accept},
    store::sqlite::{Database, RollUpLimits},
};
use jiff::Timestamp;
use serde_json::Value;
use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::Path,
    process::{Command, Output},
};
use tempfile::TempDir;

const RHUMB: &str = env!("CARGO_BIN_EXE_rhumb");

pub(crate) struct Filled {
    pub(crate) folder: TempDir,
    database: Database,
    enricher: Enricher,
    page_views: u128,
}

impl Filled {
    pub(crate) fn new() -> Self {
        Self::with_roll_up(RollUpLimits::default())
    }

    pub(crate) fn with_roll_up(roll_up: RollUpLimits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("rhumb.db")).unwrap();
        let enricher = Enricher::new(EnrichConfig::default()).unwrap();
        Self { folder, database: database.with_roll_up(roll_up), enricher, page_views: 0 }
    }

    /// Page views that begin at that time and have these LCPs, and what else their beacons say.
    pub(crate) fn visit(&mut self, at: &str, lcps_ms: impl IntoIterator<Item = f64>, says: &Value) {
        let at: Timestamp = at.parse().unwrap();
        let sites = self.database.sites().unwrap();
        let page_view = |lcp_ms| {
            self.page_views += 1;
            let mut beacon = beacon(self.page_views, lcp_ms);
            let says = says.as_object().unwrap().clone();
            beacon.as_object_mut().unwrap().extend(says);
            let facts = RequestFacts::arrived_at(at);
            let checked = accept(serde_json::from_value(beacon).unwrap(), &facts, &sites);
            self.enricher.enrich(checked.unwrap(), &facts)
        };
        let page_views = lcps_ms.into_iter().map(page_view).collect::<Vec<_>>();
        self.database.write(page_views.iter(), at).unwrap();
        self.database.roll_up(at).unwrap();
    }

    /// Leaves nothing but the database, as a server that ends does.
    pub(crate) fn close(self) -> TempDir {
        self.database.close().unwrap();
        self.folder
    }

    /// The program, in the folder of the database.
    pub(crate) fn rhumb(&self, arguments: &[&str]) -> Ran {
        self.rhumb_with(arguments, &[])
    }

    /// The same with variables of the environment.
    pub(crate) fn rhumb_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        rhumb_with(self.folder.path(), arguments, variables)
    }
}

/// The program in a folder.
pub(crate) fn rhumb(folder: &Path, arguments: &[&str]) -> Ran {
    rhumb_with(folder, arguments, &[])
}

/// The program in a folder, kept to its permissions, which root is not.
pub(crate) fn rhumb_within_permissions(folder: &Path, arguments: &[&str]) -> Ran {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return rhumb(folder, arguments);
    }
    let mut rhumb = Command::new("setpriv");
    rhumb.args(["--bounding-set=-dac_override,-dac_read_search", RHUMB]);
    run(rhumb, folder, arguments, &[])
}

fn rhumb_with(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    run(Command::new(RHUMB), folder, arguments, variables)
}

/// Without what those who run the tests have set.
fn run(mut rhumb: Command, folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "CI"] {
        rhumb.env_remove(variable);
    }
    let variables = variables.iter().copied();
    Ran::of(rhumb.current_dir(folder).args(arguments).envs(variables).output().unwrap())
}

/// What a program has come to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        let Output { status, stdout, stderr } = output;
        let [out, err] = [stdout, stderr].map(|text| String::from_utf8(text).unwrap());
        println!("{out}{err}");
        Self { code: status.code().unwrap(), out, err }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap()
    }
}
