//! As many page views one after the other, and at once: how much sooner the latter are on disk.

use super::{
    Tally, Target, Visitors,
    connection::{Connection, Message},
};
use anyhow::Result;
use std::{sync::Arc, time::Duration};
use tokio::{sync::Barrier, task::JoinSet, time::Instant};

/// Both ways.
#[derive(Clone, Debug)]
pub struct SpeedUp {
    /// How long it took when each was sent after the one before was answered.
    pub sequential: Duration,
    /// How long it took with all senders.
    pub concurrent: Duration,
    /// What became of them.
    pub tally: Tally,
}

impl SpeedUp {
    /// How many times faster.
    pub fn factor(&self) -> f64 {
        self.sequential.as_secs_f64() / self.concurrent.as_secs_f64().max(f64::EPSILON)
    }
}

/// Sends so many page views by one sender, and then as many by several. They are of the same shop, but not the
/// same ones, which the server would know already.
///
/// # Errors
/// The server is not there.
pub async fn speed_up(target: Target, count: u32, senders: u32, seed: u64) -> Result<SpeedUp> {
    let target = Arc::new(target);
    let mut tally = Tally::new()?;
    let sequential = timed(&target, count, 1, seed, &mut tally).await?;
    let concurrent = timed(&target, count, senders, seed.wrapping_add(1), &mut tally).await?;
    Ok(SpeedUp { sequential, concurrent, tally })
}

/// How long it takes so many senders; connections are there before.
async fn timed(
    target: &Arc<Target>,
    count: u32,
    senders: u32,
    seed: u64,
    tally: &mut Tally,
) -> Result<Duration> {
    let mut visitors = Visitors::new(&target.site, seed);
    let mut bodies = vec![Vec::new(); senders as usize];
    for number in 0..count {
        bodies[(number % senders) as usize].push(beacon::encode(&visitors.page_view()));
    }
    let ready = Arc::new(Barrier::new(bodies.len() + 1));
    let mut tasks = JoinSet::new();
    for bodies in bodies {
        let (target, ready) = (target.clone(), ready.clone());
        tasks.spawn(async move {
            let connection = Connection::open(&target).await;
            // Also by one that has none, for which the others would wait.
            ready.wait().await;
            send(connection?, bodies).await
        });
    }
    ready.wait().await;
    let begun = Instant::now();
    while let Some(sent) = tasks.join_next().await {
        tally.add(&sent??)?;
    }
    Ok(begun.elapsed())
}

async fn send(mut connection: Connection<'_>, bodies: Vec<Vec<u8>>) -> Result<Tally> {
    let mut tally = Tally::new()?;
    for body in bodies {
        let begun = Instant::now();
        let answer = connection.send(Message::Beacon(body)).await;
        tally.page_views.count(&answer, begun.elapsed())?;
    }
    Ok(tally)
}
