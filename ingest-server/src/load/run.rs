//! A load test: visitors post page views, people ask, and it is counted what becomes of both.

use super::{
    Plan, Tally, Visitors,
    connection::{Connection, Message},
    questions::question,
};
use anyhow::Result;
use fastrand::Rng;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};

/// An odd number whose multiples are nowhere near each other: 2⁶⁴ by the golden ratio.
const SENDERS_APART: u64 = 0x9E37_79B9_7F4A_7C15;

/// Does it; how many were answered so far is counted meanwhile.
///
/// # Errors
/// The server is not there at the start.
pub async fn run(plan: Plan, answered: Arc<AtomicU64>) -> Result<Tally> {
    let plan = Arc::new(plan);
    let start = Instant::now();
    let mut senders = JoinSet::new();
    for number in 0..plan.senders {
        let (plan, answered) = (plan.clone(), answered.clone());
        senders.spawn(async move { send(&plan, number, start, &answered).await });
    }
    let mut tally = Tally::new()?;
    while let Some(sender) = senders.join_next().await {
        tally.add(&sender??)?;
    }
    Ok(tally)
}

/// One sender, until the end.
async fn send(plan: &Plan, number: u32, start: Instant, answered: &AtomicU64) -> Result<Tally> {
    let mut messages = Messages::new(plan, number);
    let mut tally = Tally::new()?;
    let mut connection = Connection::open(&plan.target).await?;
    sleep_until(start + plan.begins(number)).await;
    let end = start + plan.duration;
    for count in 0_u32.. {
        let due = plan.due(number, count).map(|after| start + after);
        if due.unwrap_or_else(Instant::now) >= end {
            break;
        }
        if let Some(due) = due {
            sleep_until(due).await;
        }
        let message = messages.next();
        let begun = due.unwrap_or_else(Instant::now);
        let counts = tally.of(&message);
        let answer = connection.send(message).await;
        counts.count(&answer, begun.elapsed())?;
        answered.fetch_add(1, Ordering::Relaxed);
    }
    Ok(tally)
}

/// What one sender sends, one after the other.
struct Messages<'a> {
    plan: &'a Plan,
    visitors: Visitors,
    random: Rng,
}

impl<'a> Messages<'a> {
    fn new(plan: &'a Plan, number: u32) -> Self {
        // No sender of another seed has the same.
        let seed = plan.seed ^ u64::from(number).wrapping_mul(SENDERS_APART);
        let visitors = Visitors::new(&plan.target.site, seed);
        Self { plan, visitors, random: Rng::with_seed(seed) }
    }

    fn next(&mut self) -> Message {
        if self.random.u8(..100) < self.plan.questions_percent {
            return Message::Question(question(&self.plan.target.site, &mut self.random));
        }
        Message::Beacon(beacon::encode(&self.visitors.page_view()))
    }
}
