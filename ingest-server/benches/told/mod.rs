//! Beacons as pages write them that have no encoder.

use beacon::Beacon;
use serde_json::Value;

/// A beacon of that site that tells nothing.
pub(crate) fn nothing(site: &str) -> Value {
    let nothing = format!(r#"{{ "site": "{site}", "page_view": "{:032}", "metrics": [] }}"#, 0);
    serde_json::to_value(&beacon::decode(nothing.as_bytes()).unwrap()[0]).unwrap()
}

/// JSON: what it does not tell is left out.
pub(crate) fn text(page_view: &Beacon, nothing: &Value) -> String {
    let mut told = serde_json::to_value(page_view).unwrap();
    told.as_object_mut().unwrap().retain(|name, part| name == "site" || nothing[name] != *part);
    told.to_string()
}
