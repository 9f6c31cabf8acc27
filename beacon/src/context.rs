//! The circumstances of a page view, as closed sets of words. The order of each enum is the binary
//! format's: new words are appended.

use crate::words;

words! {
    /// How the page view came about, as web-vitals names it.
    NavigationType {
        /// A link, a form, an address typed.
        Navigate = "navigate",
        /// Loaded again.
        Reload = "reload",
        /// Back or forward through the history, loaded anew.
        BackForward = "back-forward",
        /// Back or forward, restored whole from memory.
        BackForwardCache = "back-forward-cache",
        /// Loaded before anyone asked to see it.
        Prerender = "prerender",
        /// Loaded again after the browser had discarded the tab.
        Restore = "restore",
        /// A new route in the same document.
        SoftNavigation = "soft-navigation",
    }
}

words! {
    /// The kind of device, as CrUX divides them.
    FormFactor {
        /// Held in a hand.
        Phone = "phone",
        /// Touched, but larger.
        Tablet = "tablet",
        /// Everything else.
        Desktop = "desktop",
    }
}

words! {
    /// Effective connection type, as the Network Information API names it.
    Connection {
        /// Slower than 2g.
        Slow2g = "slow-2g",
        /// Like 2g.
        TwoG = "2g",
        /// Like 3g.
        ThreeG = "3g",
        /// Like 4g or better.
        FourG = "4g",
    }
}
