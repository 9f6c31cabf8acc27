//! Sections as a beacon has them, written without a copy of all that they tell.

use beacon::Durations;

/// What a section is made of.
pub(super) trait Tell {
    /// Appends its content, in the binary format of its type in the crate `beacon`, with at most so many parts.
    fn tell(&self, at_most: usize, into: &mut Vec<u8>);
}

/// A section: its tag, how many bytes it has, and these. Nothing, where nothing is told.
pub(super) fn section(tag: u8, it: &dyn Tell, at_most: usize) -> Vec<u8> {
    let mut content = Vec::new();
    it.tell(at_most, &mut content);
    let mut section = Vec::new();
    // What is not there is 0, however long it is.
    if content.iter().any(|byte| *byte > 0) {
        section.push(tag);
        put_bytes(&mut section, &content);
    }
    section
}

/// Seven bits a byte, the lowest first; all but the last have their highest bit set.
pub(super) fn put_long(into: &mut Vec<u8>, mut number: u64) {
    while number > 127 {
        into.push(number.to_le_bytes()[0] | 128);
        number >>= 7;
    }
    into.push(number.to_le_bytes()[0]);
}

pub(super) fn put(into: &mut Vec<u8>, numbers: &[u32]) {
    for number in numbers {
        put_long(into, u64::from(*number));
    }
}

pub(super) fn put_length(into: &mut Vec<u8>, length: usize) {
    put_long(into, length as u64);
}

pub(super) fn put_bytes(into: &mut Vec<u8>, bytes: &[u8]) {
    put_length(into, bytes.len());
    into.extend_from_slice(bytes);
}

pub(super) fn put_text(into: &mut Vec<u8>, text: &str) {
    put_bytes(into, text.as_bytes());
}

pub(super) fn put_durations(into: &mut Vec<u8>, it: &Durations) {
    put(into, &[it.count, it.total_us, it.max_us]);
    put_length(into, it.bins.len());
    for (bin, count) in &it.bins {
        // The sign stands at the end.
        let sign = u32::from(bin.is_negative());
        put(into, &[u32::from(bin.unsigned_abs()) * 2 - sign, *count]);
    }
}

/// What a reader understands.
#[cfg(test)]
pub(super) fn told<T: beacon::Section>(it: &dyn Tell, at_most: usize) -> T {
    let mut content = Vec::new();
    it.tell(at_most, &mut content);
    postcard::from_bytes(&content).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    struct Numbers(Vec<(i16, u32)>, u64, String);

    impl Tell for Numbers {
        fn tell(&self, _: usize, into: &mut Vec<u8>) {
            let durations = Durations { bins: self.0.clone(), ..Durations::default() };
            put_durations(into, &durations);
            put_long(into, self.1);
            put_text(into, &self.2);
        }
    }

    #[test]
    fn of_nothing_no_section_is_told() {
        assert_eq!(section(7, &Numbers(Vec::new(), 0, String::new()), 9), [0; 0]);
        assert_eq!(section(7, &Numbers(Vec::new(), 300, String::new()), 9)[..2], [7, 7]);
    }

    proptest! {
        #[test]
        fn what_is_put_is_what_a_reader_understands(
            bins in prop::collection::vec(any::<(i16, u32)>(), 0..9),
            number in any::<u64>(),
            text in ".*",
        ) {
            let mut content = Vec::new();
            Numbers(bins.clone(), number, text.clone()).tell(1, &mut content);
            let read: (Durations, u64, String) = postcard::from_bytes(&content).unwrap();
            prop_assert_eq!((read.0.bins, read.1, read.2), (bins, number, text));
        }
    }
}
