//! The arguments of provisioners and connections.

use crate::{Attribute, AttributeType, Block};
use cty::Type;
use std::sync::LazyLock;

/// The arguments of a provisioner; `None`: there is no such provisioner.
pub fn provisioner(kind: &str) -> Option<&'static Block> {
    match kind {
        "local-exec" => Some(&LOCAL_EXEC),
        "remote-exec" => Some(&REMOTE_EXEC),
        "file" => Some(&FILE),
        _ => None,
    }
}

/// The arguments of a `connection` block.
pub fn connection() -> &'static Block {
    &CONNECTION
}

fn block(attributes: &[(&str, Type, bool)]) -> Block {
    let attributes = attributes.iter().map(|(name, ty, required)| {
        let attribute = Attribute {
            ty: AttributeType::Plain(ty.clone()),
            required: *required,
            optional: !*required,
            ..Attribute::default()
        };
        ((*name).into(), attribute)
    });
    Block::new(attributes, [])
}

static LOCAL_EXEC: LazyLock<Block> = LazyLock::new(|| {
    block(&[
        ("command", Type::String, true),
        ("interpreter", Type::list(Type::String), false),
        ("working_dir", Type::String, false),
        ("environment", Type::map(Type::String), false),
        ("quiet", Type::Bool, false),
    ])
});

static REMOTE_EXEC: LazyLock<Block> = LazyLock::new(|| {
    block(&[
        ("inline", Type::list(Type::String), false),
        ("script", Type::String, false),
        ("scripts", Type::list(Type::String), false),
    ])
});

static FILE: LazyLock<Block> = LazyLock::new(|| {
    block(&[
        ("source", Type::String, false),
        ("content", Type::String, false),
        ("destination", Type::String, true),
    ])
});

static CONNECTION: LazyLock<Block> = LazyLock::new(|| {
    let text = [
        "type",
        "user",
        "password",
        "timeout",
        "script_path",
        "target_platform",
        "private_key",
        "certificate",
        "host_key",
        "agent_identity",
        "proxy_scheme",
        "proxy_host",
        "proxy_user_name",
        "proxy_user_password",
        "bastion_host",
        "bastion_host_key",
        "bastion_user",
        "bastion_password",
        "bastion_private_key",
        "bastion_certificate",
        "cacert",
    ];
    let numbers = ["port", "proxy_port", "bastion_port"];
    let flags = ["agent", "https", "insecure", "use_ntlm"];
    let text = text.map(|name| (name, Type::String, false));
    let numbers = numbers.map(|name| (name, Type::Number, false));
    let flags = flags.map(|name| (name, Type::Bool, false));
    let mut all: Vec<(&str, Type, bool)> = text.into_iter().chain(numbers).chain(flags).collect();
    // Required, but it may stand in the resource's connection or in the provisioner's.
    all.push(("host", Type::String, false));
    block(&all)
});
