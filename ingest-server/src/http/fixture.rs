//! What the tests of routes share.

use super::{Access, App, RequestConfig};
use crate::{
    alert::AlertConfig,
    ingest::EnrichConfig,
    server::{Config, Server},
    store::sqlite::{Retention, RollUpLimits, StatementTally},
};
use std::{path::Path, time::Duration};

/// What routes share on a new database, of which nothing is written.
pub(super) fn app(folder: &Path) -> App {
    let server = Server::open(Config {
        database: folder.join("rhumb.db"),
        access: Access::new(None).unwrap(),
        enrich: EnrichConfig::default(),
        roll_up: RollUpLimits::default(),
        retention: Retention::default(),
        alerts: AlertConfig::default(),
        requests: RequestConfig::default(),
        slow_query: StatementTally::default().slow_after(),
        drain: Duration::ZERO,
    });
    server.unwrap().app()
}
