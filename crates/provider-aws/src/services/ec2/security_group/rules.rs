//! The rules in a security group's arguments.
//!
//! An argument's rule can name many sources; EC2 keeps each for itself. Both are compared as atoms: one protocol, one range of
//! ports, one source. What is stored groups the atoms as the arguments did.

use super::super::protocol;
use aws_sdk_ec2::types::{
    IpPermission, IpRange, Ipv6Range, PrefixListId, SecurityGroup, UserIdGroupPair,
};
use sdk::{Attr, Model};
use std::collections::{BTreeMap, BTreeSet};

/// A rule of an argument.
#[derive(Model, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rule {
    /// IPv4 addresses of the other side.
    #[attr(optional)]
    cidr_blocks: Attr<Vec<String>>,
    /// What it is for.
    #[attr(optional)]
    description: Attr<String>,
    /// The first port, or the type of ICMP.
    #[attr(optional)]
    from_port: Attr<i64>,
    /// IPv6 addresses of the other side.
    #[attr(optional)]
    ipv6_cidr_blocks: Attr<Vec<String>>,
    /// Lists of blocks of the other side.
    #[attr(optional)]
    prefix_list_ids: Attr<Vec<String>>,
    /// The protocol, by name or number; -1 for all.
    #[attr(optional)]
    protocol: Attr<String>,
    /// Security groups of the other side.
    #[attr(optional)]
    security_groups: Attr<BTreeSet<String>>,
    /// Whether the group itself is on the other side.
    #[attr(name = "self", optional)]
    itself: Attr<bool>,
    /// The last port, or the code of ICMP.
    #[attr(optional)]
    to_port: Attr<i64>,
}

/// The other side of an atom.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    Ipv4(String),
    Ipv6(String),
    List(String),
    Group(String),
}

/// What may pass: protocol, ports.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Traffic {
    protocol: String,
    from: i32,
    to: i32,
}

/// One protocol, one range of ports, one source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Atom {
    traffic: Traffic,
    description: String,
    source: Source,
}

impl Traffic {
    fn new(name: &str, from: i64, to: i64) -> Self {
        let protocol = protocol(name);
        // All protocols have all ports.
        let all = protocol == "-1";
        let port = |port: i64| {
            if all {
                0
            } else {
                i32::try_from(port).unwrap_or(0)
            }
        };
        Self {
            from: port(from),
            to: port(to),
            protocol,
        }
    }
}

impl Rule {
    /// With what is stored for what is not given.
    pub(super) fn filled(self) -> Self {
        fn fill<T: Default>(attribute: Attr<T>) -> Attr<T> {
            if attribute.is_null() {
                T::default().into()
            } else {
                attribute
            }
        }
        Self {
            cidr_blocks: fill(self.cidr_blocks),
            description: fill(self.description),
            from_port: fill(self.from_port),
            ipv6_cidr_blocks: fill(self.ipv6_cidr_blocks),
            prefix_list_ids: fill(self.prefix_list_ids),
            protocol: self.protocol.map(|text| protocol(&text)),
            security_groups: fill(self.security_groups),
            itself: fill(self.itself),
            to_port: fill(self.to_port),
        }
    }

    fn traffic(&self) -> Traffic {
        Traffic::new(
            self.protocol.as_str(),
            self.from_port.or_default(),
            self.to_port.or_default(),
        )
    }

    fn atoms(&self, group: &str) -> BTreeSet<Atom> {
        let v4 = self.cidr_blocks.or_default().into_iter().map(Source::Ipv4);
        let v6 = self
            .ipv6_cidr_blocks
            .or_default()
            .into_iter()
            .map(Source::Ipv6);
        let lists = self
            .prefix_list_ids
            .or_default()
            .into_iter()
            .map(Source::List);
        let groups = self
            .security_groups
            .or_default()
            .into_iter()
            .map(Source::Group);
        let itself = self
            .itself
            .is_true()
            .then(|| Source::Group(group.to_owned()));
        let sources = v4.chain(v6).chain(lists).chain(groups).chain(itself);
        sources
            .map(|source| Atom {
                traffic: self.traffic(),
                description: self.description.or_default(),
                source,
            })
            .collect()
    }

    /// A rule of these sources, in their order.
    fn of(traffic: &Traffic, description: &str, sources: Vec<Source>, group: &str) -> Self {
        let (mut v4, mut v6, mut lists) = (Vec::new(), Vec::new(), Vec::new());
        let (mut groups, mut itself) = (BTreeSet::new(), false);
        for source in sources {
            match source {
                Source::Ipv4(block) => v4.push(block),
                Source::Ipv6(block) => v6.push(block),
                Source::List(list) => lists.push(list),
                Source::Group(id) if id == group => itself = true,
                Source::Group(id) => drop(groups.insert(id)),
            }
        }
        Self {
            cidr_blocks: v4.into(),
            description: description.into(),
            from_port: i64::from(traffic.from).into(),
            ipv6_cidr_blocks: v6.into(),
            prefix_list_ids: lists.into(),
            protocol: traffic.protocol.as_str().into(),
            security_groups: groups.into(),
            itself: itself.into(),
            to_port: i64::from(traffic.to).into(),
        }
    }
}

/// Whether two sets of rules say the same in the same way.
pub(super) fn same(a: &BTreeSet<Rule>, b: &BTreeSet<Rule>) -> bool {
    let all = |rules: &BTreeSet<Rule>| -> BTreeSet<Rule> {
        let rules = rules.iter().cloned().map(Rule::filled);
        rules
            .map(|rule| {
                // The order of a list of sources says nothing.
                let sorted = |list: &Attr<Vec<String>>| {
                    let mut list = list.or_default();
                    list.sort();
                    Attr::from(list)
                };
                let traffic = rule.traffic();
                Rule {
                    cidr_blocks: sorted(&rule.cidr_blocks),
                    ipv6_cidr_blocks: sorted(&rule.ipv6_cidr_blocks),
                    prefix_list_ids: sorted(&rule.prefix_list_ids),
                    from_port: i64::from(traffic.from).into(),
                    to_port: i64::from(traffic.to).into(),
                    ..rule
                }
            })
            .collect()
    };
    all(a) == all(b)
}

/// The atoms of rules of a group.
pub(super) fn atoms(rules: &BTreeSet<Rule>, group: &str) -> BTreeSet<Atom> {
    rules.iter().flat_map(|rule| rule.atoms(group)).collect()
}

/// The atoms of what EC2 lists, in its order.
fn listed(permissions: &[IpPermission], group: &SecurityGroup) -> Vec<Atom> {
    let mut atoms = Vec::new();
    for permission in permissions {
        let port = |port: Option<i32>| i64::from(port.unwrap_or(0));
        let name = permission.ip_protocol().unwrap_or_default();
        let traffic = Traffic::new(name, port(permission.from_port), port(permission.to_port));
        let mut push = |source: Option<Source>, description: Option<&str>| {
            if let Some(source) = source {
                atoms.push(Atom {
                    traffic: traffic.clone(),
                    description: description.unwrap_or_default().to_owned(),
                    source,
                });
            }
        };
        for range in permission.ip_ranges() {
            push(range.cidr_ip.clone().map(Source::Ipv4), range.description());
        }
        for range in permission.ipv6_ranges() {
            push(
                range.cidr_ipv6.clone().map(Source::Ipv6),
                range.description(),
            );
        }
        for list in permission.prefix_list_ids() {
            push(
                list.prefix_list_id.clone().map(Source::List),
                list.description(),
            );
        }
        for pair in permission.user_id_group_pairs() {
            // Groups of other accounts are named with the account.
            let other = pair.user_id().filter(|user| {
                !user.is_empty() && group.owner_id().is_some_and(|owner| owner != *user)
            });
            let name = pair.group_id().or(pair.group_name()).map(|id| match other {
                Some(user) => format!("{user}/{id}"),
                None => id.to_owned(),
            });
            push(name.map(Source::Group), pair.description());
        }
    }
    atoms
}

/// The atoms of what EC2 lists.
pub(super) fn atoms_of(permissions: &[IpPermission], group: &SecurityGroup) -> BTreeSet<Atom> {
    listed(permissions, group).into_iter().collect()
}

/// What calls have for atoms: one entry per protocol and ports.
pub(super) fn permissions(atoms: &[Atom], _group: &str) -> Vec<IpPermission> {
    let mut by_traffic: BTreeMap<&Traffic, Vec<&Atom>> = BTreeMap::new();
    for atom in atoms {
        by_traffic.entry(&atom.traffic).or_default().push(atom);
    }
    let one = |(traffic, atoms): (&Traffic, Vec<&Atom>)| {
        let all = traffic.protocol == "-1";
        let mut permission = IpPermission::builder()
            .ip_protocol(&traffic.protocol)
            .set_from_port((!all).then_some(traffic.from))
            .set_to_port((!all).then_some(traffic.to));
        for atom in atoms {
            let text = Some(atom.description.clone()).filter(|text| !text.is_empty());
            permission = match &atom.source {
                Source::Ipv4(block) => permission.ip_ranges(
                    IpRange::builder()
                        .cidr_ip(block)
                        .set_description(text)
                        .build(),
                ),
                Source::Ipv6(block) => permission.ipv6_ranges(
                    Ipv6Range::builder()
                        .cidr_ipv6(block)
                        .set_description(text)
                        .build(),
                ),
                Source::List(list) => permission.prefix_list_ids(
                    PrefixListId::builder()
                        .prefix_list_id(list)
                        .set_description(text)
                        .build(),
                ),
                Source::Group(id) => {
                    let (user, id) = match id.split_once('/') {
                        Some((user, id)) => (Some(user.to_owned()), id),
                        None => (None, id.as_str()),
                    };
                    let pair = UserIdGroupPair::builder()
                        .group_id(id)
                        .set_user_id(user)
                        .set_description(text);
                    permission.user_id_group_pairs(pair.build())
                }
            };
        }
        permission.build()
    };
    by_traffic.into_iter().map(one).collect()
}

/// Of these rules what refers to a group.
pub(super) fn referring(all: &[IpPermission], group: &str) -> Vec<IpPermission> {
    let refers = |pair: &&UserIdGroupPair| pair.group_id() == Some(group);
    let all = all
        .iter()
        .filter(|rule| rule.user_id_group_pairs().iter().any(|pair| refers(&pair)));
    all.map(|rule| {
        IpPermission::builder()
            .set_ip_protocol(rule.ip_protocol.clone())
            .set_from_port(rule.from_port)
            .set_to_port(rule.to_port)
            .set_user_id_group_pairs(Some(
                rule.user_id_group_pairs()
                    .iter()
                    .filter(refers)
                    .cloned()
                    .collect(),
            ))
            .build()
    })
    .collect()
}

/// What to store: the rules as they were grouped before where all of a rule is still there, then the rest.
pub(super) fn stored(
    before: &Attr<BTreeSet<Rule>>,
    permissions: &[IpPermission],
    group: &SecurityGroup,
) -> BTreeSet<Rule> {
    let id = group.group_id().unwrap_or_default();
    let mut rest = listed(permissions, group);
    let there: BTreeSet<Atom> = rest.iter().cloned().collect();
    let mut rules = BTreeSet::new();
    for rule in before.or_default() {
        let rule = rule.filled();
        let atoms = rule.atoms(id);
        if !atoms.is_empty() && atoms.is_subset(&there) {
            rest.retain(|atom| !atoms.contains(atom));
            rules.insert(rule);
        }
    }
    let mut groups: Vec<(Traffic, String, Vec<Source>)> = Vec::new();
    for atom in rest {
        let same = groups
            .iter_mut()
            .find(|g| g.0 == atom.traffic && g.1 == atom.description);
        match same {
            Some(group) => group.2.push(atom.source),
            None => groups.push((atom.traffic, atom.description, vec![atom.source])),
        }
    }
    let new = groups
        .into_iter()
        .map(|(traffic, text, sources)| Rule::of(&traffic, &text, sources, id));
    rules.extend(new);
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group() -> SecurityGroup {
        SecurityGroup::builder()
            .group_id("sg-1")
            .owner_id("1")
            .build()
    }

    fn tcp(port: i32, blocks: &[&str]) -> IpPermission {
        let ranges = blocks
            .iter()
            .map(|block| IpRange::builder().cidr_ip(*block).build());
        let rule = IpPermission::builder()
            .ip_protocol("tcp")
            .from_port(port)
            .to_port(port);
        rule.set_ip_ranges(Some(ranges.collect())).build()
    }

    fn rule(port: i64, blocks: &[&str]) -> Rule {
        Rule {
            cidr_blocks: blocks
                .iter()
                .map(|b| (*b).to_owned())
                .collect::<Vec<_>>()
                .into(),
            from_port: port.into(),
            to_port: port.into(),
            protocol: "TCP".into(),
            ..Rule::empty()
        }
    }

    fn text(rules: &BTreeSet<Rule>) -> Vec<String> {
        let one = |r: &Rule| {
            format!(
                "{} {}",
                r.from_port.or_default(),
                r.cidr_blocks.or_default().join(",")
            )
        };
        rules.iter().map(one).collect()
    }

    #[test]
    fn rules_stay_as_they_were_written() {
        let there = [tcp(80, &["10.0.0.0/8", "11.0.0.0/8", "12.0.0.0/8"])];
        let before = BTreeSet::from([
            rule(80, &["11.0.0.0/8"]),
            rule(80, &["12.0.0.0/8", "10.0.0.0/8"]),
        ]);
        let kept = stored(&before.into(), &there, &group());
        assert_eq!(text(&kept), ["80 11.0.0.0/8", "80 12.0.0.0/8,10.0.0.0/8"]);
        // Of a rule that lost a source, what is left is new.
        let before = BTreeSet::from([rule(80, &["11.0.0.0/8", "13.0.0.0/8"])]);
        let kept = stored(&before.into(), &there, &group());
        assert_eq!(text(&kept), ["80 10.0.0.0/8,11.0.0.0/8,12.0.0.0/8"]);
    }

    #[test]
    fn what_is_not_given_is_the_same_as_nothing() {
        let given = BTreeSet::from([rule(80, &["10.0.0.0/8"])]);
        let filled = given.iter().cloned().map(Rule::filled).collect();
        assert!(same(&given, &filled));
        assert!(!same(&given, &BTreeSet::from([rule(81, &["10.0.0.0/8"])])));
    }

    #[test]
    fn all_protocols_have_all_ports() {
        let all = IpPermission::builder()
            .ip_protocol("-1")
            .ip_ranges(IpRange::builder().cidr_ip("0.0.0.0/0").build());
        let rule = Rule {
            protocol: "all".into(),
            ..rule(0, &["0.0.0.0/0"])
        };
        let atoms = atoms(&BTreeSet::from([rule]), "sg-1");
        assert_eq!(atoms, atoms_of(&[all.build()], &group()));
    }

    #[test]
    fn a_group_names_itself_and_those_of_others() {
        let pair = |user: &str, id: &str| {
            UserIdGroupPair::builder()
                .user_id(user)
                .group_id(id)
                .build()
        };
        let there = IpPermission::builder()
            .ip_protocol("-1")
            .user_id_group_pairs(pair("1", "sg-1"))
            .user_id_group_pairs(pair("2", "sg-2"))
            .build();
        let kept = stored(&Attr::Null, &[there], &group());
        let rule = kept.iter().next().unwrap();
        assert!(rule.itself.is_true());
        assert_eq!(
            rule.security_groups,
            Attr::Known(BTreeSet::from(["2/sg-2".to_owned()]))
        );
    }
}
