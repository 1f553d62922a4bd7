//! The resource types and data sources by service.

mod ec2;

use crate::Aws;
use sdk::{AnyDataSource, AnyResource};

/// All resource types.
pub(crate) fn resources() -> Vec<Box<dyn AnyResource<Aws>>> {
    ec2::resources()
}

/// All data sources.
pub(crate) fn data_sources() -> Vec<Box<dyn AnyDataSource<Aws>>> {
    ec2::data_sources()
}

/// Types made with hashicorp's newer framework. There `tags_all` is empty where there are no tags, and never unknown then.
const STRICT: &[&str] = &[
    "aws_eks_pod_identity_association",
    "aws_vpc_security_group_egress_rule",
    "aws_vpc_security_group_ingress_rule",
];

/// Whether a type is one of those.
pub(crate) fn is_strict(kind: &str) -> bool {
    STRICT.contains(&kind)
}
