-- Of page views that are there, the host is known where a site has only one. Where it has several,
-- nobody can tell them apart in histograms, so that those page views have none.
CREATE TEMP TABLE only_hosts AS
SELECT sites.id AS site_id, ifnull((
    SELECT min(host_of(url)) FROM pages WHERE site_id = sites.id AND url <> ''
    HAVING min(host_of(url)) = max(host_of(url))
), '') AS host
FROM sites;

-- Where page views were seen. An absent text is '', so that it can be told apart in a key.
CREATE TABLE pages_5 (
    id INTEGER PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    host TEXT NOT NULL CHECK (octet_length(host) <= 256),
    route TEXT NOT NULL CHECK (octet_length(route) <= 256),
    url TEXT NOT NULL CHECK (octet_length(url) <= 2048),
    last_used_day INTEGER NOT NULL,
    UNIQUE (site_id, url, route, host)
) STRICT;
INSERT INTO pages_5 (id, site_id, host, route, url, last_used_day)
SELECT id, site_id, host, route, url, last_used_day FROM pages JOIN only_hosts USING (site_id);
DROP TABLE pages;
ALTER TABLE pages_5 RENAME TO pages;

-- Routes are told apart by their hosts, which stand in a line of their own.
UPDATE histograms
SET value = value || char(10) || (
    SELECT host FROM only_hosts WHERE only_hosts.site_id = histograms.site_id
)
WHERE dimension IN (1, 9, 10, 11);

INSERT INTO histograms (
    site_id, dimension, value, hours, first_hour, page_views, unmeasured, tallies, is_sealed
)
SELECT site_id, 12, host, hours, first_hour, page_views, unmeasured, tallies, is_sealed
FROM histograms JOIN only_hosts USING (site_id)
WHERE dimension = 0;

DROP TABLE only_hosts;
