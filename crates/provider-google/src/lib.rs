//! provider-google
