/**
 * What a node says of itself to whoever asks: its role, what it holds or directs, and who is a member of its cluster.
 *
 * <p>The path of one answer: {@link io.ketju.cluster.status.StatusBoard} hears what the node does as it happens. When somebody who has
 * proved who it is asks, the room {@code security} takes the answer from the board, on the connection's own thread: no message is sent
 * to anybody. {@link io.ketju.cluster.status.StatusBytes} writes it and, on the other side, reads it.
 */
@NullMarked
package io.ketju.cluster.status;

import org.jspecify.annotations.NullMarked;
