//! Which of a page view's beacons something is from.

use super::table::{Fault, Field, Fields};

/// The next field.
pub(super) fn sequence(fields: &mut Fields) -> Result<Field<u32>, Fault> {
    let max = u32::MAX;
    fields
        .integer()?
        .read(|number| u32::try_from(number).map_err(|_| format!("is {number}; it is 0 to {max}")))
}

/// The sequence of one of a page view's beacons, which are up to the latest one.
pub(super) fn at_most(own: Field<u32>, row: u32) -> Result<Option<u32>, Fault> {
    let why = || format!("is over {row}, the sequence of the latest beacon");
    Ok(own.unexpected(|sequence| *sequence > row, why)?.optional())
}
