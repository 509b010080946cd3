use core::cell::Cell;
use core::sync::atomic::{AtomicU32, Ordering};

use crate::exports::wattle::test::types::{Counter, GuestCounter};

static LIVE: AtomicU32 = AtomicU32::new(0);

/// The counter behind a handle; `live` shows that dropping a handle runs its destructor.
pub struct LiveCounter(Cell<u64>);

impl LiveCounter {
    pub fn starting(start: u64) -> LiveCounter {
        LIVE.fetch_add(1, Ordering::Relaxed);
        LiveCounter(Cell::new(start))
    }

    pub fn current(&self) -> u64 {
        self.0.get()
    }
}

impl Drop for LiveCounter {
    fn drop(&mut self) {
        LIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

impl GuestCounter for LiveCounter {
    fn new(start: u64) -> LiveCounter {
        LiveCounter::starting(start)
    }

    fn next(&self) -> u64 {
        self.0.set(self.0.get() + 1);
        self.0.get()
    }

    fn value(&self) -> u64 {
        self.0.get()
    }

    fn merge(left: Counter, right: Counter) -> Counter {
        let sum = left.get::<LiveCounter>().current() + right.get::<LiveCounter>().current();
        Counter::new(LiveCounter::starting(sum))
    }

    fn live() -> u32 {
        LIVE.load(Ordering::Relaxed)
    }
}
