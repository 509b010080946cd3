//! ChaCha20 (RFC 8439), a row of its state in each vector.

use core::arch::wasm32::*;

fn rotate(v: v128, by: u32) -> v128 {
    v128_or(u32x4_shl(v, by), u32x4_shr(v, 32 - by))
}

fn quarters(rows: &mut [v128; 4]) {
    let [a, b, c, d] = rows;
    for (first, second) in [(16, 12), (8, 7)] {
        *a = u32x4_add(*a, *b);
        *d = rotate(v128_xor(*d, *a), first);
        *c = u32x4_add(*c, *d);
        *b = rotate(v128_xor(*b, *c), second);
    }
}

fn block(state: &[v128; 4]) -> [u8; 64] {
    let mut rows = *state;
    for _ in 0..10 {
        quarters(&mut rows);
        rows[1] = u32x4_shuffle::<1, 2, 3, 0>(rows[1], rows[1]);
        rows[2] = u32x4_shuffle::<2, 3, 0, 1>(rows[2], rows[2]);
        rows[3] = u32x4_shuffle::<3, 0, 1, 2>(rows[3], rows[3]);
        quarters(&mut rows);
        rows[1] = u32x4_shuffle::<3, 0, 1, 2>(rows[1], rows[1]);
        rows[2] = u32x4_shuffle::<2, 3, 0, 1>(rows[2], rows[2]);
        rows[3] = u32x4_shuffle::<1, 2, 3, 0>(rows[3], rows[3]);
    }
    let mut bytes = [0; 64];
    for (i, (row, before)) in rows.iter().zip(state).enumerate() {
        let sum = u32x4_add(*row, *before);
        unsafe { v128_store(bytes.as_mut_ptr().add(16 * i).cast(), sum) };
    }
    bytes
}

fn word(bytes: &[u8], index: usize) -> u32 {
    let at = 4 * index;
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn row(bytes: &[u8], first: usize) -> v128 {
    u32x4(
        word(bytes, first),
        word(bytes, first + 1),
        word(bytes, first + 2),
        word(bytes, first + 3),
    )
}

/// Encrypts or decrypts; a key of 32 bytes, a nonce of 12.
pub fn apply(key: &[u8], nonce: &[u8], counter: u32, mut message: Vec<u8>) -> Vec<u8> {
    for (i, chunk) in message.chunks_mut(64).enumerate() {
        let count = counter.wrapping_add(i as u32);
        let state = [
            u32x4(0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574),
            row(key, 0),
            row(key, 4),
            u32x4(count, word(nonce, 0), word(nonce, 1), word(nonce, 2)),
        ];
        for (byte, stream) in chunk.iter_mut().zip(block(&state)) {
            *byte ^= stream;
        }
    }
    message
}
