/**
 * The safetensors format (huggingface/safetensors, README section "Format"): named tensors behind a JSON header,
 * nothing executable, readable by PyTorch and others.
 */
@NullMarked
package io.ketju.data.safetensors;

import org.jspecify.annotations.NullMarked;
