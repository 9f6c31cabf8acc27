//! The dashboard in real browsers: for those who see it, hear it, or use the keyboard.

mod accessible;
mod chart;
mod columns;
mod pictures;
mod shop;
mod zoom;
