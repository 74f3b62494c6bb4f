/**
 * The safetensors format (huggingface/safetensors, README section "Format"): named tensors behind a JSON header,
 * nothing executable, readable by PyTorch and others.
 *
 * <p>The path of reading: {@code SafeTensorsReader} opens a file and has {@code HeaderParser} read its {@code SafeTensorsHeader},
 * a {@code TensorEntry} for each tensor, all checked; then it copies one tensor after the other to where the caller wants it,
 * converted by {@code FloatConversion} where the file has another {@code ElementType}; or
 * {@code RangeFold} looks what {@code ValueRange} the numbers of one have. Writing: {@code SafeTensorsWriter} lays out
 * the header of {@code NamedTensor}s and writes their memory behind it.
 */
@NullMarked
package io.ketju.data.safetensors;

import org.jspecify.annotations.NullMarked;
