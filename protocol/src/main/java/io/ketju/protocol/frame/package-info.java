/**
 * The bytes of the data plane: one fixed header, a payload and its checksum, as pure code over {@code ByteBuffer}s. No
 * sockets, no threads, no Netty.
 *
 * <p>The path of one frame that arrives: {@code FrameReader} gathers the bytes of a header, however they are cut; {@code HeaderCodec}
 * checks its checksum and makes a {@link io.ketju.protocol.frame.FrameHeader} (which draws the layout) with {@code EdgeId}, {@code
 * FrameKey}, {@code FrameKind}; the reader's sink says where the payload goes, the bytes go straight there, and {@code Checksum}
 * is compared at the end. What is no frame of ours is a {@code FrameException}.
 */
@NullMarked
package io.ketju.protocol.frame;

import org.jspecify.annotations.NullMarked;
