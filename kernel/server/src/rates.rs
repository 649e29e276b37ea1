//! How often somebody may ask: one bucket of permits for each sender, refilled by time.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

use crate::limits::{
    ANONYMOUS_BURST, ANONYMOUS_PER_SECOND, MAX_RATED_SENDERS, PRINCIPAL_BURST, PRINCIPAL_PER_SECOND,
};

/// Permits are counted in thousandths, so that a millisecond refills a whole number of them.
const THOUSANDTHS: u64 = 1_000;

/// Who is counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// Somebody with a token.
    Principal(String),
    /// Everybody without one behind one network address.
    Network(IpAddr),
}

/// The buckets of all senders. Times are what a stopwatch showed since the process started.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    buckets: Mutex<BTreeMap<Source, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    thousandths: u64,
    at: Duration,
}

/// Too many requests; one is possible again after this many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooFast {
    /// To wait, rounded up.
    pub(crate) retry_after_s: u64,
}

impl Source {
    /// An address as it is counted: a whole /64 of IPv6 belongs to one sender.
    pub(crate) fn network(address: IpAddr) -> Self {
        Self::Network(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
                Some(v4) => v4.into(),
                None => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
            },
        })
    }

    fn limits(&self) -> (u64, u64) {
        match self {
            Source::Principal(_) => (PRINCIPAL_PER_SECOND.into(), PRINCIPAL_BURST.into()),
            Source::Network(_) => (ANONYMOUS_PER_SECOND.into(), ANONYMOUS_BURST.into()),
        }
    }
}

impl Rates {
    /// Takes one permit, or says when there is one.
    pub(crate) fn permit(&self, source: &Source, now: Duration) -> Result<(), TooFast> {
        let mut buckets = match self.buckets.lock() {
            Ok(buckets) => buckets,
            Err(poisoned) => poisoned.into_inner(),
        };
        if buckets.len() >= MAX_RATED_SENDERS && !buckets.contains_key(source) {
            buckets.retain(|source, bucket| !bucket.is_full(source, now));
        }
        if buckets.len() >= MAX_RATED_SENDERS && !buckets.contains_key(source) {
            return Err(TooFast { retry_after_s: 1 });
        }
        let (per_second, burst) = source.limits();
        let bucket = buckets.entry(source.clone()).or_insert(Bucket {
            thousandths: burst * THOUSANDTHS,
            at: now,
        });
        bucket.refill(per_second, burst, now);
        match bucket.thousandths.checked_sub(THOUSANDTHS) {
            Some(left) => {
                bucket.thousandths = left;
                Ok(())
            }
            None => {
                let missing = THOUSANDTHS - bucket.thousandths;
                Err(TooFast {
                    retry_after_s: missing.div_ceil(per_second * THOUSANDTHS).max(1),
                })
            }
        }
    }
}

impl Bucket {
    fn refill(&mut self, per_second: u64, burst: u64, now: Duration) {
        let passed_ms = u64::try_from(now.saturating_sub(self.at).as_millis()).unwrap_or(u64::MAX);
        self.thousandths = self
            .thousandths
            .saturating_add(passed_ms.saturating_mul(per_second))
            .min(burst * THOUSANDTHS);
        self.at += Duration::from_millis(passed_ms);
    }

    fn is_full(mut self, source: &Source, now: Duration) -> bool {
        let (per_second, burst) = source.limits();
        self.refill(per_second, burst, now);
        self.thousandths >= burst * THOUSANDTHS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Source {
        Source::network(text.parse().unwrap())
    }

    #[test]
    fn a_sender_who_spent_the_burst_waits_and_may_go_on() {
        let rates = Rates::default();
        let sender = network("192.0.2.1");
        for _ in 0..ANONYMOUS_BURST {
            rates.permit(&sender, Duration::ZERO).unwrap();
        }
        assert_eq!(
            rates.permit(&sender, Duration::ZERO),
            Err(TooFast { retry_after_s: 1 })
        );
        rates.permit(&sender, Duration::from_secs(1)).unwrap();
    }

    #[test]
    fn one_sender_never_spends_anothers_permits() {
        let rates = Rates::default();
        for _ in 0..ANONYMOUS_BURST {
            rates.permit(&network("192.0.2.1"), Duration::ZERO).unwrap();
        }
        rates.permit(&network("192.0.2.2"), Duration::ZERO).unwrap();
        rates
            .permit(&Source::Principal("clerk".to_owned()), Duration::ZERO)
            .unwrap();
    }

    #[test]
    fn a_v6_network_is_one_sender() {
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    }

    #[test]
    fn a_principal_spends_twenty_thousand_at_once_and_then_five_thousand_a_second() {
        let rates = Rates::default();
        let clerk = Source::Principal("clerk".to_owned());
        let spent = |now: Duration| {
            let mut permits = 0;
            while rates.permit(&clerk, now).is_ok() {
                permits += 1;
            }
            permits
        };
        assert_eq!(spent(Duration::ZERO), 20_000);
        assert_eq!(spent(Duration::from_secs(1)), 5_000);
        assert_eq!(spent(Duration::from_secs(3)), 10_000);
        assert_eq!(spent(Duration::from_secs(60)), 20_000);
    }

    #[test]
    fn twenty_requests_a_second_come_back_to_a_network() {
        let rates = Rates::default();
        let sender = network("192.0.2.1");
        let spent = |now: Duration| {
            let mut permits = 0;
            while rates.permit(&sender, now).is_ok() {
                permits += 1;
            }
            permits
        };
        assert_eq!(spent(Duration::ZERO), 1_000);
        assert_eq!(spent(Duration::from_secs(1)), 20);
    }

    #[test]
    fn a_hundred_thousand_senders_are_remembered_and_the_next_has_to_wait() {
        let rates = Rates::default();
        for number in 0..100_000_u32 {
            let address = std::net::Ipv4Addr::from_bits(number);
            let sender = Source::network(address.into());
            rates.permit(&sender, Duration::ZERO).unwrap();
        }
        let (known, new) = (network("0.0.0.1"), network("192.0.2.1"));
        rates.permit(&known, Duration::ZERO).unwrap();
        let wait = TooFast { retry_after_s: 1 };
        assert_eq!(rates.permit(&new, Duration::ZERO), Err(wait));
        // A second later nearly everybody's permits are whole again, and they are forgotten.
        rates.permit(&new, Duration::from_secs(1)).unwrap();
        assert_eq!(rates.buckets.lock().unwrap().len(), 1);
    }
}
