//! How often somebody may ask: one bucket of permits for each sender, refilled by time.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::limits::{
    ANONYMOUS_BURST, ANONYMOUS_PER_SECOND, MAX_RATED_SENDERS, MAX_SENDERS_LOOKED_AT,
    PRINCIPAL_BURST, PRINCIPAL_PER_SECOND,
};

/// Permits are counted in thousandths, so that a millisecond refills a whole number of them.
const THOUSANDTHS: u64 = 1_000;

/// What a sender may do.
#[derive(Debug, Clone, Copy)]
struct Allowance {
    per_second: u64,
    burst: u64,
}

const PRINCIPALS: Allowance = Allowance {
    per_second: PRINCIPAL_PER_SECOND,
    burst: PRINCIPAL_BURST,
};

const NETWORKS: Allowance = Allowance {
    per_second: ANONYMOUS_PER_SECOND,
    burst: ANONYMOUS_BURST,
};

/// Who is counted together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// Somebody with a token.
    Principal(String),
    /// Everybody without one behind one network address.
    Network(IpAddr),
}

/// The buckets of all senders. Times are what a stopwatch showed since the process started.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    senders: Mutex<Senders>,
}

/// Principals are known and no more than their file holds; networks are anybody, and never take a principal's place.
#[derive(Debug, Default)]
struct Senders {
    principals: BTreeMap<String, Bucket>,
    networks: BTreeMap<IpAddr, Bucket>,
    /// Every network once, in the order in which their buckets are looked at when there is no place for another.
    queue: VecDeque<IpAddr>,
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
}

impl Rates {
    /// Takes one permit, or says when there is one.
    pub(crate) fn permit(&self, source: &Source, now: Duration) -> Result<(), TooFast> {
        let senders = self.senders.lock();
        let mut senders = senders.unwrap_or_else(PoisonError::into_inner);
        match source {
            Source::Principal(name) => senders.principal(name, now).take(PRINCIPALS, now),
            Source::Network(address) => match senders.network(*address, now) {
                Some(bucket) => bucket.take(NETWORKS, now),
                None => Err(TooFast { retry_after_s: 1 }),
            },
        }
    }
}

impl Senders {
    fn principal(&mut self, name: &str, now: Duration) -> &mut Bucket {
        let bucket = self.principals.entry(name.to_owned());
        bucket.or_insert_with(|| Bucket::full(PRINCIPALS, now))
    }

    /// A network's bucket; none where every place is taken by somebody whose permits aren't whole again.
    fn network(&mut self, address: IpAddr, now: Duration) -> Option<&mut Bucket> {
        if !self.networks.contains_key(&address) {
            self.forget_some(now);
            if self.networks.len() >= MAX_RATED_SENDERS {
                return None;
            }
            self.queue.push_back(address);
        }
        let bucket = self.networks.entry(address);
        Some(bucket.or_insert_with(|| Bucket::full(NETWORKS, now)))
    }

    /// Looks at a few networks, those that were looked at longest ago, and forgets whose permits are whole again.
    fn forget_some(&mut self, now: Duration) {
        if self.networks.len() < MAX_RATED_SENDERS {
            return;
        }
        for _ in 0..MAX_SENDERS_LOOKED_AT {
            let Some(address) = self.queue.pop_front() else {
                return;
            };
            let bucket = self.networks.get(&address);
            if bucket.is_some_and(|bucket| bucket.is_full(NETWORKS, now)) {
                self.networks.remove(&address);
            } else {
                self.queue.push_back(address);
            }
        }
    }
}

impl Bucket {
    fn full(limits: Allowance, now: Duration) -> Self {
        Self {
            thousandths: limits.burst * THOUSANDTHS,
            at: now,
        }
    }

    fn take(&mut self, limits: Allowance, now: Duration) -> Result<(), TooFast> {
        self.refill(limits, now);
        match self.thousandths.checked_sub(THOUSANDTHS) {
            Some(left) => {
                self.thousandths = left;
                Ok(())
            }
            None => {
                let missing = THOUSANDTHS - self.thousandths;
                Err(TooFast {
                    retry_after_s: missing.div_ceil(limits.per_second * THOUSANDTHS).max(1),
                })
            }
        }
    }

    fn refill(&mut self, limits: Allowance, now: Duration) {
        let passed_ms = u64::try_from(now.saturating_sub(self.at).as_millis()).unwrap_or(u64::MAX);
        self.thousandths = self
            .thousandths
            .saturating_add(passed_ms.saturating_mul(limits.per_second))
            .min(limits.burst * THOUSANDTHS);
        self.at += Duration::from_millis(passed_ms);
    }

    fn is_full(mut self, limits: Allowance, now: Duration) -> bool {
        self.refill(limits, now);
        self.thousandths >= limits.burst * THOUSANDTHS
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

    /// As many networks as are remembered, each of which has spent a permit.
    fn full_of_networks() -> Rates {
        let rates = Rates::default();
        for number in 0..100_000_u32 {
            let address = std::net::Ipv4Addr::from_bits(number);
            let sender = Source::network(address.into());
            rates.permit(&sender, Duration::ZERO).unwrap();
        }
        rates
    }

    #[test]
    fn a_hundred_thousand_senders_are_remembered_and_the_next_has_to_wait() {
        let rates = full_of_networks();
        let (known, new) = (network("0.0.0.1"), network("192.0.2.1"));
        rates.permit(&known, Duration::ZERO).unwrap();
        let wait = TooFast { retry_after_s: 1 };
        assert_eq!(rates.permit(&new, Duration::ZERO), Err(wait));
        // A second later nearly everybody's permits are whole again.
        rates.permit(&new, Duration::from_secs(1)).unwrap();
    }

    #[test]
    fn a_principal_who_was_not_seen_yet_is_never_refused_because_of_networks() {
        let rates = full_of_networks();
        let clerk = Source::Principal("clerk".to_owned());
        rates.permit(&clerk, Duration::ZERO).unwrap();
        rates.permit(&network("0.0.0.1"), Duration::ZERO).unwrap();
    }

    #[test]
    fn a_new_sender_looks_at_no_more_than_eight_of_those_who_are_remembered() {
        let rates = full_of_networks();
        let later = Duration::from_secs(1);
        rates.permit(&network("192.0.2.1"), later).unwrap();
        let senders = rates.senders.lock().unwrap();
        assert_eq!(senders.networks.len(), 100_000 - 8 + 1);
        assert_eq!(senders.queue.len(), senders.networks.len());
    }

    #[test]
    fn those_who_are_whole_again_are_found_behind_many_who_are_not() {
        let rates = full_of_networks();
        let later = Duration::from_secs(1);
        for number in 0..800_u32 {
            let address = std::net::Ipv4Addr::from_bits(number);
            for _ in 0..100 {
                rates
                    .permit(&Source::network(address.into()), later)
                    .unwrap();
            }
        }
        let new = network("192.0.2.1");
        let tries = (1..=101).find(|_| rates.permit(&new, later).is_ok());
        assert_eq!(tries, Some(101));
    }
}
