//! Calls that end only when the host ends them.

use core::hint::black_box;
use core::sync::atomic::{AtomicUsize, Ordering};

use guest_http::wasi::clocks::monotonic_clock;
use guest_http::wasi::io::poll;
use guest_http::{Fields, ResponseOutparam, Streaming};

/// Thirty years: longer than any deadline, and no overflow where a host adds it to now.
const VERY_LONG: u64 = 30 * 365 * 24 * 3600 * 1_000_000_000;

/// Computes without a call.
#[allow(clippy::empty_loop)]
pub fn spin() -> ! {
    loop {}
}

/// Calls itself without end. The call goes through memory, so that no compiler makes a loop of it,
/// and keeps nothing in linear memory, so that the engine's own stack is what runs out.
pub fn recurse() -> usize {
    static SELF: AtomicUsize = AtomicUsize::new(0);
    fn deeper(depth: usize) -> usize {
        let next: fn(usize) -> usize =
            unsafe { core::mem::transmute(SELF.load(Ordering::Relaxed)) };
        next(depth + 1).wrapping_mul(depth)
    }
    SELF.store(deeper as fn(usize) -> usize as usize, Ordering::Relaxed);
    black_box(deeper as fn(usize) -> usize)(1)
}

/// Waits in a host call for a moment that does not come.
pub fn sleep_in_host() -> ! {
    let moment = monotonic_clock::subscribe_duration(VERY_LONG);
    loop {
        poll::poll(&[&moment]);
    }
}

/// Answers with a body that does not end before its reader goes away.
pub fn stream(out: ResponseOutparam) {
    if let Ok(answer) = Streaming::open(out, 200, Fields::new()) {
        while answer.pour(&[b'.'; 4096]).is_ok() {}
    }
}
