//! Route tables.

use super::play;
use expect_test::expect;

const NETWORK: &str = "vpc = CreateVpc CidrBlock=10.0.0.0/16 : vpcId
    main = DescribeRouteTables : routeTableId
    subnet = CreateSubnet VpcId=$vpc CidrBlock=10.0.0.0/24 : subnetId
    gateway = CreateInternetGateway : internetGatewayId
    AttachInternetGateway InternetGatewayId=$gateway VpcId=$vpc
    table = CreateRouteTable VpcId=$vpc ClientToken=t : routeTableId\n";

#[test]
fn routes() {
    let shown = play(&format!(
        "{NETWORK}
         CreateRouteTable VpcId=$vpc ClientToken=t : routeTableId
         CreateRoute RouteTableId=$table DestinationCidrBlock=0.0.0.0/0
         CreateRoute RouteTableId=$table GatewayId=$gateway
         CreateRoute RouteTableId=$table DestinationCidrBlock=0.0.0.0/0 GatewayId=igw-1
         CreateRoute RouteTableId=$table DestinationCidrBlock=0.0.0.0/0 GatewayId=$gateway NatGatewayId=nat-1
         CreateRoute RouteTableId=$table DestinationCidrBlock=0.0.0.0/0 NatGatewayId=nat-1
         CreateRoute RouteTableId=$table DestinationCidrBlock=0.0.0.0/0 TransitGatewayId=tgw-1
         CreateRoute RouteTableId=$table DestinationCidrBlock=0.0.0.0/0 VpcPeeringConnectionId=pcx-1
         CreateRoute RouteTableId=$table DestinationCidrBlock=0.0.0.0/0 GatewayId=$gateway
         CreateRoute RouteTableId=$table DestinationCidrBlock=0.0.0.0/0 GatewayId=$gateway
         CreateRoute RouteTableId=$table DestinationCidrBlock=10.0.0.0/16 GatewayId=$gateway
         DescribeRouteTables Filter.1.Name=route.gateway-id Filter.1.Value.1=igw-* : routeTableId destinationCidrBlock gatewayId state origin
         ReplaceRoute RouteTableId=$table DestinationCidrBlock=1.0.0.0/8 GatewayId=$gateway
         DeleteRoute RouteTableId=$table DestinationCidrBlock=10.0.0.0/16
         DeleteRoute RouteTableId=$table DestinationCidrBlock=1.0.0.0/8
         interface = CreateNetworkInterface SubnetId=$subnet : networkInterfaceId
         ReplaceRoute RouteTableId=$table DestinationCidrBlock=0.0.0.0/0 NetworkInterfaceId=$interface
         ReplaceRoute RouteTableId=$table DestinationCidrBlock=10.0.0.0/16 NetworkInterfaceId=$interface
         DescribeRouteTables RouteTableId.1=$table : destinationCidrBlock networkInterfaceId origin
         ReplaceRoute RouteTableId=$table DestinationCidrBlock=10.0.0.0/16 LocalTarget=true
         DeleteNetworkInterface NetworkInterfaceId=$interface
         DescribeRouteTables RouteTableId.1=$table : destinationCidrBlock state
         DeleteRoute RouteTableId=$table DestinationCidrBlock=0.0.0.0/0
         DescribeRouteTables RouteTableId.1=$table : destinationCidrBlock"
    ));
    expect![[r#"
        CreateRouteTable routeTableId=$table
        CreateRoute MissingParameter: The request must contain the parameter gatewayId
        CreateRoute MissingParameter: The request must contain the parameter destinationCidrBlock
        CreateRoute InvalidGatewayID.NotFound: The gateway ID 'igw-1' does not exist
        CreateRoute InvalidParameterCombination: The request must contain exactly one target
        CreateRoute InvalidNatGatewayID.NotFound: The natGateway ID 'nat-1' does not exist
        CreateRoute InvalidTransitGatewayID.NotFound: The transitGateway ID 'tgw-1' does not exist
        CreateRoute InvalidVpcPeeringConnectionID.NotFound: The vpcPeeringConnection ID 'pcx-1' does not exist
        CreateRoute RouteAlreadyExists: The route identified by 0.0.0.0/0 already exists.
        CreateRoute RouteAlreadyExists: The route identified by 10.0.0.0/16 already exists.
        DescribeRouteTables routeTableId=$table destinationCidrBlock=10.0.0.0/16,0.0.0.0/0 gatewayId=local,$gateway state=active,active origin=CreateRouteTable,CreateRoute
        ReplaceRoute InvalidParameterValue: There is no route defined for '1.0.0.0/8' in the route table. Use CreateRoute instead.
        DeleteRoute InvalidParameterValue: cannot remove local route 10.0.0.0/16 in route table $table
        DeleteRoute InvalidRoute.NotFound: no route with destination-cidr-block 1.0.0.0/8 in route table $table
        DescribeRouteTables destinationCidrBlock=0.0.0.0/0,10.0.0.0/16 networkInterfaceId=$interface,$interface origin=CreateRoute,CreateRoute
        DescribeRouteTables destinationCidrBlock=10.0.0.0/16,0.0.0.0/0 state=active,blackhole
        DescribeRouteTables destinationCidrBlock=10.0.0.0/16
    "#]].assert_eq(&shown);
}

#[test]
fn a_detached_gateway_is_a_black_hole() {
    let shown = play(&format!(
        "{NETWORK}
         CreateRoute RouteTableId=$table DestinationCidrBlock=0.0.0.0/0 GatewayId=$gateway
         other = CreateVpc CidrBlock=10.9.0.0/16 : vpcId
         DetachInternetGateway InternetGatewayId=$gateway VpcId=$vpc
         DescribeRouteTables RouteTableId.1=$table : state
         AttachInternetGateway InternetGatewayId=$gateway VpcId=$other
         ReplaceRoute RouteTableId=$table DestinationCidrBlock=0.0.0.0/0 GatewayId=$gateway"
    ));
    expect![[r#"
        DescribeRouteTables state=active,blackhole
        ReplaceRoute InvalidParameterValue: route table $table and network gateway $gateway belong to different networks
    "#]].assert_eq(&shown);
}

#[test]
fn associations() {
    let shown = play(&format!(
        "{NETWORK}
         association = AssociateRouteTable RouteTableId=$table SubnetId=$subnet : associationId
         AssociateRouteTable RouteTableId=$main SubnetId=$subnet
         AssociateRouteTable RouteTableId=$table
         AssociateRouteTable RouteTableId=$table SubnetId=subnet-1
         DeleteRouteTable RouteTableId=$table
         DescribeRouteTables Filter.1.Name=association.subnet-id Filter.1.Value.1=$subnet : routeTableId state
         edge = AssociateRouteTable RouteTableId=$table GatewayId=$gateway : associationId
         DescribeRouteTables Filter.1.Name=association.gateway-id Filter.1.Value.1=$gateway : routeTableId
         next = ReplaceRouteTableAssociation AssociationId=$association RouteTableId=$main : newAssociationId
         DisassociateRouteTable AssociationId=$association
         first = DescribeRouteTables Filter.1.Name=association.main Filter.1.Value.1=true : routeTableAssociationId
         DisassociateRouteTable AssociationId=$first
         ReplaceRouteTableAssociation AssociationId=$first RouteTableId=$table : state
         DescribeRouteTables Filter.1.Name=association.main Filter.1.Value.1=true : routeTableId
         DisassociateRouteTable AssociationId=$next
         DisassociateRouteTable AssociationId=$edge
         DeleteRouteTable RouteTableId=$table
         DeleteRouteTable RouteTableId=$main
         other = CreateVpc CidrBlock=10.9.0.0/16 : vpcId
         theirs = CreateRouteTable VpcId=$other : routeTableId
         AssociateRouteTable RouteTableId=$theirs SubnetId=$subnet"
    ));
    expect![[r#"
        AssociateRouteTable Resource.AlreadyAssociated: the specified association for route table $main conflicts with an existing association
        AssociateRouteTable MissingParameter: The request must contain the parameter subnetId
        AssociateRouteTable InvalidSubnetID.NotFound: The subnet ID 'subnet-1' does not exist
        DeleteRouteTable DependencyViolation: The routeTable '$table' has dependencies and cannot be deleted.
        DescribeRouteTables routeTableId=$table,$table state=active,associated
        DescribeRouteTables routeTableId=$table,$table,$table
        DisassociateRouteTable InvalidAssociationID.NotFound: The association ID '$association' does not exist
        DisassociateRouteTable InvalidParameterValue: cannot disassociate the main route table association $first
        ReplaceRouteTableAssociation state=associating
        DescribeRouteTables routeTableId=$table,$table,$table
        DeleteRouteTable DependencyViolation: The routeTable '$table' has dependencies and cannot be deleted.
        AssociateRouteTable InvalidParameterValue: route table $theirs and subnet $subnet belong to different networks
    "#]].assert_eq(&shown);
}
