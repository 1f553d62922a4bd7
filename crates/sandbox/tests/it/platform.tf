# A platform on EKS. With another version everything that can change in place does.
terraform {
  required_providers { aws = { source = "hashicorp/aws", version = "5.100.0" } }
}
variable "k8s" { default = "1.33" }
variable "endpoint" {}
provider "aws" {
  region     = "eu-west-1"
  access_key = "test"
  secret_key = "test"
  endpoints {
    ec2 = var.endpoint
    eks = var.endpoint
    iam = var.endpoint
    sts = var.endpoint
  }
  default_tags { tags = { owner = "platform" } }
}
data "aws_caller_identity" "this" {}
data "aws_partition" "this" {}
data "aws_region" "this" {}
data "aws_iam_policy_document" "plane" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["eks.amazonaws.com"]
    }
  }
}
data "aws_iam_policy_document" "nodes" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}
data "aws_iam_policy_document" "pods" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]
    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }
  }
}
data "aws_iam_policy_document" "app" {
  statement {
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = ["arn:${data.aws_partition.this.partition}:s3:::app-${data.aws_caller_identity.this.account_id}/*"]
  }
}
resource "aws_vpc" "this" {
  cidr_block           = "10.20.0.0/16"
  enable_dns_hostnames = true
  tags                 = { Name = "platform" }
}
resource "aws_subnet" "this" {
  count             = 3
  vpc_id            = aws_vpc.this.id
  cidr_block        = cidrsubnet(aws_vpc.this.cidr_block, 4, count.index)
  availability_zone = "eu-west-1${["a", "b", "c"][count.index]}"
}
resource "aws_security_group" "extra" {
  name   = "extra"
  vpc_id = aws_vpc.this.id
}
resource "aws_iam_role" "plane" {
  name               = "plane"
  assume_role_policy = data.aws_iam_policy_document.plane.json
}
resource "aws_iam_role" "nodes" {
  name                 = "nodes"
  path                 = "/eks/"
  description          = "nodes"
  max_session_duration = 7200
  assume_role_policy   = data.aws_iam_policy_document.nodes.json
  inline_policy {
    name   = "inline"
    policy = data.aws_iam_policy_document.app.json
  }
}
resource "aws_iam_role" "pods" {
  name                 = "pods"
  assume_role_policy   = data.aws_iam_policy_document.pods.json
  permissions_boundary = "arn:aws:iam::aws:policy/PowerUserAccess"
}
resource "aws_iam_policy" "app" {
  name        = "app"
  description = "app"
  policy      = data.aws_iam_policy_document.app.json
  tags        = { a = "b" }
}
resource "aws_iam_role_policy_attachment" "plane" {
  role       = aws_iam_role.plane.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
}
resource "aws_iam_role_policy_attachment" "nodes" {
  for_each   = toset(["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryReadOnly"])
  role       = aws_iam_role.nodes.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}
resource "aws_iam_role_policy_attachment" "pods" {
  role       = aws_iam_role.pods.name
  policy_arn = aws_iam_policy.app.arn
}
resource "aws_eks_cluster" "this" {
  name     = "main"
  version  = var.k8s
  role_arn = aws_iam_role.plane.arn
  enabled_cluster_log_types = var.k8s == "1.33" ? ["api", "audit"] : ["api"]
  vpc_config {
    subnet_ids              = slice(aws_subnet.this[*].id, 0, var.k8s == "1.33" ? 2 : 3)
    security_group_ids      = [aws_security_group.extra.id]
    endpoint_private_access = var.k8s != "1.33"
    public_access_cidrs     = var.k8s == "1.33" ? ["203.0.113.0/24"] : ["198.51.100.0/24"]
  }
  access_config {
    authentication_mode                         = var.k8s == "1.33" ? "API_AND_CONFIG_MAP" : "API"
    bootstrap_cluster_creator_admin_permissions = true
  }
  upgrade_policy { support_type = var.k8s == "1.33" ? "STANDARD" : "EXTENDED" }
  bootstrap_self_managed_addons = false
  tags = { k8s = var.k8s }
  depends_on = [aws_iam_role_policy_attachment.plane]
}
resource "aws_eks_node_group" "this" {
  cluster_name    = aws_eks_cluster.this.name
  node_group_name = "a"
  version         = aws_eks_cluster.this.version
  node_role_arn   = aws_iam_role.nodes.arn
  subnet_ids      = aws_subnet.this[*].id
  instance_types  = ["m6i.large"]
  labels          = { pool = var.k8s }
  scaling_config {
    min_size     = 1
    max_size     = var.k8s == "1.33" ? 3 : 4
    desired_size = 2
  }
  update_config {
    max_unavailable            = var.k8s == "1.33" ? 1 : null
    max_unavailable_percentage = var.k8s == "1.33" ? null : 30
  }
  taint {
    key    = "pool"
    value  = var.k8s
    effect = "NO_SCHEDULE"
  }
  depends_on = [aws_iam_role_policy_attachment.nodes]
}
data "aws_eks_addon_version" "coredns" {
  addon_name         = "coredns"
  kubernetes_version = aws_eks_cluster.this.version
}
resource "aws_eks_addon" "cni" {
  cluster_name = aws_eks_cluster.this.name
  addon_name   = "vpc-cni"
  configuration_values = jsonencode({ env = { ENABLE_PREFIX_DELEGATION = var.k8s == "1.33" ? "true" : "false" } })
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "PRESERVE"
}
resource "aws_eks_addon" "coredns" {
  cluster_name  = aws_eks_cluster.this.name
  addon_name    = "coredns"
  addon_version = data.aws_eks_addon_version.coredns.version
  depends_on    = [aws_eks_node_group.this]
}
resource "aws_eks_addon" "ebs" {
  cluster_name = aws_eks_cluster.this.name
  addon_name   = "aws-ebs-csi-driver"
  pod_identity_association {
    role_arn        = aws_iam_role.pods.arn
    service_account = "ebs-csi-controller-sa"
  }
  depends_on = [aws_eks_node_group.this]
}
resource "aws_eks_access_entry" "pods" {
  cluster_name      = aws_eks_cluster.this.name
  principal_arn     = aws_iam_role.pods.arn
  kubernetes_groups = [var.k8s == "1.33" ? "viewers" : "editors"]
}
resource "aws_eks_access_policy_association" "pods" {
  cluster_name  = aws_eks_cluster.this.name
  principal_arn = aws_eks_access_entry.pods.principal_arn
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
  access_scope {
    type       = "namespace"
    namespaces = ["default", "app"]
  }
}
resource "aws_eks_pod_identity_association" "app" {
  cluster_name    = aws_eks_cluster.this.name
  namespace       = "app"
  service_account = "app"
  role_arn        = aws_iam_role.pods.arn
}
resource "aws_iam_openid_connect_provider" "this" {
  url             = aws_eks_cluster.this.identity[0].oidc[0].issuer
  client_id_list  = ["sts.amazonaws.com"]
  thumbprint_list = ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"]
}
resource "aws_iam_instance_profile" "nodes" {
  name = "nodes"
  role = aws_iam_role.nodes.name
}
output "endpoint" { value = aws_eks_cluster.this.endpoint }
output "who" { value = data.aws_caller_identity.this.arn }
