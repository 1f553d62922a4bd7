//! Compute Engine: networks, Cloud NAT, addresses, firewall rules.

mod address;
mod firewall;
mod network;
mod router;
mod router_nat;
mod subnetwork;
mod zones;

pub(crate) use address::Address;
pub(crate) use firewall::Firewall;
pub(crate) use network::Network;
pub(crate) use router::Router;
pub(crate) use router_nat::RouterNat;
pub(crate) use subnetwork::Subnetwork;
pub(crate) use zones::Zones;
