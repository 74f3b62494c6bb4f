/** The messages of an ONNX file, of which only what an export needs. Knows nothing of models; start with {@link OnnxModel}. */
@NullMarked
package io.ketju.onnx.format;

import org.jspecify.annotations.NullMarked;
