//! How many interactions there were: the base of INP's 98th percentile.

/// Chromium raises the interaction id by this much for each interaction.
const INTERACTION_ID_STEP: u64 = 7;

/// Counts the interactions of a page view.
#[derive(Clone, Copy, Debug, Default)]
pub struct InteractionCount {
    /// Lowest and highest interaction id of the document, to estimate how many there were.
    ids: Option<(u64, u64)>,
    /// Those that earlier page views of the document had.
    before: u64,
}

impl InteractionCount {
    /// Notes the interaction of an event; 0 is none.
    pub fn on_interaction_id(&mut self, id: u64) {
        if id != 0 {
            let (lowest, highest) = self.ids.unwrap_or((id, id));
            self.ids = Some((lowest.min(id), highest.max(id)));
        }
    }

    /// Those of this page view. `of_document` is `performance.interactionCount`, where the browser
    /// has it; elsewhere the number is estimated from the ids.
    pub fn get(&self, of_document: Option<u64>) -> u64 {
        self.total(of_document).saturating_sub(self.before)
    }

    /// The count for the page view that follows in the same document.
    #[must_use]
    pub fn next(&self, of_document: Option<u64>) -> Self {
        Self { before: self.total(of_document), ..*self }
    }

    fn total(&self, of_document: Option<u64>) -> u64 {
        let estimated =
            || self.ids.map_or(0, |(lowest, highest)| (highest - lowest) / INTERACTION_ID_STEP + 1);
        of_document.unwrap_or_else(estimated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(ids: &[u64]) -> InteractionCount {
        let mut count = InteractionCount::default();
        for id in ids {
            count.on_interaction_id(*id);
        }
        count
    }

    #[test]
    fn the_browser_knows_best() {
        assert_eq!(seen(&[7]).get(Some(12)), 12);
    }

    #[test]
    fn it_is_estimated_from_the_ids_where_the_browser_does_not_tell() {
        assert_eq!(seen(&[]).get(None), 0);
        assert_eq!(seen(&[0]).get(None), 0, "0 is no interaction");
        assert_eq!(seen(&[7007, 7000, 7035]).get(None), 6);
    }

    #[test]
    fn a_page_view_counts_its_own() {
        assert_eq!(seen(&[7]).next(Some(12)).get(Some(15)), 3);
        let mut next = seen(&[7000, 7007]).next(None);
        assert_eq!(next.get(None), 0);
        next.on_interaction_id(7014);
        assert_eq!(next.get(None), 1);
    }
}
