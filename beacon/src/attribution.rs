//! Why a value is what it is: numbers and texts by name, as web-vitals calls them.
//!
//! In JSON an object, as the attribution of web-vitals; what has no field here is ignored, so that a
//! whole one can be sent. `longestScript.subpart` may also be `subpart` in an object `longestScript`. In binary two lists of (number of the field, value), so that a field can be
//! added without a new version: who does not know its number skips it.

use crate::{limits, words};
use core::fmt;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor},
    ser::SerializeMap,
};

words! {
    /// Milliseconds, but for the score of a shift. The order is the binary format's: new ones are
    /// appended.
    NumberField {
        /// LCP and FCP: until the first byte.
        TimeToFirstByte = "timeToFirstByte",
        /// FCP: from the first byte to the paint.
        FirstByteToFcp = "firstByteToFCP",
        /// LCP: from the first byte until its resource was asked for.
        ResourceLoadDelay = "resourceLoadDelay",
        /// LCP: while its resource was loaded.
        ResourceLoadDuration = "resourceLoadDuration",
        /// LCP: from the resource to the paint.
        ElementRenderDelay = "elementRenderDelay",
        /// INP: when the interaction came.
        InteractionTime = "interactionTime",
        /// INP: when the next frame was painted.
        NextPaintTime = "nextPaintTime",
        /// INP: from the input to the first handler.
        InputDelay = "inputDelay",
        /// INP: in handlers.
        ProcessingDuration = "processingDuration",
        /// INP: from the last handler to the paint.
        PresentationDelay = "presentationDelay",
        /// INP: in the script that took the longest.
        LongestScriptDuration = "longestScript.intersectingDuration",
        /// INP: in all scripts, without forced layout.
        TotalScriptDuration = "totalScriptDuration",
        /// INP: in style and layout.
        TotalStyleAndLayoutDuration = "totalStyleAndLayoutDuration",
        /// INP: in painting.
        TotalPaintDuration = "totalPaintDuration",
        /// INP: the rest.
        TotalUnattributedDuration = "totalUnattributedDuration",
        /// CLS: when the largest shift happened.
        LargestShiftTime = "largestShiftTime",
        /// CLS: its score.
        LargestShiftValue = "largestShiftValue",
        /// TTFB: until the browser began to look for the page.
        WaitingDuration = "waitingDuration",
        /// TTFB: in its cache.
        CacheDuration = "cacheDuration",
        /// TTFB: until the host's address was known.
        DnsDuration = "dnsDuration",
        /// TTFB: until the connection stood.
        ConnectionDuration = "connectionDuration",
        /// TTFB: from the request to the first byte.
        RequestDuration = "requestDuration",
    }
}

words! {
    /// The order is the binary format's: new ones are appended.
    TextField {
        /// LCP: selector of the element.
        Target = "target",
        /// LCP: address of its resource.
        Url = "url",
        /// INP: selector of the element.
        InteractionTarget = "interactionTarget",
        /// INP: `pointer` or `keyboard`.
        InteractionType = "interactionType",
        /// CLS: selector of the element that moved most.
        LargestShiftTarget = "largestShiftTarget",
        /// FCP, INP, CLS: how far the document was loaded: `loading`, `dom-interactive`,
        /// `dom-content-loaded` or `complete`.
        LoadState = "loadState",
        /// INP: `input-delay`, `processing-duration` or `presentation-delay`.
        LongestScriptSubpart = "longestScript.subpart",
        /// INP: what called the longest script, such as `BUTTON#buy.onclick`.
        LongestScriptInvoker = "longestScript.invoker",
        /// INP: the kind of call, such as `event-listener`.
        LongestScriptInvokerType = "longestScript.invokerType",
        /// INP: where the longest script came from.
        LongestScriptUrl = "longestScript.sourceURL",
        /// INP: its function.
        LongestScriptFunction = "longestScript.sourceFunctionName",
    }
}

/// What explains a metric; every field at most once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attribution {
    /// Milliseconds, but for the score of a shift.
    pub numbers: Vec<(NumberField, f64)>,
    /// Selectors, addresses, words.
    pub texts: Vec<(TextField, String)>,
}

impl Attribution {
    /// Adds a number, unless it is beyond [`limits::AGE_MS_MAX`], as times of a document that has been open for
    /// long may be.
    pub fn number(&mut self, field: NumberField, value: f64) {
        if value.abs() <= f64::from(limits::AGE_MS_MAX) {
            self.numbers.push((field, value));
        }
    }

    /// Adds a text, unless it is empty.
    pub fn text(&mut self, field: TextField, text: &str) {
        if !text.is_empty() {
            self.texts.push((field, text.to_owned()));
        }
    }
}

impl NumberField {
    /// Integer steps of the binary format in one unit, as of a metric.
    pub const fn steps_per_unit(self) -> f64 {
        match self {
            Self::LargestShiftValue => 1e6,
            _ => 1e3,
        }
    }
}

impl TextField {
    /// How long the text may be.
    pub const fn bytes_max(self) -> usize {
        match self {
            Self::Url | Self::LongestScriptUrl => limits::URL_BYTES_MAX,
            _ => limits::ATTRIBUTION_TEXT_BYTES_MAX,
        }
    }
}

impl Serialize for Attribution {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            let mut map = serializer.serialize_map(None)?;
            for (field, value) in &self.numbers {
                map.serialize_entry(field, value)?;
            }
            for (field, text) in &self.texts {
                map.serialize_entry(field, text)?;
            }
            return map.end();
        }
        // `as` saturates: what exceeds i64 exceeds the limits too and is refused by the server.
        #[expect(clippy::cast_possible_truncation)]
        let number = |&(field, value): &(NumberField, f64)| {
            let half = if value < 0.0 { -0.5 } else { 0.5 };
            (field as u8, (value * field.steps_per_unit() + half) as i64)
        };
        let texts = self.texts.iter().map(|(field, text)| (*field as u8, text));
        (Sequence(self.numbers.iter().map(number)), Sequence(texts)).serialize(serializer)
    }
}

/// A list that is made while it is written.
struct Sequence<I>(I);

impl<I: Iterator<Item: Serialize> + Clone> Serialize for Sequence<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}

impl<'de> Deserialize<'de> for Attribution {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let mut attribution = Self::default();
            deserializer.deserialize_any(Object { prefix: "", into: &mut attribution })?;
            return Ok(attribution);
        }
        let (numbers, texts) = <(Vec<(u8, i64)>, Vec<(u8, String)>)>::deserialize(deserializer)?;
        let number = |(index, steps): (u8, i64)| {
            let field = *NumberField::ALL.get(usize::from(index))?;
            // Exact up to 2^53 steps, which is 285 years.
            #[expect(clippy::cast_precision_loss)]
            let value = steps as f64 / field.steps_per_unit();
            Some((field, value))
        };
        let text = |(index, text)| Some((*TextField::ALL.get(usize::from(index))?, text));
        Ok(Self {
            numbers: numbers.into_iter().filter_map(number).collect(),
            texts: texts.into_iter().filter_map(text).collect(),
        })
    }
}

/// An object of web-vitals, or one that stands in it.
struct Object<'a> {
    prefix: &'static str,
    into: &'a mut Attribution,
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attribution object")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let name = [self.prefix, &key].concat();
            if let Some(field) = NumberField::from_word(&name) {
                let value = map.next_value::<Option<f64>>()?;
                self.into.numbers.extend(value.map(|value| (field, value)));
            } else if let Some(field) = TextField::from_word(&name) {
                let text = map.next_value::<Option<String>>()?;
                self.into.texts.extend(text.map(|text| (field, text)));
            } else if name == "longestScript" || name == "longestScript.entry" {
                map.next_value_seed(Object { prefix: "longestScript.", into: &mut *self.into })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}
