//! EKS, IAM and STS: the SDK of Python understands every answer, the AWS CLI gets through a platform's life.

use crate::python;

#[test]
fn every_answer_of_eks_iam_and_sts_has_the_shape_of_its_model() {
    if let Some(text) = python::run("botocore", include_str!("eks_calls.py"), &[]) {
        assert_eq!(text, "all as modelled\n");
    }
}

#[test]
fn the_cli_walks_through_the_life_of_a_cluster() {
    if let Some(text) = python::run("awscli", include_str!("eks_walk.py"), &[]) {
        assert_eq!(text, "walked\n");
    }
}
