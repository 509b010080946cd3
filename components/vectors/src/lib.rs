//! What libraries do with vectors, each function with others of the 128-bit instructions. All of it
//! is built with them, so the compiler uses them in copies and loops of its own, too.

mod chacha;

use core::arch::wasm32::*;
use exports::wattle::test::vectors::Guest;

wit_bindgen::generate!({ path: "../wit", world: "vectors", generate_all });

struct Vectors;

const WIDTH: usize = 16;

fn load(bytes: &[u8]) -> v128 {
    let bytes: &[u8; WIDTH] = bytes.try_into().expect("sixteen bytes");
    // Any address will do.
    unsafe { v128_load(bytes.as_ptr().cast()) }
}

impl Guest for Vectors {
    fn find(haystack: Vec<u8>, needle: u8) -> Option<u32> {
        let wanted = u8x16_splat(needle);
        let chunks = haystack.chunks_exact(WIDTH);
        let rest = chunks.remainder();
        let start = haystack.len() - rest.len();
        for (i, chunk) in chunks.enumerate() {
            let found = u8x16_bitmask(u8x16_eq(load(chunk), wanted));
            if found != 0 {
                return Some((i * WIDTH) as u32 + found.trailing_zeros());
            }
        }
        let place = rest.iter().position(|byte| *byte == needle);
        place.map(|place| (start + place) as u32)
    }

    fn adler32(bytes: Vec<u8>) -> u32 {
        let ramp = load(&[16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
        let (mut low, mut high) = (1, 0);
        let chunks = bytes.chunks_exact(WIDTH);
        let rest = chunks.remainder();
        for chunk in chunks {
            let these = load(chunk);
            let weighted = i32x4_add(
                u32x4_extadd_pairwise_u16x8(u16x8_extmul_low_u8x16(these, ramp)),
                u32x4_extadd_pairwise_u16x8(u16x8_extmul_high_u8x16(these, ramp)),
            );
            let plain = u32x4_extadd_pairwise_u16x8(u16x8_extadd_pairwise_u8x16(these));
            high = (high + WIDTH as u32 * low + sum(weighted)) % MODULUS;
            low = (low + sum(plain)) % MODULUS;
        }
        for byte in rest {
            low = (low + u32::from(*byte)) % MODULUS;
            high = (high + low) % MODULUS;
        }
        high << 16 | low
    }

    fn dot(left: Vec<f32>, right: Vec<f32>) -> f32 {
        let mut sums = f32x4_splat(0.0);
        for (a, b) in left.chunks_exact(4).zip(right.chunks_exact(4)) {
            let a = f32x4(a[0], a[1], a[2], a[3]);
            let b = f32x4(b[0], b[1], b[2], b[3]);
            sums = f32x4_add(sums, f32x4_mul(a, b));
        }
        (f32x4_extract_lane::<0>(sums) + f32x4_extract_lane::<1>(sums))
            + (f32x4_extract_lane::<2>(sums) + f32x4_extract_lane::<3>(sums))
    }

    fn darken(mut pixels: Vec<u8>, by: u8) -> Vec<u8> {
        let amount = u8x16_splat(by);
        let mut chunks = pixels.chunks_exact_mut(WIDTH);
        for chunk in &mut chunks {
            let darker = u8x16_sub_sat(load(chunk), amount);
            unsafe { v128_store(chunk.as_mut_ptr().cast(), darker) };
        }
        for pixel in chunks.into_remainder() {
            *pixel = pixel.saturating_sub(by);
        }
        pixels
    }

    fn chacha20(key: Vec<u8>, nonce: Vec<u8>, counter: u32, message: Vec<u8>) -> Vec<u8> {
        chacha::apply(&key, &nonce, counter, message)
    }
}

const MODULUS: u32 = 65521;

fn sum(v: v128) -> u32 {
    u32x4_extract_lane::<0>(v)
        + u32x4_extract_lane::<1>(v)
        + u32x4_extract_lane::<2>(v)
        + u32x4_extract_lane::<3>(v)
}

export!(Vectors);
