//! groma addrs.
