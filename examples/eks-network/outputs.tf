output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "subnets" {
  description = "Ids of the subnets by zone."
  value = { for letter in var.zones : letter => {
    public  = aws_subnet.public[letter].id
    private = aws_subnet.private[letter].id
  } }
}

output "egress_addresses" {
  description = "Public addresses from which the platform calls out, for others' allow lists."
  value       = { for letter, address in aws_eip.nat : letter => address.public_ip }
}

output "cluster" {
  description = "How to reach the cluster."
  value = {
    name     = aws_eks_cluster.this.name
    endpoint = aws_eks_cluster.this.endpoint
    version  = aws_eks_cluster.this.version
  }
}

output "cluster_certificate_authority" {
  description = "Certificate of the cluster's API server, base64."
  value       = aws_eks_cluster.this.certificate_authority[0].data
  sensitive   = true
}
