# Read by discovery.py: what is asked.

# Compute: networks.
call("GET", C)
call("GET", f"{C}/regions", maxResults=5)
call("GET", f"{C}/regions/{REGION}")
call("GET", f"{C}/zones", filter="name eq us-.*")
call("GET", f"{C}/zones/us-central1-a")
call("GET", f"{C}/zones/us-central1-a/machineTypes")
call("GET", f"{C}/zones/us-central1-a/machineTypes/e2-medium")
done(call("POST", f"{C}/global/networks", {"name": "one", "autoCreateSubnetworks": False, "mtu": 1500,
     "enableUlaInternalIpv6": True, "routingConfig": {"routingMode": "GLOBAL"}}))
done(call("POST", f"{C}/global/networks", {"name": "two", "autoCreateSubnetworks": True}))
call("POST", f"{C}/global/networks", {"name": "one", "autoCreateSubnetworks": False}, 409)
call("POST", f"{C}/global/networks", {"name": "One", "autoCreateSubnetworks": False}, 400)
done(call("PATCH", f"{C}/global/networks/one", {"routingConfig": {"routingMode": "REGIONAL"}}))
for a, b in (("one", "two"), ("two", "one")):
    done(call("POST", f"{C}/global/networks/{a}/addPeering",
         {"networkPeering": {"name": "peer", "network": f"projects/{P}/global/networks/{b}", "exchangeSubnetRoutes": True}}))
assert call("GET", f"{C}/global/networks/one")["peerings"][0]["state"] == "ACTIVE"
done(call("PATCH", f"{C}/global/networks/one/updatePeering", {"networkPeering": {"name": "peer", "exportCustomRoutes": True}}))
done(call("POST", f"{C}/global/networks/two/removePeering", {"name": "peer"}))
assert call("GET", f"{C}/global/networks/one")["peerings"][0]["state"] == "INACTIVE"
done(call("POST", f"{C}/global/networks/one/removePeering", {"name": "peer"}))
done(call("POST", f"{C}/global/networks/two/switchToCustomMode"))
call("GET", f"{C}/global/networks")
call("GET", f"{C}/global/routes", filter='network eq ".*\\bone\\b.*"')

# Subnetworks.
network = f"projects/{P}/global/networks/one"
done(call("POST", f"{R}/subnetworks", {"name": "nodes", "network": network, "ipCidrRange": "10.0.0.0/22",
     "secondaryIpRanges": [{"rangeName": "pods", "ipCidrRange": "10.4.0.0/14"},
                           {"rangeName": "services", "ipCidrRange": "10.8.0.0/20"}],
     "logConfig": {"enable": True}, "stackType": "IPV4_IPV6", "ipv6AccessType": "INTERNAL"}))
call("POST", f"{R}/subnetworks", {"name": "over", "network": network, "ipCidrRange": "10.5.0.0/24"}, 400)
call("POST", f"{R}/subnetworks", {"name": "odd", "network": network, "ipCidrRange": "10.64.0.1/24"}, 400)
subnetwork = call("GET", f"{R}/subnetworks/nodes")
call("PATCH", f"{R}/subnetworks/nodes", {"fingerprint": "AAAAAAAAAAA=", "logConfig": {"enable": False}}, 412)
done(call("PATCH", f"{R}/subnetworks/nodes", {"fingerprint": subnetwork["fingerprint"], "logConfig": {"enable": False}}))
done(call("POST", f"{R}/subnetworks/nodes/setPrivateIpGoogleAccess", {"privateIpGoogleAccess": True}))
done(call("POST", f"{R}/subnetworks/nodes/expandIpCidrRange", {"ipCidrRange": "10.0.0.0/20"}))
done(call("POST", f"{R}/subnetworks", {"name": "proxies", "network": network, "ipCidrRange": "10.64.0.0/24",
     "purpose": "REGIONAL_MANAGED_PROXY", "role": "ACTIVE"}))
call("GET", f"{R}/subnetworks")
assert "subnetworks" in call("GET", f"{C}/aggregated/subnetworks")["items"][f"regions/{REGION}"]
call("GET", f"{C}/aggregated/routers", includeAllScopes="true")

# Addresses.
for name in ("nat", "spare"):
    done(call("POST", f"{R}/addresses", {"name": name, "labels": {"a": "b"}}))
done(call("POST", f"{R}/addresses", {"name": "inside", "addressType": "INTERNAL",
     "subnetwork": f"regions/{REGION}/subnetworks/nodes"}))
done(call("POST", f"{C}/global/addresses", {"name": "front"}))
done(call("POST", f"{C}/global/addresses", {"name": "peered", "addressType": "INTERNAL", "purpose": "VPC_PEERING",
     "prefixLength": 16, "network": network}))
labels = call("GET", f"{R}/addresses/nat")
done(call("POST", f"{R}/addresses/nat/setLabels", {"labels": {"c": "d"}, "labelFingerprint": labels["labelFingerprint"]}))
call("POST", f"{R}/addresses/nat/setLabels", {"labels": {}, "labelFingerprint": labels["labelFingerprint"]}, 412)
call("GET", f"{R}/addresses")
call("GET", f"{C}/global/addresses")
call("GET", f"{C}/global/addresses/peered")
call("GET", f"{C}/aggregated/addresses")

# Routers.
done(call("POST", f"{R}/routers", {"name": "edge", "network": network, "bgp": {"asn": 64514}}))
nat = {"name": "out", "natIpAllocateOption": "MANUAL_ONLY", "natIps": [f"{R.split('/v1/')[1]}/addresses/nat"],
       "sourceSubnetworkIpRangesToNat": "LIST_OF_SUBNETWORKS",
       "subnetworks": [{"name": f"{R.split('/v1/')[1]}/subnetworks/nodes", "sourceIpRangesToNat": ["ALL_IP_RANGES"]}]}
done(call("PATCH", f"{R}/routers/edge", {"nats": [nat]}))
assert call("GET", f"{R}/addresses/nat")["status"] == "IN_USE"
done(call("DELETE", f"{R}/addresses/nat"), "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE")
call("GET", f"{R}/routers/edge")
call("GET", f"{R}/routers/edge/getRouterStatus")
call("GET", f"{R}/routers/edge/getNatMappingInfo")
done(call("PUT", f"{R}/routers/edge", {"name": "edge", "network": network, "nats": []}))
call("GET", f"{R}/routers")

# Firewalls.
done(call("POST", f"{C}/global/firewalls", {"name": "web", "network": network, "sourceTags": ["a"],
     "allowed": [{"IPProtocol": "tcp", "ports": ["80", "8000-8100"]}]}))
done(call("PATCH", f"{C}/global/firewalls/web", {"priority": 900, "logConfig": {"enable": True}}))
done(call("PUT", f"{C}/global/firewalls/web", {"name": "web", "network": network, "denied": [{"IPProtocol": "all"}]}))
call("GET", f"{C}/global/firewalls/web")
call("GET", f"{C}/global/firewalls", orderBy="creationTimestamp desc")
done(call("DELETE", f"{C}/global/networks/one"), "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE")

# Idempotency.
key = {"requestId": "5d1ef62c-3d15-4c8a-9e5a-0a3ffb3a6e11"}
first = call("POST", f"{R}/addresses", {"name": "once"}, **key)
assert call("POST", f"{R}/addresses", {"name": "once"}, **key)["name"] == first["name"]
call("GET", f"{R}/operations")
call("GET", f"{C}/global/operations")

# Service accounts.
I = f"/v1/projects/{P}/serviceAccounts"
account = call("POST", I, {"accountId": "walker", "serviceAccount": {"displayName": "Walker"}})
email = account["email"]
call("POST", I, {"accountId": "walker"}, 409)
call("POST", I, {"accountId": "W"}, 400)
call("GET", I)
call("GET", f"{I}/{account['uniqueId']}")
call("PATCH", f"{I}/{email}", {"serviceAccount": {"description": "walks"}, "updateMask": "description"})
call("PUT", f"{I}/{email}", {"displayName": "Still walking"})
call("POST", f"{I}/{email}:disable", {})
call("POST", f"{I}/{email}:enable", {})
key = call("POST", f"{I}/{email}/keys", {})
call("GET", f"{I}/{email}/keys")
call("GET", "/v1/" + key["name"])
call("DELETE", "/v1/" + key["name"])
call("POST", f"/v1/projects/-/serviceAccounts/{email}:generateAccessToken", {"scope": ["https://www.googleapis.com/auth/cloud-platform"]})
call("GET", "/v1/roles")
call("GET", "/v1/roles/viewer")
policy = call("POST", f"{I}/{email}:getIamPolicy")
assert policy == {"etag": "ACAB"}
bindings = [{"role": "roles/iam.serviceAccountUser", "members": [f"serviceAccount:{email}"]}]
call("POST", f"{I}/{email}:setIamPolicy", {"policy": {"etag": "ACAB", "bindings": bindings}})
call("POST", f"{I}/{email}:setIamPolicy", {"policy": {"etag": "ACAB", "bindings": bindings}}, 409)
call("POST", f"{I}/{email}:testIamPermissions", {"permissions": ["iam.serviceAccounts.get"]})

# The project.
for version in ("v1", "v3"):
    project = f"/{version}/projects/{P}"
    call("GET", project)
    policy = call("POST", f"{project}:getIamPolicy", {"options": {"requestedPolicyVersion": 3}})
    stale = dict(policy)
    policy["version"] = 3
    policy["bindings"].append({"role": "roles/viewer", "members": [f"serviceAccount:{email}"],
                               "condition": {"title": "t", "expression": "true"}})
    call("POST", f"{project}:setIamPolicy", {"policy": policy})
    call("POST", f"{project}:setIamPolicy", {"policy": stale}, 409)
    call("POST", f"{project}:testIamPermissions", {"permissions": ["compute.networks.list"]})
call("POST", f"/v1/projects/{P}:getAncestry", {})
call("GET", "/v1/projects")
call("GET", "/v3/projects:search", query=f"projectId:{P}")
operation = call("PATCH", f"/v3/projects/{P}", {"labels": {"a": "b"}}, updateMask="labels")
assert call("GET", f"/v3/{operation['name']}")["done"]
call("GET", "/v1/projects/elsewhere", status=403)

# Services.
S = f"/v1/projects/{P}/services"
call("GET", S, filter="state:ENABLED")
call("GET", f"{S}/dns.googleapis.com")
operation = call("POST", f"{S}/dns.googleapis.com:enable", {})
assert call("GET", f"/v1/{operation['name']}")["response"]["service"]["state"] == "ENABLED"
call("POST", f"{S}:batchEnable", {"serviceIds": ["pubsub.googleapis.com", "run.googleapis.com"]})
call("GET", f"{S}:batchGet", names=[f"projects/{P}/services/pubsub.googleapis.com"])
call("POST", f"{S}/run.googleapis.com:disable", {})
call("POST", f"{S}/nosuch.googleapis.com:enable", {}, 403)

# Clusters.
for version in ("v1", "v1beta1"):
    K = f"/{version}/projects/{P}/locations/{REGION}"
    call("GET", f"{K}/serverConfig")

    def finished(answer):
        path = f"{K}/operations/{answer.get('name')}"
        if call("GET", path).get("status") != "DONE":
            problems.append(f"not done: {answer}")

    cluster = {"name": "one", "initialNodeCount": 1, "network": network, "subnetwork": f"regions/{REGION}/subnetworks/nodes",
               "ipAllocationPolicy": {"useIpAliases": True, "clusterSecondaryRangeName": "pods",
                                      "servicesSecondaryRangeName": "services"},
               "privateClusterConfig": {"enablePrivateNodes": True, "masterIpv4CidrBlock": "172.16.0.0/28"},
               "workloadIdentityConfig": {"workloadPool": f"{P}.svc.id.goog"},
               "releaseChannel": {"channel": "STABLE"}, "resourceLabels": {"a": "b"}}
    finished(call("POST", f"{K}/clusters", {"cluster": cluster}))
    call("POST", f"{K}/clusters", {"cluster": cluster}, 409)
    one = call("GET", f"{K}/clusters/one")
    assert one["currentNodeCount"] == 3 and one["endpoint"], one
    assert f"projects/{P}/zones" in one["instanceGroupUrls"][0]
    done(call("DELETE", f"{R}/subnetworks/nodes"), "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE")
    for update in (
        {"desiredAddonsConfig": {"dnsCacheConfig": {"enabled": True}, "httpLoadBalancing": {"disabled": True}}},
        {"desiredReleaseChannel": {"channel": "REGULAR"}},
        {"desiredMasterVersion": "1.34"},
        {"desiredLoggingConfig": {"componentConfig": {"enableComponents": ["SYSTEM_COMPONENTS"]}}},
        {"desiredMonitoringConfig": {"componentConfig": {}, "managedPrometheusConfig": {"enabled": False}}},
        {"desiredMasterAuthorizedNetworksConfig": {"enabled": True, "cidrBlocks": [{"cidrBlock": "10.0.0.0/8", "displayName": "in"}]}},
        {"desiredControlPlaneEndpointsConfig": {"ipEndpointsConfig": {"enablePublicEndpoint": False, "globalAccess": True}}},
        {"desiredBinaryAuthorization": {"evaluationMode": "PROJECT_SINGLETON_POLICY_ENFORCE"}},
        {"desiredVerticalPodAutoscaling": {"enabled": True}},
        {"desiredIntraNodeVisibilityConfig": {"enabled": True}},
        {"desiredDnsConfig": {"clusterDns": "CLOUD_DNS", "clusterDnsScope": "CLUSTER_SCOPE"}},
        {"desiredGatewayApiConfig": {"channel": "CHANNEL_STANDARD"}},
        {"desiredShieldedNodes": {"enabled": False}},
        {"desiredDatabaseEncryption": {"state": "ENCRYPTED", "keyName": "k"}},
        {"desiredClusterAutoscaling": {"enableNodeAutoprovisioning": True,
                                       "resourceLimits": [{"resourceType": "cpu", "minimum": "1", "maximum": "8"}]}},
        {"desiredNodePoolAutoConfigNetworkTags": {"tags": ["t"]}},
        {"desiredSecurityPostureConfig": {"mode": "BASIC", "vulnerabilityMode": "VULNERABILITY_DISABLED"}},
        {"desiredCostManagementConfig": {"enabled": True}},
        {"desiredDefaultEnablePrivateNodes": False},
        {"desiredNotificationConfig": {"pubsub": {"enabled": True, "topic": "t"}}},
    ):
        finished(call("PUT", f"{K}/clusters/one", {"update": update}))
    call("PUT", f"{K}/clusters/one", {"update": {}}, 400)
    one = call("GET", f"{K}/clusters/one")
    assert one["currentMasterVersion"].startswith("1.34") and one["loggingConfig"]["componentConfig"]["enableComponents"] == ["SYSTEM_COMPONENTS"]
    assert one["endpoint"] == "172.16.0.2" and one["privateClusterConfig"]["enablePrivateEndpoint"], one["privateClusterConfig"]
    finished(call("POST", f"{K}/clusters/one:setResourceLabels", {"resourceLabels": {"c": "d"}, "labelFingerprint": one["labelFingerprint"]}))
    call("POST", f"{K}/clusters/one:setResourceLabels", {"resourceLabels": {}, "labelFingerprint": "stale"}, 400)
    finished(call("POST", f"{K}/clusters/one:setLegacyAbac", {"enabled": True}))
    finished(call("POST", f"{K}/clusters/one:setNetworkPolicy", {"networkPolicy": {"enabled": True, "provider": "CALICO"}}))
    finished(call("POST", f"{K}/clusters/one:setMasterAuth", {"action": "SET_USERNAME", "update": {"clientCertificateConfig": {}}}))
    finished(call("POST", f"{K}/clusters/one:setMaintenancePolicy", {"maintenancePolicy": {
        "window": {"dailyMaintenanceWindow": {"startTime": "03:00"}}, "resourceVersion": one["maintenancePolicy"]["resourceVersion"]}}))
    finished(call("POST", f"{K}/clusters/one:setLogging", {"loggingService": "none"}))
    pools = f"{K}/clusters/one/nodePools"
    finished(call("POST", pools, {"nodePool": {"name": "extra", "initialNodeCount": 1, "autoscaling": {"enabled": True, "maxNodeCount": 3},
                  "config": {"machineType": "n2-standard-4", "spot": True, "taints": [{"key": "k", "value": "v", "effect": "NO_SCHEDULE"}]}}}))
    call("POST", pools, {"nodePool": {"name": "extra"}}, 409)
    call("GET", pools)
    finished(call("PUT", f"{pools}/extra", {"labels": {"labels": {"l": "m"}}, "tags": {"tags": ["t"]}}))
    finished(call("PUT", f"{pools}/extra", {"workloadMetadataConfig": {"mode": "GKE_METADATA"}}))
    finished(call("PUT", f"{pools}/extra", {"upgradeSettings": {"maxSurge": 2, "maxUnavailable": 1}}))
    finished(call("POST", f"{pools}/extra:setSize", {"nodeCount": 2}))
    finished(call("POST", f"{pools}/extra:setAutoscaling", {"autoscaling": {}}))
    finished(call("POST", f"{pools}/extra:setManagement", {"management": {"autoRepair": True, "autoUpgrade": True}}))
    call("POST", f"{pools}/extra:setManagement", {"management": {"autoRepair": True}}, 400)
    finished(call("DELETE", f"{pools}/default-pool"))
    pool = call("GET", f"{pools}/extra")
    group = urllib.parse.urlparse(pool["instanceGroupUrls"][0]).path
    assert call("GET", group)["targetSize"] == 2
    call("GET", group.rsplit("/", 1)[0])
    call("GET", f"{C}/aggregated/instanceGroupManagers")
    call("GET", group.replace("Managers", "s"))
    call("GET", f"{pools}/default-pool", status=404)
    call("GET", f"/{version}/projects/{P}/locations/-/clusters")
    call("GET", f"{K}/operations")
    call("POST", f"{K}/clusters", {"cluster": {**cluster, "name": "two"}}, 400)
    finished(call("DELETE", f"{K}/clusters/one"))
    call("GET", f"{K}/clusters/one", status=404)
call("GET", f"/v1/projects/{P}/zones/us-central1-a/serverconfig")
zonal = f"/v1/projects/{P}/zones/us-central1-a"
call("POST", f"{zonal}/clusters", {"cluster": {"name": "zonal", "initialNodeCount": 1, "ipAllocationPolicy": {
    "useIpAliases": True, "clusterIpv4CidrBlock": "/20", "servicesIpv4CidrBlock": "/24"}}})
call("POST", f"{zonal}/clusters/zonal/resourceLabels", {"resourceLabels": {"a": "b"},
     "labelFingerprint": call("GET", f"{zonal}/clusters/zonal")["labelFingerprint"]})
call("POST", f"{zonal}/clusters/zonal/nodePools/default-pool/setSize", {"nodeCount": 4})
assert call("GET", f"{zonal}/clusters/zonal")["currentNodeCount"] == 4
names = {r["rangeName"] for r in call("GET", f"{R}/subnetworks/default")["secondaryIpRanges"]}
assert len(names) == 2 and all(name.startswith("gke-zonal-") for name in names), names
call("DELETE", f"{zonal}/clusters/zonal")
assert "secondaryIpRanges" not in call("GET", f"{R}/subnetworks/default")

# Away with all.
call("DELETE", f"{I}/{email}")
call("POST", f"{I}/{account['uniqueId']}:undelete", {})
call("DELETE", f"{I}/{email}")
assert any("deleted:" in m for b in call("POST", f"/v1/projects/{P}:getIamPolicy", {})["bindings"] for m in b["members"])
done(call("DELETE", f"{C}/global/firewalls/web"))
done(call("DELETE", f"{R}/routers/edge"))
for name in ("nat", "spare", "inside", "once"):
    done(call("DELETE", f"{R}/addresses/{name}"))
for name in ("front", "peered"):
    done(call("DELETE", f"{C}/global/addresses/{name}"))
for name in ("nodes", "proxies"):
    done(call("DELETE", f"{R}/subnetworks/{name}"))
done(call("DELETE", f"{C}/global/networks/one"))
call("GET", f"{C}/global/networks/one", status=404)
