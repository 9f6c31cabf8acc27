//! Page views that were deleted, and are in histograms only.

use super::shop::{FORMATS, Shop, assert_alike, day, later};
use beacon::Beacon;
use ingest_server::{
    load::Visitors,
    report::Summary,
    store::sqlite::{Retention, RollUpLimits},
    transfer::{self, Format},
};

const DAYS: i64 = 45;
const PERIODS: [(i64, i64); 5] = [(0, DAYS), (3, 20), (14, 17), (DAYS - 3, DAYS), (0, 15)];
const RETENTION: Retention = Retention { page_view_days: 30, histogram_days: 397 };
const SMALL: RollUpLimits = RollUpLimits { tail_min: 100, step_max: 50, corrections_max: 20 };

/// The page views of half a month are deleted.
fn shop() -> Shop {
    let mut shop = Shop::with(SMALL, RETENTION);
    shop.visit(0..DAYS, 40);
    shop.prune(day(DAYS));
    shop
}

#[test]
fn histograms_make_up_for_page_views_that_were_deleted() {
    let mut shop = shop();
    let reports = shop.reports(&PERIODS);
    for &format in FORMATS {
        let page_views = shop.export(format);
        let histograms = shop.export_histograms(format, day(DAYS));
        let mut copy = Shop::with(SMALL, RETENTION);
        copy.import(&page_views, format, day(DAYS)).unwrap();
        assert_ne!(copy.reports(&PERIODS), reports, "some are missing");
        assert!(copy.import_histograms(&histograms, format, day(DAYS)).unwrap() > 100);
        assert_alike(&copy.reports(&PERIODS), &reports);
        assert_eq!(copy.export(format), page_views);
        assert_eq!(copy.export_histograms(format, day(DAYS)), histograms);
    }
}

#[test]
fn the_hours_of_the_last_week_are_made_up_for_too() {
    let keep_two_days = Retention { page_view_days: 2, ..RETENTION };
    let mut shop = Shop::with(SMALL, keep_two_days);
    shop.visit(0..10, 40);
    shop.prune(day(10));
    let hours = [(5 * 24 + 3, 5 * 24 + 11), (6 * 24 + 7, 8 * 24 + 1), (7 * 24, 10 * 24 + 5)];
    let page_views = shop.export(Format::Csv);
    let histograms = shop.export_histograms(Format::Csv, day(10));
    let mut copy = Shop::with(SMALL, keep_two_days);
    copy.import(&page_views, Format::Csv, day(10)).unwrap();
    copy.import_histograms(&histograms, Format::Csv, day(10)).unwrap();
    // Two filters are read from page views.
    let one_filter = |summaries: Vec<Summary>| {
        let is_one = |it: &Summary| it.filters.route.is_none() || it.filters.form_factor.is_none();
        summaries.into_iter().filter(is_one).collect::<Vec<_>>()
    };
    let reports = one_filter(shop.hourly_reports(&hours));
    assert!(reports.iter().all(|report| report.page_views > 0));
    assert_alike(&one_filter(copy.hourly_reports(&hours)), &reports);
}

#[test]
fn a_page_view_that_has_changed_since_it_was_counted_is_not_in_histograms_twice() {
    let keep_two_days = Retention { page_view_days: 2, ..RETENTION };
    let mut shop = Shop::with(SMALL, keep_two_days);
    shop.visit(0..8, 40);
    let mut visitors = Visitors::new("default", 9);
    // On a day of which others are deleted.
    let visits = (0..300).map(|_| Beacon { age_ms: Some(86_400_000), ..visitors.page_view() });
    let visits = visits.collect::<Vec<_>>();
    shop.take(visits.clone(), day(8));
    (0..5).for_each(|_| shop.database.roll_up(day(8)).unwrap());
    shop.prune(day(10));
    shop.take(visits.iter().take(5).map(|beacon| later(beacon, 9000)), day(10));
    assert_eq!(shop.count("SELECT count(*) FROM corrections"), 10);
    let page_views = shop.export(Format::Csv);
    let histograms = shop.export_histograms(Format::Csv, day(10));
    let mut copy = Shop::with(SMALL, keep_two_days);
    copy.import(&page_views, Format::Csv, day(10)).unwrap();
    copy.import_histograms(&histograms, Format::Csv, day(10)).unwrap();
    let periods = [(0, 11), (7, 8), (8, 9)];
    assert_alike(&copy.reports(&periods), &shop.reports(&periods));
}

#[test]
fn what_is_left_of_a_histogram_that_was_deleted_for_its_age_is_not_exported() {
    let corrected_at_once = RollUpLimits { tail_min: 0, step_max: 1, corrections_max: 0 };
    let keep_a_month = Retention { page_view_days: 30, histogram_days: 30 };
    let mut shop = Shop::with(corrected_at_once, keep_a_month);
    let mut visitors = Visitors::new("default", 9);
    shop.take([visitors.page_view()], day(0));
    let mut old = visitors.page_view();
    old.age_ms = Some(6 * 86_400_000);
    shop.take([old.clone(), visitors.page_view()], day(7));
    shop.prune(day(36));
    shop.take([later(&old, 9000), visitors.page_view()], day(36));
    (0..5).for_each(|_| shop.database.roll_up(day(36)).unwrap());
    let day_1 = "SELECT count(*) FROM histograms WHERE first_hour / 24 - 20454 = 1";
    assert!(shop.count(day_1) > 0, "its beginning is there");
    assert!(shop.export_histograms(Format::Ndjson, day(36)).is_empty());
}

#[test]
fn imported_histograms_outlive_a_rebuild_and_the_page_views() {
    let mut shop = shop();
    let (page_views, histograms) =
        (shop.export(Format::Csv), shop.export_histograms(Format::Csv, day(DAYS)));
    let mut copy = Shop::with(SMALL, RETENTION);
    copy.import(&page_views, Format::Csv, day(DAYS)).unwrap();
    copy.import_histograms(&histograms, Format::Csv, day(DAYS)).unwrap();
    let before = copy.reports(&PERIODS);
    let rebuilt = copy.database.rebuild(&"default".parse().unwrap(), day(DAYS)).unwrap().unwrap();
    assert_eq!(rebuilt.different, 0);
    assert_eq!(copy.reports(&PERIODS), before);
    let later = DAYS + 40;
    shop.prune(day(later));
    copy.prune(day(later));
    assert_eq!(copy.count("SELECT count(*) FROM page_views"), 0);
    // Of two filters there are no histograms.
    assert_eq!(copy.reports(&PERIODS), shop.reports(&PERIODS));
    let all = copy.export_histograms(Format::Csv, day(later));
    assert_eq!(all, shop.export_histograms(Format::Csv, day(later)));
    let mut third = Shop::with(SMALL, RETENTION);
    third.import_histograms(&all, Format::Csv, day(later)).unwrap();
    assert_eq!(third.reports(&PERIODS), shop.reports(&PERIODS));
}

#[test]
fn nothing_is_left_for_histograms_while_no_page_view_was_deleted() {
    let mut shop = Shop::with(SMALL, RETENTION);
    shop.visit(0..10, 40);
    assert!(shop.export_histograms(Format::Ndjson, day(10)).is_empty());
}

#[test]
fn histograms_are_imported_once() {
    let mut shop = shop();
    let histograms = shop.export_histograms(Format::Ndjson, day(DAYS));
    let mut copy = Shop::new();
    copy.import_histograms(&histograms, Format::Ndjson, day(DAYS)).unwrap();
    let reports = copy.reports(&PERIODS);
    let again = copy.import_histograms(&histograms, Format::Ndjson, day(DAYS)).unwrap_err();
    assert!(format!("{again:#}").contains("has imported histograms already"), "{again:#}");
    assert_eq!(copy.reports(&PERIODS), reports);
}

#[test]
fn page_views_that_were_deleted_since_they_were_exported_are_not_counted_again() {
    let mut shop = Shop::with(SMALL, RETENTION);
    shop.visit(0..DAYS, 40);
    let archive = shop.export(Format::Ndjson);
    shop.prune(day(DAYS));
    let reports = shop.reports(&PERIODS);
    let refused = format!("{:#}", shop.import(&archive, Format::Ndjson, day(DAYS)).unwrap_err());
    assert!(refused.contains("line 1, started_at: lies on a day of which"), "{refused}");
    assert_eq!(shop.reports(&PERIODS), reports);
    // Those that are still there may come again.
    let kept = shop.export(Format::Ndjson);
    let imported = shop.import(&kept, Format::Ndjson, day(DAYS)).unwrap();
    assert_eq!((imported.new, imported.changed), (0, 0));
}

#[test]
fn page_views_older_than_those_of_other_sites_are_taken() {
    let mut old = Shop::with(SMALL, RETENTION);
    old.visit(0..20, 40);
    let exported = old.export(Format::Ndjson);
    let mut new = shop();
    new.database.remove_site(&"default".parse().unwrap()).unwrap();
    new.database.put_site(&"default".parse().unwrap(), &[]).unwrap();
    new.import(&exported, Format::Ndjson, day(DAYS)).unwrap();
    let periods = [(0, 20)];
    assert_eq!(new.reports(&periods)[0].page_views, old.reports(&periods)[0].page_views);
}

#[test]
fn an_export_whose_page_views_are_deleted_before_they_are_read_fails() {
    let mut shop = Shop::with(SMALL, RETENTION);
    shop.visit(0..DAYS, 40);
    let export = shop.database.export(shop.site("default")).unwrap();
    shop.prune(day(DAYS));
    let mut out = Vec::new();
    let failed =
        transfer::export_page_views(&mut shop.database, export, Format::Csv, &mut out).unwrap_err();
    assert!(failed.to_string().contains("export again"), "{failed}");
}
