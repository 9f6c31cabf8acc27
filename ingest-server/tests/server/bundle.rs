//! `rhumb bundle`: what is shipped, beside what visitors load.

use crate::support::{Filled, Ran};
use serde_json::{Value, json};
use std::fs;

/// Everybody loads the app, and one of four the search.
fn shop() -> Filled {
    let mut shop = Filled::new();
    let file = |name: &str| {
        json!({ "url": format!("https://shop.example/assets/{name}"), "kind": "script",
                "weight": { "count": 1 },
                "durations": { "count": 1, "total_us": 9, "max_us": 9, "bins": [] } })
    };
    for (visits, files) in [(3, vec!["app-*.js"]), (1, vec!["app-*.js", "search-*.js"])] {
        let files = files.into_iter().map(file).collect::<Vec<_>>();
        let says = json!({ "resources": { "kinds": [], "files": files } });
        shop.visit("2026-01-05T10:00:00Z", std::iter::repeat_n(1200.0, visits), &says);
    }
    shop
}

fn bundle(shop: &Filled, stats: &str, options: &[&str]) -> Ran {
    let period = ["--from", "2026-01-01", "--to", "2026-01-28"];
    shop.rhumb(&[&["bundle", "default", "--stats", stats], &period[..], options].concat())
}

fn write(shop: &Filled, name: &str, text: &str) {
    let path = shop.folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn metafile() -> String {
    let output = |bytes: u64, inputs: Value| json!({ "bytes": bytes, "inputs": inputs });
    json!({ "inputs": {}, "outputs": {
        "dist/assets/app-Dq1w2e3R.js":
            output(400_000, json!({ "node_modules/react-dom/index.js": { "bytesInOutput": 300_000 } })),
        "dist/assets/search-BkZ3a9xQ.js":
            output(900_000, json!({ "src/search.ts": { "bytesInOutput": 200_000 } })),
        "dist/assets/admin-Zz9y8x7W.js": output(100_000, json!({})),
    } })
    .to_string()
}

#[test]
fn what_is_shipped_to_whom_is_told() {
    let shop = shop();
    write(&shop, "meta.json", &metafile());
    let shown = bundle(&shop, "meta.json", &[]);
    assert_eq!((shown.code, &*shown.err), (0, ""));
    insta::assert_snapshot!(shown.out, @"
    default
    2026-01-01 00:00 to 2026-01-29 00:00 UTC
    1.4 MB are shipped, of which a page view loads 625 kB on average (4 page views); 100 kB were loaded by none.

    file                            bytes  page views   share  largest module
    assets/search-*.js             900 kB           1  25.0 %  200 kB of src/search.ts
    dist/assets/admin-Zz9y8x7W.js  100 kB           0     0 %  –
    assets/app-*.js                400 kB           4   100 %  300 kB of node_modules/react-dom/index.js
    ");
    let csv = bundle(&shop, "meta.json", &["--format", "csv"]);
    assert!(
        csv.out.contains("\nassets/search-*.js,1,900000,1,0.25,src/search.ts,200000"),
        "{}",
        csv.out
    );
    let json = bundle(&shop, "meta.json", &["--format", "json"]);
    let json: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(
        (&json["shipped_bytes"], &json["loaded_bytes"]),
        (&json!(1_400_000), &json!(625_000))
    );
}

#[test]
fn the_manifest_of_vite_is_read_with_its_files() {
    let shop = shop();
    let manifest = json!({ "index.html": { "file": "assets/app-Dq1w2e3R.js", "isEntry": true } });
    write(&shop, "dist/.vite/manifest.json", &manifest.to_string());
    write(&shop, "dist/assets/app-Dq1w2e3R.js", &"x".repeat(1234));
    let csv = bundle(&shop, "dist/.vite/manifest.json", &["--format", "csv"]);
    assert!(csv.out.contains("\nassets/app-*.js,1,1234,4,1,,"), "{}", csv.out);
}

#[test]
fn what_cannot_be_read_is_said_with_what_can() {
    let shop = shop();
    write(&shop, "package.json", r#"{ "name": "shop" }"#);
    for (file, says) in [
        ("package.json", "not a metafile of esbuild, not the stats.json of webpack"),
        ("gone.json", "cannot read the statistics gone.json: No such file"),
        ("rhumb.db", "cannot read the statistics rhumb.db: it is no JSON"),
    ] {
        let shown = bundle(&shop, file, &[]);
        assert!(shown.code != 0 && shown.err.contains(says), "{}", shown.err);
    }
}
