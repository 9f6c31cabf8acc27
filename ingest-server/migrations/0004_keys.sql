-- Where page views are found by their keys, once they are rolled up. Those that are not are few, and the
-- one that writes knows their keys by heart: they are entered here many at once, in order. One by one,
-- nearly each would change another page of the file.
--
-- Half of a key tells page views apart well enough: of ten million, two in a thousand are found beside
-- another one.
CREATE TABLE keys (
    half INTEGER NOT NULL,
    page_view_id INTEGER NOT NULL,
    PRIMARY KEY (half, page_view_id)
) STRICT, WITHOUT ROWID;

INSERT INTO keys (half, page_view_id)
SELECT key >> 32, id FROM page_views
WHERE id <= (SELECT page_view_id FROM watermark) ORDER BY key >> 32, id;

DROP INDEX page_views_by_key;
