//! Address arithmetic.

mod prefix;

use crate::define::{Answer, bad, failed, function, number, param, text, whole};
use cty::{Type, Value};
use hcl::{ArgumentError, Function};
use num_bigint::BigInt;
use prefix::Prefix;

/// The functions of this family, by name.
pub(crate) fn functions() -> Vec<(&'static str, Function)> {
    vec![
        ("cidrhost", cidrhost()),
        ("cidrnetmask", cidrnetmask()),
        ("cidrsubnet", cidrsubnet()),
        ("cidrsubnets", cidrsubnets()),
    ]
}

fn prefix(args: &[Value]) -> Result<Prefix, ArgumentError> {
    let s = text(args, 0)?;
    Prefix::parse(s).ok_or_else(|| {
        failed(format!(
            "{s:?} is not an address range in CIDR notation, such as \"10.0.0.0/16\""
        ))
    })
}

fn integer(args: &[Value], index: usize) -> Result<BigInt, ArgumentError> {
    number(args, index)?
        .to_bigint()
        .ok_or_else(|| failed("a whole number is needed here"))
}

fn cidrhost() -> Function {
    function([
        param("prefix", Type::String),
        param("hostnum", Type::Number),
    ])
    .returns(Type::String)
    .call(|args| {
        let (prefix, host) = (prefix(args)?, integer(args, 1)?);
        // Negative numbers count from the end.
        let size = BigInt::from(1) << prefix.host_bits();
        let at = if host.sign() == num_bigint::Sign::Minus {
            &size + &host
        } else {
            host.clone()
        };
        let address = (at.sign() != num_bigint::Sign::Minus && at < size)
            .then(|| u128::try_from(&at).ok().map(|at| prefix.address(at)))
            .flatten();
        address.map(Value::string).ok_or_else(|| {
            failed(format!(
                "a prefix of {} bits has no host number {host}",
                prefix.length
            ))
        })
    })
}

fn cidrnetmask() -> Function {
    function([param("prefix", Type::String)])
        .returns(Type::String)
        .call(|args| -> Answer {
            let prefix = prefix(args)?;
            if prefix.bits != 32 {
                return Err(failed("only IPv4 ranges have a netmask"));
            }
            Ok(Value::string(prefix.netmask()))
        })
}

fn cidrsubnet() -> Function {
    let params = [
        param("prefix", Type::String),
        param("newbits", Type::Number),
        param("netnum", Type::Number),
    ];
    function(params).returns(Type::String).call(|args| {
        let (prefix, more, net) = (prefix(args)?, whole(args, 1)?, integer(args, 2)?);
        let more = u32::try_from(more).map_err(|_| failed("the prefix must not become shorter"))?;
        let length = prefix
            .length
            .checked_add(more)
            .filter(|l| *l <= prefix.bits)
            .ok_or_else(|| {
                failed(format!(
                    "a prefix of {} bits has no room for {more} more",
                    prefix.length
                ))
            })?;
        let fits = net.sign() != num_bigint::Sign::Minus && net.bits() <= u64::from(more);
        let subnet = fits
            .then(|| {
                u128::try_from(&net)
                    .ok()
                    .map(|net| prefix.subnet(length, net))
            })
            .flatten();
        subnet.map(|s| Value::string(s.to_string())).ok_or_else(|| {
            failed(format!(
                "{more} more bits are too few for a subnet number {net}"
            ))
        })
    })
}

fn cidrsubnets() -> Function {
    function([param("prefix", Type::String)])
        .variadic(param("newbits", Type::Number))
        .returns(Type::list(Type::String))
        .call(|args| -> Answer {
            let prefix = prefix(args).map_err(|e| ArgumentError { index: Some(0), ..e })?;
            let mut subnets = Vec::with_capacity(args.len() - 1);
            // Where the next subnet can begin; none at the end of the whole address space.
            let mut free = Some(prefix.base);
            for i in 1..args.len() {
                let more = number(args, i)?.to_i64().ok_or_else(|| bad(i, "must be a whole number"))?;
                if more < 1 {
                    return Err(bad(i, "must extend the prefix by at least one bit"));
                }
                if more > 32 {
                    return Err(bad(i, "must not extend the prefix by more than 32 bits"));
                }
                let length = prefix.length + more as u32;
                if length > prefix.bits {
                    return Err(bad(i, format!("would make the prefix longer than {} bits", prefix.bits)));
                }
                let subnet = free.and_then(|free| prefix.next_subnet(free, length)).ok_or_else(|| {
                    bad(i, format!("is too little: there is no room left for a subnet with a prefix of {length} bits"))
                })?;
                free = subnet.last().checked_add(1);
                subnets.push(Value::string(subnet.to_string()));
            }
            Ok(Value::list(Type::String, subnets))
        })
}
