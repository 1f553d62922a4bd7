//! The SDK of Python understands every answer, and every element of it.

use crate::python;
use groma_sandbox::aws::ec2;

#[test]
fn every_answer_of_ec2_has_the_shape_of_its_model() {
    let operations: Vec<String> = ec2::operations().map(str::to_owned).collect();
    let program = include_str!("ec2_calls.py");
    if let Some(text) = python::run("botocore", program, &operations) {
        assert_eq!(text, "all as modelled\n");
    }
}
