-- Who may read the reports of one site: whoever presents a token whose SHA-256 stands here.
CREATE TABLE tokens (
    -- It is revoked by this, so that none is ever another's again.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    -- What people call it, if anything.
    name TEXT,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at_ms INTEGER NOT NULL
) STRICT;
