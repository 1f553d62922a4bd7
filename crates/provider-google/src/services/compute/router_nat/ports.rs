//! What the ports and addresses of Cloud NAT must fulfil.

use super::RouterNat;
use crate::Google;
use crate::names;
use sdk::{Attr, Change, Problems};

/// Checks numbers of ports, and what excludes each other.
pub(super) fn check(nat: &RouterNat, problems: &mut Problems) {
    let mut wrong = |name: &str, summary: &str, detail: &str| problems.error(name, summary, detail);
    let ports = |value: &Attr<i64>| value.known().copied();
    let dynamic = nat.enable_dynamic_port_allocation.is_true();
    for (name, value) in [
        ("min_ports_per_vm", &nat.min_ports_per_vm),
        ("max_ports_per_vm", &nat.max_ports_per_vm),
    ] {
        let power = ports(value)
            .and_then(|n| u64::try_from(n).ok())
            .is_none_or(u64::is_power_of_two);
        if dynamic && !power {
            wrong(
                name,
                "Invalid number of ports",
                "With dynamic allocation the number of ports is a power of two, such as 32, 1024 or 65536.",
            );
        }
    }
    if ports(&nat.max_ports_per_vm).is_some()
        && !dynamic
        && !nat.enable_dynamic_port_allocation.is_unknown()
    {
        wrong(
            "max_ports_per_vm",
            "Invalid combination of arguments",
            "Without dynamic allocation every machine has exactly min_ports_per_vm ports. Set enable_dynamic_port_allocation = true, or remove max_ports_per_vm.",
        );
    }
    if let (Some(min), Some(max)) = (ports(&nat.min_ports_per_vm), ports(&nat.max_ports_per_vm))
        && min >= max
    {
        wrong(
            "max_ports_per_vm",
            "Invalid number of ports",
            "max_ports_per_vm is greater than min_ports_per_vm.",
        );
    }
    if dynamic && nat.enable_endpoint_independent_mapping.is_true() {
        wrong(
            "enable_endpoint_independent_mapping",
            "Conflicting configuration arguments",
            "Dynamic port allocation and endpoint-independent mapping exclude each other. Switch one of them off.",
        );
    }
    let listed = nat.nat_ips.is_known_and(|ips| !ips.is_empty());
    if listed
        && nat
            .nat_ip_allocate_option
            .is_known_and(|option| option == "AUTO_ONLY")
    {
        wrong(
            "nat_ips",
            "Conflicting configuration arguments",
            "With AUTO_ONLY the addresses are chosen by Google. Set nat_ip_allocate_option to MANUAL_ONLY, or remove nat_ips.",
        );
    }
    let subnetworks = nat
        .source_subnetwork_ip_ranges_to_nat
        .known()
        .map(String::as_str);
    if subnetworks == Some("LIST_OF_SUBNETWORKS")
        && nat.subnetwork.is_empty()
        && !nat.subnetwork.is_unknown()
    {
        wrong(
            "subnetwork",
            "Missing required block",
            "LIST_OF_SUBNETWORKS needs at least one subnetwork block.",
        );
    }
}

/// An address is drained before it goes: it must have been in use, and must not be any more.
pub(super) fn check_drained(change: &mut Change<'_, RouterNat, Google>) {
    // An address is drained before it goes: it must have been in use, and must not be any more.
    let planned = &change.planned;
    let Some(drained) = planned.drain_nat_ips.known().filter(|ips| !ips.is_empty()) else {
        return;
    };
    let in_use = |nat: &RouterNat, ip: &str| {
        nat.nat_ips
            .known()
            .is_some_and(|ips| ips.iter().any(|other| names::same(other, ip)))
    };
    let drained_before = |nat: &RouterNat, ip: &str| {
        nat.drain_nat_ips
            .known()
            .is_some_and(|ips| ips.iter().any(|other| names::same(other, ip)))
    };
    let mut wrong = Vec::new();
    for ip in drained {
        let was_used = change
            .prior
            .as_ref()
            .is_some_and(|prior| in_use(prior, ip) || drained_before(prior, ip));
        if !was_used {
            wrong.push(format!(
                "{ip:?} was not in use by this NAT: only an address of nat_ips can be drained."
            ));
        } else if in_use(planned, ip) {
            wrong.push(format!(
                "{ip:?} is drained and in use at once: take it out of nat_ips in the same change."
            ));
        }
    }
    for detail in wrong {
        change
            .problems
            .error("drain_nat_ips", "Invalid address to drain", detail);
    }
}
