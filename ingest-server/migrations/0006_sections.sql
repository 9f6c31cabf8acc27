-- What explains page views besides their metrics, as `store/sqlite/sections/` writes it: of each section a
-- table, with a row for each page view that tells of it.
ALTER TABLE renders RENAME COLUMN components TO told;

-- What kept it from painting.
CREATE TABLE long_frames (
    page_view_id INTEGER PRIMARY KEY,
    -- That of the beacon it is from.
    sequence INTEGER NOT NULL CHECK (sequence BETWEEN 0 AND 4294967295),
    told BLOB NOT NULL
) STRICT;

-- What it timed itself.
CREATE TABLE measures (
    page_view_id INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL CHECK (sequence BETWEEN 0 AND 4294967295),
    told BLOB NOT NULL
) STRICT;

-- What it loaded.
CREATE TABLE resources (
    page_view_id INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL CHECK (sequence BETWEEN 0 AND 4294967295),
    told BLOB NOT NULL
) STRICT;

-- How much memory it took.
CREATE TABLE memory (
    page_view_id INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL CHECK (sequence BETWEEN 0 AND 4294967295),
    told BLOB NOT NULL
) STRICT;

-- What went wrong on it.
CREATE TABLE errors (
    page_view_id INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL CHECK (sequence BETWEEN 0 AND 4294967295),
    told BLOB NOT NULL
) STRICT;

-- What its scripts asked servers for.
CREATE TABLE requests (
    page_view_id INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL CHECK (sequence BETWEEN 0 AND 4294967295),
    told BLOB NOT NULL
) STRICT;

-- What scripts were made of, as `rhumb sourcemap upload` was given it: JSON without the sources themselves,
-- compressed (zlib).
CREATE TABLE source_maps (
    -- No number comes twice: the largest one tells whether something was uploaded.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    -- The script's path, as far as its uploader named it: `assets/search-BkZ3a9xQ.js`.
    name TEXT NOT NULL CHECK (octet_length(name) BETWEEN 1 AND 1024),
    uploaded_day INTEGER NOT NULL,
    map BLOB NOT NULL,
    UNIQUE (site_id, name)
) STRICT;

-- Where the time of its scripts went.
CREATE TABLE profiles (
    page_view_id INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL CHECK (sequence BETWEEN 0 AND 4294967295),
    told BLOB NOT NULL
) STRICT;
