//! The host against the real hashicorp/aws provider and a fake cloud. Skipped where they are not
//! installed.

use cty::Value;
use diags::Diagnostics;
use groma_plugin::{Host, HostOptions};
use providers::{
    ApplyRequest, ConfigureRequest, PlanRequest, Provider, ReadDataRequest, ReadRequest,
    UpgradeRequest, ValidateRequest,
};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The provider's program, wherever a mirror or cache keeps it.
fn program() -> Option<PathBuf> {
    let versions = Path::new("/opt/tf-plugins/registry.terraform.io/hashicorp/aws");
    let version = std::fs::read_dir(versions)
        .ok()?
        .filter_map(Result::ok)
        .find(|v| v.path().is_dir())?;
    let files = std::fs::read_dir(version.path().join("linux_amd64")).ok()?;
    let mut names = files.filter_map(Result::ok).map(|f| f.path());
    names.find(|p| {
        p.file_name()
            .is_some_and(|n| n.to_string_lossy().starts_with("terraform-provider-aws"))
    })
}

/// A cloud on loopback that ends with the test.
struct Moto {
    child: Child,
    address: SocketAddr,
}

impl Moto {
    fn start() -> Option<Self> {
        let address = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?;
        let child = Command::new("moto_server")
            .args(["-H", "127.0.0.1", "-p", &address.port().to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let moto = Self { child, address };
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(60) {
            if TcpStream::connect(address).is_ok() {
                return Some(moto);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        None
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn quiet(diagnostics: &Diagnostics) {
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
}

/// An object of a block's type with these attributes; the others are null or empty.
fn object(block: &schema::Block, given: &[(&str, Value)]) -> Value {
    let attributes = block
        .attributes
        .iter()
        .map(|(name, a)| (name, Value::null(a.implied_type())));
    let blocks = block.block_types.iter().map(|(name, b)| {
        let ty = b.implied_type();
        let empty = match &ty {
            cty::Type::List(_) => Value::list_of(ty.clone(), Vec::new()),
            cty::Type::Set(_) => Value::set_of(ty.clone(), Vec::new()),
            _ => Value::null(ty.clone()),
        };
        (name, empty)
    });
    let all = attributes.chain(blocks).map(|(name, default)| {
        let value = given
            .iter()
            .find(|(n, _)| *n == &**name)
            .map(|(_, v)| v.clone());
        (name.clone(), value.unwrap_or(default))
    });
    Value::object(all)
}

/// All types, decoded one by one from the cache, are those that the provider told.
fn assert_same_schemas(told: &providers::ProviderSchema, cached: &providers::ProviderSchema) {
    for mode in [
        addrs::Mode::Managed,
        addrs::Mode::Data,
        addrs::Mode::Ephemeral,
    ] {
        let (told, cached) = (told.of_mode(mode), cached.of_mode(mode));
        assert_eq!(told.len(), cached.len());
        for ((name, a), (other, b)) in told.iter().zip(cached.iter()) {
            assert!(name == other && a.version == b.version, "{name}");
            assert_eq!(a.block.implied_type(), b.block.implied_type(), "{name}");
        }
    }
}

fn configuration(block: &schema::Block, endpoint: SocketAddr) -> Value {
    let cty::Type::Set(endpoints) = block.block_types["endpoints"].implied_type() else {
        panic!("no set")
    };
    let url = Value::string(format!("http://{endpoint}"));
    let nested = &block.block_types["endpoints"].block;
    let endpoints_value = Value::set(
        (*endpoints).clone(),
        vec![object(nested, &[("ec2", url.clone()), ("sts", url)])],
    );
    object(
        block,
        &[
            ("region", Value::string("eu-central-1")),
            ("access_key", Value::string("test")),
            ("secret_key", Value::string("test")),
            ("skip_credentials_validation", Value::bool(true)),
            ("skip_metadata_api_check", Value::string("true")),
            ("skip_region_validation", Value::bool(true)),
            ("skip_requesting_account_id", Value::bool(true)),
            ("endpoints", endpoints_value),
        ],
    )
}

#[allow(
    clippy::print_stderr,
    reason = "says why it is skipped, and how long things took"
)]
pub(crate) async fn lifecycle_of_a_vpc() {
    let Some(program) = program() else {
        return eprintln!("SKIP: no terraform-provider-aws");
    };
    let Some(moto) = Moto::start() else {
        return eprintln!("SKIP: no moto_server");
    };
    let source = addrs::Provider::new("registry.terraform.io", "hashicorp", "aws");
    let dir = tempfile::tempdir().expect("directory");
    let options = HostOptions {
        cache_dir: Some(dir.path().to_owned()),
        ..HostOptions::default()
    };
    let host = Host::new(options.clone());

    let begun = Instant::now();
    let first = host.provider(&source, &program);
    let schema = first.schema().await.expect("schema");
    eprintln!("launch and schema: {:?}", begun.elapsed());
    assert!(schema.schema_optional && schema.plan_destroy && schema.move_state);
    let begun = Instant::now();
    first.close().await;
    eprintln!("close: {:?}", begun.elapsed());

    let config = configuration(&schema.provider.block, moto.address);
    let kind: std::sync::Arc<str> = "aws_vpc".into();
    let vpc = schema
        .get(addrs::Mode::Managed, &kind)
        .expect("aws_vpc")
        .clone();
    let nothing = Value::null(vpc.block.implied_type());
    let meta = Value::null(cty::Type::Dynamic);

    // In another run, the schema is there without a process.
    let host = Host::new(options.clone());
    let begun = Instant::now();
    let asleep = host.provider(&source, &program);
    let schema = asleep.schema().await.expect("schema");
    assert!(schema.get(addrs::Mode::Managed, &kind).is_some() && !asleep.is_started());
    eprintln!("schema from the cache: {:?}", begun.elapsed());
    assert_same_schemas(&first.schema().await.expect("schema"), &schema);

    // A new process, which is never asked for its schema.
    let begun = Instant::now();
    let aws = host.provider(&source, &program);
    let request = ConfigureRequest {
        config,
        terraform_version: "1.11.4".into(),
    };
    quiet(&aws.configure(request).await);
    let wanted = object(&vpc.block, &[("cidr_block", Value::string("10.0.0.0/16"))]);
    let gone = object(
        &vpc.block,
        &[
            ("id", Value::string("vpc-12345678")),
            ("cidr_block", Value::string("10.0.0.0/16")),
        ],
    );
    let request = ReadRequest {
        kind: kind.clone(),
        state: gone,
        private: [].into(),
        provider_meta: meta.clone(),
    };
    let read = aws.read(request).await;
    quiet(&read.diagnostics);
    assert!(read.state.is_null());
    eprintln!("launch, configure and first read: {:?}", begun.elapsed());

    quiet(
        &aws.validate(
            addrs::Mode::Managed,
            ValidateRequest {
                kind: kind.clone(),
                config: wanted.clone(),
            },
        )
        .await,
    );
    // What passed needs no process the next time; something else does.
    let again = Host::new(options);
    let asleep = again.provider(&source, &program);
    quiet(
        &asleep
            .validate(
                addrs::Mode::Managed,
                ValidateRequest {
                    kind: kind.clone(),
                    config: wanted.clone(),
                },
            )
            .await,
    );
    assert!(!asleep.is_started());
    let wrong = object(&vpc.block, &[("cidr_block", Value::string("10.0.0.0/33"))]);
    let found = asleep
        .validate(
            addrs::Mode::Managed,
            ValidateRequest {
                kind: kind.clone(),
                config: wrong,
            },
        )
        .await;
    assert!(found.has_errors() && asleep.is_started());
    let attribute = &found.iter().next().expect("a diagnostic").attribute;
    assert_eq!(
        attribute,
        &[diags::AttributeStep::Name("cidr_block".to_owned())]
    );
    asleep.close().await;

    let plan = aws
        .plan(PlanRequest {
            kind: kind.clone(),
            prior: nothing.clone(),
            proposed: wanted.clone(),
            config: wanted.clone(),
            prior_private: [].into(),
            provider_meta: meta.clone(),
        })
        .await;
    quiet(&plan.diagnostics);
    assert!(plan.legacy && !plan.planned.get("id").unwrap().is_known());
    let made = aws
        .apply(ApplyRequest {
            kind: kind.clone(),
            prior: nothing.clone(),
            planned: plan.planned,
            config: wanted,
            planned_private: plan.planned_private,
            provider_meta: meta.clone(),
        })
        .await;
    quiet(&made.diagnostics);
    assert!(made.state.is_wholly_known());
    let id = made
        .state
        .get("id")
        .and_then(Value::as_str)
        .expect("id")
        .clone();
    assert!(id.starts_with("vpc-"), "{id}");

    let json = cty::json::encode(&made.state, &vpc.block.implied_type()).expect("json");
    let request = UpgradeRequest {
        kind: kind.clone(),
        version: vpc.version,
        json: json.as_bytes().into(),
        flatmap: None,
    };
    let upgraded = aws.upgrade(request).await;
    quiet(&upgraded.diagnostics);
    let request = ReadRequest {
        kind: kind.clone(),
        state: upgraded.state,
        private: made.private,
        provider_meta: meta.clone(),
    };
    let read = aws.read(request).await;
    quiet(&read.diagnostics);
    assert_eq!(read.state.get("cidr_block"), made.state.get("cidr_block"));

    let data = schema
        .get(addrs::Mode::Data, "aws_vpc")
        .expect("data aws_vpc")
        .clone();
    let config = object(&data.block, &[("id", Value::string(id))]);
    let found = aws
        .read_data(ReadDataRequest {
            kind: kind.clone(),
            config,
            provider_meta: meta.clone(),
        })
        .await;
    quiet(&found.diagnostics);
    assert_eq!(found.state.get("cidr_block"), made.state.get("cidr_block"));

    let plan = aws
        .plan(PlanRequest {
            kind: kind.clone(),
            prior: read.state.clone(),
            proposed: nothing.clone(),
            config: nothing.clone(),
            prior_private: read.private,
            provider_meta: meta.clone(),
        })
        .await;
    quiet(&plan.diagnostics);
    let destroyed = aws
        .apply(ApplyRequest {
            kind: kind.clone(),
            prior: read.state.clone(),
            planned: plan.planned,
            config: nothing,
            planned_private: plan.planned_private,
            provider_meta: meta.clone(),
        })
        .await;
    quiet(&destroyed.diagnostics);
    assert!(destroyed.state.is_null());
    let request = ReadRequest {
        kind,
        state: read.state,
        private: destroyed.private,
        provider_meta: meta,
    };
    assert!(aws.read(request).await.state.is_null());
    aws.close().await;
}
