package io.ketju.protocol.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.protocol.frame.FrameException.Reason;
import io.ketju.protocol.frame.FrameHeader.MessageHeader;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameHeaderTest {
    private static final EdgeId EDGE = new EdgeId(0x1122334455667788L, 0x99AABBCCDDEEFF00L, 3, -1, 2, TensorKind.FED);
    private static final TensorHeader TENSOR =
            new TensorHeader(EDGE, new FrameKey(5, 6, 7), DType.INT32, Shape.of(2, 3));

    /** The bytes themselves: a reader in another language can be written from this line and the drawing. */
    @Test
    void bytesAreAsDrawn() {
        assertThat(HexFormat.of().formatHex(encoded(TENSOR).array(), 0, 92))
                .isEqualTo("4b544a55" + "0b" + "04" + "0000" + "8877665544332211" + "00ffeeddccbbaa99" + "03000000"
                        + "ffff" + "0200" + "0500000000000000" + "06000000" + "0700" + "01" + "02"
                        + "1800000000000000" + "02000000" + "03000000" + "00".repeat(24) + "02" + "000000");
    }

    @Test
    void randomHeadersComeBackEqual() {
        for (int seed = 0; seed < 5000; seed++) {
            FrameHeader header = random(new Random(seed));
            ByteBuffer bytes = encoded(header);
            assertThat(FrameHeader.decode(bytes)).as("seed %d", seed).isEqualTo(header);
            assertThat(bytes.hasRemaining()).isFalse();
        }
    }

    @Test
    void everyFlippedBitIsNoticed() {
        for (int bit = 0; bit < FrameHeader.BYTES * 8; bit++) {
            ByteBuffer bytes = encoded(TENSOR);
            bytes.put(bit / 8, (byte) (bytes.get(bit / 8) ^ 1 << bit % 8));
            Reason expected = bit < 32 ? Reason.MAGIC : bit < 40 ? Reason.VERSION : Reason.HEADER_CRC;
            assertReason(bytes, expected, "bit " + bit);
        }
    }

    /** With a right checksum, so that the field itself is judged. */
    @ParameterizedTest(name = "{0} {1} at {2}: {3}")
    @CsvSource({
        "BYTE, 0, 5, KIND",
        "BYTE, 12, 5, KIND",
        "SHORT, 1, 6, RESERVED",
        "INT, -1, 24, EDGE",
        "SHORT, -2, 28, EDGE",
        "SHORT, -2, 30, EDGE",
        "LONG, -1, 32, KEY",
        "INT, -1, 40, KEY",
        "BYTE, 0, 46, TENSOR_KIND",
        "BYTE, 13, 46, TENSOR_KIND",
        "BYTE, 0, 47, DTYPE",
        "BYTE, 3, 47, DTYPE",
        "LONG, 23, 48, LENGTH",
        "LONG, -1, 48, LENGTH",
        "LONG, 9223372036854775807, 48, LENGTH",
        "INT, 4, 56, LENGTH",
        "INT, -1, 56, DIMENSIONS",
        "INT, 2147483647, 56, DIMENSIONS",
        "INT, 1, 64, DIMENSIONS",
        "BYTE, 9, 88, RANK",
        "BYTE, -1, 88, RANK",
        "BYTE, 1, 88, DIMENSIONS",
        "BYTE, 1, 89, RESERVED",
        "BYTE, 1, 91, RESERVED",
    })
    void eachFieldIsJudgedByName(Width width, long value, int offset, Reason expected) {
        ByteBuffer bytes = encoded(TENSOR);
        width.put(bytes, offset, value);
        seal(bytes);
        assertReason(bytes, expected, width + " " + value + " at " + offset);
    }

    @ParameterizedTest(name = "{0} {1} at {2}: {3}")
    @CsvSource({
        "LONG, 1025, 48, LENGTH",
        "LONG, -1, 48, LENGTH",
        "LONG, 1, 32, RESERVED",
        "INT, 1, 40, RESERVED",
        "SHORT, 1, 44, RESERVED",
        "BYTE, 1, 47, RESERVED",
        "INT, 1, 84, RESERVED",
        "BYTE, 1, 88, RESERVED",
    })
    void messagesCarryNoTensorFieldsAndStaySmall(Width width, long value, int offset, Reason expected) {
        ByteBuffer bytes = encoded(new MessageHeader(FrameKind.CREDIT, EDGE, 10));
        width.put(bytes, offset, value);
        seal(bytes);
        assertReason(bytes, expected, width + " " + value + " at " + offset);
    }

    @Test
    void productOfDimensionsBeyondLongIsNoShape() {
        ByteBuffer bytes = encoded(TENSOR);
        bytes.put(88, (byte) 8);
        for (int i = 0; i < 8; i++) {
            bytes.putInt(56 + 4 * i, 0x7FFF_FFFF);
        }
        seal(bytes);
        assertReason(bytes, Reason.DIMENSIONS, "eight huge dimensions");
    }

    @Test
    void errorsSayWhatWasExpectedAndFound() {
        ByteBuffer bytes = encoded(TENSOR);
        bytes.put(4, (byte) 12);
        assertThatThrownBy(() -> FrameHeader.decode(bytes))
                .hasMessage("protocol version is 11 here, found 12: run the same Ketju version on all nodes");
        ByteBuffer http = ByteBuffer.allocate(FrameHeader.BYTES).put("GET / HTTP/1.1".getBytes(UTF_8));
        assertThatThrownBy(() -> FrameHeader.decode(http.clear()))
                .hasMessage(
                        "a frame starts with KTJU (4b544a55), found 47455420: the peer does not speak this protocol");
    }

    @Test
    void idsAndKeysRefuseWhatTheWireCannotCarry() {
        assertThatThrownBy(() -> new EdgeId(0, 0, -1, 0, 1, TensorKind.FED)).hasMessageContaining("incarnation");
        assertThatThrownBy(() -> new EdgeId(0, 0, 0, -2, 1, TensorKind.FED)).hasMessageContaining("from stage");
        assertThatThrownBy(() -> new EdgeId(0, 0, 0, 0, 32768, TensorKind.FED)).hasMessageContaining("to stage");
        assertThatThrownBy(() -> new FrameKey(0, 0, 65536)).hasMessageContaining("edge");
        assertThatThrownBy(() -> new MessageHeader(FrameKind.TENSOR, EDGE, 0)).hasMessageContaining("TensorHeader");
        assertThatThrownBy(() -> new MessageHeader(FrameKind.HELLO, EDGE, 1025)).hasMessageContaining("1024");
    }

    enum Width {
        BYTE,
        SHORT,
        INT,
        LONG;

        void put(ByteBuffer bytes, int offset, long value) {
            switch (this) {
                case BYTE -> bytes.put(offset, (byte) value);
                case SHORT -> bytes.putShort(offset, (short) value);
                case INT -> bytes.putInt(offset, (int) value);
                case LONG -> bytes.putLong(offset, value);
            }
        }
    }

    private static void assertReason(ByteBuffer bytes, Reason expected, String what) {
        assertThatThrownBy(() -> FrameHeader.decode(bytes.duplicate()))
                .as(what)
                .isInstanceOfSatisfying(
                        FrameException.class,
                        e -> assertThat(e.reason()).as(what).isEqualTo(expected));
    }

    private static ByteBuffer encoded(FrameHeader header) {
        ByteBuffer bytes = ByteBuffer.allocate(FrameHeader.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.encode(bytes);
        return bytes.flip();
    }

    private static void seal(ByteBuffer bytes) {
        bytes.putInt(92, Checksum.of(bytes.slice(0, 92)));
    }

    private static FrameHeader random(Random random) {
        EdgeId edge = new EdgeId(
                random.nextLong(),
                random.nextLong(),
                random.nextInt() & Integer.MAX_VALUE,
                random.nextInt(32769) - 1,
                random.nextInt(32769) - 1,
                TensorKind.of(1 + random.nextInt(TensorKind.values().length)));
        FrameKind kind = FrameKind.of(1 + random.nextInt(7));
        if (kind != FrameKind.TENSOR) {
            return new MessageHeader(kind, edge, random.nextInt(1025));
        }
        int[] dimensions = new int[random.nextInt(9)];
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = random.nextInt(14);
        }
        FrameKey key = new FrameKey(
                random.nextLong() & Long.MAX_VALUE, random.nextInt() & Integer.MAX_VALUE, random.nextInt(65536));
        return new TensorHeader(edge, key, random.nextBoolean() ? DType.FLOAT32 : DType.INT32, Shape.of(dimensions));
    }
}
