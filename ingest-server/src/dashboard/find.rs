//! What somebody looks for in a picture.

/// Bytes of it: those of 64 letters, which its form takes, at most.
pub(crate) const FIND_BYTES_MAX: usize = 256;

/// A part of a name, in capitals or not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Find(String);

impl Find {
    /// Of a text that is not empty.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_in(&self, name: &str) -> bool {
        name.to_lowercase().contains(&self.0.to_lowercase())
    }
}

/// The form that it is written in.
#[derive(Debug)]
pub(super) struct FindForm {
    /// What answers.
    pub(super) action: &'static str,
    /// What the page is asked besides.
    pub(super) hidden: Vec<(&'static str, String)>,
    pub(super) label: &'static str,
    /// What was looked for.
    pub(super) text: String,
    /// What came of it.
    pub(super) found: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_do_not_matter() {
        let find = Find::new("Äpply".to_owned());
        assert!(find.is_in("äPPLYFilters") && !find.is_in("apply") && find.as_str() == "Äpply");
    }
}
