//! Security groups.

use super::play;
use expect_test::expect;

const GROUPS: &str = "vpc = CreateVpc CidrBlock=10.0.0.0/16 : vpcId
    a = CreateSecurityGroup VpcId=$vpc GroupName=a GroupDescription=a : groupId
    b = CreateSecurityGroup VpcId=$vpc GroupName=b GroupDescription=b : groupId\n";

#[test]
fn groups_have_names() {
    let shown = play(&format!(
        "{GROUPS}
         CreateSecurityGroup VpcId=$vpc GroupName=a GroupDescription=a
         CreateSecurityGroup VpcId=$vpc GroupName=default GroupDescription=a
         CreateSecurityGroup VpcId=$vpc GroupName=sg-a GroupDescription=a
         CreateSecurityGroup VpcId=$vpc GroupName=c
         CreateSecurityGroup GroupName=c GroupDescription=c
         CreateSecurityGroup VpcId=vpc-1 GroupName=c GroupDescription=c
         DescribeSecurityGroups GroupId.1=$a : groupName groupDescription ipProtocol cidrIp fromPort
         DescribeSecurityGroups GroupId.1=sg-1
         DescribeSecurityGroups GroupId.1=odd"
    ));
    expect![[r#"
        CreateSecurityGroup InvalidGroup.Duplicate: The security group 'a' already exists for VPC '$vpc'
        CreateSecurityGroup InvalidParameterValue: Cannot use reserved security group name: default
        CreateSecurityGroup InvalidParameterValue: Group names may not be in the format sg-*.
        CreateSecurityGroup MissingParameter: The request must contain the parameter groupDescription
        CreateSecurityGroup VPCIdNotSpecified: No default VPC for this user
        CreateSecurityGroup InvalidVpcID.NotFound: The vpc ID 'vpc-1' does not exist
        DescribeSecurityGroups groupName=a groupDescription=a ipProtocol=-1 cidrIp=0.0.0.0/0 fromPort=
        DescribeSecurityGroups InvalidGroup.NotFound: The security group 'sg-1' does not exist
        DescribeSecurityGroups InvalidGroupId.Malformed: Invalid id: "odd" (expecting "sg-...")
    "#]].assert_eq(&shown);
}

#[test]
fn rules() {
    let shown = play(&format!(
        "{GROUPS}
         r = AuthorizeSecurityGroupIngress GroupId=$a IpPermissions.1.IpProtocol=6 IpPermissions.1.FromPort=80 IpPermissions.1.ToPort=80 IpPermissions.1.IpRanges.1.CidrIp=10.0.0.1/8 IpPermissions.1.IpRanges.1.Description=d : securityGroupRuleId
         DescribeSecurityGroupRules SecurityGroupRuleId.1=$r : ipProtocol fromPort toPort cidrIpv4 isEgress description
         AuthorizeSecurityGroupIngress GroupId=$a IpPermissions.1.IpProtocol=tcp IpPermissions.1.FromPort=80 IpPermissions.1.ToPort=80 IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
         AuthorizeSecurityGroupIngress GroupId=$a IpPermissions.1.IpProtocol=-1 IpPermissions.1.Groups.1.GroupId=$b IpPermissions.2.IpProtocol=tcp IpPermissions.2.FromPort=80 IpPermissions.2.ToPort=80 IpPermissions.2.Ipv6Ranges.1.CidrIpv6=::/0
         AuthorizeSecurityGroupEgress GroupId=$a IpPermissions.1.IpProtocol=-1 IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0
         AuthorizeSecurityGroupIngress GroupId=$a IpPermissions.1.IpProtocol=tcp IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
         AuthorizeSecurityGroupIngress GroupId=$a IpPermissions.1.IpProtocol=tcp IpPermissions.1.FromPort=90 IpPermissions.1.ToPort=80 IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
         AuthorizeSecurityGroupIngress GroupId=$a IpPermissions.1.IpProtocol=odd IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8
         AuthorizeSecurityGroupIngress GroupId=$a IpPermissions.1.IpProtocol=-1 IpPermissions.1.IpRanges.1.CidrIp=odd
         AuthorizeSecurityGroupIngress GroupId=$a IpPermissions.1.IpProtocol=-1 IpPermissions.1.Groups.1.GroupId=sg-1
         AuthorizeSecurityGroupIngress GroupId=$a
         DescribeSecurityGroups GroupId.1=$a : ipProtocol fromPort groupId cidrIp cidrIpv6
         DescribeSecurityGroups Filter.1.Name=ip-permission.group-id Filter.1.Value.1=$b : groupName
         ModifySecurityGroupRules GroupId=$a SecurityGroupRule.1.SecurityGroupRuleId=$r SecurityGroupRule.1.SecurityGroupRule.IpProtocol=udp SecurityGroupRule.1.SecurityGroupRule.FromPort=53 SecurityGroupRule.1.SecurityGroupRule.ToPort=53 SecurityGroupRule.1.SecurityGroupRule.CidrIpv4=10.0.0.0/8
         UpdateSecurityGroupRuleDescriptionsIngress GroupId=$a SecurityGroupRuleDescription.1.SecurityGroupRuleId=$r SecurityGroupRuleDescription.1.Description=names
         DescribeSecurityGroupRules SecurityGroupRuleId.1=$r : ipProtocol fromPort description
         RevokeSecurityGroupEgress GroupId=$a SecurityGroupRuleId.1=$r
         RevokeSecurityGroupIngress GroupId=$a SecurityGroupRuleId.1=$r : securityGroupRuleId
         RevokeSecurityGroupIngress GroupId=$a SecurityGroupRuleId.1=$r
         RevokeSecurityGroupEgress GroupId=$a IpPermissions.1.IpProtocol=-1 IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0
         RevokeSecurityGroupEgress GroupId=$a IpPermissions.1.IpProtocol=-1 IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0
         DescribeSecurityGroupRules Filter.1.Name=group-id Filter.1.Value.1=$a : ipProtocol fromPort"
    ));
    expect![[r#"
        DescribeSecurityGroupRules ipProtocol=tcp fromPort=80 toPort=80 cidrIpv4=10.0.0.0/8 isEgress=false description=d
        AuthorizeSecurityGroupIngress InvalidPermission.Duplicate: the specified rule "peer: 10.0.0.0/8, TCP, from port: 80, to port: 80, ALLOW" already exists
        AuthorizeSecurityGroupEgress InvalidPermission.Duplicate: the specified rule "peer: 0.0.0.0/0, ALL, ALLOW" already exists
        AuthorizeSecurityGroupIngress InvalidParameterValue: Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.
        AuthorizeSecurityGroupIngress InvalidParameterValue: Invalid TCP/UDP port range (90:80)
        AuthorizeSecurityGroupIngress InvalidParameterValue: Invalid value 'odd' for IP protocol. Unknown protocol.
        AuthorizeSecurityGroupIngress InvalidParameterValue: CIDR block odd is malformed
        AuthorizeSecurityGroupIngress InvalidGroup.NotFound: The security group 'sg-1' does not exist
        AuthorizeSecurityGroupIngress MissingParameter: The request must contain the parameter ipPermissions
        DescribeSecurityGroups ipProtocol=-1,tcp,-1 fromPort=80 groupId=$a,$b cidrIp=10.0.0.0/8,0.0.0.0/0 cidrIpv6=::/0
        DescribeSecurityGroups groupName=a
        DescribeSecurityGroupRules ipProtocol=udp fromPort=53 description=names
        RevokeSecurityGroupEgress InvalidSecurityGroupRuleId.NotFound: The security group rule ID '$r' does not exist
        RevokeSecurityGroupIngress securityGroupRuleId=$r
        RevokeSecurityGroupIngress InvalidSecurityGroupRuleId.NotFound: The security group rule ID '$r' does not exist
        RevokeSecurityGroupEgress InvalidPermission.NotFound: The specified rule does not exist in this security group.
        DescribeSecurityGroupRules ipProtocol=tcp,-1 fromPort=80,-1
    "#]].assert_eq(&shown);
}

#[test]
fn groups_in_use_stay() {
    let shown = play(&format!(
        "{GROUPS}
         AuthorizeSecurityGroupIngress GroupId=$a IpPermissions.1.IpProtocol=-1 IpPermissions.1.Groups.1.GroupId=$b IpPermissions.1.Groups.2.GroupId=$a
         DeleteSecurityGroup GroupId=$b
         DeleteVpc VpcId=$vpc
         DeleteSecurityGroup GroupId=$a
         subnet = CreateSubnet VpcId=$vpc CidrBlock=10.0.0.0/24 : subnetId
         interface = CreateNetworkInterface SubnetId=$subnet SecurityGroupId.1=$b : networkInterfaceId
         DeleteSecurityGroup GroupId=$b
         DeleteNetworkInterface NetworkInterfaceId=$interface
         DeleteSecurityGroup GroupId=$b
         DeleteSecurityGroup GroupId=$b"
    ));
    expect![[r#"
        DeleteSecurityGroup DependencyViolation: resource $b has a dependent object
        DeleteVpc DependencyViolation: The vpc '$vpc' has dependencies and cannot be deleted.
        DeleteSecurityGroup DependencyViolation: resource $b has a dependent object
        DeleteSecurityGroup InvalidGroup.NotFound: The security group '$b' does not exist
    "#]]
    .assert_eq(&shown);
}
