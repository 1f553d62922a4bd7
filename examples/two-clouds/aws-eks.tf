# The cluster on AWS, its nodes and add-ons, and who may do what in it.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  roles = {
    cluster = {
      service  = "eks.amazonaws.com"
      actions  = ["sts:AssumeRole"]
      policies = ["AmazonEKSClusterPolicy"]
    }
    node = {
      service  = "ec2.amazonaws.com"
      actions  = ["sts:AssumeRole"]
      policies = ["AmazonEC2ContainerRegistryReadOnly", "AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy"]
    }
    admin = {
      service  = "ec2.amazonaws.com"
      actions  = ["sts:AssumeRole"]
      policies = []
    }
    dns = {
      service  = "pods.eks.amazonaws.com"
      actions  = ["sts:AssumeRole", "sts:TagSession"]
      policies = []
    }
  }

  attachments = merge([for role, spec in local.roles : {
    for policy in spec.policies : "${role}/${policy}" => { role = role, policy = policy }
  }]...)
}

data "aws_iam_policy_document" "assume" {
  for_each = local.roles

  statement {
    actions = each.value.actions

    principals {
      type        = "Service"
      identifiers = [each.value.service]
    }
  }
}

resource "aws_iam_role" "this" {
  for_each = local.roles

  name               = "${var.name}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.assume[each.key].json
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = local.attachments

  role       = aws_iam_role.this[each.value.role].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/${each.value.policy}"
}

data "aws_iam_policy_document" "dns" {
  statement {
    sid       = "Zones"
    actions   = ["route53:ListHostedZones", "route53:ListResourceRecordSets"]
    resources = ["*"]
  }

  statement {
    sid       = "Records"
    actions   = ["route53:ChangeResourceRecordSets"]
    resources = ["arn:${data.aws_partition.current.partition}:route53:::hostedzone/*"]
  }
}

resource "aws_iam_policy" "dns" {
  name        = "${var.name}-dns"
  description = "What external-dns may change"
  policy      = data.aws_iam_policy_document.dns.json
}

resource "aws_iam_role_policy_attachment" "dns" {
  role       = aws_iam_role.this["dns"].name
  policy_arn = aws_iam_policy.dns.arn
}

resource "aws_security_group" "api" {
  name        = "${var.name}-api"
  description = "The Kubernetes API of ${var.name}"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name}-api" }
}

resource "aws_vpc_security_group_ingress_rule" "api_from_vpc" {
  security_group_id = aws_security_group.api.id
  description       = "Kubernetes API, from the VPC"
  cidr_ipv4         = aws_vpc.this.cidr_block
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "api_anywhere" {
  security_group_id = aws_security_group.api.id
  description       = "Anywhere"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_eks_cluster" "this" {
  name     = var.name
  version  = var.eks_version
  role_arn = aws_iam_role.this["cluster"].arn

  enabled_cluster_log_types = ["api", "audit", "authenticator"]

  access_config {
    authentication_mode                         = "API"
    bootstrap_cluster_creator_admin_permissions = false
  }

  vpc_config {
    subnet_ids              = [for subnet in aws_subnet.private : subnet.id]
    security_group_ids      = [aws_security_group.api.id]
    endpoint_private_access = true
    endpoint_public_access  = false
  }

  # Without its policies the control plane can neither start nor clean up after itself.
  depends_on = [aws_iam_role_policy_attachment.this]
}

resource "aws_eks_node_group" "general" {
  cluster_name    = aws_eks_cluster.this.name
  node_group_name = "general"
  node_role_arn   = aws_iam_role.this["node"].arn
  subnet_ids      = [for subnet in aws_subnet.private : subnet.id]
  version         = aws_eks_cluster.this.version
  instance_types  = var.eks_nodes.instance_types
  ami_type        = "AL2023_ARM_64_STANDARD"
  labels          = { pool = "general" }

  scaling_config {
    min_size     = var.eks_nodes.min
    desired_size = var.eks_nodes.min
    max_size     = var.eks_nodes.max
  }

  update_config {
    max_unavailable = 1
  }

  lifecycle {
    ignore_changes = [scaling_config[0].desired_size] # the autoscaler moves it
  }

  depends_on = [
    aws_iam_role_policy_attachment.this,
    aws_route.private_internet,
  ]
}

# Before the nodes come those add-ons that nodes need to be ready; after them those that run on nodes.

resource "aws_eks_addon" "network" {
  for_each = toset(["eks-pod-identity-agent", "kube-proxy", "vpc-cni"])

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
}

resource "aws_eks_addon" "coredns" {
  cluster_name = aws_eks_cluster.this.name
  addon_name   = "coredns"

  configuration_values = jsonencode({ replicaCount = 2 })

  depends_on = [aws_eks_node_group.general]
}

resource "aws_eks_access_entry" "admin" {
  cluster_name  = aws_eks_cluster.this.name
  principal_arn = aws_iam_role.this["admin"].arn
}

resource "aws_eks_access_policy_association" "admin" {
  cluster_name  = aws_eks_cluster.this.name
  principal_arn = aws_eks_access_entry.admin.principal_arn
  policy_arn    = "arn:${data.aws_partition.current.partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"

  access_scope {
    type = "cluster"
  }
}

resource "aws_eks_pod_identity_association" "dns" {
  cluster_name    = aws_eks_cluster.this.name
  namespace       = "dns"
  service_account = "external-dns"
  role_arn        = aws_iam_role.this["dns"].arn

  depends_on = [aws_eks_addon.network]
}
