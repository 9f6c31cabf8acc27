//! Pages about what matters most.

use super::Viewed;
use crate::{
    dashboard::{self, WITHIN_BYTES_MAX},
    http::problem::Problem,
    report::{RANKED_DEFAULT, RankedQuestion, ResourcesQuestion, asked, text},
    store::sqlite::TOLD_MAX,
};
use axum::response::Response;

/// A page about what matters most, of a question that is told apart by its name.
macro_rules! ranked_page {
    ($(#[$doc:meta])* $name:ident, $asked:ident, $page:ident) => {
        $(#[$doc])*
        pub(in crate::http) async fn $name(viewed: Viewed) -> Result<Response, Problem> {
            let Viewed { app, question, now, context, .. } = &viewed;
            let question = RankedQuestion { question: question.clone(), limit: RANKED_DEFAULT };
            let tag = viewed.tag(&(stringify!($name), format!("{question:?}")));
            let report = asked::$asked(app.reader(), viewed.site(), question, TOLD_MAX, *now);
            let page = async { Ok(dashboard::$page(&report.await?, context)) };
            viewed.page(tag, page).await
        }
    };
}

ranked_page! {
    /// `GET /long-frames`
    long_frames, what_blocks, long_frames_page
}
ranked_page! {
    /// `GET /requests`
    requests, what_is_asked_for, requests_page
}
ranked_page! {
    /// `GET /renders`
    renders, which_render, renders_page
}
ranked_page! {
    /// `GET /measures`
    measures, what_was_timed, measures_page
}
ranked_page! {
    /// `GET /memory`
    memory, what_is_kept, memory_page
}

/// `GET /errors`
pub(in crate::http) async fn errors(viewed: Viewed) -> Result<Response, Problem> {
    let Viewed { app, question, now, context, .. } = &viewed;
    let question = RankedQuestion { question: question.clone(), limit: RANKED_DEFAULT };
    let source_maps = app.reader().source_maps_version(viewed.id).await?;
    let tag = viewed.tag(&("errors", source_maps, format!("{question:?}")));
    let report = asked::what_fails(app.reader(), viewed.site(), question, TOLD_MAX, *now);
    let page = async { Ok(dashboard::errors_page(&report.await?, context)) };
    viewed.page(tag, page).await
}

/// `GET /resources`: `?within=https://cdn.example/` shows what the scripts there weigh, `?find=react` those that are
/// called so.
pub(in crate::http) async fn resources(mut viewed: Viewed) -> Result<Response, Problem> {
    let within = viewed.own.take_as("within", text::<WITHIN_BYTES_MAX>)?;
    let find = viewed.find()?;
    let Viewed { app, question, now, context, .. } = &viewed;
    // Of all files, for the picture of scripts.
    let question = ResourcesQuestion { question: question.clone(), kind: None, limit: usize::MAX };
    let tag = viewed.tag(&("resources", &within, &find, format!("{question:?}")));
    let report = asked::what_is_loaded(app.reader(), viewed.site(), question, TOLD_MAX, *now);
    // A future that is too large for the stack of whoever waits for it.
    let page = Box::pin(async {
        let shown = (within.as_deref(), find.as_ref());
        Ok(dashboard::resources_page(report.await?, context, shown))
    });
    viewed.page(tag, page).await
}
