//! A command that does with sockets what its arguments say: `echo ADDRESS TEXT`, `serve ADDRESS
//! CONNECTIONS`, `datagram ADDRESS TEXT`, `answer ADDRESS`, `lookup NAME`, `flood ADDRESS BYTES`,
//! `many`. Each says how it went in one line.

use std::net::{Ipv4Addr, SocketAddrV4};

use wasi::cli::{environment, stdout};
use wasi::io::streams::{InputStream, OutputStream, StreamError};
use wasi::sockets::instance_network::instance_network;
use wasi::sockets::network::{ErrorCode, IpAddress, IpAddressFamily, IpSocketAddress};
use wasi::sockets::network::{Ipv4SocketAddress, Network};
use wasi::sockets::tcp::{ShutdownType, TcpSocket};
use wasi::sockets::tcp_create_socket::create_tcp_socket;
use wasi::sockets::udp::{OutgoingDatagram, UdpSocket};
use wasi::sockets::udp_create_socket::create_udp_socket;
use wasi::sockets::ip_name_lookup::resolve_addresses;

wit_bindgen::generate!({ path: "../wit", world: "sockets", generate_all });

const PIECE: usize = 4096;

struct Sockets;

enum Failure {
    Code(ErrorCode),
    Stream(StreamError),
    Usage,
}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Self {
        Failure::Code(code)
    }
}

impl From<StreamError> for Failure {
    fn from(error: StreamError) -> Self {
        Failure::Stream(error)
    }
}

impl exports::wasi::cli::run::Guest for Sockets {
    fn run() -> Result<(), ()> {
        let words = environment::get_arguments();
        let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
        match perform(&words) {
            Ok(answer) => {
                say(&answer);
                Ok(())
            }
            Err(failure) => {
                say(&match failure {
                    Failure::Code(code) => format!("error {}", code.name()),
                    Failure::Stream(StreamError::Closed) => "error closed".to_string(),
                    Failure::Stream(StreamError::LastOperationFailed(error)) => {
                        format!("error {}", error.to_debug_string())
                    }
                    Failure::Usage => "error usage".to_string(),
                });
                Err(())
            }
        }
    }
}

fn say(text: &str) {
    let out = stdout::get_stdout();
    for piece in format!("{text}\n").as_bytes().chunks(PIECE) {
        _ = out.blocking_write_and_flush(piece);
    }
}

fn perform(words: &[&str]) -> Result<String, Failure> {
    let network = instance_network();
    match words {
        ["echo", address, text] => echo(&network, parse(address)?, text.as_bytes()),
        ["serve", address, connections] => {
            let connections = connections.parse().map_err(|_| Failure::Usage)?;
            serve(&network, parse(address)?, connections)
        }
        ["datagram", address, text] => datagram(&network, parse(address)?, text.as_bytes()),
        ["answer", address] => answer(&network, parse(address)?),
        ["lookup", name] => lookup(&network, name),
        ["flood", address, bytes] => {
            flood(&network, parse(address)?, bytes.parse().map_err(|_| Failure::Usage)?)
        }
        ["many"] => Ok(many()),
        _ => Err(Failure::Usage),
    }
}

fn parse(text: &str) -> Result<IpSocketAddress, Failure> {
    let address: SocketAddrV4 = text.parse().map_err(|_| Failure::Usage)?;
    let [a, b, c, d] = address.ip().octets();
    Ok(IpSocketAddress::Ipv4(Ipv4SocketAddress { port: address.port(), address: (a, b, c, d) }))
}

fn show(address: IpSocketAddress) -> String {
    match address {
        IpSocketAddress::Ipv4(Ipv4SocketAddress { port, address: (a, b, c, d) }) => {
            SocketAddrV4::new(Ipv4Addr::new(a, b, c, d), port).to_string()
        }
        IpSocketAddress::Ipv6(_) => "IPv6".to_string(),
    }
}

fn connect(
    network: &Network,
    to: IpSocketAddress,
) -> Result<(TcpSocket, InputStream, OutputStream), Failure> {
    let socket = create_tcp_socket(IpAddressFamily::Ipv4)?;
    let ready = socket.subscribe();
    drop(ready);
    socket.start_connect(network, to)?;
    loop {
        match socket.finish_connect() {
            Err(ErrorCode::WouldBlock) => socket.subscribe().block(),
            other => {
                let (input, output) = other?;
                return Ok((socket, input, output));
            }
        }
    }
}

fn echo(network: &Network, to: IpSocketAddress, text: &[u8]) -> Result<String, Failure> {
    let (socket, input, output) = connect(network, to)?;
    for piece in text.chunks(PIECE) {
        output.blocking_write_and_flush(piece)?;
    }
    socket.shutdown(ShutdownType::Send)?;
    let mut answer = Vec::new();
    loop {
        match input.blocking_read(PIECE as u64) {
            Ok(bytes) => answer.extend_from_slice(&bytes),
            Err(StreamError::Closed) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Writes until so many bytes were taken, or the host takes no more for now.
fn flood(network: &Network, to: IpSocketAddress, bytes: u64) -> Result<String, Failure> {
    let (_socket, _input, output) = connect(network, to)?;
    let mut written = 0;
    while written < bytes {
        let room = output.check_write()?.min(bytes - written);
        if room == 0 {
            return Ok(format!("held back {}", written > 0));
        }
        output.write(&vec![b'x'; room as usize])?;
        output.flush()?;
        written += room;
    }
    Ok("all taken".to_string())
}

fn serve(network: &Network, at: IpSocketAddress, connections: u32) -> Result<String, Failure> {
    let listener = create_tcp_socket(IpAddressFamily::Ipv4)?;
    listener.start_bind(network, at)?;
    listener.finish_bind()?;
    listener.start_listen()?;
    listener.finish_listen()?;
    say(&format!("listening {}", show(listener.local_address()?)));
    for _ in 0..connections {
        listener.subscribe().block();
        let (_socket, input, output) = listener.accept()?;
        loop {
            match output.blocking_splice(&input, PIECE as u64) {
                Ok(_) => {}
                Err(StreamError::Closed) => break,
                Err(error) => return Err(error.into()),
            }
        }
        output.blocking_flush()?;
    }
    Ok(format!("served {connections}"))
}

fn udp(network: &Network, at: IpSocketAddress) -> Result<UdpSocket, Failure> {
    let socket = create_udp_socket(IpAddressFamily::Ipv4)?;
    socket.start_bind(network, at)?;
    socket.finish_bind()?;
    Ok(socket)
}

fn datagram(network: &Network, to: IpSocketAddress, text: &[u8]) -> Result<String, Failure> {
    let socket = udp(network, parse("0.0.0.0:0")?)?;
    let (input, output) = socket.stream(Some(to))?;
    output.subscribe().block();
    output.check_send()?;
    output.send(&[OutgoingDatagram { data: text.to_vec(), remote_address: None }])?;
    input.subscribe().block();
    let answer = input.receive(1)?;
    Ok(String::from_utf8_lossy(&answer[0].data).into_owned())
}

/// Sends one datagram back to where it came from.
fn answer(network: &Network, at: IpSocketAddress) -> Result<String, Failure> {
    let socket = udp(network, at)?;
    let (input, output) = socket.stream(None)?;
    say(&format!("listening {}", show(socket.local_address()?)));
    input.subscribe().block();
    let asked = input.receive(1)?;
    output.check_send()?;
    output.send(&[OutgoingDatagram {
        data: asked[0].data.clone(),
        remote_address: Some(asked[0].remote_address),
    }])?;
    Ok("answered".to_string())
}

fn lookup(network: &Network, name: &str) -> Result<String, Failure> {
    let addresses = resolve_addresses(network, name)?;
    let mut found = 0;
    loop {
        match addresses.resolve_next_address() {
            Err(ErrorCode::WouldBlock) => addresses.subscribe().block(),
            Ok(Some(IpAddress::Ipv4(_) | IpAddress::Ipv6(_))) => found += 1,
            Ok(None) => return Ok(format!("found {}", found > 0)),
            Err(code) => return Err(code.into()),
        }
    }
}

fn many() -> String {
    let mut open = Vec::new();
    loop {
        match create_tcp_socket(IpAddressFamily::Ipv4) {
            Ok(socket) => open.push(socket),
            Err(code) => return format!("{} then {}", open.len(), code.name()),
        }
    }
}

export!(Sockets);
