//! Areas as large as what they stand for, in one picture: a squarified treemap, as of Bruls, Huizing and van
//! Wijk, "Squarified Treemaps" (2000).

/// Pixels that it is high, and about as many as it is wide, where there is room.
const HEIGHT: f64 = 320.0;
const WIDTH: f64 = 1000.0;
/// From so many pixels of the height and this part of the width on, there may be room for a name. What is too narrow
/// for it on a screen ends with an ellipsis.
const NAMED_HEIGHT_MIN: f64 = 40.0;
const NAMED_WIDTH_MIN: f64 = 0.04;

/// A picture: across in percent of its width, down in pixels, so that it fills any card.
#[derive(Debug)]
pub(super) struct Treemap {
    pub(super) height: f64,
    pub(super) groups: Vec<Group>,
    /// The same in words.
    pub(super) description: String,
}

/// Areas that stand beside each other, as those of one host.
#[derive(Debug)]
pub(super) struct Group {
    /// To these alone.
    pub(super) href: Option<String>,
    pub(super) cells: Vec<Cell>,
}

/// One of the areas.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) name: String,
    pub(super) size: String,
    /// All that there is to say.
    pub(super) title: String,
    pub(super) class: &'static str,
    /// Whether its name is shown in it.
    pub(super) is_named: bool,
}

/// What an area stands for.
pub(super) struct Item {
    pub(super) weight: f64,
    pub(super) name: String,
    pub(super) size: String,
    pub(super) title: String,
    pub(super) class: &'static str,
}

/// Those of a group, the largest first, none of them empty.
pub(super) struct Items {
    pub(super) href: Option<String>,
    pub(super) items: Vec<Item>,
}

impl Treemap {
    /// Of groups with the largest first; nothing without any.
    pub(super) fn new(groups: Vec<Items>, description: String) -> Option<Self> {
        let weigh = |group: &Items| group.items.iter().map(|item| item.weight).sum();
        let weights = groups.iter().map(weigh).collect::<Vec<_>>();
        let areas = squarified(&weights, Area { x: 0.0, y: 0.0, width: WIDTH, height: HEIGHT });
        let groups = groups.into_iter().zip(areas).map(|(group, area)| Group::new(group, area));
        let groups = groups.collect::<Vec<_>>();
        (!groups.is_empty()).then_some(Self { height: HEIGHT, groups, description })
    }
}

impl Group {
    fn new(Items { href, items }: Items, area: Area) -> Self {
        let weights = items.iter().map(|item| item.weight).collect::<Vec<_>>();
        let cells = items.into_iter().zip(squarified(&weights, area));
        Self { href, cells: cells.map(|(item, area)| cell(item, area)).collect() }
    }
}

/// In pixels.
#[derive(Clone, Copy)]
struct Area {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// Areas of weights with the largest first, row by row along the shorter side of what is left. A row takes
/// one more as long as that makes its areas more like squares.
fn squarified(mut weights: &[f64], mut left: Area) -> Vec<Area> {
    let mut areas = Vec::new();
    while !weights.is_empty() {
        let scale = left.width * left.height / weights.iter().sum::<f64>();
        let side = left.width.min(left.height);
        let worst = |count: usize| worst_ratio(&weights[..count], scale, side);
        let mut count = 1;
        while count < weights.len() && worst(count + 1) <= worst(count) {
            count += 1;
        }
        let (row, rest) = weights.split_at(count);
        let thickness = row.iter().sum::<f64>() * scale / side;
        let mut at = 0.0;
        for weight in row {
            let length = weight * scale / thickness;
            areas.push(if left.width >= left.height {
                Area { x: left.x, y: left.y + at, width: thickness, height: length }
            } else {
                Area { x: left.x + at, y: left.y, width: length, height: thickness }
            });
            at += length;
        }
        if left.width >= left.height {
            left = Area { x: left.x + thickness, width: left.width - thickness, ..left };
        } else {
            left = Area { y: left.y + thickness, height: left.height - thickness, ..left };
        }
        weights = rest;
    }
    areas
}

/// How far the least square area of a row is from a square.
fn worst_ratio(row: &[f64], scale: f64, side: f64) -> f64 {
    let thickness = row.iter().sum::<f64>() * scale / side;
    let ratio = |weight: &f64| {
        let length = weight * scale / thickness;
        (length / thickness).max(thickness / length)
    };
    row.iter().map(ratio).fold(1.0, f64::max)
}

fn cell(Item { name, size, title, class, .. }: Item, area: Area) -> Cell {
    Cell {
        is_named: area.height >= NAMED_HEIGHT_MIN && area.width / WIDTH >= NAMED_WIDTH_MIN,
        x: area.x / WIDTH * 100.0,
        y: area.y,
        width: area.width / WIDTH * 100.0,
        height: area.height,
        name,
        size,
        title,
        class,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn treemap(weights: &[f64]) -> Option<Treemap> {
        let item = |weight: &f64| Item {
            weight: *weight,
            name: format!("{weight}"),
            size: String::new(),
            title: String::new(),
            class: "",
        };
        let items = weights.iter().map(item).collect::<Vec<_>>();
        let groups = (!items.is_empty()).then_some(Items { href: None, items });
        Treemap::new(groups.into_iter().collect(), String::new())
    }

    #[test]
    fn areas_fill_the_picture_each_with_its_share() {
        let weights = [600.0, 250.0, 100.0, 49.0, 1.0];
        let treemap = treemap(&weights).unwrap();
        let cells = &treemap.groups[0].cells;
        for (cell, weight) in cells.iter().zip(weights) {
            let share = cell.width / 100.0 * cell.height / HEIGHT;
            assert!((share - weight / 1000.0).abs() < 1e-6, "{cell:?}");
            assert!(cell.x + cell.width <= 100.01 && cell.y + cell.height <= HEIGHT + 0.01);
        }
        assert!(cells[0].is_named && !cells[4].is_named);
    }

    #[test]
    fn of_nothing_there_is_no_picture() {
        assert!(treemap(&[]).is_none());
    }
}
