/** The exporters of the layers, a file for each family: start with {@link Exporters}. */
@NullMarked
package io.ketju.onnx.layer;

import org.jspecify.annotations.NullMarked;
