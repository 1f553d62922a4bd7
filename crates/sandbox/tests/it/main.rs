//! The sandbox asked by clients that others wrote.

#![allow(clippy::print_stderr, reason = "a test says why it is skipped")]

mod aws_cli;
mod botocore;
mod eks;
mod google;
mod python;
mod terraform;
