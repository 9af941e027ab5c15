//! ONNX files as networks of one fixed shape each.

use std::path::Path;
use std::sync::Arc;

use tract_onnx::prelude::*;

/// A network that is ready to run.
pub(super) type Network = Arc<TypedRunnableModel>;

/// Loads a file for input of this shape.
pub(super) fn load(file: &Path, shape: [usize; 4]) -> TractResult<Network> {
    tract_onnx::onnx()
        .with_ignore_value_info(true)
        .with_ignore_output_shapes(true)
        .model_for_path(file)?
        .with_input_fact(0, f32::fact(shape).into())?
        .into_optimized()?
        .into_runnable()
}

/// A byte as the networks want it: from -1 to 1.
pub(super) fn level(value: f32) -> f32 {
    value / 127.5 - 1.0
}
