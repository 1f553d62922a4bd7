//! Elastic IP addresses, network interfaces, NAT gateways.

use super::play;
use expect_test::expect;

const NETWORK: &str = "vpc = CreateVpc CidrBlock=10.0.0.0/16 : vpcId
    subnet = CreateSubnet VpcId=$vpc CidrBlock=10.0.0.0/24 : subnetId
    gateway = CreateInternetGateway : internetGatewayId
    eip = AllocateAddress Domain=vpc : allocationId\n";

#[test]
fn gateways_are_attached_to_one_network() {
    let shown = play(&format!(
        "{NETWORK}
         AttachInternetGateway InternetGatewayId=$gateway VpcId=vpc-1
         AttachInternetGateway InternetGatewayId=$gateway VpcId=$vpc
         AttachInternetGateway InternetGatewayId=$gateway VpcId=$vpc
         second = CreateInternetGateway : internetGatewayId
         AttachInternetGateway InternetGatewayId=$second VpcId=$vpc
         DescribeInternetGateways Filter.1.Name=attachment.vpc-id Filter.1.Value.1=$vpc : internetGatewayId state
         DeleteInternetGateway InternetGatewayId=$gateway
         DeleteVpc VpcId=$vpc
         DetachInternetGateway InternetGatewayId=$second VpcId=$vpc
         DetachInternetGateway InternetGatewayId=$gateway VpcId=$vpc
         DeleteInternetGateway InternetGatewayId=$gateway
         DeleteInternetGateway InternetGatewayId=$gateway"
    ));
    expect![[r#"
        AttachInternetGateway InvalidVpcID.NotFound: The vpc ID 'vpc-1' does not exist
        AttachInternetGateway Resource.AlreadyAssociated: resource $gateway is already attached to network $vpc
        AttachInternetGateway InvalidParameterValue: Network $vpc already has an internet gateway attached
        DescribeInternetGateways internetGatewayId=$gateway state=available
        DeleteInternetGateway DependencyViolation: The internetGateway '$gateway' has dependencies and cannot be deleted.
        DeleteVpc DependencyViolation: The vpc '$vpc' has dependencies and cannot be deleted.
        DetachInternetGateway Gateway.NotAttached: resource $second is not attached to network $vpc
        DeleteInternetGateway InvalidInternetGatewayID.NotFound: The internetGateway ID '$gateway' does not exist
    "#]].assert_eq(&shown);
}

#[test]
fn addresses_in_use_stay() {
    let shown = play(&format!(
        "{NETWORK}
         AllocateAddress Domain=standard
         interface = CreateNetworkInterface SubnetId=$subnet PrivateIpAddress=10.0.0.9 : networkInterfaceId
         CreateNetworkInterface SubnetId=$subnet PrivateIpAddress=10.0.0.9
         CreateNetworkInterface SubnetId=$subnet PrivateIpAddress=10.0.1.9
         AssociateAddress AllocationId=$eip NetworkInterfaceId=$interface
         AttachInternetGateway InternetGatewayId=$gateway VpcId=$vpc
         association = AssociateAddress AllocationId=$eip NetworkInterfaceId=$interface : associationId
         AssociateAddress AllocationId=$eip NetworkInterfaceId=$interface AllowReassociation=false
         DescribeAddresses Filter.1.Name=association-id Filter.1.Value.1=$association : allocationId domain privateIpAddress
         DescribeNetworkInterfaces : privateIpAddress status associationId
         ReleaseAddress AllocationId=$eip
         DetachInternetGateway InternetGatewayId=$gateway VpcId=$vpc
         DeleteSubnet SubnetId=$subnet
         DisassociateAddress AssociationId=$association
         DisassociateAddress AssociationId=$association
         ReleaseAddress AllocationId=$eip
         ReleaseAddress AllocationId=$eip
         DescribeAddresses AllocationId.1=$eip
         DescribeAddresses PublicIp.1=192.0.2.1
         DeleteNetworkInterface NetworkInterfaceId=$interface
         DetachInternetGateway InternetGatewayId=$gateway VpcId=$vpc
         DeleteSubnet SubnetId=$subnet"
    ));
    expect![[r#"
        AllocateAddress InvalidParameterValue: Value (standard) for parameter domain is invalid. EC2-Classic has been retired
        CreateNetworkInterface InvalidIPAddress.InUse: Address 10.0.0.9 is in use.
        CreateNetworkInterface InvalidParameterValue: Address does not fall within the subnet's address range: 10.0.1.9
        AssociateAddress Gateway.NotAttached: Network $vpc is not attached to any internet gateway
        AssociateAddress Resource.AlreadyAssociated: resource $eip is already associated with associate-id $association
        DescribeAddresses allocationId=$eip domain=vpc privateIpAddress=10.0.0.9
        DescribeNetworkInterfaces privateIpAddress=10.0.0.9,10.0.0.9 status=available associationId=$association,$association
        ReleaseAddress InvalidIPAddress.InUse: Address $eip is in use.
        DetachInternetGateway DependencyViolation: Network $vpc has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.
        DeleteSubnet DependencyViolation: The subnet '$subnet' has dependencies and cannot be deleted.
        DisassociateAddress InvalidAssociationID.NotFound: The association ID '$association' does not exist
        ReleaseAddress InvalidAllocationID.NotFound: The allocation ID '$eip' does not exist
        DescribeAddresses InvalidAllocationID.NotFound: The allocation ID '$eip' does not exist
        DescribeAddresses InvalidAddress.NotFound: Address '192.0.2.1' not found.
    "#]].assert_eq(&shown);
}

#[test]
fn nat_gateways_live_and_linger() {
    let shown = play(&format!(
        "{NETWORK}
         AttachInternetGateway InternetGatewayId=$gateway VpcId=$vpc
         CreateNatGateway SubnetId=subnet-1 AllocationId=$eip
         CreateNatGateway SubnetId=$subnet
         CreateNatGateway SubnetId=$subnet AllocationId=eipalloc-1
         nat = CreateNatGateway SubnetId=$subnet AllocationId=$eip ClientToken=t : natGatewayId
         CreateNatGateway SubnetId=$subnet AllocationId=$eip ClientToken=t : natGatewayId state
         CreateNatGateway SubnetId=$subnet AllocationId=$eip ClientToken=t ConnectivityType=private
         DescribeNatGateways : natGatewayId state status privateIp
         DescribeNetworkInterfaces : interfaceType description requesterManaged
         association = DescribeAddresses : associationId
         DisassociateAddress AssociationId=$association
         ReleaseAddress AllocationId=$eip
         DeleteSubnet SubnetId=$subnet
         DetachInternetGateway InternetGatewayId=$gateway VpcId=$vpc
         DeleteNatGateway NatGatewayId=$nat
         DeleteNatGateway NatGatewayId=$nat : natGatewayId
         DescribeNatGateways NatGatewayId.1=$nat : state
         DescribeNatGateways Filter.1.Name=state Filter.1.Value.1=available : natGatewayId
         DescribeNetworkInterfaces : networkInterfaceId
         DetachInternetGateway InternetGatewayId=$gateway VpcId=$vpc
         ReleaseAddress AllocationId=$eip
         DeleteSubnet SubnetId=$subnet
         DeleteNatGateway NatGatewayId=nat-1
         DescribeNatGateways NatGatewayId.1=nat-1"
    ));
    expect![[r#"
        CreateNatGateway InvalidSubnetID.NotFound: The subnet ID 'subnet-1' does not exist
        CreateNatGateway MissingParameter: The request must contain the parameter allocationId
        CreateNatGateway InvalidAllocationID.NotFound: The allocation ID 'eipalloc-1' does not exist
        CreateNatGateway natGatewayId=$nat state=pending
        CreateNatGateway IdempotentParameterMismatch: Arguments on this idempotent request are inconsistent with arguments used in previous request(s).
        DescribeNatGateways natGatewayId=$nat state=available status=succeeded privateIp=10.0.0.4
        DescribeNetworkInterfaces interfaceType=nat_gateway description=Interface for NAT Gateway $nat requesterManaged=true
        DisassociateAddress AuthFailure: You do not have permission to access the specified resource.
        ReleaseAddress InvalidIPAddress.InUse: Address $eip is in use.
        DeleteSubnet DependencyViolation: The subnet '$subnet' has dependencies and cannot be deleted.
        DetachInternetGateway DependencyViolation: Network $vpc has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.
        DeleteNatGateway natGatewayId=$nat
        DescribeNatGateways state=deleted
        DescribeNatGateways natGatewayId=
        DescribeNetworkInterfaces networkInterfaceId=
        DeleteNatGateway NatGatewayNotFound: The Nat Gateway nat-1 was not found
        DescribeNatGateways NatGatewayNotFound: The Nat Gateway nat-1 was not found
    "#]].assert_eq(&shown);
}

#[test]
fn slow_nat_gateways_hold_what_they_have() {
    let shown = play(&format!(
        "{NETWORK}
         AttachInternetGateway InternetGatewayId=$gateway VpcId=$vpc
         slow
         nat = CreateNatGateway SubnetId=$subnet AllocationId=$eip : natGatewayId
         DescribeNatGateways : state status
         DeleteNatGateway NatGatewayId=$nat
         DescribeNatGateways : state
         ReleaseAddress AllocationId=$eip
         DeleteSubnet SubnetId=$subnet"
    ));
    expect![[r#"
        DescribeNatGateways state=pending status=associating
        DescribeNatGateways state=deleting
        ReleaseAddress InvalidIPAddress.InUse: Address $eip is in use.
        DeleteSubnet DependencyViolation: The subnet '$subnet' has dependencies and cannot be deleted.
    "#]].assert_eq(&shown);
}

#[test]
fn nat_gateways_fail_later() {
    let shown = play(&format!(
        "{NETWORK}
         nat = CreateNatGateway SubnetId=$subnet AllocationId=$eip : natGatewayId
         DescribeNatGateways NatGatewayId.1=$nat : state failureCode failureMessage
         AttachInternetGateway InternetGatewayId=$gateway VpcId=$vpc
         good = CreateNatGateway SubnetId=$subnet AllocationId=$eip : natGatewayId
         bad = CreateNatGateway SubnetId=$subnet AllocationId=$eip : natGatewayId
         DescribeNatGateways NatGatewayId.1=$good : state
         DescribeNatGateways NatGatewayId.1=$bad : state failureCode
         DeleteNatGateway NatGatewayId=$bad
         DescribeNatGateways NatGatewayId.1=$bad : state"
    ));
    expect![[r#"
        DescribeNatGateways state=failed failureCode=Gateway.NotAttached failureMessage=Network $vpc has no Internet gateway attached
        DescribeNatGateways state=available
        DescribeNatGateways state=failed failureCode=Resource.AlreadyAssociated
        DescribeNatGateways state=deleted
    "#]].assert_eq(&shown);
}

#[test]
fn further_addresses_of_nat_gateways() {
    let shown = play(&format!(
        "{NETWORK}
         AttachInternetGateway InternetGatewayId=$gateway VpcId=$vpc
         more = AllocateAddress Domain=vpc : allocationId
         nat = CreateNatGateway SubnetId=$subnet AllocationId=$eip PrivateIpAddress=10.0.0.20 : natGatewayId
         AssociateNatGatewayAddress NatGatewayId=$nat AllocationId.1=$more PrivateIpAddress.1=10.0.0.21 : status
         of = DescribeAddresses AllocationId.1=$more : associationId
         AssociateNatGatewayAddress NatGatewayId=$nat AllocationId.1=$more
         DescribeNatGateways : privateIp isPrimary allocationId status
         DisassociateNatGatewayAddress NatGatewayId=$nat AssociationId.1=$of
         DescribeNatGateways : privateIp allocationId
         ReleaseAddress AllocationId=$more
         private = CreateNatGateway SubnetId=$subnet ConnectivityType=private SecondaryPrivateIpAddressCount=2 : natGatewayId
         AssignPrivateNatGatewayAddress NatGatewayId=$private PrivateIpAddress.1=10.0.0.99
         UnassignPrivateNatGatewayAddress NatGatewayId=$private PrivateIpAddress.1=10.0.0.4
         UnassignPrivateNatGatewayAddress NatGatewayId=$private PrivateIpAddress.1=10.0.0.5
         DescribeNatGateways NatGatewayId.1=$private : privateIp connectivityType
         DescribeSubnets : availableIpAddressCount"
    ));
    expect![[r#"
        AssociateNatGatewayAddress status=associating,associating
        AssociateNatGatewayAddress Resource.AlreadyAssociated: resource $more is already associated with associate-id $of
        DescribeNatGateways privateIp=10.0.0.20,10.0.0.21 isPrimary=true,false allocationId=$eip,$more status=succeeded,succeeded
        DescribeNatGateways privateIp=10.0.0.20 allocationId=$eip
        UnassignPrivateNatGatewayAddress InvalidParameterValue: The private IP address 10.0.0.4 is not assigned to $private
        DescribeNatGateways privateIp=10.0.0.4,10.0.0.6,10.0.0.99 connectivityType=private
        DescribeSubnets availableIpAddressCount=247
    "#]].assert_eq(&shown);
}
