output "aws_account" {
  description = "Where the AWS half is."
  value       = "${data.aws_caller_identity.current.account_id}, ${data.aws_region.current.name}"
}

output "aws_egress_addresses" {
  description = "Public addresses from which the AWS half calls out, by zone."
  value       = { for zone, address in aws_eip.nat : zone => address.public_ip }
}

output "eks" {
  description = "The cluster on AWS."
  value = {
    name     = aws_eks_cluster.this.name
    endpoint = aws_eks_cluster.this.endpoint
    version  = aws_eks_cluster.this.version
    addons   = { for name, addon in aws_eks_addon.network : name => addon.addon_version }
  }
}

output "eks_certificate_authority" {
  description = "Certificate of the cluster's API server, base64."
  value       = aws_eks_cluster.this.certificate_authority[0].data
  sensitive   = true
}
