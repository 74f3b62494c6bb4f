/**
 * Tensors between two processes of one machine, through memory that both see: a ring of frames in a mapped file. No
 * sockets, no threads, no Netty; who wakes whom is the data plane's business.
 *
 * <p>{@link io.ketju.protocol.shared.SharedFile} is the memory: made by the receiver, found by the sender, without a name as soon
 * as both have it. {@link io.ketju.protocol.shared.RingSize} draws what lies where in it. {@link io.ketju.protocol.shared.RingSender}
 * and {@link io.ketju.protocol.shared.RingReceiver} are its two ends.
 */
@NullMarked
package io.ketju.protocol.shared;

import org.jspecify.annotations.NullMarked;
