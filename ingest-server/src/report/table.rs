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

/// The table as CSV.
pub fn csv(table: &impl Table) -> Vec<u8> {
    let mut out = Writer::from_writer(Vec::new());
    let written = out.write_record(table.columns());
    let written =
        written.and_then(|()| table.rows().into_iter().try_for_each(|row| out.write_record(row)));
    // Memory takes whatever is written, and a row has as many fields as there are columns.
    debug_assert!(written.is_ok(), "{written:?}");
    out.into_inner().unwrap_or_default()
}
