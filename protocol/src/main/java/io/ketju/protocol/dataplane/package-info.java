/**
 * Tensors between processes: one Netty server per node, one connection per edge, credits against overload, heartbeats
 * against silence. Netty stays inside: no type of it appears in a public signature.
 */
@NullMarked
package io.ketju.protocol.dataplane;

import org.jspecify.annotations.NullMarked;
