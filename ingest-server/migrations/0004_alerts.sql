-- How the rules of rhumb.toml are; one that is not there is quiet.
CREATE TABLE alerts (
    site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    rule TEXT NOT NULL CHECK (octet_length(rule) BETWEEN 1 AND 64),
    state TEXT NOT NULL CHECK (state IN ('firing', 'resolved')),
    fired_at_ms INTEGER NOT NULL,
    since_ms INTEGER NOT NULL,
    PRIMARY KEY (site_id, rule)
) STRICT, WITHOUT ROWID;

-- What became of them, and what is to be told of that. Where and how is in rhumb.toml, so that no
-- secret is in the database.
CREATE TABLE alert_notices (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    rule TEXT NOT NULL CHECK (octet_length(rule) BETWEEN 1 AND 64),
    -- By which a receiver knows one that it has had already.
    message TEXT NOT NULL UNIQUE,
    at_ms INTEGER NOT NULL,
    body TEXT NOT NULL CHECK (octet_length(body) <= 65536),
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Absent when it is not to be sent, or not any more.
    next_attempt_at_ms INTEGER,
    delivered_at_ms INTEGER
) STRICT;

CREATE INDEX alert_notices_by_rule ON alert_notices (site_id, rule);
CREATE INDEX alert_notices_to_send ON alert_notices (next_attempt_at_ms)
    WHERE next_attempt_at_ms IS NOT NULL;
