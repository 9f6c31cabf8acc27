-- When a page view loaded what it did, and was kept from painting.
CREATE TABLE timelines (
    page_view_id INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL CHECK (sequence BETWEEN 0 AND 4294967295),
    told BLOB NOT NULL
) STRICT;
