//! The circumstances of a page view, as closed sets of words. The order of each enum is the binary
//! format's: new words are appended.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every word of the set.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word in JSON, in the database and in the query API.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The variant that a word stands for.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

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
