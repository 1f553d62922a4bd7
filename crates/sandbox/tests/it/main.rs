//! The sandbox asked by clients that others wrote.

mod aws_cli;
mod botocore;
mod google;
mod python;
