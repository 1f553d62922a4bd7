//! The `aws` command line tool.

use crate::python;
use std::fmt::Write;

/// Commands, one a line. With `name = … : path`, later ones can write `$name` for what stands at the path of the answer;
/// with `… : path`, it is shown. What is refused is shown with its code.
const EC2: &str = include_str!("aws_cli/ec2.txt");

#[test]
fn ec2_understands_the_tool() {
    check(EC2, include_str!("aws_cli/ec2.out"));
}

fn check(commands: &str, expected: &str) {
    let program = include_str!("aws_cli/play.py");
    let Some(shown) = python::run("awscli", program, &[commands.to_owned()]) else {
        return;
    };
    if shown != expected {
        let mut message = String::new();
        for (got, wanted) in shown.lines().zip(expected.lines()) {
            if got != wanted {
                let _ = writeln!(message, "got    {got}\nwanted {wanted}");
            }
        }
        panic!("{message}\nall of it:\n{shown}");
    }
}
