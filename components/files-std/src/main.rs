//! A command that does with files what its arguments say, through the standard library: one
//! argument is one operation, one line of output says how it went.

#![feature(wasi_ext)]

use std::env;
use std::fs::{self, File, FileTimes, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::net::TcpListener;
use std::os::fd::FromRawFd;
use std::os::wasi::fs::symlink_path;
use std::time::{Duration, SystemTime};

fn main() {
    let mut failed = false;
    for operation in env::args().skip(1) {
        match perform(&operation) {
            Ok(answer) => println!("{operation}: {answer}"),
            Err(error) => {
                failed = true;
                println!("{operation}: error {:?}", error.kind());
            }
        }
    }
    std::process::exit(i32::from(failed) * 7);
}

fn perform(operation: &str) -> io::Result<String> {
    let words: Vec<&str> = operation.splitn(3, ' ').collect();
    let path = words.get(1).copied().unwrap_or("");
    let text = words.get(2).copied().unwrap_or("");
    match words[0] {
        "write" => fs::write(path, text)?,
        "create-new" => File::create_new(path)?.write_all(text.as_bytes())?,
        "append" => {
            let mut file = OpenOptions::new().append(true).open(path)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
        }
        "read" => return fs::read_to_string(path),
        "read-from" => {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(number(text)))?;
            let mut rest = String::new();
            file.read_to_string(&mut rest)?;
            return Ok(rest);
        }
        "size" => return Ok(fs::metadata(path)?.len().to_string()),
        "resize" => {
            let file = OpenOptions::new().write(true).open(path)?;
            file.set_len(number(text))?;
            file.sync_data()?;
        }
        "kind" => return kind(path),
        "age" => {
            let file = OpenOptions::new().write(true).open(path)?;
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(number(text));
            file.set_times(FileTimes::new().set_modified(time))?;
        }
        "modified" => {
            let time = fs::metadata(path)?.modified()?;
            let since = time.duration_since(SystemTime::UNIX_EPOCH);
            return Ok(since.map_or(0, |age| age.as_secs()).to_string());
        }
        "list" => return list(path),
        "mkdir" => fs::create_dir(path)?,
        "rmdir" => fs::remove_dir(path)?,
        "rm" => fs::remove_file(path)?,
        "mv" => fs::rename(path, text)?,
        "cp" => return Ok(fs::copy(path, text)?.to_string()),
        "link" => fs::hard_link(path, text)?,
        "symlink" => symlink_path(path, text)?,
        "readlink" => return Ok(fs::read_link(path)?.display().to_string()),
        // In capitals, to who connects to the listening socket that has this number.
        "answer" => {
            let listener = unsafe { TcpListener::from_raw_fd(number(path) as i32) };
            let (mut connection, _) = listener.accept()?;
            let mut asked = String::new();
            connection.read_to_string(&mut asked)?;
            connection.write_all(asked.to_uppercase().as_bytes())?;
            return Ok(asked.len().to_string());
        }
        "open-many" => {
            let mut open = Vec::new();
            for _ in 0..number(text) {
                open.push(File::open(path)?);
            }
            return Ok(open.len().to_string());
        }
        _ => return Err(io::ErrorKind::Unsupported.into()),
    }
    Ok("done".to_string())
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or(0)
}

fn kind(path: &str) -> io::Result<String> {
    let found = fs::symlink_metadata(path)?.file_type();
    let kind = if found.is_symlink() {
        "symlink"
    } else if found.is_dir() {
        "directory"
    } else {
        "file"
    };
    Ok(kind.to_string())
}

fn list(path: &str) -> io::Result<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names.join(" "))
}
