//! Calls that take more than they should.

use core::arch::wasm32;
use core::hint::black_box;

use guest_http::wasi::clocks::monotonic_clock;
use guest_http::wasi::http::outgoing_handler;
use guest_http::wasi::random::random as entropy;
use guest_http::{
    Fields, OutgoingRequest, Reply, ResponseOutparam, Scheme, Streaming, Target,
};

const PAGE: usize = 64 * 1024;
const PAGES_PER_MIB: usize = 16;
const NANOS_PER_MILLI: u64 = 1_000_000;

/// Grows the memory by `mb` (1024) MiB and fills all of it `rounds` times (0: without end).
pub fn fill(target: &Target) -> Reply {
    let mib = target.number("mb", 1024) as usize;
    let rounds = target.number("rounds", 0);
    let Some(bytes) = grow(mib) else { return refused(mib) };
    let mut round = 0;
    while rounds == 0 || round < rounds {
        bytes.fill(round as u8);
        black_box(&bytes);
        round += 1;
    }
    Reply::text(format!("filled {mib} MiB {rounds} times\n"))
}

/// Takes `mb` (64) MiB and keeps them for `hold-ms` (1000): alone within the limits, together with
/// its like perhaps not.
pub fn allocate(target: &Target) -> Reply {
    let mib = target.number("mb", 64) as usize;
    let Some(bytes) = grow(mib) else { return refused(mib) };
    bytes.iter_mut().step_by(PAGE).for_each(|byte| *byte = 1);
    monotonic_clock::subscribe_duration(target.number("hold-ms", 1000) * NANOS_PER_MILLI).block();
    black_box(&bytes);
    Reply::text(format!("held {mib} MiB\n"))
}

/// Takes handle after handle and gives none back.
pub fn handles() -> ! {
    loop {
        core::mem::forget(monotonic_clock::subscribe_duration(0));
    }
}

/// Asks the host for more bytes than an address space of 32 bits holds.
pub fn random() -> Reply {
    Reply::text(entropy::get_random_bytes(1 << 40).len().to_string())
}

/// Sends a piece of memory that is not there.
pub fn send_from_nowhere(out: ResponseOutparam) {
    if let Ok(answer) = Streaming::open(out, 200, Fields::new()) {
        let nowhere = black_box(0xffff_0000_usize) as *const u8;
        _ = answer.send(unsafe { core::slice::from_raw_parts(nowhere, 4096) });
    }
}

/// Reads the last byte of an address space most of which is not there.
pub fn read_out_of_bounds() -> Reply {
    let nowhere = black_box(0xffff_ffff_usize) as *const u8;
    Reply::text(unsafe { nowhere.read_volatile() }.to_string())
}

/// `mib` new MiB at the end of the memory, or none where the host refuses them.
fn grow(mib: usize) -> Option<&'static mut [u8]> {
    let pages = mib * PAGES_PER_MIB;
    match wasm32::memory_grow::<0>(pages) {
        usize::MAX => None,
        before => {
            let start = (before * PAGE) as *mut u8;
            Some(unsafe { core::slice::from_raw_parts_mut(start, pages * PAGE) })
        }
    }
}

fn refused(mib: usize) -> Reply {
    Reply::of(507, format!("memory.grow refused {mib} MiB\n"))
}

/// Sends request after request to the host `to` and waits for none.
pub fn requests(target: &Target) -> ! {
    let authority = target.value("to").unwrap_or("nowhere.invalid");
    loop {
        let request = OutgoingRequest::new(Fields::new());
        _ = request.set_scheme(Some(&Scheme::Http));
        _ = request.set_authority(Some(authority));
        core::mem::forget(outgoing_handler::handle(request, None));
    }
}
