-- An id is never used again: a beacon for a removed site must not find its successor.
CREATE TABLE sites (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE CHECK (octet_length(name) BETWEEN 1 AND 64),
    created_at_ms INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000 AS INTEGER))
) STRICT;

-- The origins that may post to a site; all may, when none is listed.
CREATE TABLE site_origins (
    site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    origin TEXT NOT NULL CHECK (octet_length(origin) BETWEEN 1 AND 2048),
    PRIMARY KEY (site_id, origin)
) STRICT, WITHOUT ROWID;

-- One row a page view. A metric stands beside the sequence of the beacon that it is from: the later
-- beacon wins, in whatever order they arrive. The words of navigation_type, form_factor and
-- connection are the collector's and may grow, so they are not repeated here.
CREATE TABLE page_views (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    page_view BLOB NOT NULL CHECK (length(page_view) = 16),
    sequence INTEGER NOT NULL CHECK (sequence BETWEEN 0 AND 4294967295),
    session BLOB CHECK (length(session) = 16),
    started_at_ms INTEGER NOT NULL,
    url TEXT CHECK (octet_length(url) BETWEEN 1 AND 2048),
    route TEXT CHECK (octet_length(route) BETWEEN 1 AND 256),
    release TEXT CHECK (octet_length(release) BETWEEN 1 AND 64),
    navigation_type TEXT,
    form_factor TEXT,
    connection TEXT,
    sample_rate REAL NOT NULL CHECK (sample_rate > 0 AND sample_rate <= 1),
    cls_millionths INTEGER CHECK (cls_millionths BETWEEN 0 AND 100000000),
    cls_sequence INTEGER CHECK ((cls_sequence IS NULL) = (cls_millionths IS NULL)),
    fcp_us INTEGER CHECK (fcp_us BETWEEN 0 AND 600000000),
    fcp_sequence INTEGER CHECK ((fcp_sequence IS NULL) = (fcp_us IS NULL)),
    inp_us INTEGER CHECK (inp_us BETWEEN 0 AND 600000000),
    inp_sequence INTEGER CHECK ((inp_sequence IS NULL) = (inp_us IS NULL)),
    lcp_us INTEGER CHECK (lcp_us BETWEEN 0 AND 600000000),
    lcp_sequence INTEGER CHECK ((lcp_sequence IS NULL) = (lcp_us IS NULL)),
    ttfb_us INTEGER CHECK (ttfb_us BETWEEN 0 AND 600000000),
    ttfb_sequence INTEGER CHECK ((ttfb_sequence IS NULL) = (ttfb_us IS NULL)),
    fid_us INTEGER CHECK (fid_us BETWEEN 0 AND 600000000),
    fid_sequence INTEGER CHECK ((fid_sequence IS NULL) = (fid_us IS NULL)),
    UNIQUE (site_id, page_view)
) STRICT;

CREATE INDEX page_views_by_time ON page_views (site_id, started_at_ms);
