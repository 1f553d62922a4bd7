//! groma test-support.
