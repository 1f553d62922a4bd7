"""Calls every operation that is named as an argument, and compares every answer with botocore's model of it."""

import sys
import xml.etree.ElementTree as ElementTree

import botocore.session

ec2 = botocore.session.get_session().create_client("ec2")
called, problems = set(), []


def name_of(element):
    return element.tag.rsplit("}", 1)[-1]


def check(element, shape, path):
    """Each element must be one that the model has there."""
    if shape.type_name == "structure":
        members = {m.serialization.get("name", name): m for name, m in shape.members.items()}
        for child in element:
            member = members.get(name_of(child))
            if member is None:
                problems.append(f"{path}: the model has no {name_of(child)}")
            else:
                check(child, member, f"{path}.{name_of(child)}")
    elif shape.type_name == "list":
        for child in element:
            if name_of(child) != "item":
                problems.append(f"{path}: an element of the list is called {name_of(child)}")
            check(child, shape.member, path)
    elif len(element):
        problems.append(f"{path} has elements")
    elif shape.type_name in ("integer", "long"):
        int(element.text)
    elif shape.type_name == "boolean" and element.text not in ("true", "false"):
        problems.append(f"{path} is {element.text}")
    elif getattr(shape, "enum", None) and element.text not in shape.enum:
        # The model's words for internet gateways are not what the service says.
        if path != "DescribeInternetGateways.internetGatewaySet.attachmentSet.state":
            problems.append(f"{path} cannot be {element.text}")


def answered(http_response, model, **_):
    called.add(model.name)
    root = ElementTree.fromstring(http_response.content)
    if name_of(root) != f"{model.name}Response":
        problems.append(f"{model.name} is answered with {name_of(root)}")
        return
    for child in list(root):
        plain = name_of(child) == "return" and (model.output_shape is None or "Return" not in model.output_shape.members)
        if name_of(child) == "requestId" or plain:
            root.remove(child)
    if model.output_shape is not None:
        check(root, model.output_shape, model.name)
    elif len(root):
        problems.append(f"{model.name}: the model has no answer")


ec2.meta.events.register("after-call.ec2.*", answered)


def tags(kind):
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": "n<&>"}]}]


vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True, TagSpecifications=tags("vpc"))["Vpc"]
vpc_id = vpc["VpcId"]
ec2.modify_vpc_attribute(VpcId=vpc_id, EnableDnsHostnames={"Value": True})
for attribute in ("enableDnsSupport", "enableDnsHostnames", "enableNetworkAddressUsageMetrics"):
    ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=attribute)
ec2.modify_vpc_tenancy(VpcId=vpc_id, InstanceTenancy="default")
more = ec2.associate_vpc_cidr_block(VpcId=vpc_id, CidrBlock="10.1.0.0/16")["CidrBlockAssociation"]
ec2.disassociate_vpc_cidr_block(AssociationId=more["AssociationId"])
six = ec2.associate_vpc_cidr_block(VpcId=vpc_id, AmazonProvidedIpv6CidrBlock=True)["Ipv6CidrBlockAssociation"]
ec2.disassociate_vpc_cidr_block(AssociationId=six["AssociationId"])
dhcp = ec2.describe_dhcp_options()["DhcpOptions"][0]["DhcpOptionsId"]
ec2.associate_dhcp_options(DhcpOptionsId=dhcp, VpcId=vpc_id)
ec2.get_waiter("vpc_available").wait(VpcIds=[vpc_id], WaiterConfig={"Delay": 1})
vpc = ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0]
assert vpc["Tags"] == [{"Key": "Name", "Value": "n<&>"}], vpc
range6 = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("00::/56", "01::/64")


def subnet(cidr, zone):
    made = ec2.create_subnet(VpcId=vpc_id, CidrBlock=cidr, AvailabilityZone=zone, TagSpecifications=tags("subnet"))
    return made["Subnet"]["SubnetId"]


a, b = subnet("10.0.0.0/24", "us-east-1a"), subnet("10.0.1.0/24", "us-east-1b")
of = ec2.associate_subnet_cidr_block(SubnetId=a, Ipv6CidrBlock=range6)["Ipv6CidrBlockAssociation"]
ec2.describe_subnets()
ec2.disassociate_subnet_cidr_block(AssociationId=of["AssociationId"])
ec2.modify_subnet_attribute(SubnetId=a, MapPublicIpOnLaunch={"Value": True})
ec2.describe_network_acls()

igw = ec2.create_internet_gateway(TagSpecifications=tags("internet-gateway"))["InternetGateway"]["InternetGatewayId"]
ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc_id)
ec2.describe_internet_gateways()
eigw = ec2.create_egress_only_internet_gateway(VpcId=vpc_id, ClientToken="e")["EgressOnlyInternetGateway"]
eigw = eigw["EgressOnlyInternetGatewayId"]
ec2.describe_egress_only_internet_gateways()

group = ec2.create_security_group(
    GroupName="g", Description="d", VpcId=vpc_id, TagSpecifications=tags("security-group")
)["GroupId"]
permission = {
    "IpProtocol": "tcp",
    "FromPort": 1,
    "ToPort": 2,
    "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "d"}],
    "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
    "PrefixListIds": [{"PrefixListId": "pl-63a5400a"}],
    "UserIdGroupPairs": [{"GroupId": group}],
}
rules = ec2.authorize_security_group_ingress(
    GroupId=group, IpPermissions=[permission], TagSpecifications=tags("security-group-rule")
)["SecurityGroupRules"]
assert len(rules) == 4, rules
ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[permission])
ec2.describe_security_groups()
ec2.describe_security_group_rules()
rule = rules[0]["SecurityGroupRuleId"]
update = {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "CidrIpv4": "10.0.0.0/8", "Description": "d"}
ec2.modify_security_group_rules(
    GroupId=group, SecurityGroupRules=[{"SecurityGroupRuleId": rule, "SecurityGroupRule": update}]
)
description = [{"SecurityGroupRuleId": rule, "Description": "e"}]
ec2.update_security_group_rule_descriptions_ingress(GroupId=group, SecurityGroupRuleDescriptions=description)
ec2.update_security_group_rule_descriptions_egress(GroupId=group, IpPermissions=[permission])
ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[rule])
ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[permission])

eni = ec2.create_network_interface(SubnetId=a, Groups=[group], Description="d")["NetworkInterface"]
eni = eni["NetworkInterfaceId"]
ec2.modify_network_interface_attribute(NetworkInterfaceId=eni, Description={"Value": "e"})


def allocate():
    return ec2.allocate_address(Domain="vpc", TagSpecifications=tags("elastic-ip"))["AllocationId"]


eips = [allocate() for _ in range(3)]
association = ec2.associate_address(AllocationId=eips[0], NetworkInterfaceId=eni)["AssociationId"]
ec2.describe_network_interfaces()
ec2.describe_addresses()
ec2.disassociate_address(AssociationId=association)
ec2.modify_address_attribute(AllocationId=eips[0], DomainName="a.example.com")
ec2.describe_addresses_attribute(AllocationIds=[eips[0]], Attribute="domain-name")
ec2.reset_address_attribute(AllocationId=eips[0], Attribute="domain-name")

nat = ec2.create_nat_gateway(SubnetId=a, AllocationId=eips[1], TagSpecifications=tags("natgateway"))["NatGateway"]
nat = nat["NatGatewayId"]
ec2.get_waiter("nat_gateway_available").wait(NatGatewayIds=[nat], WaiterConfig={"Delay": 1})
ec2.associate_nat_gateway_address(NatGatewayId=nat, AllocationIds=[eips[2]])
address = ec2.describe_nat_gateways(NatGatewayIds=[nat])["NatGateways"][0]["NatGatewayAddresses"][1]
ec2.disassociate_nat_gateway_address(NatGatewayId=nat, AssociationIds=[address["AssociationId"]])
private = ec2.create_nat_gateway(SubnetId=a, ConnectivityType="private")["NatGateway"]["NatGatewayId"]
ec2.assign_private_nat_gateway_address(NatGatewayId=private, PrivateIpAddresses=["10.0.0.200"])
ec2.unassign_private_nat_gateway_address(NatGatewayId=private, PrivateIpAddresses=["10.0.0.200"])

table = ec2.create_route_table(VpcId=vpc_id, TagSpecifications=tags("route-table"))["RouteTable"]["RouteTableId"]
ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=igw)
ec2.create_route(RouteTableId=table, DestinationIpv6CidrBlock="::/0", EgressOnlyInternetGatewayId=eigw)
ec2.create_route(RouteTableId=table, DestinationCidrBlock="192.0.2.0/24", NetworkInterfaceId=eni)
ec2.replace_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
association = ec2.associate_route_table(RouteTableId=table, SubnetId=a)["AssociationId"]
edge = ec2.associate_route_table(RouteTableId=table, GatewayId=igw)["AssociationId"]
ec2.describe_route_tables()
main = ec2.describe_route_tables(Filters=[{"Name": "association.main", "Values": ["true"]}])["RouteTables"][0]
new = ec2.replace_route_table_association(AssociationId=association, RouteTableId=main["RouteTableId"])
ec2.disassociate_route_table(AssociationId=new["NewAssociationId"])
ec2.disassociate_route_table(AssociationId=edge)

tgw = ec2.create_transit_gateway(
    Description="d",
    Options={"TransitGatewayCidrBlocks": ["10.9.0.0/24"]},
    TagSpecifications=tags("transit-gateway"),
)["TransitGateway"]["TransitGatewayId"]
ec2.modify_transit_gateway(TransitGatewayId=tgw, Description="e")
default = ec2.describe_transit_gateways()["TransitGateways"][0]["Options"]["AssociationDefaultRouteTableId"]
attachment = ec2.create_transit_gateway_vpc_attachment(
    TransitGatewayId=tgw, VpcId=vpc_id, SubnetIds=[a], TagSpecifications=tags("transit-gateway-attachment")
)["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
ec2.modify_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=attachment, AddSubnetIds=[b])
ec2.describe_transit_gateway_vpc_attachments()
ec2.describe_transit_gateway_attachments()
ec2.create_route(RouteTableId=table, DestinationCidrBlock="10.128.0.0/9", TransitGatewayId=tgw)
own = ec2.create_transit_gateway_route_table(
    TransitGatewayId=tgw, TagSpecifications=tags("transit-gateway-route-table")
)["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"]
ec2.describe_transit_gateway_route_tables()
ec2.get_transit_gateway_route_table_associations(TransitGatewayRouteTableId=default)
ec2.get_transit_gateway_route_table_propagations(TransitGatewayRouteTableId=default)
of = {"TransitGatewayRouteTableId": default, "TransitGatewayAttachmentId": attachment}
ec2.disassociate_transit_gateway_route_table(**of)
ec2.disable_transit_gateway_route_table_propagation(**of)
of["TransitGatewayRouteTableId"] = own
ec2.associate_transit_gateway_route_table(**of)
ec2.enable_transit_gateway_route_table_propagation(**of)
ec2.get_transit_gateway_attachment_propagations(TransitGatewayAttachmentId=attachment)
ec2.disassociate_transit_gateway_route_table(**of)

ec2.create_tags(Resources=[vpc_id, a], Tags=[{"Key": "k", "Value": "v"}])
ec2.delete_tags(Resources=[vpc_id], Tags=[{"Key": "k"}])
ec2.describe_tags()
ec2.describe_availability_zones()
ec2.describe_regions(AllRegions=True)
ec2.describe_account_attributes()
ec2.describe_instance_types(InstanceTypes=["m7g.large"])
ec2.describe_instance_type_offerings(LocationType="availability-zone")
ec2.describe_prefix_lists()
ec2.describe_managed_prefix_lists()

ec2.delete_transit_gateway_route_table(TransitGatewayRouteTableId=own)
ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=attachment)
ec2.describe_route_tables()
ec2.delete_transit_gateway(TransitGatewayId=tgw)
ec2.delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")
ec2.delete_route_table(RouteTableId=table)
for gateway in (nat, private):
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    ec2.get_waiter("nat_gateway_deleted").wait(NatGatewayIds=[gateway], WaiterConfig={"Delay": 1})
ec2.describe_nat_gateways()
for eip in eips:
    ec2.release_address(AllocationId=eip)
ec2.delete_network_interface(NetworkInterfaceId=eni)
ec2.delete_security_group(GroupId=group)
ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=eigw)
ec2.detach_internet_gateway(InternetGatewayId=igw, VpcId=vpc_id)
ec2.delete_internet_gateway(InternetGatewayId=igw)
for gone in (a, b):
    ec2.delete_subnet(SubnetId=gone)
ec2.delete_vpc(VpcId=vpc_id)
assert not ec2.describe_vpcs()["Vpcs"]

problems += [f"{name} was not called" for name in sys.argv[1:] if name not in called]
print("\n".join(sorted(set(problems))) or "all as modelled")
