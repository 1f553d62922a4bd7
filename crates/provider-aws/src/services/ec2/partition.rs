//! `data.aws_partition`: the part of AWS that the region belongs to.

use crate::Aws;
use sdk::{Attr, Cx, DataSource, Error, Model};

/// Reads the partition.
#[derive(Model, Clone, Debug)]
#[model(type_name = "aws_partition")]
pub(crate) struct Partition {
    /// What host names end with.
    #[attr(computed)]
    dns_suffix: Attr<String>,
    /// The name.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The name, as it stands in ARNs.
    #[attr(computed)]
    partition: Attr<String>,
    /// What names of services begin with.
    #[attr(computed)]
    reverse_dns_prefix: Attr<String>,
}

impl DataSource for Partition {
    type Cloud = Aws;

    async fn read(self, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let partition = cx.partition();
        Ok(Self {
            dns_suffix: partition.dns_suffix.into(),
            id: partition.id.into(),
            partition: partition.id.into(),
            reverse_dns_prefix: partition.reverse_dns_prefix.into(),
        })
    }
}
