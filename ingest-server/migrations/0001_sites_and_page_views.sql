CREATE TABLE sites (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64)
) STRICT;

-- The origins that may post to a site; all may, when none is listed.
CREATE TABLE site_origins (
    site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    origin TEXT NOT NULL,
    PRIMARY KEY (site_id, origin)
) STRICT, WITHOUT ROWID;

-- One row a page view. A metric stands beside the sequence of the beacon that it is from: the later
-- beacon wins, in whatever order they arrive.
CREATE TABLE page_views (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    page_view BLOB NOT NULL CHECK (length(page_view) = 16),
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    session BLOB CHECK (length(session) = 16),
    started_at_ms INTEGER NOT NULL,
    url TEXT,
    route TEXT,
    release TEXT,
    navigation_type TEXT,
    form_factor TEXT,
    connection TEXT,
    sample_rate REAL NOT NULL CHECK (sample_rate > 0 AND sample_rate <= 1),
    cls_millionths INTEGER CHECK (cls_millionths BETWEEN 0 AND 100000000),
    cls_sequence INTEGER,
    fcp_us INTEGER CHECK (fcp_us BETWEEN 0 AND 600000000),
    fcp_sequence INTEGER,
    inp_us INTEGER CHECK (inp_us BETWEEN 0 AND 600000000),
    inp_sequence INTEGER,
    lcp_us INTEGER CHECK (lcp_us BETWEEN 0 AND 600000000),
    lcp_sequence INTEGER,
    ttfb_us INTEGER CHECK (ttfb_us BETWEEN 0 AND 600000000),
    ttfb_sequence INTEGER,
    fid_us INTEGER CHECK (fid_us BETWEEN 0 AND 600000000),
    fid_sequence INTEGER,
    UNIQUE (site_id, page_view)
) STRICT;

CREATE INDEX page_views_by_time ON page_views (site_id, started_at_ms);
