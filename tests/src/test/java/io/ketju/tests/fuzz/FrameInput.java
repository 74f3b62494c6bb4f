package io.ketju.tests.fuzz;

import io.ketju.protocol.frame.FrameException;
import io.ketju.protocol.frame.FrameHeader;
import io.ketju.protocol.frame.FrameHeader.MessageHeader;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import io.ketju.protocol.frame.FrameReader;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A stream for the frame reader, cut into pieces. Checksums and versions of its frames are set right before they are read, as no random search
 * comes through them: whoever attacks can compute them too. The first byte says how long the pieces are, and by its two highest bits
 * whether versions, and checksums of payloads, stay as they are.
 */
final class FrameInput implements FrameReader.Sink {
    private static final int MOST_PAYLOAD = 1 << 16;
    private static final int AS_VERSIONED = 0x80;
    private static final int AS_SUMMED = 0x40;
    private static final int AT_VERSION = 4;
    private static final int AT_LENGTH = 48;
    private static final int AT_CRC = FrameHeader.BYTES - Integer.BYTES;

    private final byte[] input;

    FrameInput(byte[] input) {
        this.input = input;
    }

    void read() {
        if (input.length == 0) {
            return;
        }
        int piece = 1 + 4 * (input[0] & (AS_SUMMED - 1));
        ByteBuffer stream = ByteBuffer.wrap(input, 1, input.length - 1).slice().order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (at >= 0 && stream.limit() - at >= FrameHeader.BYTES) {
            at = corrected(stream, at);
        }
        FrameReader reader = new FrameReader(this);
        while (stream.hasRemaining()) {
            int count = Math.min(piece, stream.remaining());
            reader.read(stream.slice(stream.position(), count));
            stream.position(stream.position() + count);
            reader.position();
        }
    }

    /** The frame that begins here; where the next one does, or -1 if there is none. */
    private int corrected(ByteBuffer stream, int at) {
        if ((input[0] & AS_VERSIONED) == 0) {
            stream.put(at + AT_VERSION, (byte) FrameHeader.VERSION);
        }
        stream.putInt(at + AT_CRC, sum(stream, at, AT_CRC));
        long length = stream.getLong(at + AT_LENGTH);
        int payload = at + FrameHeader.BYTES;
        if (length < 0 || length > stream.limit() - payload - FrameHeader.TRAILER_BYTES) {
            return -1;
        }
        int trailer = payload + (int) length;
        if ((input[0] & AS_SUMMED) == 0) {
            stream.putInt(trailer, sum(stream, payload, (int) length));
        }
        return trailer + FrameHeader.TRAILER_BYTES;
    }

    private static int sum(ByteBuffer stream, int from, int count) {
        CRC32C crc = new CRC32C();
        crc.update(stream.slice(from, count));
        return (int) crc.getValue();
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
