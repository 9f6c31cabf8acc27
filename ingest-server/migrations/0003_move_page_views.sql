-- What 0003 made room for: the page views of before.
INSERT INTO pages (site_id, route, url, last_used_day)
SELECT DISTINCT site_id, ifnull(route, ''), ifnull(url, ''), unixepoch() / 86400 FROM page_views_2;

INSERT INTO circumstances (
    release, navigation_type, form_factor, connection, browser, os, country, is_bot, sample_rate,
    last_used_day
)
SELECT DISTINCT
    ifnull(release, ''), ifnull(navigation_type, ''), ifnull(form_factor, ''),
    ifnull(connection, ''), '', '', '', 0, sample_rate, unixepoch() / 86400
FROM page_views_2;

INSERT INTO page_views (
    id, key, page_id, circumstances_id, started_at_ms, session, sequence, sequences,
    cls_millionths, fcp_us, inp_us, lcp_us, ttfb_us, fid_us
)
SELECT
    old.id, page_view_key(old.site_id, page_view), pages.id, circumstances.id, started_at_ms,
    session_key(session), sequence,
    sequences(
        sequence, cls_sequence, fcp_sequence, inp_sequence, lcp_sequence, ttfb_sequence,
        fid_sequence
    ),
    cls_millionths, fcp_us, inp_us, lcp_us, ttfb_us, fid_us
FROM page_views_2 AS old
    JOIN pages ON pages.site_id = old.site_id
        AND pages.url = ifnull(old.url, '') AND pages.route = ifnull(old.route, '')
    JOIN circumstances ON circumstances.release = ifnull(old.release, '')
        AND circumstances.navigation_type = ifnull(old.navigation_type, '')
        AND circumstances.form_factor = ifnull(old.form_factor, '')
        AND circumstances.connection = ifnull(old.connection, '')
        AND circumstances.sample_rate = old.sample_rate
ORDER BY old.id;

-- When they came is not known; they are kept as if it were today.
INSERT INTO arrivals (day, first_page_view_id)
SELECT unixepoch() / 86400, min(id) FROM page_views HAVING count(*) > 0;

DROP TABLE page_views_2;
