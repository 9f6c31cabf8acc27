//! The demo app, an ordinary user of the npm package: `web-demo/dist`.

use crate::{collector, command::run, fingerprint, progress::step, setup::Tools};
use anyhow::Result;
use std::path::Path;

const FOLDER: &str = "web-demo";

/// Builds it, unless it stands. The collector has to be there.
pub(crate) fn build(tools: &Tools) -> Result<()> {
    tools.node.install_packages(FOLDER)?;
    let files = [FOLDER, collector::PACKAGE].map(Path::new);
    fingerprint::unless_fresh("demo-app", "", &files, || {
        step("demo app: npm run build", || {
            run(&mut tools.node.npm(Path::new(FOLDER), &["run", "build"])).map(drop)
        })
    })
}
