package io.ketju.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.protocol.frame.FrameException.Reason;
import io.ketju.protocol.frame.FrameHeader.MessageHeader;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private static final EdgeId EDGE = new EdgeId(7, 8, 9, 0, 1, TensorKind.ACTIVATION);

    @Test
    void aStreamReadsTheSameWhereverItIsCut() {
        byte[] stream = stream();
        Log whole = new Log();
        new FrameReader(whole).read(ByteBuffer.wrap(stream));
        assertThat(whole.events).hasSize(13);
        for (int cut = 0; cut <= stream.length; cut++) {
            Log log = new Log();
            FrameReader reader = new FrameReader(log);
            reader.read(ByteBuffer.wrap(stream, 0, cut));
            reader.read(ByteBuffer.wrap(stream, cut, stream.length - cut));
            assertThat(log.events).as("cut at %d", cut).isEqualTo(whole.events);
        }
    }

    @Test
    void aStreamReadsTheSameInRandomPieces() {
        byte[] stream = stream();
        Log whole = new Log();
        new FrameReader(whole).read(ByteBuffer.wrap(stream));
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Log log = new Log();
            FrameReader reader = new FrameReader(log);
            int at = 0;
            while (at < stream.length) {
                int count = Math.min(random.nextInt(1 + random.nextInt(200)), stream.length - at);
                reader.read(ByteBuffer.wrap(stream, at, count));
                at += count;
            }
            assertThat(log.events).as("seed %d", seed).isEqualTo(whole.events);
        }
    }

    @Test
    void memoryIsAskedForWithTheFirstPayloadByteAndNotBefore() {
        byte[] frame = tensor(new FrameKey(1, 2, 3), Shape.of(5));
        Log log = new Log();
        FrameReader reader = new FrameReader(log);
        reader.read(ByteBuffer.wrap(frame, 0, FrameHeader.BYTES));
        assertThat(log.events).containsExactly("header TENSOR");
        reader.read(ByteBuffer.wrap(frame, FrameHeader.BYTES, 1));
        assertThat(log.events).containsExactly("header TENSOR", "memory [5]");
    }

    @Test
    void everyFlippedBitOfPayloadAndTrailerIsNoticed() {
        byte[] frame = tensor(new FrameKey(1, 2, 3), Shape.of(3));
        for (int bit = FrameHeader.BYTES * 8; bit < frame.length * 8; bit++) {
            byte[] flipped = frame.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Log log = new Log();
            assertThatThrownBy(() -> new FrameReader(log).read(ByteBuffer.wrap(flipped)))
                    .as("bit %d", bit)
                    .isInstanceOfSatisfying(
                            FrameException.class, e -> assertThat(e.reason()).isEqualTo(Reason.PAYLOAD_CRC));
            assertThat(log.events).as("bit %d", bit).containsExactly("header TENSOR", "memory [3]");
        }
    }

    @Test
    void nothingIsReadAfterAnError() {
        Log log = new Log();
        FrameReader reader = new FrameReader(log);
        assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(FrameHeader.BYTES)))
                .isInstanceOf(FrameException.class);
        reader.read(ByteBuffer.wrap(stream()));
        assertThat(log.events).isEmpty();
    }

    @Test
    void memoryOfTheWrongSizeIsTheReceiversFault() {
        Log log = new Log() {
            @Override
            public MemorySegment payload(TensorHeader header) {
                return super.payload(header).asSlice(1);
            }
        };
        assertThatThrownBy(() -> new FrameReader(log).read(ByteBuffer.wrap(tensor(new FrameKey(0, 0, 0), Shape.of(2)))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the receiver gave 7 bytes for a tensor of 8 bytes");
    }

    @Test
    void positionNamesHowFarAFrameGot() {
        byte[] frame = tensor(new FrameKey(1, 2, 3), Shape.of(5));
        FrameReader reader = new FrameReader(new Log());
        assertThat(reader.position()).isEqualTo("between frames");
        reader.read(ByteBuffer.wrap(frame, 0, 10));
        assertThat(reader.position()).isEqualTo("after 10 of 96 header bytes");
        reader.read(ByteBuffer.wrap(frame, 10, 93));
        assertThat(reader.position()).isEqualTo("after 7 of 20 payload bytes of a TENSOR frame");
        reader.read(ByteBuffer.wrap(frame, 103, frame.length - 103));
        assertThat(reader.position()).isEqualTo("between frames");
    }

    /** Messages and tensors, empty ones among them. */
    private static byte[] stream() {
        ByteBuffer all = ByteBuffer.allocate(2000);
        all.put(message(FrameKind.HELLO, new byte[] {1, 2, 3}));
        all.put(tensor(new FrameKey(1, 2, 3), Shape.of(2, 5)));
        all.put(message(FrameKind.HEARTBEAT, new byte[0]));
        all.put(tensor(new FrameKey(1, 2, 4), Shape.of(3, 0)));
        all.put(tensor(new FrameKey(1, 2, 5), Shape.of()));
        byte[] stream = new byte[all.position()];
        all.flip().get(stream);
        return stream;
    }

    private static byte[] message(FrameKind kind, byte[] payload) {
        return frame(new MessageHeader(kind, EDGE, payload.length), payload);
    }

    private static byte[] tensor(FrameKey key, Shape shape) {
        byte[] payload = new byte[(int) shape.bytes()];
        new Random(key.edge()).nextBytes(payload);
        return frame(new TensorHeader(EDGE, key, DType.FLOAT32, shape), payload);
    }

    private static byte[] frame(FrameHeader header, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(FrameHeader.BYTES + payload.length + FrameHeader.TRAILER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        header.encode(frame);
        return frame.put(payload).putInt(Checksum.of(ByteBuffer.wrap(payload))).array();
    }

    private static class Log implements FrameReader.Sink {
        final List<String> events = new ArrayList<>();
        private MemorySegment memory = MemorySegment.NULL;

        @Override
        public void header(FrameHeader header) {
            events.add("header " + header.kind());
        }

        @Override
        public MemorySegment payload(TensorHeader header) {
            events.add("memory " + header.shape());
            memory = MemorySegment.ofArray(new byte[(int) header.payloadBytes()]);
            return memory;
        }

        @Override
        public void tensor(TensorHeader header) {
            events.add(header + " " + hex(memory.asByteBuffer()));
        }

        @Override
        public void message(MessageHeader header, ByteBuffer payload) {
            events.add(header + " " + hex(payload));
        }

        private static String hex(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return HexFormat.of().formatHex(copy);
        }
    }
}
