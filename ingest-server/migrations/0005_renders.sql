-- What components did in page views that tell it: counts and durations, as `store/sqlite/renders.rs`
-- writes them.
CREATE TABLE renders (
    page_view_id INTEGER PRIMARY KEY,
    -- That of the beacon it is from.
    sequence INTEGER NOT NULL CHECK (sequence BETWEEN 0 AND 4294967295),
    components BLOB NOT NULL
) STRICT;
