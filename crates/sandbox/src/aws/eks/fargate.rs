//! Fargate profiles and identity providers: there are none.

use super::Eks;
use super::call::Call;
use super::refusal::not_found;
use crate::aws::fault::Fault;
use serde_json::Value;

/// ListFargateProfiles
pub(crate) fn list(eks: &Eks, call: &Call<'_>) -> Result<Value, Fault> {
    eks.cluster(call.part(1))?;
    call.page("fargateProfileNames", Vec::new())
}

/// DescribeFargateProfile
pub(crate) fn describe(eks: &Eks, call: &Call<'_>) -> Result<Value, Fault> {
    eks.cluster(call.part(1))?;
    let name = call.part(3);
    Err(not_found(format!(
        "No Fargate Profile found with name: {name}."
    )))
}

/// ListIdentityProviderConfigs
pub(crate) fn identity_providers(eks: &Eks, call: &Call<'_>) -> Result<Value, Fault> {
    eks.cluster(call.part(1))?;
    call.page("identityProviderConfigs", Vec::new())
}
