-- Where page views were seen. An absent text is '', so that it can be told apart in a key.
CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    route TEXT NOT NULL CHECK (octet_length(route) <= 256),
    url TEXT NOT NULL CHECK (octet_length(url) <= 2048),
    last_used_day INTEGER NOT NULL,
    UNIQUE (site_id, url, route)
) STRICT;

-- What else page views are alike in; there are far fewer combinations than page views. The words
-- are the collector's and may grow, so they are not repeated here.
CREATE TABLE circumstances (
    id INTEGER PRIMARY KEY,
    release TEXT NOT NULL CHECK (octet_length(release) <= 64),
    navigation_type TEXT NOT NULL,
    form_factor TEXT NOT NULL,
    connection TEXT NOT NULL,
    browser TEXT NOT NULL,
    os TEXT NOT NULL,
    country TEXT NOT NULL,
    is_bot INTEGER NOT NULL CHECK (is_bot IN (0, 1)),
    sample_rate REAL NOT NULL CHECK (sample_rate > 0 AND sample_rate <= 1),
    last_used_day INTEGER NOT NULL,
    UNIQUE (
        release, navigation_type, form_factor, connection, browser, os, country, is_bot, sample_rate
    )
) STRICT;

-- Selectors, addresses and words of attributions.
CREATE TABLE texts (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE CHECK (octet_length(text) BETWEEN 1 AND 2048),
    last_used_day INTEGER NOT NULL
) STRICT;

-- Which fields explain the values of a page view, and what can be told of them without it.
CREATE TABLE shapes (
    id INTEGER PRIMARY KEY,
    shape BLOB NOT NULL UNIQUE,
    last_used_day INTEGER NOT NULL
) STRICT;

-- One row a page view, in the order of their first beacons. A page view of which nothing could be
-- measured has no metric. The pages and circumstances that a row names are there as long as the
-- row: rows are deleted first.
ALTER TABLE page_views RENAME TO page_views_2;
DROP INDEX page_views_by_time;
CREATE TABLE page_views (
    id INTEGER PRIMARY KEY,
    -- A hash of the site and of the id that the sender chose.
    key INTEGER NOT NULL,
    page_id INTEGER NOT NULL,
    circumstances_id INTEGER NOT NULL,
    started_at_ms INTEGER NOT NULL,
    -- The first 32 bits of a hash.
    session INTEGER,
    sequence INTEGER NOT NULL CHECK (sequence BETWEEN 0 AND 4294967295),
    -- The sequence of the beacon that each metric is from, where one is not from the latest.
    sequences BLOB,
    cls_millionths INTEGER CHECK (cls_millionths BETWEEN 0 AND 100000000),
    fcp_us INTEGER CHECK (fcp_us BETWEEN 0 AND 600000000),
    inp_us INTEGER CHECK (inp_us BETWEEN 0 AND 600000000),
    lcp_us INTEGER CHECK (lcp_us BETWEEN 0 AND 600000000),
    ttfb_us INTEGER CHECK (ttfb_us BETWEEN 0 AND 600000000),
    fid_us INTEGER CHECK (fid_us BETWEEN 0 AND 600000000),
    -- What explains the values: a key of shapes, and what the shape does not say.
    shape_id INTEGER,
    details BLOB
) STRICT;

-- Half of the key tells page views apart well enough for an index: of ten million, two in a thousand
-- keys are found beside another one. The one that writes takes care that no key is there twice.
CREATE INDEX page_views_by_key ON page_views (key >> 32);

-- The first page view of each day on which any arrived, in days since 1970.
CREATE TABLE arrivals (
    day INTEGER PRIMARY KEY,
    first_page_view_id INTEGER NOT NULL
) STRICT;

-- How far page views are rolled up into histograms: all up to this one.
CREATE TABLE watermark (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    page_view_id INTEGER NOT NULL
) STRICT;
INSERT INTO watermark VALUES (1, 0);

-- What has changed in page views that are rolled up: the former row is to be taken out (-1), the new one
-- to be put in (+1).
CREATE TABLE corrections (
    id INTEGER PRIMARY KEY,
    sign INTEGER NOT NULL CHECK (sign IN (-1, 1)),
    page_id INTEGER NOT NULL,
    circumstances_id INTEGER NOT NULL,
    started_at_ms INTEGER NOT NULL,
    cls_millionths INTEGER,
    fcp_us INTEGER,
    inp_us INTEGER,
    lcp_us INTEGER,
    ttfb_us INTEGER,
    fid_us INTEGER
) STRICT;

-- Page views by what they are alike in and when they began: an hour or a day of UTC, the latter of
-- 24 hours.
CREATE TABLE histograms (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    dimension INTEGER NOT NULL,
    value TEXT NOT NULL,
    hours INTEGER NOT NULL CHECK (hours IN (1, 24)),
    first_hour INTEGER NOT NULL,
    page_views INTEGER NOT NULL,
    unmeasured INTEGER NOT NULL,
    -- What was measured.
    tallies BLOB NOT NULL,
    -- Of a day that is over, and compressed.
    is_sealed INTEGER NOT NULL CHECK (is_sealed IN (0, 1)),
    UNIQUE (site_id, dimension, value, hours, first_hour)
) STRICT;

CREATE INDEX histograms_by_time ON histograms (hours, first_hour);
CREATE INDEX histograms_to_seal ON histograms (first_hour) WHERE hours = 24 AND NOT is_sealed;

-- Histograms of a site that begin before this hour, in hours since 1970, have page views in them that
-- never were in this database: they were imported.
ALTER TABLE sites ADD COLUMN imported_before_hour INTEGER NOT NULL DEFAULT 0;
