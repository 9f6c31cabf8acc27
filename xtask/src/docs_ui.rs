//! What shows the description of the API: Swagger UI, as npm has it. The server embeds it.

use crate::setup::Tools;
use anyhow::Result;

const FOLDER: &str = "ingest-server/docs-ui";

/// Installs it, unless that is done.
pub(crate) fn install(tools: &Tools) -> Result<()> {
    tools.node.install_packages(FOLDER)
}
