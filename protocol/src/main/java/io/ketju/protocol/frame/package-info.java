/**
 * The bytes of the data plane: one fixed header, a payload and its checksum, as pure code over {@code ByteBuffer}s. No
 * sockets, no threads, no Netty.
 */
@NullMarked
package io.ketju.protocol.frame;

import org.jspecify.annotations.NullMarked;
