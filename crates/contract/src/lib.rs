//! What every resource promises, as tests: the real engine and the real provider against the sandbox.
//!
//! A resource file ends with [`contract!`], which says how the resource is configured:
//!
//! ```text
//! contract::contract! { crate::testing::WORLD, "aws_subnet",
//!     needs: r#"resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }"#,
//!     create: r#"
//!         vpc_id     = aws_vpc.a.id
//!         cidr_block = "10.0.1.0/24""#,
//!     update: &[r#"
//!         vpc_id     = aws_vpc.a.id
//!         cidr_block = "10.0.1.0/24"
//!         map_public_ip_on_launch = true"#],
//!     replace: &[r#"
//!         vpc_id     = aws_vpc.a.id
//!         cidr_block = "10.0.2.0/24""#],
//!     import: "{id}",
//! }
//! ```
//!
//! The tests that come of it, each with a sandbox of its own:
//!
//! - `lives`: create, read the same, plan nothing, update, replace, import what is read, vanish, come back, be destroyed; a second
//!   delete is no error; nothing is left.
//! - `refused`: each call of create, update and delete is refused in turn. What is saved is what exists; the next apply repairs
//!   it, and a destroy instead of it leaves nothing.
//! - `throttled`, `failing`, `dropped_before`, `dropped_after`: each call in turn fails in a way that passes. All goes well, and
//!   nothing is made twice.
//! - `killed_before`, `killed_after`: groma dies at each call in turn. The next apply finds what was made.
//!
//! A promise that is broken is a panic that tells the story that led to it.

mod case;
mod compare;
mod failing;
mod killed;
mod lives;
mod refused;
mod trial;

pub use case::{Case, World};
pub use failing::failing;
pub use killed::killed;
pub use lives::lives;
pub use refused::refused;
pub use sandbox::{Cloud, Failure, Options, Sandbox};

/// Makes a test module of the contract of a resource type: where it lives ([`World`]), its name, and the fields of its [`Case`].
#[macro_export]
macro_rules! contract {
    ($world:expr, $kind:literal, $($field:ident: $value:expr),+ $(,)?) => {
        mod promises {
            fn case() -> $crate::Case {
                $crate::Case {
                    $($field: $value,)+
                    ..$crate::Case::new($kind)
                }
            }

            #[test]
            fn lives() {
                $crate::lives(&$world, &case());
            }

            #[test]
            fn refused() {
                $crate::refused(&$world, &case());
            }

            #[test]
            fn throttled() {
                $crate::failing(&$world, &case(), $crate::Failure::Throttle);
            }

            #[test]
            fn failing() {
                $crate::failing(&$world, &case(), $crate::Failure::Error);
            }

            #[test]
            fn dropped_before() {
                $crate::failing(&$world, &case(), $crate::Failure::DropBefore);
            }

            #[test]
            fn dropped_after() {
                $crate::failing(&$world, &case(), $crate::Failure::DropAfter);
            }

            #[test]
            fn killed_before() {
                $crate::killed(&$world, &case(), $crate::Failure::DropBefore);
            }

            #[test]
            fn killed_after() {
                $crate::killed(&$world, &case(), $crate::Failure::DropAfter);
            }
        }
    };
}
