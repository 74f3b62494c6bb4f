/** The control messages as Protobuf, by an explicit list of manifests. */
@NullMarked
package io.ketju.actors.wire;

import org.jspecify.annotations.NullMarked;
