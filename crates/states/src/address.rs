//! Reading addresses as state files and journals hold them.

pub(crate) use addrs::{
    parse_config_resource, parse_module_instance, parse_provider_config, parse_resource_instance,
    split_module,
};
