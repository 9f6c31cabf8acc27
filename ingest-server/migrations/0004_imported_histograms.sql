-- Histograms of a site that begin before this hour, in hours since 1970, have page views in them that
-- never were in this database: they were imported.
ALTER TABLE sites ADD COLUMN imported_before_hour INTEGER NOT NULL DEFAULT 0;
