//! Transit gateways.

use super::play;
use expect_test::expect;

const NETWORK: &str = "vpc = CreateVpc CidrBlock=10.0.0.0/16 : vpcId
    a = CreateSubnet VpcId=$vpc CidrBlock=10.0.0.0/24 AvailabilityZone=us-east-1a : subnetId
    b = CreateSubnet VpcId=$vpc CidrBlock=10.0.1.0/24 AvailabilityZone=us-east-1b : subnetId
    gateway = CreateTransitGateway Description=hub : transitGatewayId\n";

#[test]
fn a_gateway_is_used_and_goes() {
    let shown = play(&format!(
        "{NETWORK}
         DescribeTransitGateways : state amazonSideAsn dnsSupport defaultRouteTableAssociation transitGatewayArn
         DescribeTransitGatewayRouteTables Filter.1.Name=transit-gateway-id Filter.1.Value.1=$gateway : state defaultAssociationRouteTable defaultPropagationRouteTable
         twin = CreateSubnet VpcId=$vpc CidrBlock=10.0.2.0/24 AvailabilityZone=us-east-1a : subnetId
         CreateTransitGatewayVpcAttachment TransitGatewayId=tgw-1 VpcId=$vpc SubnetIds.1=$a
         CreateTransitGatewayVpcAttachment TransitGatewayId=$gateway VpcId=$vpc SubnetIds.1=$a SubnetIds.2=$twin
         CreateTransitGatewayVpcAttachment TransitGatewayId=$gateway VpcId=$vpc
         attachment = CreateTransitGatewayVpcAttachment TransitGatewayId=$gateway VpcId=$vpc SubnetIds.1=$a Options.Ipv6Support=enable : transitGatewayAttachmentId
         CreateTransitGatewayVpcAttachment TransitGatewayId=$gateway VpcId=$vpc SubnetIds.1=$b
         DescribeTransitGatewayVpcAttachments Filter.1.Name=vpc-id Filter.1.Value.1=$vpc : state ipv6Support dnsSupport
         DescribeTransitGatewayAttachments : resourceId resourceType state
         table = DescribeTransitGateways : associationDefaultRouteTableId
         GetTransitGatewayRouteTableAssociations TransitGatewayRouteTableId=$table : transitGatewayAttachmentId state
         GetTransitGatewayRouteTablePropagations TransitGatewayRouteTableId=$table : resourceId state
         ModifyTransitGatewayVpcAttachment TransitGatewayAttachmentId=$attachment AddSubnetIds.1=$b RemoveSubnetIds.1=$a Options.DnsSupport=disable : state
         DescribeTransitGatewayVpcAttachments : state dnsSupport item
         DescribeNetworkInterfaces : subnetId interfaceType
         DeleteSubnet SubnetId=$a
         DeleteSubnet SubnetId=$b
         DeleteTransitGateway TransitGatewayId=$gateway
         DeleteTransitGatewayVpcAttachment TransitGatewayAttachmentId=$attachment : state
         DescribeTransitGatewayVpcAttachments TransitGatewayAttachmentIds.1=$attachment : state
         DeleteSubnet SubnetId=$b
         DeleteTransitGateway TransitGatewayId=$gateway : state
         DescribeTransitGateways TransitGatewayIds.1=$gateway : state
         DeleteTransitGateway TransitGatewayId=$gateway
         DescribeTransitGateways TransitGatewayIds.1=tgw-1"
    ));
    expect![[r#"
        DescribeTransitGateways state=available amazonSideAsn=64512 dnsSupport=enable defaultRouteTableAssociation=enable transitGatewayArn=arn:aws:ec2:us-east-1:123456789012:transit-gateway/$gateway
        DescribeTransitGatewayRouteTables state=available defaultAssociationRouteTable=true defaultPropagationRouteTable=true
        CreateTransitGatewayVpcAttachment InvalidTransitGatewayID.NotFound: Transit Gateway tgw-1 was deleted or does not exist.
        CreateTransitGatewayVpcAttachment DuplicateSubnetsInSameZone: Duplicate Subnets for same AZ
        CreateTransitGatewayVpcAttachment MissingParameter: The request must contain the parameter subnetIds
        CreateTransitGatewayVpcAttachment DuplicateTransitGatewayAttachment: $gateway has non-deleted Transit Gateway Attachments with same VPC ID.
        DescribeTransitGatewayVpcAttachments state=available ipv6Support=enable dnsSupport=enable
        DescribeTransitGatewayAttachments resourceId=$vpc resourceType=vpc state=available,associated
        GetTransitGatewayRouteTableAssociations transitGatewayAttachmentId=$attachment state=associated
        GetTransitGatewayRouteTablePropagations resourceId=$vpc state=enabled
        ModifyTransitGatewayVpcAttachment state=modifying
        DescribeTransitGatewayVpcAttachments state=available dnsSupport=disable item=$b
        DescribeNetworkInterfaces subnetId=$b interfaceType=transit_gateway
        DeleteSubnet DependencyViolation: The subnet '$b' has dependencies and cannot be deleted.
        DeleteTransitGateway IncorrectState: $gateway has non-deleted Transit Gateway Attachments: $attachment.
        DeleteTransitGatewayVpcAttachment state=deleting
        DescribeTransitGatewayVpcAttachments state=deleted
        DeleteTransitGateway state=deleting
        DescribeTransitGateways state=deleted
        DeleteTransitGateway InvalidTransitGatewayID.NotFound: Transit Gateway $gateway was deleted or does not exist.
        DescribeTransitGateways InvalidTransitGatewayID.NotFound: Transit Gateway tgw-1 was deleted or does not exist.
    "#]].assert_eq(&shown);
}

#[test]
fn changes_of_a_gateway() {
    let shown = play(&format!(
        "{NETWORK}
         ModifyTransitGateway TransitGatewayId=$gateway Description=more Options.AddTransitGatewayCidrBlocks.1=10.9.0.0/24 Options.VpnEcmpSupport=disable Options.DefaultRouteTablePropagation=disable : state
         DescribeTransitGateways : state description vpnEcmpSupport defaultRouteTablePropagation propagationDefaultRouteTableId item
         ModifyTransitGateway TransitGatewayId=$gateway Options.DnsSupport=perhaps
         CreateTransitGateway Options.AmazonSideAsn=1
         bare = CreateTransitGateway Options.DefaultRouteTableAssociation=disable Options.DefaultRouteTablePropagation=disable : transitGatewayId
         DescribeTransitGatewayRouteTables Filter.1.Name=transit-gateway-id Filter.1.Value.1=$bare : state
         slow
         ModifyTransitGateway TransitGatewayId=$bare Description=slow
         DescribeTransitGateways TransitGatewayIds.1=$bare : state
         ModifyTransitGateway TransitGatewayId=$bare Description=busy
         new = CreateTransitGateway : transitGatewayId
         DescribeTransitGateways TransitGatewayIds.1=$new : state
         CreateTransitGatewayVpcAttachment TransitGatewayId=$new VpcId=$vpc SubnetIds.1=$a"
    ));
    expect![[r#"
        ModifyTransitGateway state=modifying
        DescribeTransitGateways state=available description=more vpnEcmpSupport=disable defaultRouteTablePropagation=disable propagationDefaultRouteTableId= item=10.9.0.0/24
        ModifyTransitGateway InvalidParameterValue: Value (perhaps) for parameter DnsSupport is invalid. Valid values are enable, disable
        CreateTransitGateway InvalidParameterValue: Invalid ASN 1. Valid ranges are 64512 to 65534 and 4200000000 to 4294967294
        DescribeTransitGatewayRouteTables state=
        DescribeTransitGateways state=modifying
        ModifyTransitGateway IncorrectState: $bare is in invalid state
        DescribeTransitGateways state=pending
        CreateTransitGatewayVpcAttachment IncorrectState: $new is in invalid state
    "#]].assert_eq(&shown);
}

#[test]
fn tables_of_a_gateway() {
    let shown = play(&format!(
        "{NETWORK}
         attachment = CreateTransitGatewayVpcAttachment TransitGatewayId=$gateway VpcId=$vpc SubnetIds.1=$a : transitGatewayAttachmentId
         first = DescribeTransitGateways : associationDefaultRouteTableId
         table = CreateTransitGatewayRouteTable TransitGatewayId=$gateway : transitGatewayRouteTableId
         AssociateTransitGatewayRouteTable TransitGatewayRouteTableId=$table TransitGatewayAttachmentId=$attachment
         DisassociateTransitGatewayRouteTable TransitGatewayRouteTableId=$first TransitGatewayAttachmentId=$attachment : state
         DisassociateTransitGatewayRouteTable TransitGatewayRouteTableId=$first TransitGatewayAttachmentId=$attachment
         AssociateTransitGatewayRouteTable TransitGatewayRouteTableId=$table TransitGatewayAttachmentId=$attachment : state
         EnableTransitGatewayRouteTablePropagation TransitGatewayRouteTableId=$table TransitGatewayAttachmentId=$attachment : state
         EnableTransitGatewayRouteTablePropagation TransitGatewayRouteTableId=$table TransitGatewayAttachmentId=$attachment
         GetTransitGatewayAttachmentPropagations TransitGatewayAttachmentId=$attachment : state
         DisableTransitGatewayRouteTablePropagation TransitGatewayRouteTableId=$table TransitGatewayAttachmentId=$attachment : state
         DisableTransitGatewayRouteTablePropagation TransitGatewayRouteTableId=$table TransitGatewayAttachmentId=$attachment
         DeleteTransitGatewayRouteTable TransitGatewayRouteTableId=$table
         DisassociateTransitGatewayRouteTable TransitGatewayRouteTableId=$table TransitGatewayAttachmentId=$attachment
         DeleteTransitGatewayRouteTable TransitGatewayRouteTableId=$table : state
         DeleteTransitGatewayRouteTable TransitGatewayRouteTableId=$first
         DescribeTransitGatewayRouteTables Filter.1.Name=state Filter.1.Value.1=available : transitGatewayRouteTableId"
    ));
    expect![[r#"
        AssociateTransitGatewayRouteTable Resource.AlreadyAssociated: $attachment is already associated to a route table: $first.
        DisassociateTransitGatewayRouteTable state=disassociating
        DisassociateTransitGatewayRouteTable InvalidAssociation.NotFound: $attachment is not associated with $first
        AssociateTransitGatewayRouteTable state=associating
        EnableTransitGatewayRouteTablePropagation state=enabling
        EnableTransitGatewayRouteTablePropagation TransitGatewayRouteTablePropagation.Duplicate: Propagation of $attachment to $table is already enabled
        GetTransitGatewayAttachmentPropagations state=enabled,enabled
        DisableTransitGatewayRouteTablePropagation state=disabling
        DisableTransitGatewayRouteTablePropagation TransitGatewayRouteTablePropagation.NotFound: Propagation of $attachment to $table does not exist
        DeleteTransitGatewayRouteTable IncorrectState: $table has active associations
        DeleteTransitGatewayRouteTable state=deleting
        DeleteTransitGatewayRouteTable IncorrectState: $first is a default route table of $gateway
        DescribeTransitGatewayRouteTables transitGatewayRouteTableId=$first
    "#]].assert_eq(&shown);
}
