//! Any request: the database has room for whatever is accepted. What broke a rule of it would be
//! answered 503 and sent again for ever.

#![no_main]

mod request;

use ingest_server::store::sqlite::{Database, Sites};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use std::sync::{LazyLock, Mutex};
use tempfile::TempDir;

/// With its folder, which stays in that for temporary files.
static DATABASE: LazyLock<(Mutex<Database>, Sites, TempDir)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("there is room");
    let database = request::database(folder.path());
    let sites = database.sites().expect("a new one can be read");
    (Mutex::new(database), sites, folder)
});

fuzz_target!(|request: &[u8]| {
    let (database, sites, _) = &*DATABASE;
    let Some(page_views) = request::page_views(request, sites) else { return };
    let now = request::NOW.parse::<Timestamp>().expect("a time");
    let mut database = database.lock().expect("nobody panicked before");
    database.write(page_views.iter(), now).expect("what is accepted can be written");
    database.roll_up(now).expect("what is written can be rolled up");
});
