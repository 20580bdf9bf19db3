//! From which address somebody asks.
//!
//! A header is believed only as far as the settings say that proxies stand before the service: each of them adds to `X-Forwarded-For` the address that
//! asked it, so the last entries are theirs, and whatever stands before those may be the asker's invention.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;

use crate::app::openness::Asker;

const FORWARDED_FOR: &str = "X-Forwarded-For";

/// Who asks, where so many proxies stand before the service.
pub(super) fn asker(request: &HttpRequest, proxies: usize) -> Asker {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |of| of.ip());
    Asker::at(address(request.headers(), proxies, peer))
}

/// The entry of the outermost proxy; the peer's where it has none, or none that is an address.
fn address(headers: &HeaderMap, proxies: usize, peer: IpAddr) -> IpAddr {
    let Some(behind) = proxies.checked_sub(1) else { return peer };
    let lines = headers.get_all(FORWARDED_FOR).filter_map(|value| value.to_str().ok());
    let entries: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    entries.iter().rev().nth(behind).and_then(|entry| read(entry)).unwrap_or(peer)
}

/// Some proxies write the port, too.
fn read(entry: &str) -> Option<IpAddr> {
    let bare = entry.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|of| of.ip()))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn asked(lines: &[&'static str], proxies: usize) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(HeaderName::from_static("x-forwarded-for"), HeaderValue::from_static(line));
        }
        address(&headers, proxies, "10.0.0.1".parse().unwrap()).to_string()
    }

    #[test]
    fn nobody_names_an_address_of_their_own() {
        assert_eq!(asked(&["203.0.113.7"], 0), "10.0.0.1", "without a proxy the header is not believed");
        assert_eq!(
            asked(&["198.51.100.1, 203.0.113.7"], 1),
            "203.0.113.7",
            "what the proxy wrote, not what it was told"
        );
        assert_eq!(asked(&["198.51.100.1", "203.0.113.7"], 1), "203.0.113.7", "be it in a line of its own");
        assert_eq!(asked(&["x, 203.0.113.7, 192.0.2.1"], 2), "203.0.113.7");
        assert_eq!(asked(&["203.0.113.7"], 2), "10.0.0.1", "a proxy is missing");
        assert_eq!((asked(&["nobody"], 1), asked(&[], 1)), ("10.0.0.1".to_owned(), "10.0.0.1".to_owned()));
    }

    #[test]
    fn addresses_are_read_with_ports_and_brackets() {
        assert_eq!(asked(&["203.0.113.7:4711"], 1), "203.0.113.7");
        assert_eq!(asked(&["[2001:db8::7]:4711"], 1), "2001:db8::7");
        assert_eq!(
            (asked(&["[2001:db8::7]"], 1), asked(&["2001:db8::7"], 1)),
            ("2001:db8::7".into(), "2001:db8::7".into())
        );
    }
}
