//! Tokens by which others than operators read the reports of a site. They themselves are known to those who got
//! them only: what is kept is their hash, which is enough as nobody guesses 32 random bytes.

use super::{Database, SiteName, sites, statements::Named};
use crate::ingest::SiteId;
use anyhow::{Context, Result, ensure};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt};

/// Of all sites together.
pub const TOKENS_MAX: u32 = 1000;
/// Of a name, in bytes.
pub const TOKEN_NAME_BYTES_MAX: usize = 64;
/// What every token begins with, so that those who look for secrets in public places find it.
const PREFIX: &str = "rhumb_";

const ALL: &str = "SELECT hash, id, site_id, name, created_at_ms FROM tokens";

/// Those that a server runs.
pub(super) const STATEMENTS: [Named; 1] = [Named::new("tokens.all", ALL)];

/// A token itself, which is shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Of bytes that nobody can know.
    pub fn of(random: [u8; 32]) -> Self {
        Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random)))
    }

    /// As it is presented.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

fn hash(presented: &str) -> [u8; 32] {
    Sha256::digest(presented).into()
}

/// What is known of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFacts {
    /// By which it is revoked.
    pub id: i64,
    /// Whose reports it reads.
    pub site: SiteId,
    /// What people call it, at most [`TOKEN_NAME_BYTES_MAX`].
    pub name: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
}

impl TokenFacts {
    fn read(row: &Row<'_>) -> rusqlite::Result<([u8; 32], Self)> {
        let created_at = Timestamp::from_millisecond(row.get(4)?).unwrap_or_default();
        let site = SiteId(row.get(2)?);
        Ok((row.get(0)?, Self { id: row.get(1)?, site, name: row.get(3)?, created_at }))
    }
}

/// All tokens, by their hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens(BTreeMap<[u8; 32], TokenFacts>);

impl Tokens {
    /// What is known of a token that somebody presents. How long that takes tells of its hash, and so nothing.
    pub fn get(&self, presented: &str) -> Option<&TokenFacts> {
        self.0.get(&hash(presented))
    }

    /// All of them, by age.
    pub fn by_age(&self) -> Vec<&TokenFacts> {
        let mut all = self.0.values().collect::<Vec<_>>();
        all.sort_unstable_by_key(|it| it.id);
        all
    }

    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let mut statement = connection.prepare_cached(ALL)?;
        let rows = statement.query_map([], TokenFacts::read)?;
        Ok(Self(rows.collect::<rusqlite::Result<_>>()?))
    }
}

impl Database {
    /// Lets a token read the reports of a site. The answer is the number by which it is revoked.
    ///
    /// # Errors
    /// There is no such site, the name is longer than [`TOKEN_NAME_BYTES_MAX`], or there are [`TOKENS_MAX`]
    /// tokens.
    pub fn put_token(
        &mut self,
        token: &Token,
        site: &SiteName,
        name: Option<&str>,
        now: Timestamp,
    ) -> Result<i64> {
        let bytes = name.map_or(0, str::len);
        ensure!(
            bytes <= TOKEN_NAME_BYTES_MAX,
            "--name has {bytes} bytes; it may have at most {TOKEN_NAME_BYTES_MAX}"
        );
        let transaction = self.connection.transaction()?;
        let site = sites::find(&transaction, site)?.with_context(|| {
            format!("there is no site {site}; `rhumb site list` shows those there are")
        })?;
        let count: u32 =
            transaction.query_row("SELECT count(*) FROM tokens", [], |row| row.get(0))?;
        ensure!(
            count < TOKENS_MAX,
            "there are {count} tokens, which is the most there can be; `rhumb token revoke` ends one"
        );
        transaction.execute(
            "INSERT INTO tokens (site_id, name, hash, created_at_ms) VALUES (?1, ?2, ?3, ?4)",
            params![site.0, name, hash(&token.0), now.as_millisecond()],
        )?;
        let id = transaction.last_insert_rowid();
        transaction.commit()?;
        Ok(id)
    }

    /// Ends a token; false when there is none of that number.
    pub fn remove_token(&mut self, id: i64) -> Result<bool> {
        Ok(self.connection.execute("DELETE FROM tokens WHERE id = ?1", [id])? > 0)
    }
}
