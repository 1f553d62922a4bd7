//! The generated messages. Whatever is the same in both versions of the protocol is a type of
//! [`tfplugin6`].

#![allow(missing_docs, unreachable_pub, dead_code, clippy::all)]

pub(crate) mod tfplugin6 {
    tonic::include_proto!("tfplugin6");
}

pub(crate) mod tfplugin5 {
    tonic::include_proto!("tfplugin5");
}

pub(crate) mod plugin {
    tonic::include_proto!("plugin");
}

pub(crate) mod groma {
    pub(crate) mod cache {
        tonic::include_proto!("groma.cache");
    }
}
