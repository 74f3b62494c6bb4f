package io.ketju.data.idx;

import static io.ketju.data.idx.IdxBytes.concat;
import static io.ketju.data.idx.IdxBytes.header;
import static io.ketju.data.idx.IdxBytes.images;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IdxReaderTest {
    private static final int MAX = Integer.MAX_VALUE;

    @Test
    void readsDimensionsElementsAndHash() {
        IdxArray array = read(images(2, 2, 3));
        assertThat(array.dimensions()).containsExactly(2, 2, 3);
        assertThat(array.toBytes()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        // printf '\0\0\10\3\0\0\0\2\0\0\0\2\0\0\0\3\0\1\2\3\4\5\6\7\10\11\12\13' | md5sum
        assertThat(array.md5()).isEqualTo("d9ff8e7baab2007f6e075931dce93b9a");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusesInOneLine(String what, byte[] file, String line) {
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(BadDataException.class)
                .hasMessage(line);
    }

    static Stream<Arguments> refusesInOneLine() {
        byte[] whole = images(2, 2, 3);
        return Stream.of(
                bad("empty", new byte[0], 0, "IDX magic up to byte 4", "an empty file"),
                bad("cut in magic", concat(new byte[0], 0, 0), 2, "IDX magic up to byte 4", TRUNCATED),
                bad("wrong magic", header(0x12345678, 1, 1, 1), 0, MAGIC, "12345678"),
                bad("floats", header(0xD03, 1, 1, 1), 0, MAGIC, "00000d03 (floats, rank 3)"),
                bad("labels for images", header(0x801, 1), 0, MAGIC, "00000801 (unsigned bytes, rank 1)"),
                bad(
                        "gzip without .gz",
                        IdxBytes.gzip(whole),
                        0,
                        MAGIC,
                        "1f8b0800 (gzip: the file's name should end in .gz)"),
                bad("cut in dimensions", Arrays.copyOf(whole, 10), 10, "dimension 1 up to byte 12", TRUNCATED),
                bad("no items", header(0x803, 0, 2, 3), 4, "dimension 0 of at least 1", "0 (no items)"),
                bad("no pixels", header(0x803, 2, 0, 3), 8, "dimension 1 of at least 1", "0 (no items)"),
                bad("negative", header(0x803, 2, 2, -1), 12, "dimension 2 of at least 1", "4294967295 (over 2^31-1)"),
                bad(
                        "product overflows",
                        header(0x803, MAX, MAX, MAX),
                        4,
                        "at most 2^30 elements",
                        "dimensions [2147483647, 2147483647, 2147483647]"),
                bad(
                        "over the limit",
                        header(0x803, 1 << 20, 1 << 10, 2),
                        4,
                        "at most 2^30 elements",
                        "dimensions [1048576, 1024, 2]"),
                bad(
                        "promises 1 GiB, has 5 bytes",
                        concat(header(0x803, 1 << 20, 1 << 5, 1 << 5), 1, 2, 3, 4, 5),
                        21,
                        "elements [1048576, 32, 32] up to byte 1073741840",
                        TRUNCATED),
                bad("cut in elements", Arrays.copyOf(whole, 27), 27, "elements [2, 2, 3] up to byte 28", TRUNCATED),
                bad("one byte more", concat(whole, 9), 28, "the end of the file after [2, 2, 3]", "more bytes"));
    }

    private static final String MAGIC = "IDX magic 00000803 (unsigned bytes, rank 3)";
    private static final String TRUNCATED = "the end of the file (truncated)";

    @Test
    void refusesEveryTruncation() {
        byte[] whole = images(2, 2, 3);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(cut))
                    .as("first %d bytes", length)
                    .isInstanceOf(BadDataException.class)
                    .hasMessageStartingWith("file.idx, byte " + length + ": expected ")
                    .hasMessageNotContaining("\n");
        }
    }

    private static Arguments bad(String what, byte[] file, int offset, String expected, String found) {
        return Arguments.of(what, file, "file.idx, byte " + offset + ": expected " + expected + ", found " + found);
    }

    private static IdxArray read(byte[] file) {
        InputStream in = new ByteArrayInputStream(file);
        return IdxReader.read(in, "file.idx", 3);
    }
}
