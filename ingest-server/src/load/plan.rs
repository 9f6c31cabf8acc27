//! When what is sent.

use std::time::Duration;

/// Whom it is sent to.
#[derive(Clone, Debug)]
pub struct Target {
    /// Host and port of the server.
    pub authority: String,
    /// A site that takes beacons from anywhere.
    pub site: String,
    /// For questions, if the server has one.
    pub admin_token: Option<String>,
}

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Whom it is done to.
    pub target: Target,
    /// Senders at the same time, each with a connection.
    pub senders: u32,
    /// Messages a second, of all senders together; as fast as they are answered, when absent.
    pub rate: Option<u32>,
    /// How long it lasts.
    pub duration: Duration,
    /// How long the rate or, without one, the number of senders grows to the full.
    pub ramp: Duration,
    /// How many of a hundred messages are questions to the query API.
    pub questions_percent: u8,
    /// The same seed makes the same page views.
    pub seed: u64,
}

impl Plan {
    /// How long after the start a sender sends its next message: they take turns. Nothing, when there is no
    /// rate.
    pub(super) fn due(&self, number: u32, count: u32) -> Option<Duration> {
        let rate = f64::from(self.rate?);
        let turn = f64::from(count) * f64::from(self.senders) + f64::from(number);
        let ramp = self.ramp.as_secs_f64();
        // While the rate grows, as many are due as the area below it: rate × t² / (2 × ramp).
        let seconds = if turn < rate * ramp / 2.0 {
            (2.0 * ramp * turn / rate).sqrt()
        } else {
            ramp / 2.0 + turn / rate
        };
        Some(Duration::from_secs_f64(seconds))
    }

    /// How long after the start a sender begins.
    pub(super) fn begins(&self, number: u32) -> Duration {
        if self.rate.is_some() { Duration::ZERO } else { self.ramp * number / self.senders.max(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(rate: Option<u32>, ramp_s: u64) -> Plan {
        let (authority, site) = ("localhost:1".to_owned(), "default".to_owned());
        Plan {
            target: Target { authority, site, admin_token: None },
            senders: 10,
            rate,
            duration: Duration::from_secs(20),
            ramp: Duration::from_secs(ramp_s),
            questions_percent: 0,
            seed: 1,
        }
    }

    /// Messages that are due in each second.
    fn by_second(plan: &Plan) -> Vec<usize> {
        let due = (0..1000).flat_map(|count| (0..10).map(move |number| (number, count)));
        let due = due.filter_map(|(number, count)| plan.due(number, count)).collect::<Vec<_>>();
        (0..8).map(|second| due.iter().filter(|due| due.as_secs() == second).count()).collect()
    }

    #[test]
    fn a_rate_is_the_same_all_the_time_or_grows_to_the_full() {
        assert_eq!(by_second(&plan(Some(100), 0)), [100; 8]);
        let growing = by_second(&plan(Some(100), 4));
        for (sent, expected) in growing.iter().zip([12_i32, 38, 62, 88, 100, 100, 100, 100]) {
            let sent = i32::try_from(*sent).unwrap();
            assert!((sent - expected).abs() <= 1, "{growing:?}");
        }
    }

    #[test]
    fn without_a_rate_senders_begin_one_after_the_other() {
        let begins = [0, 5, 9].map(|number| plan(None, 10).begins(number).as_secs());
        assert_eq!(begins, [0, 5, 9]);
        assert_eq!(plan(None, 0).begins(9), Duration::ZERO);
        assert_eq!(plan(None, 10).due(0, 0), None);
        assert_eq!(plan(Some(1), 10).begins(9), Duration::ZERO);
    }
}
