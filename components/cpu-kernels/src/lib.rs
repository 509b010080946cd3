//! What `benchmarks/run kernels` times: each export does its work that many times and answers
//! with a number that depends on all of it.

mod digest;
mod text;

use std::hint::black_box;

/// Numbers that the sieve crosses out.
const NUMBERS: usize = 100_000;
/// Bytes that `crc32`, `sha256`, and the memory kernels go over.
const BYTES: usize = 16 << 10;

fn bytes(length: usize) -> Vec<u8> {
    let mut seed = 12345u32;
    (0..length)
        .map(|_| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8
        })
        .collect()
}

/// Primes below 100,000, a byte for each number.
#[unsafe(no_mangle)]
pub extern "C" fn sieve(times: u32) -> u32 {
    let mut composite = vec![false; NUMBERS];
    let mut primes = 0;
    for _ in 0..times {
        composite.fill(false);
        primes = 0;
        for number in 2..NUMBERS {
            if composite[number] {
                continue;
            }
            primes += 1;
            let mut multiple = number * number;
            while multiple < NUMBERS {
                composite[multiple] = true;
                multiple += number;
            }
        }
        black_box(&composite);
    }
    primes
}

/// CRC-32 of 16 KiB, a byte and a table's entry at a time.
#[unsafe(no_mangle)]
pub extern "C" fn crc32(times: u32) -> u32 {
    let data = bytes(BYTES);
    let table = digest::crc_table();
    let mut crc = 0;
    for _ in 0..times {
        crc = digest::crc32(&table, crc, black_box(&data));
    }
    crc
}

/// SHA-256 of 16 KiB.
#[unsafe(no_mangle)]
pub extern "C" fn sha256(times: u32) -> u32 {
    let data = bytes(BYTES);
    let mut state = digest::START;
    for _ in 0..times {
        for block in black_box(&data).chunks_exact(64) {
            digest::sha256(&mut state, block);
        }
    }
    state.iter().fold(0, |all, word| all ^ word)
}

/// 10 kB of JSON, read into values and written again.
#[unsafe(no_mangle)]
pub extern "C" fn json(times: u32) -> u32 {
    let document = text::document();
    (0..times).fold(0, |sum, _| {
        sum.wrapping_add(text::read_and_write(black_box(&document)))
    })
}

/// All matches of a pattern in 10 kB of text.
#[unsafe(no_mangle)]
pub extern "C" fn regex(times: u32) -> u32 {
    let document = text::document();
    let pattern = text::pattern();
    (0..times).fold(0, |sum, _| {
        sum.wrapping_add(text::matches(&pattern, black_box(&document)))
    })
}

/// 4,096 stores of a word one after the other.
#[unsafe(no_mangle)]
pub extern "C" fn stores(times: u32) -> u32 {
    let mut words = vec![0u32; BYTES / 4];
    for time in 0..times {
        for word in black_box(&mut words).iter_mut() {
            *word = time;
        }
    }
    words[words.len() / 2]
}

/// 4,096 words read, changed, and stored, in the order of a linear congruence.
#[unsafe(no_mangle)]
pub extern "C" fn scatter(times: u32) -> u32 {
    let mut words = vec![0u32; BYTES / 4];
    let mut seed = 1u32;
    for _ in 0..times {
        for _ in 0..words.len() {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            words[(seed >> 20) as usize] ^= seed;
        }
    }
    words.iter().fold(0, |all, word| all ^ word)
}
