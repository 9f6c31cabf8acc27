//! What is exported and imported again is what it was.

mod binary;
mod deleted;
mod refusals;
mod round_trip;
mod sections;
mod shop;
