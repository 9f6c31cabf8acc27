//! What explains a page view ⇄ fields of its row: each section is JSON, and has the sequence of its beacon
//! where that is not the latest.

use super::{
    sequence::{at_most, sequence},
    table::{Fault, Fields, Value, Values},
};
use crate::ingest::{Section, for_each_section};
use beacon::{
    Errors, LongFrames, Measures, Memory, Profile, Renders, Requests, Resources, Timeline,
};
use serde_json::json;

/// What explains a page view; a section is absent where the page did not tell of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SectionRecords {
    /// What components did.
    pub renders: Option<SectionRecord<Renders>>,
    /// What kept the page from painting.
    pub long_frames: Option<SectionRecord<LongFrames>>,
    /// What the page timed itself.
    pub measures: Option<SectionRecord<Measures>>,
    /// What the page loaded.
    pub resources: Option<SectionRecord<Resources>>,
    /// How much memory it took.
    pub memory: Option<SectionRecord<Memory>>,
    /// What went wrong.
    pub errors: Option<SectionRecord<Errors>>,
    /// What its scripts asked servers for.
    pub requests: Option<SectionRecord<Requests>>,
    /// Where the time of its scripts went.
    pub profile: Option<SectionRecord<Profile>>,
    /// When it loaded what it did, and was kept from painting.
    pub timeline: Option<SectionRecord<Timeline>>,
}

/// A section of a page view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionRecord<S> {
    /// That of the beacon it is from.
    pub sequence: u32,
    /// What that said.
    pub told: S,
}

impl SectionRecords {
    /// Appends its fields, in the order of the columns; `row` is the sequence of the latest beacon, here and
    /// in the next.
    pub(super) fn put(self, values: &mut Values, row: u32) {
        for_each_section!(Self, self, |it| put(values, row, it));
    }

    /// Takes its fields.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub(super) fn take(fields: &mut Fields, row: u32) -> Result<Self, Fault> {
        Ok(Self {
            renders: take(fields, row)?,
            long_frames: take(fields, row)?,
            measures: take(fields, row)?,
            resources: take(fields, row)?,
            memory: take(fields, row)?,
            errors: take(fields, row)?,
            requests: take(fields, row)?,
            profile: take(fields, row)?,
            timeline: take(fields, row)?,
        })
    }
}

fn put<S: Section>(values: &mut Values, row: u32, section: Option<SectionRecord<S>>) {
    let (sequence, told) = section.map(|it| (it.sequence, json!(it.told))).unzip();
    values.push(told.map(Value::Json));
    values.push(sequence.filter(|it| *it != row).map(|it| Value::Integer(it.into())));
}

fn take<S: Section>(fields: &mut Fields, row: u32) -> Result<Option<SectionRecord<S>>, Fault> {
    let told = fields.json()?.read(serde_json::from_value::<S>)?;
    let own_sequence = sequence(fields)?;
    let name = told.name();
    let Some(told) = told.optional() else {
        own_sequence.unexpected(|_| true, || format!("is there without {name}"))?;
        return Ok(None);
    };
    let sequence = at_most(own_sequence, row)?.unwrap_or(row);
    Ok(Some(SectionRecord { sequence, told: told.check()? }))
}
