//! Work on a text: JSON by serde_json, matches by regex-lite.

use regex_lite::Regex;
use serde_json::{Value, json};

/// Orders as a shop might keep them.
pub fn document() -> String {
    let orders: Vec<Value> = (0..64)
        .map(|i| {
            json!({
                "id": 10_000 + i,
                "name": format!("customer {i}"),
                "mail": format!("ada.{i}@example.org"),
                "price": f64::from(i) * 1.25,
                "paid": i % 3 == 0,
                "lines": [i, i + 1, i + 2],
                "note": if i % 4 == 0 { Value::Null } else { json!("caf\u{e9} \"to go\"\n") },
            })
        })
        .collect();
    Value::Array(orders).to_string()
}

/// Bytes written.
pub fn read_and_write(document: &str) -> u32 {
    serde_json::from_str::<Value>(document).map_or(0, |value| value.to_string().len() as u32)
}

/// Mail addresses.
pub fn pattern() -> Regex {
    Regex::new(r"[a-z]+\.[0-9]+@[a-z]+\.(?:org|com)").expect("a valid pattern")
}

/// Bytes in all matches.
pub fn matches(pattern: &Regex, document: &str) -> u32 {
    pattern.find_iter(document).map(|found| found.len() as u32).sum()
}
