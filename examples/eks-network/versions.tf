terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

# Against AWS, leave var.endpoint empty and bring credentials the usual way. Against an emulator,
# every API answers on one address and the checks that need the real AWS are off.
provider "aws" {
  region = var.region

  access_key = var.endpoint == "" ? null : "testing"
  secret_key = var.endpoint == "" ? null : "testing"

  skip_credentials_validation = var.endpoint != ""
  skip_metadata_api_check     = var.endpoint != ""
  skip_region_validation      = var.endpoint != ""
  skip_requesting_account_id  = var.endpoint != ""

  endpoints {
    ec2 = var.endpoint
    eks = var.endpoint
    iam = var.endpoint
    sts = var.endpoint
  }

  default_tags {
    tags = merge({ Platform = var.name }, var.tags)
  }
}
