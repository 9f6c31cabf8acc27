//! Reports on a terminal: colours, widths and tables.

use anstyle::{AnsiColor, Style};
use beacon::Rating;
use std::{
    env,
    io::{self, Write},
};
use terminal_size::{Width, terminal_size};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that a report needs, and those beyond which lines are hard to follow.
const WIDTH_MIN: usize = 40;
const WIDTH_MAX: usize = 120;
/// Columns where there is no terminal.
const WIDTH_DEFAULT: usize = 100;
/// Columns between two of a table.
const GAP: usize = 2;
/// What is left of a text that is cut short, at least; tables that need more room are not tables.
const CUT_MIN: usize = 12;

pub(super) const PLAIN: Style = Style::new();
pub(super) const STRONG: Style = Style::new().bold();
pub(super) const FAINT: Style = Style::new().dimmed();

/// The colour of a rating. It never stands alone: a word or a shape goes with it.
pub(super) const fn of_rating(rating: Rating) -> Style {
    AnsiColor::on_default(match rating {
        Rating::Good => AnsiColor::Green,
        Rating::NeedsImprovement => AnsiColor::Yellow,
        Rating::Poor => AnsiColor::Red,
    })
}

/// Writes a report to standard output; colours are left out where nobody sees them, or where `NO_COLOR`
/// is set. Whoever has read enough, as `head` does, wants no more to be said.
pub(super) fn print(report: &[u8]) -> io::Result<()> {
    match anstream::stdout().lock().write_all(report) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// How many columns a line may have: those of `COLUMNS`, or else of the terminal.
pub(super) fn width() -> usize {
    let columns = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let of_terminal = || terminal_size().map(|(Width(columns), _)| usize::from(columns));
    columns.or_else(of_terminal).unwrap_or(WIDTH_DEFAULT).clamp(WIDTH_MIN, WIDTH_MAX)
}

/// A text as it can be shown: others chose it, and a terminal obeys some characters.
pub(super) fn shown(text: &str) -> String {
    let shown = |c: char| match c {
        '\u{a0}' => ' ',
        '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => char::REPLACEMENT_CHARACTER,
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(shown).collect()
}

/// As much of a text as fits.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut left = columns.saturating_sub(1);
    let fits = |c: &char| {
        let width = c.width().unwrap_or(0);
        let fits = width <= left;
        left = if fits { left - width } else { 0 };
        fits
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// A text in a table.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    text: String,
    style: Style,
    is_number: bool,
}

impl Cell {
    pub(super) fn text(text: &str) -> Self {
        Self { text: shown(text), style: PLAIN, is_number: false }
    }

    /// On the right of its column.
    pub(super) fn number(text: &str) -> Self {
        Self { is_number: true, ..Self::text(text) }
    }

    pub(super) fn styled(self, style: Style) -> Self {
        Self { style, ..self }
    }

    fn write(&self, out: &mut impl Write, columns: usize) -> io::Result<()> {
        let Self { text, style, is_number } = self;
        let text = cut(text, columns);
        let space = columns - text.width();
        let (before, after) = if *is_number { (space, 0) } else { (0, space) };
        write!(out, "{:before$}{style}{text}{style:#}{:after$}", "", "")
    }
}

/// Rows beneath each other; where they do not fit, one value a line.
#[derive(Debug)]
pub(super) struct Table<const N: usize> {
    pub(super) header: [String; N],
    /// The column that is cut short where there is no room.
    pub(super) elastic: usize,
    pub(super) rows: Vec<[Cell; N]>,
}

impl<const N: usize> Table<N> {
    pub(super) fn write(&self, out: &mut impl Write, width: usize) -> io::Result<()> {
        match self.columns(width) {
            Some(columns) => self.write_rows(out, columns),
            None => self.write_list(out, width),
        }
    }

    /// The width of each column; nothing, if they do not fit.
    fn columns(&self, width: usize) -> Option<[usize; N]> {
        let of_cells = |column: usize| self.rows.iter().map(move |row| row[column].text.width());
        let mut columns: [usize; N] = std::array::from_fn(|column| {
            of_cells(column).chain([self.header[column].width()]).max().unwrap_or(0)
        });
        let needed = columns.iter().sum::<usize>() + GAP * (N - 1);
        let cut_short = columns[self.elastic].checked_sub(needed.saturating_sub(width))?;
        let least = columns[self.elastic].min(CUT_MIN);
        columns[self.elastic] = cut_short;
        (cut_short >= least).then_some(columns)
    }

    fn write_rows(&self, out: &mut impl Write, columns: [usize; N]) -> io::Result<()> {
        let title = |column: usize| {
            let is_number = self.rows.first().is_some_and(|row| row[column].is_number);
            Cell { text: self.header[column].clone(), style: FAINT, is_number }
        };
        let header = std::array::from_fn(title);
        for row in [&header].into_iter().chain(&self.rows) {
            for (index, (cell, columns)) in row.iter().zip(columns).enumerate() {
                let is_last = index + 1 == N && !cell.is_number;
                let columns = if is_last { columns.min(cell.text.width()) } else { columns };
                cell.write(out, columns)?;
                if index + 1 < N {
                    write!(out, "{:GAP$}", "")?;
                }
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn write_list(&self, out: &mut impl Write, width: usize) -> io::Result<()> {
        let titles = self.header.iter().map(|title| title.width()).max().unwrap_or(0);
        for (index, row) in self.rows.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            for (title, Cell { text, style, .. }) in self.header.iter().zip(row) {
                let space = titles - title.width();
                let text = cut(text, width.saturating_sub(titles + GAP));
                write!(out, "{FAINT}{title}{FAINT:#}{:space$}{:GAP$}", "", "")?;
                writeln!(out, "{style}{text}{style:#}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(table: &Table<2>, width: usize) -> Vec<String> {
        let mut out = Vec::new();
        table.write(&mut anstream::StripStream::new(&mut out), width).unwrap();
        String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()
    }

    fn table(route: &str) -> Table<2> {
        let header = ["route".to_owned(), "page views".to_owned()];
        Table { header, elastic: 0, rows: vec![[Cell::text(route), Cell::number("1,204")]] }
    }

    #[test]
    fn numbers_stand_on_the_right() {
        assert_eq!(lines(&table("/cart"), 40), ["route  page views", "/cart       1,204"]);
    }

    #[test]
    fn what_does_not_fit_is_cut_short_and_then_becomes_a_list() {
        let table = table("/a/very/long/route");
        assert_eq!(lines(&table, 26), ["route           page views", "/a/very/long/…       1,204"]);
        assert_eq!(lines(&table, 22), ["route       /a/very/l…", "page views  1,204"]);
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(cut("商品一覧", 8), "商品一覧");
        assert_eq!(cut("商品一覧", 7), "商品一…");
        assert_eq!(cut("商品一覧", 6), "商品…");
    }

    #[test]
    fn what_a_terminal_would_obey_is_not_shown() {
        assert_eq!(shown("/\u{1b}[2J\u{202e}a\n"), "/\u{fffd}[2J\u{fffd}a\u{fffd}");
        assert_eq!(shown("2.5\u{a0}s"), "2.5 s");
    }
}
