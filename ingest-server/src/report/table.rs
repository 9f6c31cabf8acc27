//! Answers as tables, for spreadsheets: CSV (RFC 4180) with names in the first line.

use csv::Writer;

/// An answer that can be told as a table.
pub trait Table {
    /// What the fields of a row are.
    fn columns(&self) -> Vec<&'static str>;

    /// Its rows; what is absent is empty.
    fn rows(&self) -> Vec<Vec<String>>;

    /// The cursor of the rows after these, where there are any.
    fn next(&self) -> Option<&str> {
        None
    }
}

/// What a text begins with that spreadsheets take for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The table as CSV.
pub fn csv(table: &impl Table) -> Vec<u8> {
    let mut out = Writer::from_writer(Vec::new());
    let written = out.write_record(table.columns());
    let mut write = |row: Vec<String>| out.write_record(row.into_iter().map(harmless));
    let written = written.and_then(|()| table.rows().into_iter().try_for_each(&mut write));
    // Memory takes whatever is written, and a row has as many fields as there are columns.
    debug_assert!(written.is_ok(), "{written:?}");
    out.into_inner().unwrap_or_default()
}

/// Anybody can send a page view of a route that is called like a formula, and a spreadsheet would run
/// it: <https://owasp.org/www-community/attacks/CSV_Injection>. After a quote it is a text.
fn harmless(field: String) -> String {
    let is_number = field.parse::<f64>().is_ok();
    if field.starts_with(FORMULA) && !is_number { format!("'{field}") } else { field }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sheet(Vec<Vec<String>>);

    impl Table for Sheet {
        fn columns(&self) -> Vec<&'static str> {
            vec!["value", "change"]
        }

        fn rows(&self) -> Vec<Vec<String>> {
            self.0.clone()
        }
    }

    #[test]
    fn a_route_that_is_called_like_a_formula_is_not_run_by_a_spreadsheet() {
        for (value, written) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-2+3", "'-2+3"),
            ("\t=1", "'\t=1"),
            ("/a=b", "/a=b"),
            ("", ""),
        ] {
            let text = csv(&Sheet(vec![vec![value.to_owned(), "-0.5".to_owned()]]));
            let expected = format!("value,change\n{written},-0.5\n");
            assert_eq!(String::from_utf8(text).unwrap(), expected);
        }
        let text = csv(&Sheet(vec![vec!["\r=HYPERLINK(\"https://a\")".to_owned(), String::new()]]));
        let expected = "value,change\n\"'\r=HYPERLINK(\"\"https://a\"\")\",\n";
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }
}
