INSERT INTO page_views (
    site_id, page_view, sequence, started_at_ms, session, url, route, release,
    navigation_type, form_factor, connection, sample_rate,
    cls_millionths, cls_sequence,
    fcp_us, fcp_sequence,
    inp_us, inp_sequence,
    lcp_us, lcp_sequence,
    ttfb_us, ttfb_sequence,
    fid_us, fid_sequence
) VALUES (
    :site_id, :page_view, :sequence, :started_at_ms, :session, :url, :route, :release,
    :navigation_type, :form_factor, :connection, :sample_rate,
    :cls, iif(:cls IS NULL, NULL, :sequence),
    :fcp, iif(:fcp IS NULL, NULL, :sequence),
    :inp, iif(:inp IS NULL, NULL, :sequence),
    :lcp, iif(:lcp IS NULL, NULL, :sequence),
    :ttfb, iif(:ttfb IS NULL, NULL, :sequence),
    :fid, iif(:fid IS NULL, NULL, :sequence)
)
ON CONFLICT (site_id, page_view) DO UPDATE SET
    started_at_ms = min(started_at_ms, excluded.started_at_ms),
    -- The circumstances are those of the beacon with the highest sequence (of two with one sequence,
    -- which no sender should make, those of the first to arrive).
    sequence = max(sequence, excluded.sequence),
    session = iif(excluded.sequence > sequence, excluded.session, session),
    url = iif(excluded.sequence > sequence, excluded.url, url),
    route = iif(excluded.sequence > sequence, excluded.route, route),
    release = iif(excluded.sequence > sequence, excluded.release, release),
    navigation_type = iif(excluded.sequence > sequence, excluded.navigation_type, navigation_type),
    form_factor = iif(excluded.sequence > sequence, excluded.form_factor, form_factor),
    connection = iif(excluded.sequence > sequence, excluded.connection, connection),
    sample_rate = iif(excluded.sequence > sequence, excluded.sample_rate, sample_rate),
    -- Each value is that of the latest beacon that has it (of two with one sequence, the larger).
    cls_millionths = iif(
        cls_sequence IS NULL OR (excluded.cls_sequence, excluded.cls_millionths) > (cls_sequence, cls_millionths),
        excluded.cls_millionths, cls_millionths
    ),
    cls_sequence = iif(
        cls_sequence IS NULL OR (excluded.cls_sequence, excluded.cls_millionths) > (cls_sequence, cls_millionths),
        excluded.cls_sequence, cls_sequence
    ),
    fcp_us = iif(
        fcp_sequence IS NULL OR (excluded.fcp_sequence, excluded.fcp_us) > (fcp_sequence, fcp_us),
        excluded.fcp_us, fcp_us
    ),
    fcp_sequence = iif(
        fcp_sequence IS NULL OR (excluded.fcp_sequence, excluded.fcp_us) > (fcp_sequence, fcp_us),
        excluded.fcp_sequence, fcp_sequence
    ),
    inp_us = iif(
        inp_sequence IS NULL OR (excluded.inp_sequence, excluded.inp_us) > (inp_sequence, inp_us),
        excluded.inp_us, inp_us
    ),
    inp_sequence = iif(
        inp_sequence IS NULL OR (excluded.inp_sequence, excluded.inp_us) > (inp_sequence, inp_us),
        excluded.inp_sequence, inp_sequence
    ),
    lcp_us = iif(
        lcp_sequence IS NULL OR (excluded.lcp_sequence, excluded.lcp_us) > (lcp_sequence, lcp_us),
        excluded.lcp_us, lcp_us
    ),
    lcp_sequence = iif(
        lcp_sequence IS NULL OR (excluded.lcp_sequence, excluded.lcp_us) > (lcp_sequence, lcp_us),
        excluded.lcp_sequence, lcp_sequence
    ),
    ttfb_us = iif(
        ttfb_sequence IS NULL OR (excluded.ttfb_sequence, excluded.ttfb_us) > (ttfb_sequence, ttfb_us),
        excluded.ttfb_us, ttfb_us
    ),
    ttfb_sequence = iif(
        ttfb_sequence IS NULL OR (excluded.ttfb_sequence, excluded.ttfb_us) > (ttfb_sequence, ttfb_us),
        excluded.ttfb_sequence, ttfb_sequence
    ),
    fid_us = iif(
        fid_sequence IS NULL OR (excluded.fid_sequence, excluded.fid_us) > (fid_sequence, fid_us),
        excluded.fid_us, fid_us
    ),
    fid_sequence = iif(
        fid_sequence IS NULL OR (excluded.fid_sequence, excluded.fid_us) > (fid_sequence, fid_us),
        excluded.fid_sequence, fid_sequence
    )
