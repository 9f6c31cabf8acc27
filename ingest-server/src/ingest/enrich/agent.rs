//! The program and machine that a page was shown by.

use beacon::FormFactor;

/// What is known of it: each absent when it is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Agent {
    /// The browser.
    pub(super) browser: Option<Browser>,
    /// The operating system.
    pub(super) os: Option<Os>,
    /// The kind of device.
    pub(super) form_factor: Option<FormFactor>,
    /// Whether nobody looks at the page: a crawler, or a browser that a program drives.
    pub(super) is_bot: bool,
}

impl Agent {
    /// This, and for what it does not know, another. One that finds a bot is enough.
    #[must_use]
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            browser: self.browser.or(other.browser),
            os: self.os.or(other.os),
            form_factor: self.form_factor.or(other.form_factor),
            is_bot: self.is_bot || other.is_bot,
        }
    }
}

macro_rules! names {
    ($(#[$attribute:meta])* $type:ident { $($(#[$variant_doc:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum $type {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $type {
            /// The name in the database, the query API and the dashboard.
            pub(super) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

names! {
    /// A family of browsers, whatever the version. On iOS it is the name, not the engine, which is
    /// Safari's for all of them.
    Browser {
        /// Brave.
        Brave = "Brave",
        /// Google's, Chromium itself, and those built on it that do not say who they are.
        Chrome = "Chrome",
        /// Microsoft's.
        Edge = "Edge",
        /// Mozilla's.
        Firefox = "Firefox",
        /// The app of Google's search on iOS.
        GoogleSearchApp = "Google Search App",
        /// Microsoft's until 2022.
        InternetExplorer = "Internet Explorer",
        /// Opera.
        Opera = "Opera",
        /// Apple's.
        Safari = "Safari",
        /// Samsung's.
        SamsungInternet = "Samsung Internet",
        /// Vivaldi.
        Vivaldi = "Vivaldi",
        /// An app that shows pages within itself.
        WebView = "WebView",
        /// Yandex's.
        Yandex = "Yandex Browser",
    }
}

names! {
    /// An operating system, whatever the version.
    Os {
        /// Android.
        Android = "Android",
        /// ChromeOS.
        Chrome = "ChromeOS",
        /// iOS and iPadOS. An iPad that asks for desktop pages, as they do by default, says that it
        /// is a Mac.
        Ios = "iOS",
        /// Linux but for Android and ChromeOS.
        Linux = "Linux",
        /// macOS.
        Mac = "macOS",
        /// Windows.
        Windows = "Windows",
    }
}
