//! What components did in a page view.

use super::{Kept, Statements, malformed, statements};
use crate::varint::{Malformed, put, take};
use beacon::{Render, RenderPhase, Renders};
use rusqlite::Result;

impl Kept for Renders {
    const STATEMENTS: Statements = statements!("renders");

    fn encode<E>(&self, id_of: impl FnMut(&str) -> Result<i64, E>) -> Result<Vec<u8>, E> {
        encode(self, id_of)
    }

    fn decode(bytes: &[u8], text_of: impl FnMut(i64) -> Result<Option<String>>) -> Result<Self> {
        decode(bytes, text_of)
    }
}

/// `id_of` is asked for the number of each component's id.
fn encode<E>(
    Renders { components, dropped }: &Renders,
    mut id_of: impl FnMut(&str) -> Result<i64, E>,
) -> Result<Vec<u8>, E> {
    let mut bytes = Vec::new();
    put(&mut bytes, dropped);
    put(&mut bytes, &components.len());
    for Render { id, phase, count, actual_us, base_us, max_us, slow_count, full_count, bins } in
        components
    {
        put(&mut bytes, &id_of(id)?);
        put(&mut bytes, &(*phase as u32));
        for number in [count, actual_us, base_us, max_us, slow_count, full_count] {
            put(&mut bytes, number);
        }
        put(&mut bytes, &bins.len());
        let mut before = 0;
        for (bin, count) in bins {
            put(&mut bytes, &bin.wrapping_sub(before));
            put(&mut bytes, count);
            before = *bin;
        }
    }
    Ok(bytes)
}

/// `text_of` is asked for the id of each component; one that is gone is left out.
fn decode(
    mut bytes: &[u8],
    mut text_of: impl FnMut(i64) -> Result<Option<String>>,
) -> Result<Renders> {
    let bytes = &mut bytes;
    let mut renders = Renders { dropped: number(bytes)?, components: Vec::new() };
    for _ in 0..number::<usize>(bytes)? {
        let id = text_of(number(bytes)?)?;
        let phase = RenderPhase::ALL.get(number::<u32>(bytes)? as usize);
        let phase = *phase.ok_or_else(malformed)?;
        let mut render = Render {
            id: String::new(),
            phase,
            count: number(bytes)?,
            actual_us: number(bytes)?,
            base_us: number(bytes)?,
            max_us: number(bytes)?,
            slow_count: number(bytes)?,
            full_count: number(bytes)?,
            bins: Vec::new(),
        };
        let mut bin: i16 = 0;
        for _ in 0..number::<usize>(bytes)? {
            bin = bin.wrapping_add(number(bytes)?);
            render.bins.push((bin, number(bytes)?));
        }
        renders.components.extend(id.map(|id| Render { id, ..render }));
    }
    Ok(renders)
}

fn number<'a, T: serde::Deserialize<'a>>(bytes: &mut &'a [u8]) -> Result<T> {
    take(bytes).map_err(|Malformed| malformed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*, sample::select};

    fn render() -> impl Strategy<Value = Render> {
        let numbers = any::<[u32; 6]>();
        let bins = vec((any::<i16>(), any::<u32>()), 0..5);
        ("[a-c]{1,3}", select(RenderPhase::ALL), numbers, bins).prop_map(
            |(id, phase, [count, actual_us, base_us, max_us, slow_count, full_count], bins)| {
                Render {
                    id,
                    phase,
                    count,
                    actual_us,
                    base_us,
                    max_us,
                    slow_count,
                    full_count,
                    bins,
                }
            },
        )
    }

    proptest! {
        #[test]
        fn renders_are_read_as_they_were_written(components in vec(render(), 0..5), dropped: u32) {
            let renders = Renders { components, dropped };
            let mut ids = Vec::new();
            let bytes = encode(&renders, |id| {
                let number = i64::try_from(ids.len()).unwrap();
                ids.push(id.to_owned());
                Ok::<_, std::convert::Infallible>(number)
            });
            let text_of = |id: i64| Ok(ids.get(usize::try_from(id).unwrap()).cloned());
            prop_assert_eq!(decode(&bytes.unwrap(), text_of).unwrap(), renders);
        }
    }
}
