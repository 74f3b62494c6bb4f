package io.ketju.data.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HostileSafeTensorsTest {
    private static final String X = "\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
    private static final String PARTS = "expected dtype, shape and data_offsets, found ";

    @TempDir
    Path folder;

    /** {@code header | bytes of data | what the error says after the file's name}. */
    @ParameterizedTest(name = "{2}")
    @MethodSource({"badStructure", "badEntries", "badLayout"})
    void refusesInOneLine(String header, int dataBytes, String line) throws Exception {
        Path path = save(header.getBytes(StandardCharsets.UTF_8), dataBytes);
        assertThatThrownBy(() -> SafeTensorsReader.open(path).close())
                .isInstanceOf(BadDataException.class)
                .hasMessage(path + line);
    }

    static Stream<Arguments> badStructure() {
        return Stream.of(
                bad("", 0, ", byte 8: expected '{', found an empty header"),
                bad(" {}", 0, ", byte 8: expected '{', found byte 20"),
                bad("[]", 0, ", byte 8: expected '{', found byte 5b"),
                bad(
                        "{}x",
                        0,
                        ", header: expected JSON, found Unrecognized token 'x': was expecting (JSON String, "
                                + "Number, Array, Object or token 'null', 'true' or 'false') at character 2 of it"),
                bad("{} {}", 0, ", header: expected nothing but spaces after the '}', found START_OBJECT"),
                bad(
                        "{" + X + "," + X + "}",
                        8,
                        ", header: expected JSON, found Duplicate field 'x' at character 57 of it"),
                bad("{\"__metadata__\":[]}", 0, ", __metadata__: expected an object of strings, found START_ARRAY"),
                bad("{\"__metadata__\":{\"k\":1}}", 0, ", __metadata__ 'k': expected a string, found VALUE_NUMBER_INT"),
                bad(
                        "{\"__metadata__\":{\"k\":{\"k\":{}}}}",
                        0,
                        ", __metadata__ 'k': expected a string, found START_OBJECT"),
                bad("{\"x\":[[[[[[[[]]]]]]]]}", 0, ", tensor 'x': expected an object, found START_ARRAY"));
    }

    static Stream<Arguments> badEntries() {
        return Stream.of(
                bad("{\"x\":{}}", 0, ", tensor 'x': " + PARTS + "no dtype"),
                bad("{\"x\":{\"dtype\":\"F32\"}}", 0, ", tensor 'x': " + PARTS + "no shape"),
                bad("{\"x\":{\"dtype\":\"F32\",\"shape\":[]}}", 4, ", tensor 'x': " + PARTS + "no data_offsets"),
                bad("{\"x\":{\"dtype\":\"F32\",\"a\\nb\":[]}}", 0, ", tensor 'x': " + PARTS + "'a b'"),
                entry("F33", "[2]", "[0,8]", " dtype: expected one of the format's, such as F32, found 'F33'"),
                entry("F32", "2", "[0,8]", " shape: expected an array of numbers, found VALUE_NUMBER_INT"),
                entry("F32", "[2.0]", "[0,8]", " shape: expected whole numbers, found VALUE_NUMBER_FLOAT"),
                entry("F32", "[-2]", "[0,8]", " shape: expected numbers from 0 up, found -2"),
                entry("F32", "[1,1,1,1,1,1,1,1,2]", "[0,8]", " shape: expected at most 8 numbers, found more"),
                entry(
                        "F32",
                        "[4294967296,4294967296]",
                        "[0,8]",
                        " shape: expected at most 2^31-1 elements, found [4294967296, 4294967296]"),
                entry(
                        "F32",
                        "[65536,65536]",
                        "[0,8]",
                        " shape: expected at most 2^31-1 elements, found [65536, 65536]"),
                entry("F32", "[3]", "[0,8]", ": expected 12 bytes for F32 [3], found data_offsets [0, 8] = 8 bytes"),
                entry("I64", "[2]", "[0,8]", ": expected 16 bytes for I64 [2], found data_offsets [0, 8] = 8 bytes"),
                bad(
                        "{\"x\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}}",
                        8,
                        ", header: expected JSON, found Numeric value (99999999999999999999) out of range of long "
                                + "(-9223372036854775808 - 9223372036854775807) at character 49 of it"));
    }

    static Stream<Arguments> badLayout() {
        String within = " data_offsets: expected [begin, end] within the 8 bytes of data, found ";
        return Stream.of(
                entry("F32", "[2]", "[8,0]", within + "[8, 0]"),
                entry("F32", "[2]", "[1,9]", within + "[1, 9]"),
                entry("F32", "[2]", "[0]", within + "[0]"),
                entry(
                        "F32",
                        "[1]",
                        "[4,8]",
                        ": expected to begin at offset 0, where the tensor before it ends, found 4 (gap)"),
                bad(
                        "{" + X + ",\"y\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                        8,
                        ", tensor 'y': expected to begin at offset 8, where the tensor before it ends, found 4 (overlap)"),
                bad(
                        "{" + X + "}",
                        9,
                        ": expected 8 bytes of data after the header, as its tensors add up to, found 9 bytes"),
                bad("{" + X + "}", 7, ", tensor 'x'" + within.replace('8', '7') + "[0, 8]"),
                bad("{}", 1, ": expected 0 bytes of data after the header, as its tensors add up to, found 1 bytes"));
    }

    @Test
    void refusesLengthsBeforeAllocating() throws Exception {
        for (long length : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, SafeTensorsHeader.MAX_BYTES + 1}) {
            Path path = folder.resolve("length.safetensors");
            Files.write(
                    path,
                    ByteBuffer.allocate(8)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(length)
                            .array());
            assertThatThrownBy(() -> SafeTensorsReader.open(path).close())
                    .isInstanceOf(BadDataException.class)
                    .hasMessage(path + ", byte 0: expected a header of at most 16777216 bytes, found "
                            + Long.toUnsignedString(length) + " bytes (is it a safetensors file?)");
        }
    }

    @Test
    void refusesTooManyTensorsAndLongNames() throws Exception {
        StringBuilder many = new StringBuilder("{");
        for (int i = 0; i <= SafeTensorsHeader.MAX_TENSORS; i++) {
            many.append(i == 0 ? "" : ",").append('"').append(i);
            many.append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
        }
        Path path = save(many.append('}').toString().getBytes(StandardCharsets.UTF_8), 0);
        assertThatThrownBy(() -> SafeTensorsReader.open(path).close())
                .hasMessage(path + ", header: expected at most 65536 tensors, found more");
        Path named = save(("{\"" + "n".repeat(1000) + "\":1}").getBytes(StandardCharsets.UTF_8), 0);
        assertThatThrownBy(() -> SafeTensorsReader.open(named).close())
                .hasMessage(named + ", tensor '" + "n".repeat(60) + "...': expected an object, found VALUE_NUMBER_INT");
    }

    @Test
    void refusesTextThatIsNotUtf8() throws Exception {
        byte[] header = "{\"?\":1}".getBytes(StandardCharsets.UTF_8);
        header[2] = (byte) 0xFF;
        Path path = save(header, 0);
        assertThatThrownBy(() -> SafeTensorsReader.open(path).close())
                .hasMessage(path + ", header: expected UTF-8, found bytes that are not");
    }

    @Test
    void refusesEveryTruncation() throws Exception {
        byte[] whole = Files.readAllBytes(Path.of("src/test/resources/golden/python.safetensors"));
        Path path = folder.resolve("cut.safetensors");
        for (int length = 0; length < whole.length; length++) {
            Files.write(path, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> SafeTensorsReader.open(path).close())
                    .as("first %d bytes", length)
                    .isInstanceOf(BadDataException.class)
                    .hasMessageStartingWith(path.toString())
                    .hasMessageContaining(": expected ")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void aFlippedHeaderBitIsRefusedOrReadWithoutAFault() throws Exception {
        byte[] whole = Files.readAllBytes(Path.of("src/test/resources/golden/python.safetensors"));
        Path path = folder.resolve("flipped.safetensors");
        int refused = 0;
        for (int bit = 0; bit < 360 * 8; bit += 7) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(path, flipped);
            try {
                SafeTensorsReader.open(path).close();
            } catch (BadDataException e) {
                assertThat(e.getMessage())
                        .as("bit %d", bit)
                        .startsWith(path.toString())
                        .doesNotContain("\n");
                refused++;
            }
        }
        // Other letters in a name or in the metadata are as good as the right ones: only a file's hash can tell.
        assertThat(refused).isGreaterThan(280);
    }

    @Test
    void saysThatAFileIsMissing() {
        Path path = folder.resolve("none.safetensors");
        assertThatThrownBy(() -> SafeTensorsReader.open(path))
                .isInstanceOf(BadDataException.class)
                .hasMessage(path + ": cannot be read: no such file or folder");
    }

    private static Arguments bad(String header, int dataBytes, String line) {
        return Arguments.of(header, dataBytes, line);
    }

    private static Arguments entry(String dtype, String shape, String offsets, String line) {
        String header = "{\"x\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}".formatted(dtype, shape, offsets);
        return bad(header, 8, ", tensor 'x'" + line);
    }

    private Path save(byte[] header, int dataBytes) throws IOException {
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header);
        Path path = folder.resolve("bad.safetensors");
        Files.write(path, file.array());
        return path;
    }
}
