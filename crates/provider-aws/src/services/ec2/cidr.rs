//! Blocks of addresses, as arguments have them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address and the length of the prefix.
fn parse(text: &str) -> Option<(IpAddr, u8)> {
    let (address, length) = text.split_once('/')?;
    let address: IpAddr = address.parse().ok()?;
    if length.is_empty() || !length.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let length: u8 = length.parse().ok()?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    (length <= longest).then_some((address, length))
}

/// The block that an address and a prefix belong to.
fn network(address: IpAddr, length: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
            Ipv4Addr::from_bits(address.to_bits() & mask).into()
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
            Ipv6Addr::from_bits(address.to_bits() & mask).into()
        }
    }
}

fn check(text: &str, family: &str, is_right: fn(&IpAddr) -> bool) -> Result<(), String> {
    let Some((address, length)) = parse(text).filter(|(address, _)| is_right(address)) else {
        return Err(format!("{text:?} is not a block of {family} addresses."));
    };
    let first = network(address, length);
    if first == address {
        Ok(())
    } else {
        Err(format!(
            "{text:?} is not the block itself but an address in it: {first}/{length} is meant."
        ))
    }
}

/// A block of IPv4 addresses.
pub(super) fn ipv4(text: &str) -> Result<(), String> {
    check(text, "IPv4", IpAddr::is_ipv4)
}

/// A block of IPv6 addresses.
pub(super) fn ipv6(text: &str) -> Result<(), String> {
    check(text, "IPv6", IpAddr::is_ipv6)
}

/// Whether two texts name the same block.
pub(super) fn same(a: &str, b: &str) -> bool {
    a == b || parse(a).is_some_and(|a| parse(b) == Some(a))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_checked() {
        for (text, expected) in [
            ("10.0.0.0/16", Ok(())),
            ("0.0.0.0/0", Ok(())),
            (
                "10.0.0.1/16",
                Err(
                    "\"10.0.0.1/16\" is not the block itself but an address in it: 10.0.0.0/16 is meant.",
                ),
            ),
            (
                "10.0.0.0",
                Err("\"10.0.0.0\" is not a block of IPv4 addresses."),
            ),
            (
                "10.0.0.0/33",
                Err("\"10.0.0.0/33\" is not a block of IPv4 addresses."),
            ),
            ("::/0", Err("\"::/0\" is not a block of IPv4 addresses.")),
        ] {
            assert_eq!(ipv4(text), expected.map_err(str::to_owned), "{text}");
        }
        assert!(ipv6("2001:db8::/56").is_ok() && ipv6("2001:db8::1/56").is_err());
    }

    #[test]
    fn a_block_has_many_spellings() {
        assert!(same("2001:DB8:0::/56", "2001:db8::/56"));
        assert!(!same("10.0.0.0/16", "10.0.0.0/17"));
    }
}
