/** {@code ketju export}; nothing else needs this room, nor the command line that it is written for. */
@NullMarked
package io.ketju.onnx.command;

import org.jspecify.annotations.NullMarked;
