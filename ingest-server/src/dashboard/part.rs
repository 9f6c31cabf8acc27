//! What values are made of.

use beacon::NumberField;

/// What people call a part of a value.
pub(super) fn words(part: NumberField) -> &'static str {
    use NumberField as F;
    match part {
        F::TimeToFirstByte => "Until the first byte",
        F::WaitingDuration => "Redirects and waiting",
        F::CacheDuration => "Looking into the cache",
        F::DnsDuration => "Finding the host",
        F::ConnectionDuration => "Connecting",
        F::RequestDuration => "Request until the first byte",
        F::FirstByteToFcp => "First byte to first paint",
        F::ResourceLoadDelay => "Until the largest image is asked for",
        F::ResourceLoadDuration => "The largest image loads",
        F::ElementRenderDelay => "Until the largest element is painted",
        F::LargestShiftTime => "Largest layout shift",
        F::LargestShiftValue => "The largest shift",
        F::LongestScriptDuration => "The longest script",
        F::InputDelay => "Waiting for the main thread",
        F::ProcessingDuration => "Event handlers",
        F::PresentationDelay => "Until the next paint",
        other => other.as_str(),
    }
}

/// The same of a part by its name in answers.
pub(super) fn named(name: &str) -> Option<&'static str> {
    NumberField::ALL.iter().find(|part| part.as_str() == name).map(|part| words(*part))
}
