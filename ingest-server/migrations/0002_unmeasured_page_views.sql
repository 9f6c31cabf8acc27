-- Page views of which nothing could be measured, because the page refused WebAssembly or did not get
-- it: they are counted, so that nobody takes silence for health.
ALTER TABLE page_views ADD COLUMN is_unmeasured INTEGER NOT NULL DEFAULT 0 CHECK (is_unmeasured IN (0, 1));
