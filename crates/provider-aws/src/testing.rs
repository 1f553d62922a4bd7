//! Where the contracts of resources are tested: this provider before a sandbox.

use contract::{Cloud, Sandbox, World};
use sdk::Host;
use std::sync::Arc;

/// This provider before a sandbox.
pub(crate) const WORLD: World = World {
    source: "hashicorp/aws",
    provider: |journals| {
        let journals = journals.then(|| "1".to_owned());
        let named = move |name: &str| {
            let journals = journals.clone();
            journals.filter(|_| name == "GROMA_JOURNALS_CREATES")
        };
        Arc::new(crate::provider(Host::new(named)))
    },
    block,
    cloud: Cloud::Aws,
};

/// The arguments of a provider block that leads to a sandbox.
fn block(sandbox: &Sandbox) -> String {
    let url = sandbox.aws_url();
    let services = ["ec2", "eks", "iam", "sts"].map(|name| format!("    {name} = \"{url}\"\n"));
    format!(
        "  region     = \"us-east-1\"\n  access_key = \"test\"\n  secret_key = \"test\"\n  endpoints {{\n{}  }}\n",
        services.concat()
    )
}

macro_rules! cluster_needs {
    () => {
        r#"
    resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
    resource "aws_subnet" "s" {
      count             = 2
      vpc_id            = aws_vpc.a.id
      cidr_block        = "10.0.${count.index}.0/24"
      availability_zone = ["us-east-1a", "us-east-1b"][count.index]
    }
    resource "aws_iam_role" "cluster" {
      name               = "cluster"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "eks.amazonaws.com" } }]
      })
    }"#
    };
}

macro_rules! cluster {
    () => {
        concat!(
            cluster_needs!(),
            r#"
    resource "aws_iam_role" "node" {
      name               = "node"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
      })
    }
    resource "aws_iam_role" "pods" {
      name               = "pods"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = ["sts:AssumeRole", "sts:TagSession"], Principal = { Service = "pods.eks.amazonaws.com" } }]
      })
    }
    resource "aws_eks_cluster" "c" {
      name     = "c"
      role_arn = aws_iam_role.cluster.arn
      access_config {
        authentication_mode = "API"
      }
      vpc_config {
        subnet_ids = aws_subnet.s[*].id
      }
    }"#
        )
    };
}

/// What a cluster needs.
pub(crate) const CLUSTER_NEEDS: &str = cluster_needs!();

/// A cluster, and roles.
pub(crate) const CLUSTER: &str = cluster!();

/// The same with an access entry.
pub(crate) const ENTRY: &str = concat!(
    cluster!(),
    r#"
    resource "aws_eks_access_entry" "a" {
      cluster_name  = aws_eks_cluster.c.name
      principal_arn = aws_iam_role.pods.arn
    }"#
);
