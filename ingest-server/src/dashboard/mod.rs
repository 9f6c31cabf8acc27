//! stub
use crate::report::Summary;
#[derive(Clone, Copy, Debug, Default)]
pub enum ReportPeriod {
    #[default]
    Day,
}
impl ReportPeriod {
    pub fn from_word(_: &str) -> Option<Self> {
        None
    }
    pub fn hours(self) -> i64 {
        24
    }
}
pub struct PageContext {
    pub sites: Vec<String>,
    pub period: ReportPeriod,
    pub origin: String,
}
pub fn page(_: &Summary, _: &PageContext) -> String {
    String::new()
}
pub fn error_page(_: u16, _: &str, _: &str) -> String {
    String::new()
}
