//! The connections that read.

use super::{
    Selection, Sites,
    values::{self, Measured},
};
use anyhow::{Context, Result, anyhow};
use deadpool_sqlite::{Config, Hook, HookError, Pool, Runtime};
use rusqlite::Connection;
use std::{path::Path, time::Duration};
use tokio::time::timeout;

/// Reads at the same time; more wait their turn.
const CONNECTIONS_MAX: usize = 4;
/// How long a request waits for its turn.
const WAIT_MAX: Duration = Duration::from_secs(5);
/// How long one read may take. A longer one would keep the log from being emptied.
const READ_MAX: Duration = Duration::from_secs(10);

const PRAGMAS: &str = "
    PRAGMA query_only = ON;
    PRAGMA busy_timeout = 5000;
    PRAGMA cache_size = -16384;
    PRAGMA temp_store = MEMORY;
";

/// A few connections that cannot write.
#[derive(Clone, Debug)]
pub struct Reader {
    pool: Pool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It took longer than a read may; a shorter period is answered sooner.
    #[error("the read took longer than {} seconds", READ_MAX.as_secs())]
    TooLong,
    /// The database refuses, or every connection is busy.
    #[error("the database cannot be read")]
    Unavailable(#[source] anyhow::Error),
}

impl Reader {
    /// For a database that exists. Connections are opened when they are needed.
    pub fn open(path: &Path) -> Result<Self> {
        let prepare = Hook::sync_fn(|connection, _| {
            let connection = connection.lock().map_err(|_| HookError::message("poisoned"))?;
            connection.execute_batch(PRAGMAS).map_err(HookError::Backend)
        });
        let pool = Config::new(path)
            .builder(Runtime::Tokio1)?
            .max_size(CONNECTIONS_MAX)
            .wait_timeout(Some(WAIT_MAX))
            .runtime(Runtime::Tokio1)
            .post_create(prepare)
            .build()?;
        Ok(Self { pool })
    }

    /// Every site.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn sites(&self) -> Result<Sites, ReadError> {
        self.read(|connection| Sites::read(connection)).await
    }

    /// What was measured on the selected page views.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn measured(&self, selection: Selection) -> Result<Measured, ReadError> {
        self.read(move |connection| values::read(connection, &selection)).await
    }

    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, ReadError> {
        let unavailable = |error: anyhow::Error| ReadError::Unavailable(error);
        let connection = self.pool.get().await.context("no connection").map_err(unavailable)?;
        let interrupt = connection.lock().map(|connection| connection.get_interrupt_handle());
        let interrupt =
            interrupt.map_err(|_| unavailable(anyhow!("the connection is poisoned")))?;
        let Ok(answer) = timeout(READ_MAX, connection.interact(read)).await else {
            interrupt.interrupt();
            return Err(ReadError::TooLong);
        };
        answer
            .map_err(|error| unavailable(anyhow!("the read was given up: {error}")))?
            .context("the read failed")
            .map_err(unavailable)
    }
}
