//! Ranges of IPv4 addresses.

use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// A range without host bits; `None` if that is not one.
pub(super) fn range(text: &str) -> Option<Ipv4Net> {
    let net: Ipv4Net = text.parse().ok()?;
    (net.trunc() == net).then_some(net)
}

/// Whether two ranges share an address.
pub(super) fn overlap(one: Ipv4Net, other: Ipv4Net) -> bool {
    one.contains(&other.network()) || other.contains(&one.network())
}

/// The first range of that size within another that overlaps none of those taken. Linear in those taken, not in the
/// addresses: a range that is taken is skipped as a whole.
pub(super) fn first_free(within: Ipv4Net, prefix: u8, taken: &[Ipv4Net]) -> Option<Ipv4Net> {
    if prefix < within.prefix_len() || prefix > 32 {
        return None;
    }
    let mut taken: Vec<Ipv4Net> = taken.to_vec();
    taken.sort_by_key(Ipv4Net::network);
    let size = 1u64 << (32 - prefix);
    let mut at = u64::from(u32::from(within.network()));
    let last = u64::from(u32::from(within.broadcast()));
    for other in &taken {
        let (first, end) = (
            u64::from(u32::from(other.network())),
            u64::from(u32::from(other.broadcast())),
        );
        if end < at {
            continue;
        }
        if first >= at + size {
            break;
        }
        at = (end + 1).div_ceil(size) * size;
    }
    if at + size - 1 > last {
        return None;
    }
    let start = Ipv4Addr::from(u32::try_from(at).ok()?);
    Ipv4Net::new(start, prefix).ok()
}

/// The address so many after the first of a range.
pub(super) fn nth(net: Ipv4Net, at: u32) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(net.network()).saturating_add(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_ranges_are_found() {
        let within = range("10.0.0.0/8").expect("a range");
        let taken = |texts: &[&str]| -> Vec<Ipv4Net> {
            texts.iter().filter_map(|text| range(text)).collect()
        };
        let free = |prefix, texts: &[&str]| {
            first_free(within, prefix, &taken(texts)).map(|net| net.to_string())
        };
        assert_eq!(free(14, &[]).as_deref(), Some("10.0.0.0/14"));
        assert_eq!(free(14, &["10.0.0.0/24"]).as_deref(), Some("10.4.0.0/14"));
        assert_eq!(
            free(14, &["10.4.0.0/14", "10.0.0.0/24", "10.9.0.0/16"]).as_deref(),
            Some("10.12.0.0/14")
        );
        assert_eq!(free(14, &["10.0.0.0/8"]), None);
        assert_eq!(free(7, &[]), None);
        assert!(range("10.0.0.1/24").is_none());
    }
}
