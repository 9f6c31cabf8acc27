//! Questions whose answers are read in the same way for the query API, the dashboard and the terminal.

mod causes;
mod figures;

pub use causes::{
    attribution, what_blocks, what_fails, what_is_asked_for, what_is_kept, what_is_loaded,
    what_runs, what_to_fix, what_was_timed, which_render,
};
pub use figures::{
    breakdown, compared, over_time, page_views, releases, routes, summary, timeseries,
};
