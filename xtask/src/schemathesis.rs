//! schemathesis, with which tests look for answers that the description of the API does not tell of.

use crate::{command::run, python};
use anyhow::Result;
use std::{
    path::{Path, PathBuf, absolute},
    process::Command,
};

const FOLDER: &str = "target/schemathesis";
const REQUIREMENTS: &str = "ingest-server/tests/api/requirements.txt";

/// Part of the names of those tests, and of no others.
pub(crate) const TESTS: &str = "in_schemathesis";

/// Finds or installs it; it takes Python 3.11.
pub(crate) fn ensure() -> Result<PathBuf> {
    python::install(FOLDER, REQUIREMENTS)?;
    let program = absolute(Path::new(FOLDER).join("bin/schemathesis"))?;
    run(Command::new(&program).arg("--version"))?;
    Ok(program)
}
