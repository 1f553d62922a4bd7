locals {
  roles = {
    cluster = {
      service  = "eks.amazonaws.com"
      policies = ["AmazonEKSClusterPolicy"]
    }
    node = {
      service = "ec2.amazonaws.com"
      policies = [
        "AmazonEC2ContainerRegistryReadOnly",
        "AmazonEKSWorkerNodePolicy",
        "AmazonEKS_CNI_Policy",
      ]
    }
  }

  attachments = merge([for role, spec in local.roles : {
    for policy in spec.policies : "${role}/${policy}" => { role = role, policy = policy }
  }]...)
}

resource "aws_iam_role" "this" {
  for_each = local.roles

  name = "${var.name}-${each.key}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = each.value.service }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = local.attachments

  role       = aws_iam_role.this[each.value.role].name
  policy_arn = "arn:aws:iam::aws:policy/${each.value.policy}"
}

resource "aws_eks_cluster" "this" {
  name     = var.name
  version  = var.kubernetes_version
  role_arn = aws_iam_role.this["cluster"].arn

  vpc_config {
    subnet_ids              = concat(values(aws_subnet.private)[*].id, values(aws_subnet.public)[*].id)
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
  subnet_ids      = values(aws_subnet.private)[*].id
  version         = aws_eks_cluster.this.version
  instance_types  = var.nodes.instance_types
  disk_size       = var.nodes.disk_gib
  labels          = merge({ pool = "general" }, var.nodes.labels)

  scaling_config {
    min_size     = var.nodes.min
    desired_size = var.nodes.min
    max_size     = var.nodes.max
  }

  lifecycle {
    ignore_changes = [
      remote_access,                  # immutable, and some emulators answer with a key of their own
      scaling_config[0].desired_size, # the autoscaler moves it
    ]

    precondition {
      condition     = var.nodes.min >= length(var.zones)
      error_message = "Each of the ${length(var.zones)} zones needs a node: nodes.min is ${var.nodes.min}."
    }
  }

  depends_on = [
    aws_iam_role_policy_attachment.this,
    aws_route.private_internet,
  ]
}
