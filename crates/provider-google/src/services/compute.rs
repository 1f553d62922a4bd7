//! Compute Engine: networks, Cloud NAT, addresses, firewall rules.

mod network;

pub(crate) use network::Network;
