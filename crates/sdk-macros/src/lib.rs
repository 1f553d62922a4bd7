//! sdk-macros
