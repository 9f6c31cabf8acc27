//! Lists that are short, or arrive nearly sorted. There nothing beats insertion, and std's sort is
//! a tenth of the collector's code.

/// Puts the item behind the last one that it need not stand before.
pub fn insert<T>(list: &mut Vec<T>, item: T, stands_before: impl Fn(&T, &T) -> bool) {
    let mut at = list.len();
    list.push(item);
    while at > 0 && stands_before(&list[at], &list[at - 1]) {
        list.swap(at, at - 1);
        at -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_items_keep_the_order_in_which_they_came() {
        let mut list = Vec::new();
        for item in [(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd'), (3, 'e')] {
            insert(&mut list, item, |a, b| a.0 < b.0);
        }
        assert_eq!(list, [(1, 'b'), (1, 'd'), (2, 'a'), (2, 'c'), (3, 'e')]);
    }
}
