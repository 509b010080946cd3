//! The key-value interfaces: `/kv/<operation>?bucket=default&key=...`.

use guest_http::{Reply, Target};

use crate::wasi::keyvalue::store::{Bucket, Error};
use crate::wasi::keyvalue::{atomics, batch, store};

pub fn answer(operation: &str, target: &Target) -> Reply {
    let bucket = match store::open(target.value("bucket").unwrap_or("default")) {
        Ok(bucket) => bucket,
        Err(error) => return failure(error),
    };
    let key = target.value("key").unwrap_or("default");
    let answer = match operation {
        "get" => bucket.get(key).map(|value| match value {
            Some(value) => Reply::text(line(&value)),
            None => Reply::of(404, format!("no value for {key}\n")),
        }),
        "set" => bucket.set(key, target.value("value").unwrap_or("").as_bytes()).map(done),
        "delete" => bucket.delete(key).map(done),
        "exists" => bucket.exists(key).map(|exists| Reply::text(format!("{exists}\n"))),
        "list" => list(&bucket, target),
        "increment" => atomics::increment(&bucket, key, target.number("by", 1))
            .map(|value| Reply::text(format!("{value}\n"))),
        "get-many" => get_many(&bucket, &keys(target)),
        "set-many" => batch::set_many(&bucket, &pairs(target)).map(done),
        "delete-many" => batch::delete_many(&bucket, &keys(target)).map(done),
        other => return Reply::of(404, format!("no operation {other}\n")),
    };
    answer.unwrap_or_else(failure)
}

/// A key a line, and `cursor: <n>` last where there is more.
fn list(bucket: &Bucket, target: &Target) -> Result<Reply, Error> {
    let cursor = target.value("cursor").and_then(|cursor| cursor.parse().ok());
    let mut found = bucket.list_keys(cursor)?;
    found.keys.sort();
    let next = found.cursor.map(|cursor| format!("cursor: {cursor}"));
    Ok(Reply::text(found.keys.into_iter().chain(next).map(|key| key + "\n").collect::<String>()))
}

/// `key: value` for each that has one, `-` for each other, in the order of the answer.
fn get_many(bucket: &Bucket, keys: &[String]) -> Result<Reply, Error> {
    let found = batch::get_many(bucket, keys)?;
    let lines = found.iter().map(|entry| match entry {
        Some((key, value)) => format!("{key}: {}", line(value)),
        None => "-\n".to_string(),
    });
    Ok(Reply::text(lines.collect::<String>()))
}

/// Every `key` of the query.
fn keys(target: &Target) -> Vec<String> {
    target.values("key").map(str::to_string).collect()
}

/// Every `pair=key:value` of the query.
fn pairs(target: &Target) -> Vec<(String, Vec<u8>)> {
    target
        .values("pair")
        .filter_map(|pair| pair.split_once(':'))
        .map(|(key, value)| (key.to_string(), value.as_bytes().to_vec()))
        .collect()
}

fn line(value: &[u8]) -> String {
    format!("{}\n", String::from_utf8_lossy(value))
}

fn done(_: ()) -> Reply {
    Reply::text("done\n")
}

fn failure(error: Error) -> Reply {
    match error {
        Error::NoSuchStore => Reply::of(503, "no such store\n"),
        Error::AccessDenied => Reply::of(500, "access denied\n"),
        Error::Other(why) => Reply::of(503, format!("{why}\n")),
    }
}
