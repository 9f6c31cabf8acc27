//! Profiles as pprof writes them: <https://github.com/google/pprof/blob/main/proto/profile.proto>

use flate2::read::GzDecoder;
use prost::Message;
use std::io::Read;

/// The fields that are looked at.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Pprof {
    #[prost(message, repeated, tag = "1")]
    sample_type: Vec<ValueType>,
    #[prost(message, repeated, tag = "2")]
    sample: Vec<Sample>,
    #[prost(message, repeated, tag = "4")]
    location: Vec<Location>,
    #[prost(message, repeated, tag = "5")]
    function: Vec<Function>,
    #[prost(string, repeated, tag = "6")]
    string_table: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
struct ValueType {
    #[prost(int64, tag = "1")]
    kind: i64,
    #[prost(int64, tag = "2")]
    unit: i64,
}

#[derive(Clone, PartialEq, Message)]
struct Sample {
    #[prost(uint64, repeated, tag = "1")]
    location_id: Vec<u64>,
    #[prost(int64, repeated, tag = "2")]
    value: Vec<i64>,
}

#[derive(Clone, PartialEq, Message)]
struct Location {
    #[prost(uint64, tag = "1")]
    id: u64,
    #[prost(message, repeated, tag = "4")]
    line: Vec<Line>,
}

#[derive(Clone, PartialEq, Message)]
struct Line {
    #[prost(uint64, tag = "1")]
    function_id: u64,
}

#[derive(Clone, PartialEq, Message)]
struct Function {
    #[prost(uint64, tag = "1")]
    id: u64,
    #[prost(int64, tag = "2")]
    name: i64,
}

impl Pprof {
    pub(crate) fn read(gzipped: &[u8]) -> Self {
        let mut bytes = Vec::new();
        GzDecoder::new(gzipped).read_to_end(&mut bytes).unwrap();
        Self::decode(&*bytes).unwrap()
    }

    /// What is counted, and in what.
    pub(crate) fn kind(&self) -> (&str, &str) {
        let ValueType { kind, unit } = self.sample_type[0];
        (self.string(kind), self.string(unit))
    }

    /// The value of all samples whose stack has a function that begins with that.
    pub(crate) fn total(&self, start: &str) -> i64 {
        let has = |sample: &&Sample| self.functions(sample).any(|name| name.starts_with(start));
        self.sample.iter().filter(has).map(|sample| sample.value[0]).sum()
    }

    /// The same of those whose innermost function does.
    pub(crate) fn own(&self, start: &str) -> i64 {
        let is_innermost = |sample: &&Sample| {
            self.functions(sample).next().is_some_and(|name| name.starts_with(start))
        };
        self.sample.iter().filter(is_innermost).map(|sample| sample.value[0]).sum()
    }

    fn functions(&self, sample: &Sample) -> impl Iterator<Item = &str> {
        let location = |id: &u64| self.location.iter().find(|it| it.id == *id).unwrap();
        let function = |id: u64| self.function.iter().find(|it| it.id == id).unwrap();
        let lines = sample.location_id.iter().flat_map(move |id| &location(id).line);
        lines.map(move |line| self.string(function(line.function_id).name))
    }

    fn string(&self, index: i64) -> &str {
        &self.string_table[usize::try_from(index).unwrap()]
    }
}
