//! The samples that are told: of too many stacks, those that matter most.

use super::Profile;
use crate::details::{
    place::place,
    tell::{Tell, put, put_length, put_text},
};
use beacon::{ProfiledFunction, ProfiledStack};

impl Profile {
    /// The places of at most so many stacks, those that the most samples go through. What is light goes with all
    /// that stands on it, which is not heavier.
    fn heaviest(&self, at_most: usize) -> Vec<usize> {
        let weights = self.weights();
        let heavier = |floor| weights.iter().copied().filter(move |it| *it > floor);
        let mut floor = 0;
        while heavier(floor).count() > at_most {
            floor = heavier(floor).min().unwrap_or(floor);
        }
        // Of those that weigh the same, the first ones.
        let mut room = if floor > 0 { at_most - heavier(floor).count() } else { 0 };
        let mut places = Vec::new();
        for (place, weight) in weights.iter().enumerate() {
            let is_at_floor = *weight == floor && room > 0;
            room -= usize::from(is_at_floor);
            if *weight > floor || is_at_floor {
                places.push(place);
            }
        }
        places
    }

    /// Of each stack, its samples and those of all that stand on it.
    fn weights(&self) -> Vec<u32> {
        let stacks = &self.all.stacks;
        let mut weights: Vec<u32> = stacks.iter().map(|it| it.count).collect();
        for (index, stack) in stacks.iter().enumerate().rev() {
            if stack.parent > 0 {
                weights[usize::from(stack.parent) - 1] += weights[index];
            }
        }
        weights
    }
}

impl Tell for Profile {
    /// The heaviest stacks, and the functions and sources that they have.
    fn tell(&self, at_most: usize, into: &mut Vec<u8>) {
        let beacon::Profile { interval_us, sources, functions, stacks, dropped } = &self.all;
        let places = self.heaviest(at_most);
        let (mut told_functions, mut told_sources) = (Vec::new(), Vec::new());
        for stack in &places {
            let function = usize::from(stacks[*stack].function);
            number(&mut told_functions, function);
            // Its number is one more than its place.
            if let Some(source) = usize::from(functions[function].source).checked_sub(1) {
                number(&mut told_sources, source);
            }
        }
        put(into, &[*interval_us]);
        put_length(into, told_sources.len());
        for source in &told_sources {
            put_text(into, &sources[*source]);
        }
        put_length(into, told_functions.len());
        for function in &told_functions {
            let ProfiledFunction { name, source, line, column } = &functions[*function];
            put_text(into, name);
            let source = usize::from(*source).checked_sub(1);
            put_length(into, source.map_or(0, |it| number(&mut told_sources, it)));
            put(into, &[*line, *column]);
        }
        put_length(into, places.len());
        let mut dropped = stacks.iter().fold(*dropped, |sum, it| sum + it.count);
        let mut told = Vec::new();
        for stack in places {
            let ProfiledStack { parent, function, count, slow_count } = stacks[stack];
            let parent = usize::from(parent).checked_sub(1);
            put_length(into, parent.map_or(0, |it| number(&mut told, it)));
            put_length(into, number(&mut told_functions, usize::from(function)) - 1);
            put(into, &[count, slow_count]);
            number(&mut told, stack);
            dropped -= count;
        }
        put(into, &[dropped]);
    }
}

/// Its number in the list, from 1 on, at whose end it is put if it is new.
fn number(all: &mut Vec<usize>, wanted: usize) -> usize {
    place(all, usize::MAX, |it| *it == wanted, || wanted).map_or(0, |place| place + 1)
}
