//! Traps, one way for each function, to be found again in this source.
//! `build.sh` beside it says how traps.wasm is made of it.
#![feature(core_intrinsics)]
#![allow(internal_features)]
#![no_std]

use core::hint::black_box;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable() // at: the handler
}

mod ledger {
    #[inline(never)]
    pub fn share(of: u32, among: &[u32], at: usize) -> u32 {
        of + among[at] // at: share
    }

    pub struct Account(pub u32);

    impl Account {
        #[inline(never)]
        pub fn split(&self, by: u32) -> u32 {
            unsafe { core::intrinsics::unchecked_div(self.0, by) } // at: split
        }
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn divides_by_zero(by: u32) -> u32 {
    black_box(ledger::Account(7)).split(by) + 1 // at: divides_by_zero
}

#[unsafe(no_mangle)]
pub extern "C" fn panics(at: usize) -> u32 {
    ledger::share(1, black_box(&[1, 2, 3]), at) // at: panics
}

#[unsafe(no_mangle)]
pub extern "C" fn reads_outside(at: usize) -> u32 {
    let ok = black_box(at) > 1;
    if ok {
        return unsafe { *(at as *const u32) }; // at: reads_outside
    }
    0
}

#[unsafe(no_mangle)]
pub extern "C" fn never_ends(depth: u32) -> u32 {
    black_box(depth) + never_ends(black_box(depth) + 1) // at: never_ends
}
