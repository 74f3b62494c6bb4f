/**
 * The forward graph of a model as an ONNX file. Start with {@link OnnxExport}: it goes through the nodes of the model and asks
 * for each the exporter of its layer; {@code graph} is what exporters write with, {@code layer} has them by family, {@code
 * format} lays out the bytes, {@code command} adds {@code ketju export} where the command line is on the class path.
 */
@NullMarked
package io.ketju.onnx;

import org.jspecify.annotations.NullMarked;
