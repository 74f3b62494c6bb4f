/** What an exporter of a layer writes with: start with {@link Exporter}, then {@link Site}. */
@NullMarked
package io.ketju.onnx.graph;

import org.jspecify.annotations.NullMarked;
