//! The host against real programs.

mod aws;
