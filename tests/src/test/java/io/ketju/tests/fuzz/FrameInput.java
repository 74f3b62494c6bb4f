package io.ketju.tests.fuzz;

import io.ketju.protocol.frame.FrameException;
import io.ketju.protocol.frame.FrameHeader;
import io.ketju.protocol.frame.FrameHeader.MessageHeader;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import io.ketju.protocol.frame.FrameReader;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A stream for the frame reader, cut into pieces. The checksum of each header is set right before it is read, as no random
 * search comes through it: whoever attacks can compute it too.
 */
final class FrameInput implements FrameReader.Sink {
    private static final int MOST_PAYLOAD = 1 << 16;
    private final byte[] input;

    FrameInput(byte[] input) {
        this.input = input;
    }

    void read() {
        if (input.length == 0) {
            return;
        }
        int piece = 1 + Byte.toUnsignedInt(input[0]);
        ByteBuffer stream = ByteBuffer.wrap(input, 1, input.length - 1).slice();
        if (stream.remaining() >= FrameHeader.BYTES) {
            java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
            crc.update(input, 1, FrameHeader.BYTES - 4);
            stream.order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(FrameHeader.BYTES - 4, (int) crc.getValue());
        }
        FrameReader reader = new FrameReader(this);
        while (stream.hasRemaining()) {
            int count = Math.min(piece, stream.remaining());
            reader.read(stream.slice(stream.position(), count));
            stream.position(stream.position() + count);
            reader.position();
        }
    }

    @Override
    public void header(FrameHeader header) {
        if (header.payloadBytes() > MOST_PAYLOAD) {
            throw new FrameException(FrameException.Reason.LENGTH, "more than this receiver takes");
        }
        ByteBuffer again = ByteBuffer.allocate(FrameHeader.BYTES);
        header.encode(again);
        if (!FrameHeader.decode(again.flip()).equals(header)) {
            throw new IllegalStateException("a header that does not come back: " + header);
        }
    }

    @Override
    public MemorySegment payload(TensorHeader header) {
        return MemorySegment.ofArray(new byte[(int) header.payloadBytes()]);
    }

    @Override
    public void tensor(TensorHeader header) {}

    @Override
    public void message(MessageHeader header, ByteBuffer payload) {
        if (payload.remaining() != header.payloadBytes()) {
            throw new IllegalStateException(payload + " is no payload of " + header);
        }
    }
}
