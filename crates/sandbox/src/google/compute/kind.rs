//! The kinds of objects that clients make.

/// A kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Network,
    Subnetwork,
    Router,
    Address,
    GlobalAddress,
    Firewall,
}

impl Kind {
    /// What a collection in a scope (`global`, `regions/r`) holds.
    pub(super) fn at(scope: &str, collection: &str) -> Option<Self> {
        let global = scope == "global";
        match collection {
            "networks" if global => Some(Self::Network),
            "firewalls" if global => Some(Self::Firewall),
            "addresses" if global => Some(Self::GlobalAddress),
            "addresses" => Some(Self::Address),
            "subnetworks" if !global => Some(Self::Subnetwork),
            "routers" if !global => Some(Self::Router),
            _ => None,
        }
    }

    /// What an aggregated list of that name holds.
    pub(super) fn aggregated(collection: &str) -> Option<Self> {
        match collection {
            "subnetworks" => Some(Self::Subnetwork),
            "routers" => Some(Self::Router),
            "addresses" => Some(Self::Address),
            _ => None,
        }
    }

    /// Its part of a path.
    pub(super) const fn collection(self) -> &'static str {
        match self {
            Self::Network => "networks",
            Self::Subnetwork => "subnetworks",
            Self::Router => "routers",
            Self::Address | Self::GlobalAddress => "addresses",
            Self::Firewall => "firewalls",
        }
    }

    /// Its part of a method's name.
    pub(super) const fn service(self) -> &'static str {
        match self {
            Self::GlobalAddress => "globalAddresses",
            other => other.collection(),
        }
    }

    /// `network`, as in `compute#network` and in messages.
    pub(super) const fn noun(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Subnetwork => "subnetwork",
            Self::Router => "router",
            Self::Address | Self::GlobalAddress => "address",
            Self::Firewall => "firewall",
        }
    }

    /// The message that describes it.
    pub(super) const fn shape(self) -> &'static str {
        match self {
            Self::Network => "Network",
            Self::Subnetwork => "Subnetwork",
            Self::Router => "Router",
            Self::Address | Self::GlobalAddress => "Address",
            Self::Firewall => "Firewall",
        }
    }
}
