use crate::IncomingRequest;

/// What a request asks for: its path and its query, percent-decoded.
pub struct Target {
    pub path: String,
    query: Vec<(String, String)>,
}

impl Target {
    /// The target of `request`; a missing one reads as `/`.
    pub fn of(request: &IncomingRequest) -> Target {
        let text = request.path_with_query().unwrap_or_else(|| "/".to_string());
        let (path, query) = text.split_once('?').unwrap_or((&text, ""));
        let query = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (decode(name), decode(value)))
            .collect();
        Target { path: decode(path), query }
    }

    /// The path without its leading slash, or `otherwise` where nothing is left.
    pub fn name_or<'a>(&'a self, otherwise: &'a str) -> &'a str {
        match self.path.trim_start_matches('/') {
            "" => otherwise,
            name => name,
        }
    }

    /// The first query value called `name`.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The query number called `name`, or `otherwise` where it is missing or no number.
    pub fn number(&self, name: &str, otherwise: u64) -> u64 {
        self.value(name).and_then(|value| value.parse().ok()).unwrap_or(otherwise)
    }

    /// Every query value called `name`, in order.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes
            .get(at + 1..at + 3)
            .filter(|_| bytes[at] == b'%')
            .and_then(|digits| core::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (hex, bytes[at]) {
            (Some(byte), _) => {
                decoded.push(byte);
                at += 2;
            }
            (None, b'+') => decoded.push(b' '),
            (None, byte) => decoded.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
