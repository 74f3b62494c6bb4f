package io.ketju.protocol.frame;

import io.ketju.protocol.frame.FrameException.Reason;
import io.ketju.protocol.frame.FrameHeader.MessageHeader;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Turns a stream of bytes, cut anywhere, into frames. It holds one header and one message of 1 KiB, and no tensor: the
 * bytes of a payload go straight into the memory that its receiver gives once the first of them is there. Not
 * thread-safe. After an exception it takes nothing more.
 */
public final class FrameReader {
    /** Who takes the frames. What it throws leaves {@link #read} and ends the stream. */
    public interface Sink {
        /**
         * A frame begins. No memory has been taken for it yet: the sink throws if it must not come.
         *
         * @param header well-formed, with the right checksum
         */
        void header(FrameHeader header);

        /**
         * The payload of a tensor begins. Called once per tensor, also for one without elements.
         *
         * @param header the one that was told last
         * @return memory for it, exactly {@code header.payloadBytes()} long; the sink's, written until {@link #tensor} or the end
         */
        MemorySegment payload(TensorHeader header);

        /**
         * The payload of a tensor is complete and its checksum is right.
         *
         * @param header of this tensor; its bytes lie in the memory that {@link #payload} gave
         */
        void tensor(TensorHeader header);

        /**
         * A message is complete and its checksum is right.
         *
         * @param header of this message
         * @param payload its bytes, {@code header.payloadBytes()} of them, read-only; the reader's: do not keep the buffer
         */
        void message(MessageHeader header, ByteBuffer payload);
    }

    private static final MemorySegment NO_PAYLOAD = MemorySegment.NULL;

    private final Sink sink;
    private final ByteBuffer head = ByteBuffer.allocate(FrameHeader.BYTES);
    private final ByteBuffer message = ByteBuffer.allocate(FrameHeader.MAX_MESSAGE_BYTES);
    private final ByteBuffer trailer =
            ByteBuffer.allocate(FrameHeader.TRAILER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();
    /** The frame that is being read; null while its header is incomplete. */
    private @Nullable FrameHeader header;

    private MemorySegment target = NO_PAYLOAD;
    private boolean started;
    private long received;
    private boolean stopped;

    /**
     * A reader at the beginning of a stream.
     *
     * @param sink takes the frames, on the thread that reads
     */
    public FrameReader(Sink sink) {
        this.sink = sink;
    }

    /**
     * Reads what has come, and tells the sink. What the sink throws leaves this method.
     *
     * @param bytes the next of the stream; all that remain are read, or none any more once the reader has stopped
     * @throws FrameException if they are no frame
     */
    public void read(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining() && !stopped) {
                advance(bytes);
            }
        } catch (RuntimeException e) {
            stopped = true;
            throw e;
        }
    }

    /** Takes nothing more; may be called by the sink. */
    public void stop() {
        stopped = true;
    }

    /** {@return where the stream stands, for the error of one that ends: {@code between frames}, or how far inside one} */
    public String position() {
        FrameHeader current = header;
        if (current == null) {
            return head.position() == 0
                    ? "between frames"
                    : "after " + head.position() + " of " + FrameHeader.BYTES + " header bytes";
        }
        return "after " + received + " of " + current.payloadBytes() + " payload bytes of a " + current.kind()
                + " frame";
    }

    private void advance(ByteBuffer bytes) {
        FrameHeader current = header;
        if (current == null) {
            readHead(bytes);
        } else if (received < current.payloadBytes()) {
            readPayload(current, bytes);
        } else {
            readTrailer(current, bytes);
        }
    }

    private void readHead(ByteBuffer bytes) {
        fill(head, bytes);
        if (head.hasRemaining()) {
            return;
        }
        FrameHeader next = FrameHeader.decode(head.flip());
        head.clear();
        sink.header(next);
        header = next;
    }

    private void readPayload(FrameHeader current, ByteBuffer bytes) {
        start(current);
        int count = (int) Math.min(bytes.remaining(), current.payloadBytes() - received);
        int from = bytes.position();
        if (current instanceof TensorHeader) {
            MemorySegment.copy(MemorySegment.ofBuffer(bytes), 0, target, received, count);
        } else {
            message.put(message.position(), bytes, from, count).position(message.position() + count);
        }
        int limit = bytes.limit();
        crc.update(bytes.limit(from + count)); // which reads to the limit
        bytes.limit(limit);
        received += count;
    }

    /** Asks for memory once; a tensor without elements gets its lease with the first byte of its checksum. */
    private void start(FrameHeader current) {
        if (started) {
            return;
        }
        started = true;
        if (current instanceof TensorHeader tensor) {
            target = sink.payload(tensor);
            if (target.byteSize() != tensor.payloadBytes()) {
                throw new IllegalStateException("the receiver gave " + target.byteSize() + " bytes for a tensor of "
                        + tensor.payloadBytes() + " bytes");
            }
        }
    }

    private void readTrailer(FrameHeader current, ByteBuffer bytes) {
        start(current);
        fill(trailer, bytes);
        if (trailer.hasRemaining()) {
            return;
        }
        int promised = trailer.getInt(0);
        int found = (int) crc.getValue();
        if (promised != found) {
            throw new FrameException(
                    Reason.PAYLOAD_CRC,
                    String.format(
                            "payload CRC32C of a %s frame is %08x, its %d bytes give %08x",
                            current.kind(), promised, current.payloadBytes(), found));
        }
        message.flip();
        reset();
        switch (current) {
            case TensorHeader tensor -> sink.tensor(tensor);
            case MessageHeader small -> sink.message(small, message.asReadOnlyBuffer());
        }
        message.clear();
    }

    private void reset() {
        header = null;
        target = NO_PAYLOAD;
        started = false;
        received = 0;
        trailer.clear();
        crc.reset();
    }

    private static void fill(ByteBuffer target, ByteBuffer source) {
        int count = Math.min(target.remaining(), source.remaining());
        target.put(target.position(), source, source.position(), count);
        target.position(target.position() + count);
        source.position(source.position() + count);
    }
}
