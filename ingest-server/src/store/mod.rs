//! Where page views are kept. All SQL is below this module.

pub mod sqlite;
