//! Time and memory.

use std::hint::black_box;
use std::sync::atomic::{AtomicU32, Ordering};

use guest_http::wasi::clocks::monotonic_clock;
use guest_http::{Reply, Target};

const NANOS_PER_MILLI: u64 = 1_000_000;
const MIB: u64 = 1024 * 1024;
const PAGE: usize = 64 * 1024;

/// Waits in the host for `ms` milliseconds.
pub fn sleep(target: &Target) -> Reply {
    let millis = target.number("ms", 1000);
    pause(millis);
    Reply::text(format!("slept {millis} ms\n"))
}

pub fn pause(millis: u64) {
    monotonic_clock::subscribe_duration(millis * NANOS_PER_MILLI).block();
}

/// Computes for `ms` milliseconds without waiting once.
pub fn burn(target: &Target) -> Reply {
    let millis = target.number("ms", 1000);
    let end = monotonic_clock::now() + millis * NANOS_PER_MILLI;
    let mut rounds: u64 = 0;
    while monotonic_clock::now() < end {
        rounds = (0..10_000).fold(rounds, |sum, n| black_box(sum + n) - n) + 1;
    }
    Reply::text(format!("burnt {millis} ms\n"))
}

/// How many calls this instance has seen: always 1 where every call gets a fresh one.
pub fn state() -> Reply {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    Reply::text(format!("{}\n", CALLS.fetch_add(1, Ordering::Relaxed) + 1))
}

/// Takes `mb` MiB and writes to each page of them.
pub fn allocate(target: &Target) -> Reply {
    let mib = target.number("mb", 64);
    let mut bytes: Vec<u8> = Vec::new();
    match usize::try_from(mib * MIB).map(|size| bytes.try_reserve_exact(size).map(|()| size)) {
        Ok(Ok(size)) => {
            bytes.resize(size, 0);
            bytes.iter_mut().step_by(PAGE).for_each(|byte| *byte = 1);
            black_box(&bytes);
            Reply::text(format!("allocated {mib} MiB\n"))
        }
        _ => Reply::of(507, format!("refused {mib} MiB\n")),
    }
}
