//! An address range in CIDR notation.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The addresses that begin with the same bits.
#[derive(Clone, Copy)]
pub(super) struct Prefix {
    /// The first address.
    pub(super) base: u128,
    /// How many bits are given.
    pub(super) length: u32,
    /// How many bits an address has: 32 or 128.
    pub(super) bits: u32,
}

impl Prefix {
    /// Reads `address/length`. Host bits may be set; they are dropped.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/')?;
        let (address, bits) = if address.contains(':') {
            (address.parse::<Ipv6Addr>().ok()?.to_bits(), 128)
        } else {
            (u128::from(parse_v4(address)?), 32)
        };
        if length.is_empty() || length.len() > 3 || !length.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let length: u32 = length.parse().ok()?;
        (length <= bits).then(|| Self::new(address, length, bits))
    }

    fn new(address: u128, length: u32, bits: u32) -> Self {
        let mut prefix = Self {
            base: address,
            length,
            bits,
        };
        prefix.base &= !prefix.host_mask();
        prefix
    }

    /// How many bits are free.
    pub(super) const fn host_bits(&self) -> u32 {
        self.bits - self.length
    }

    fn host_mask(&self) -> u128 {
        1u128
            .checked_shl(self.host_bits())
            .map_or(u128::MAX, |size| size - 1)
    }

    /// The last address.
    pub(super) fn last(&self) -> u128 {
        self.base | self.host_mask()
    }

    /// The text of the address with that number in the range.
    pub(super) fn address(&self, host: u128) -> String {
        show(self.base | host, self.bits)
    }

    /// The subnet of that number among those with `length` bits.
    pub(super) fn subnet(&self, length: u32, number: u128) -> Self {
        let shifted = number.checked_shl(self.bits - length).unwrap_or(0);
        Self {
            base: self.base | shifted,
            length,
            bits: self.bits,
        }
    }

    /// The first subnet with `length` bits that begins at `free` or later and lies in this range.
    pub(super) fn next_subnet(&self, free: u128, length: u32) -> Option<Self> {
        let here = Self::new(free, length, self.bits);
        let base = if here.base < free {
            here.last().checked_add(1)?
        } else {
            free
        };
        let subnet = Self { base, ..here };
        (subnet.last() <= self.last()).then_some(subnet)
    }

    /// The netmask of an IPv4 range.
    pub(super) fn netmask(&self) -> String {
        show(!self.host_mask() & u128::from(u32::MAX), 32)
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", show(self.base, self.bits), self.length)
    }
}

fn show(address: u128, bits: u32) -> String {
    if bits == 32 {
        Ipv4Addr::from_bits(address as u32).to_string()
    } else {
        Ipv6Addr::from_bits(address).to_string()
    }
}

/// Four decimal numbers, with or without leading zeros.
fn parse_v4(text: &str) -> Option<u32> {
    let mut address = 0;
    let mut count = 0;
    for part in text.split('.') {
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let octet: u8 = part.parse().ok()?;
        address = address << 8 | u32::from(octet);
        count += 1;
    }
    (count == 4).then_some(address)
}
