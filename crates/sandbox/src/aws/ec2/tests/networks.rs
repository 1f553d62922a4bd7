//! VPCs and subnets, tags, filters, pages.

use super::play;
use expect_test::expect;

#[test]
fn ranges_are_checked() {
    let shown = play(
        "CreateVpc
         CreateVpc CidrBlock=x
         CreateVpc CidrBlock=10.0.0.0/8
         CreateVpc CidrBlock=10.0.0.0/29
         CreateVpc CidrBlock=10.0.0.0/16 DryRun=true
         CreateVpc CidrBlock=10.0.0.0/16 InstanceTenancy=odd
         DescribeVpcs : vpcId
         vpc = CreateVpc CidrBlock=10.0.0.1/16 : vpcId
         DescribeVpcs : vpcId cidrBlock state
         CreateSubnet VpcId=vpc-1 CidrBlock=10.0.0.0/24
         CreateSubnet VpcId=$vpc CidrBlock=10.1.0.0/24
         CreateSubnet VpcId=$vpc CidrBlock=10.0.0.0/29
         CreateSubnet VpcId=$vpc CidrBlock=10.0.0.0/24 AvailabilityZone=us-east-1z
         subnet = CreateSubnet VpcId=$vpc CidrBlock=10.0.0.0/24 AvailabilityZone=us-east-1b : subnetId
         CreateSubnet VpcId=$vpc CidrBlock=10.0.0.128/25
         DescribeSubnets : cidrBlock availabilityZone availabilityZoneId availableIpAddressCount state
         AssociateVpcCidrBlock VpcId=$vpc CidrBlock=10.0.128.0/17
         more = AssociateVpcCidrBlock VpcId=$vpc CidrBlock=10.1.0.0/16 : associationId
         second = CreateSubnet VpcId=$vpc CidrBlock=10.1.0.0/24 : subnetId
         DisassociateVpcCidrBlock AssociationId=$more
         DeleteSubnet SubnetId=$second
         DisassociateVpcCidrBlock AssociationId=$more : state
         DisassociateVpcCidrBlock AssociationId=$more",
    );
    expect![[r#"
        CreateVpc MissingParameter: The request must contain the parameter cidrBlock
        CreateVpc InvalidParameterValue: Value (x) for parameter cidrBlock is invalid. This is not a valid CIDR block.
        CreateVpc InvalidVpc.Range: The CIDR '10.0.0.0/8' is invalid.
        CreateVpc InvalidVpc.Range: The CIDR '10.0.0.0/29' is invalid.
        CreateVpc DryRunOperation: Request would have succeeded, but DryRun flag is set.
        CreateVpc InvalidParameterValue: Value (odd) for parameter instanceTenancy is invalid.
        DescribeVpcs vpcId=
        DescribeVpcs vpcId=$vpc cidrBlock=10.0.0.0/16,10.0.0.0/16 state=available,associated
        CreateSubnet InvalidVpcID.NotFound: The vpc ID 'vpc-1' does not exist
        CreateSubnet InvalidSubnet.Range: The CIDR '10.1.0.0/24' is invalid.
        CreateSubnet InvalidSubnet.Range: The CIDR '10.0.0.0/29' is invalid.
        CreateSubnet InvalidParameterValue: Value (us-east-1z) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: us-east-1a, us-east-1b, us-east-1c, us-east-1d.
        CreateSubnet InvalidSubnet.Conflict: The CIDR '10.0.0.128/25' conflicts with another subnet
        DescribeSubnets cidrBlock=10.0.0.0/24 availabilityZone=us-east-1b availabilityZoneId=use1-az2 availableIpAddressCount=251 state=available
        AssociateVpcCidrBlock InvalidVpc.Range: The CIDR '10.0.128.0/17' conflicts with one of the CIDRs of the VPC '$vpc'
        DisassociateVpcCidrBlock InvalidCidrBlock.InUse: The CIDR block 10.1.0.0/16 of $vpc is in use and cannot be disassociated.
        DisassociateVpcCidrBlock state=disassociating
        DisassociateVpcCidrBlock InvalidVpcCidrBlockAssociationID.NotFound: The vpc CIDR block association ID '$more' does not exist
    "#]].assert_eq(&shown);
}

#[test]
fn a_vpc_comes_with_things_and_goes_with_them() {
    let shown = play(
        "vpc = CreateVpc CidrBlock=10.0.0.0/16 TagSpecification.1.ResourceType=vpc TagSpecification.1.Tag.1.Key=Name TagSpecification.1.Tag.1.Value=n : vpcId
         DescribeRouteTables : vpcId main destinationCidrBlock gatewayId origin
         DescribeNetworkAcls Filter.1.Name=default Filter.1.Value.1=true : vpcId ruleNumber
         DescribeSecurityGroups Filter.1.Name=group-name Filter.1.Value.1=default : groupName groupDescription ipProtocol cidrIp
         table = DescribeRouteTables : routeTableId
         group = DescribeSecurityGroups : groupId
         DeleteRouteTable RouteTableId=$table
         DeleteSecurityGroup GroupId=$group
         subnet = CreateSubnet VpcId=$vpc CidrBlock=10.0.0.0/24 : subnetId
         DescribeNetworkAcls : subnetId
         DeleteVpc VpcId=$vpc
         DeleteSubnet SubnetId=$subnet
         DeleteSubnet SubnetId=$subnet
         DescribeNetworkAcls : subnetId
         DeleteVpc VpcId=$vpc
         DeleteVpc VpcId=$vpc
         DescribeRouteTables : vpcId
         DescribeNetworkAcls : vpcId
         DescribeSecurityGroupRules : groupId
         DescribeTags : key",
    );
    expect![[r#"
        DescribeRouteTables vpcId=$vpc main=true destinationCidrBlock=10.0.0.0/16 gatewayId=local origin=CreateRouteTable
        DescribeNetworkAcls vpcId=$vpc ruleNumber=100,32767,100,32767
        DescribeSecurityGroups groupName=default groupDescription=default VPC security group ipProtocol=-1,-1 cidrIp=0.0.0.0/0
        DeleteRouteTable DependencyViolation: The routeTable '$table' has dependencies and cannot be deleted.
        DeleteSecurityGroup CannotDelete: the specified group: "$group" name: "default" cannot be deleted by a user
        DescribeNetworkAcls subnetId=$subnet
        DeleteVpc DependencyViolation: The vpc '$vpc' has dependencies and cannot be deleted.
        DeleteSubnet InvalidSubnetID.NotFound: The subnet ID '$subnet' does not exist
        DescribeNetworkAcls subnetId=
        DeleteVpc InvalidVpcID.NotFound: The vpc ID '$vpc' does not exist
        DescribeRouteTables vpcId=
        DescribeNetworkAcls vpcId=
        DescribeSecurityGroupRules groupId=
        DescribeTags key=
    "#]].assert_eq(&shown);
}

#[test]
fn attributes_change_one_by_one() {
    let shown = play(
        "vpc = CreateVpc CidrBlock=10.0.0.0/16 AmazonProvidedIpv6CidrBlock=true : vpcId
         DescribeVpcAttribute VpcId=$vpc Attribute=enableDnsSupport : value
         DescribeVpcAttribute VpcId=$vpc Attribute=enableDnsHostnames : value
         ModifyVpcAttribute VpcId=$vpc EnableDnsHostnames.Value=true
         ModifyVpcAttribute VpcId=$vpc EnableDnsHostnames.Value=true EnableDnsSupport.Value=true
         ModifyVpcAttribute VpcId=$vpc
         DescribeVpcAttribute VpcId=$vpc Attribute=enableDnsHostnames : value
         DescribeVpcAttribute VpcId=$vpc Attribute=odd
         subnet = CreateSubnet VpcId=$vpc CidrBlock=10.0.0.0/24 : subnetId
         ModifySubnetAttribute SubnetId=$subnet MapPublicIpOnLaunch.Value=true
         ModifySubnetAttribute SubnetId=$subnet AssignIpv6AddressOnCreation.Value=true
         ModifySubnetAttribute SubnetId=$subnet PrivateDnsHostnameTypeOnLaunch=resource-name
         DescribeSubnets : mapPublicIpOnLaunch assignIpv6AddressOnCreation hostnameType",
    );
    expect![[r#"
        DescribeVpcAttribute value=true
        DescribeVpcAttribute value=false
        ModifyVpcAttribute InvalidParameterCombination: Fields for multiple attribute types specified
        ModifyVpcAttribute MissingParameter: Must specify an attribute to modify
        DescribeVpcAttribute value=true
        DescribeVpcAttribute InvalidParameterValue: Value (odd) for parameter attribute is invalid. Unknown attribute.
        ModifySubnetAttribute InvalidParameterValue: The subnet '$subnet' has no IPv6 CIDR block
        DescribeSubnets mapPublicIpOnLaunch=true assignIpv6AddressOnCreation=false hostnameType=resource-name
    "#]].assert_eq(&shown);
}

#[test]
fn subnets_with_ipv6() {
    let shown = play(
        "vpc = CreateVpc CidrBlock=10.0.0.0/16 AmazonProvidedIpv6CidrBlock=true : vpcId
         CreateSubnet VpcId=$vpc Ipv6Native=true
         CreateSubnet VpcId=$vpc Ipv6Native=true CidrBlock=10.0.0.0/24
         CreateSubnet VpcId=$vpc Ipv6Native=true Ipv6CidrBlock=2001:db8::/64
         CreateSubnet VpcId=$vpc CidrBlock=10.0.0.0/24 OutpostArn=odd
         range = DescribeVpcs : ipv6CidrBlock
         subnet = CreateSubnet VpcId=$vpc Ipv6Native=true Ipv6CidrBlock=$range : subnetId
         CreateSubnet VpcId=$vpc CidrBlock=10.0.0.0/24 Ipv6CidrBlock=$range
         DescribeSubnets : cidrBlock ipv6CidrBlock ipv6Native availableIpAddressCount hostnameType assignIpv6AddressOnCreation
         CreateNetworkInterface SubnetId=$subnet
         ModifySubnetAttribute SubnetId=$subnet EnableDns64.Value=true
         ModifySubnetAttribute SubnetId=$subnet EnableLniAtDeviceIndex=1
         DescribeRouteTables : destinationIpv6CidrBlock",
    );
    expect![[r#"
        CreateSubnet MissingParameter: The request must contain the parameter ipv6CidrBlock
        CreateSubnet InvalidParameterCombination: An IPv6-only subnet cannot have an IPv4 CIDR block
        CreateSubnet InvalidSubnet.Range: The CIDR '2001:db8::/64' is invalid.
        CreateSubnet InvalidParameterValue: Value (odd) for parameter OutpostArn is invalid. It does not exist
        CreateSubnet InvalidSubnet.Conflict: The CIDR '$range' conflicts with another subnet
        DescribeSubnets cidrBlock= ipv6CidrBlock=$range ipv6Native=true availableIpAddressCount=0 hostnameType=resource-name assignIpv6AddressOnCreation=true
        CreateNetworkInterface InsufficientFreeAddressesInSubnet: The specified subnet does not have enough free addresses to satisfy the request.
        ModifySubnetAttribute InvalidParameterValue: The subnet '$subnet' is not on an Outpost
        DescribeRouteTables destinationIpv6CidrBlock=$range
    "#]].assert_eq(&shown);
}

#[test]
fn what_takes_time_is_pending() {
    let shown = play(
        "slow
         vpc = CreateVpc CidrBlock=10.0.0.0/16 : vpcId
         DescribeVpcs : state
         subnet = CreateSubnet VpcId=$vpc CidrBlock=10.0.0.0/24 : subnetId
         DescribeSubnets Filter.1.Name=state Filter.1.Value.1=available : subnetId
         DescribeSubnets Filter.1.Name=state Filter.1.Value.1=pend* : subnetId state",
    );
    expect![[r#"
        DescribeVpcs state=pending,associated
        DescribeSubnets subnetId=
        DescribeSubnets subnetId=$subnet state=pending
    "#]]
    .assert_eq(&shown);
}

#[test]
fn tags_and_filters() {
    let shown = play(
        "a = CreateVpc CidrBlock=10.0.0.0/16 TagSpecification.1.ResourceType=vpc TagSpecification.1.Tag.1.Key=Name TagSpecification.1.Tag.1.Value=alpha : vpcId
         b = CreateVpc CidrBlock=10.1.0.0/16 : vpcId
         CreateVpc CidrBlock=10.2.0.0/16 TagSpecification.1.ResourceType=subnet
         CreateTags ResourceId.1=$a ResourceId.2=$b Tag.1.Key=Env Tag.1.Value=dev
         CreateTags ResourceId.1=$a Tag.1.Key=aws:x Tag.1.Value=1
         CreateTags ResourceId.1=$a Tag.1.Key=x Tag.1.Value=1 Tag.2.Key=x Tag.2.Value=2
         CreateTags ResourceId.1=vpc-00000000 Tag.1.Key=x Tag.1.Value=1
         CreateTags ResourceId.1=odd Tag.1.Key=x Tag.1.Value=1
         CreateTags ResourceId.1=$a
         DescribeVpcs Filter.1.Name=tag:Name Filter.1.Value.1=al* : vpcId
         DescribeVpcs Filter.1.Name=tag:Name Filter.1.Value.1=al
         DescribeVpcs Filter.1.Name=tag-key Filter.1.Value.1=Name Filter.2.Name=cidr Filter.2.Value.1=10.0.0.0/16 Filter.2.Value.2=x : vpcId
         DescribeVpcs Filter.1.Name=odd Filter.1.Value.1=x
         DescribeVpcs Filter.1.Name=state
         DescribeVpcs VpcId.1=$b VpcId.2=$b : vpcId
         DescribeVpcs VpcId.1=vpc-11111111 VpcId.2=$a
         DescribeVpcs VpcId.1=odd
         DescribeTags Filter.1.Name=resource-type Filter.1.Value.1=vpc Filter.2.Name=key Filter.2.Value.1=Name : resourceId value
         DeleteTags ResourceId.1=$a Tag.1.Key=Name Tag.1.Value=other
         DeleteTags ResourceId.1=$a Tag.1.Key=Env
         DescribeTags Filter.1.Name=resource-id Filter.1.Value.1=$a : key
         DeleteTags ResourceId.1=$a
         DescribeTags Filter.1.Name=resource-id Filter.1.Value.1=$a : key",
    );
    expect![[r#"
        CreateVpc InvalidParameterValue: 'subnet' is not a valid taggable resource type for this operation.
        CreateTags InvalidParameterValue: Value ( aws:x ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use
        CreateTags InvalidParameterValue: Duplicate tag key 'x' specified.
        CreateTags InvalidVpcID.NotFound: The vpc ID 'vpc-00000000' does not exist
        CreateTags InvalidID: The ID 'odd' is not valid
        CreateTags MissingParameter: The request must contain the parameter tagSet
        DescribeVpcs vpcId=$a
        DescribeVpcs vpcId=$a
        DescribeVpcs InvalidParameterValue: The filter 'odd' is invalid
        DescribeVpcs InvalidParameterValue: The filter 'state' has no values
        DescribeVpcs vpcId=$b
        DescribeVpcs InvalidVpcID.NotFound: The vpc ID 'vpc-11111111' does not exist
        DescribeVpcs InvalidVpcId.Malformed: Invalid id: "odd" (expecting "vpc-...")
        DescribeTags resourceId=$a value=alpha
        DescribeTags key=Name
        DescribeTags key=
    "#]].assert_eq(&shown);
}

#[test]
fn long_lists_come_in_pages() {
    let mut script = "vpc = CreateVpc CidrBlock=10.0.0.0/16 : vpcId\n".to_owned();
    for third in 0..12 {
        script.push_str(&format!(
            "s{third} = CreateSubnet VpcId=$vpc CidrBlock=10.0.{third}.0/24 : subnetId\n"
        ));
    }
    script.push_str(
        "one = DescribeSubnets MaxResults=5 : nextToken
         two = DescribeSubnets MaxResults=5 NextToken=$one : nextToken
         DescribeSubnets MaxResults=5 NextToken=$two : vpcId nextToken
         DescribeSubnets MaxResults=12 : nextToken
         DescribeSubnets MaxResults=4
         DescribeSubnets MaxResults=5 SubnetId.1=$s0
         DescribeSubnets NextToken=odd",
    );
    expect![[r#"
        DescribeSubnets vpcId=$vpc,$vpc nextToken=
        DescribeSubnets nextToken=
        DescribeSubnets InvalidParameterValue: Value ( 4 ) for parameter maxResults is invalid. Expecting a value greater than 5.
        DescribeSubnets InvalidParameterCombination: The parameter MaxResults cannot be used together with a list of IDs
        DescribeSubnets InvalidNextToken: The specified NextToken 'odd' is not valid
    "#]].assert_eq(&play(&script));
}

#[test]
fn nonsense_is_refused() {
    let shown = play(
        "Nonsense
         DescribeVpcs DryRun=perhaps
         DeleteVpc
         DescribeVpcs MaxResults=many",
    );
    expect![[r#"
        Nonsense InvalidAction: The action Nonsense is not valid for this web service.
        DescribeVpcs InvalidParameterValue: Value (perhaps) for parameter DryRun is invalid. Expected a boolean
        DeleteVpc MissingParameter: The request must contain the parameter vpcId
        DescribeVpcs InvalidParameterValue: Value (many) for parameter MaxResults is invalid. Expected a number
    "#]].assert_eq(&shown);
}
