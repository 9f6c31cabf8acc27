//! Lists in which everything is once.

/// Where it stands in the list, at whose end it is put if it is new; absent if it is one too many.
pub(super) fn place<T>(
    all: &mut Vec<T>,
    at_most: usize,
    is_same: impl FnMut(&T) -> bool,
    make: impl FnOnce() -> T,
) -> Option<usize> {
    let known = all.iter().position(is_same);
    if known.is_none() && all.len() < at_most {
        all.push(make());
        return Some(all.len() - 1);
    }
    known
}
